import Builtins
import Machine
import Syntax

/// The text by which a name is declared, and where it stands.
public struct SourceText {
    /// A file of the library (`stdlib/learning/losses.rs4`), a script's path, an input of the prompt, or a file of RS4's own source.
    public let file: String
    /// The number of its first line.
    public let line: Int
    /// nil for what is written in Swift, whose source the program does not carry.
    public let text: String?

    /// Where it stands, in words.
    public var place: String { "\(file), line \(line)" }

    /// As help shows it, markdown.
    public var markdown: String {
        guard let text else { return "It is written in Swift: \(place)." }
        return "\(place)\n\n```rs4\n\(text)\n```"
    }

    /// The declaration of `name` in a file, with the comment that belongs to it; nil when nothing there declares it.
    init?(of name: String, in file: SourceFile) {
        self.init(in: file) { $0.declaredNames.contains { $0.text == name } }
    }

    /// The statement of a file that holds a function; nil when none does.
    init?(holding place: Span, in file: SourceFile) {
        guard place != .none else { return nil }
        self.init(in: file) { $0.span.start <= place.start && place.end <= $0.span.end }
    }

    private init?(in file: SourceFile, where isMeant: (Statement) -> Bool) {
        guard let statement = Parser.soundStatements(file).statements.last(where: isMeant) else { return nil }
        let first = file.position(of: statement.span.start).line
        var line = first
        while line > file.firstLine, file.line(line - 1).hasPrefix("##") { line -= 1 }
        let comment = (line..<first).map { file.line($0) + "\n" }.joined()
        (self.file, self.line) = (file.name, line)
        text = comment + file.text(of: statement.span)
    }

    init(whole file: SourceFile) {
        (self.file, line, text) = (file.name, file.firstLine, file.text)
    }

    init(of primitive: Primitive) { (file, line, text) = (primitive.place.file, primitive.place.line, nil) }
}

extension Session {
    /// Where the source of a name stands: of a function, record or model of the session, of a module of the library and of
    /// what such a module offers, used or not, and of a primitive. nil when nothing has the name, or its value is no such thing.
    public func source(of name: String) -> SourceText? {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        switch value(ofChain: name)?.object {
        case let primitive as Primitive: return SourceText(of: primitive)
        case let closure as ClosureObject:
            return SourceText(holding: closure.place, in: closure.file) ?? SourceText(of: last, in: closure.file)
        case let type as RecordType: return type.file.flatMap { SourceText(of: type.name, in: $0) }
        case let record as RecordObject: return record.type.file.flatMap { SourceText(of: record.type.name, in: $0) }
        case let module as ModuleScope: return module.start.map { SourceText(whole: $0.file) } ?? EmbeddedLibrary.file(module.name).map(SourceText.init(whole:))
        case .some: return nil
        case nil: break
        }
        if let home = LibraryNames.homes(of: name).first { return EmbeddedLibrary.file(home).flatMap { SourceText(of: name, in: $0) } }
        return EmbeddedLibrary.file(name).map(SourceText.init(whole:))
    }

    /// What is known of what is asked, markdown. Throws a `Diagnostic` of code `name` when nothing is.
    public func answer(_ question: Question) throws -> String {
        let name = question.name
        if question.wantsSource, let source = source(of: name) {
            return source.text == nil ? [help(for: name), source.markdown].compactMap { $0 }.joined(separator: "\n\n") : source.markdown
        }
        if let help = help(for: name) { return help }
        throw Diagnostic(code: "name", message: "`\(name)` must be a name that is known, but is not", help: advice(for: name))
    }
}
