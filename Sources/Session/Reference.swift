import Builtins
import Foundation
import Machine
import Syntax

/// One name that has documentation: what `help`, `rs4 doc` and the reference pages tell of it.
public struct ReferenceEntry {
    public enum Kind: String {
        case primitive, constant, function, record, model, value
    }
    public let kind: Kind
    public let name: String
    /// The table or the module of the library that it comes from.
    public let module: String
    /// As the language writes it: `relu(x: Tensor) -> Tensor`, `record Case(id)`, a value's name.
    public let signature: String
    /// One sentence; empty where nothing was written.
    public let summary: String
    /// Markdown beyond the summary; may be empty.
    public let details: String
    /// Lines that run as a test; may be empty.
    public let example: String
    public let parameters: [Parameter]
    /// Functions of a record or model.
    public var methods: [(signature: String, documentation: String)] = []

    public struct Parameter {
        public let name: String
        /// The annotation, nil when any value will do.
        public let type: String?
        /// The default as it is written; nil where the argument must be given.
        public let defaultText: String?
        /// True when it takes any number of values.
        public let isVariadic: Bool
    }

    /// True when scripts see it without `use`.
    public var isEverywhere: Bool { kind == .primitive || kind == .constant }
}

/// All names with documentation: the tables of primitives, the constants, and the library written in RS4.
public enum Reference {
    /// A table of primitives or a module of the library, with what it offers in the order of its source.
    public struct Module {
        public let name: String
        public let summary: String
        /// True for a module written in RS4, whose names want `use`.
        public let isLibrary: Bool
        /// The folder of `stdlib` that such a module stands in.
        public var room: String? { isLibrary ? EmbeddedLibrary.room(of: name) : nil }
        public let entries: [ReferenceEntry]
    }

    /// The tables of primitives, in their order.
    public static let tables: [Module] = Library.modules.map { module in
        Module(name: module.name, summary: module.summary, isLibrary: false, entries: module.primitives.map(entry))
    } + [
        Module(
            name: "constants", summary: "Numbers that have a name.", isLibrary: false,
            entries: Library.constants.map { constant in
                ReferenceEntry(
                    kind: .constant, name: constant.name, module: "constants", signature: constant.name,
                    summary: constant.summary, details: "", example: constant.example, parameters: [])
            })
    ]

    /// The modules written in RS4, folder by folder; each is loaded to learn the signatures.
    public static func library() -> [Module] {
        let session = Session()
        let names = EmbeddedLibrary.rooms.flatMap { room in EmbeddedLibrary.names.filter { EmbeddedLibrary.room(of: $0) == room } }
        return names.map { name in
            guard let file = EmbeddedLibrary.file(name), case .complete(let program) = Parser.parse(file) else {
                return Module(name: name, summary: "", isLibrary: true, entries: [])
            }
            let outcome = session.evaluate("use \(name) as the_module; the_module")
            let scope: Object?
            if case .value(.object(let object), _) = outcome { scope = object } else { scope = nil }
            let comments = Dictionary(
                program.statements.compactMap { statement in declaredName(statement).map { ($0, statement.documentation ?? "") } },
                uniquingKeysWith: { first, _ in first })
            let entries = Session.publicNames(ofModule: name).map { field in
                entry(field, of: name, (try? scope?.field(field)) ?? nil, comment: comments[field] ?? "")
            }
            return Module(name: name, summary: headline(file), isLibrary: true, entries: entries)
        }
    }

    /// The markdown that `help` and `rs4 doc` show for an entry of the library.
    public static func markdown(_ entry: ReferenceEntry) -> String {
        var parts = ["`\(entry.signature)`"]
        for part in [entry.summary, entry.details] where !part.isEmpty { parts.append(part) }
        if !entry.example.isEmpty { parts.append("```rs4\n\(entry.example)\n```") }
        return parts.joined(separator: "\n\n")
    }

    private static func entry(_ primitive: Primitive) -> ReferenceEntry {
        let module = Library.modules.first { $0.primitives.contains { $0 === primitive } }?.name ?? ""
        return ReferenceEntry(
            kind: .primitive, name: primitive.name, module: module, signature: primitive.signature, summary: primitive.summary,
            details: primitive.details, example: primitive.example,
            parameters: primitive.parameters.map { parameter in
                ReferenceEntry.Parameter(
                    name: parameter.name, type: parameter.typeText,
                    defaultText: parameter.defaultValue.map(\.representation), isVariadic: parameter.isVariadic)
            })
    }

    private static func entry(_ name: String, of module: String, _ value: Value?, comment: String) -> ReferenceEntry {
        let (summary, details) = divided(comment)
        func made(_ kind: ReferenceEntry.Kind, _ signature: String, _ parameters: [ParameterSummary] = []) -> ReferenceEntry {
            ReferenceEntry(
                kind: kind, name: name, module: module, signature: signature, summary: summary, details: details, example: "",
                parameters: parameters.map {
                    .init(name: $0.name, type: $0.annotation, defaultText: $0.hasDefault ? "" : nil, isVariadic: false)
                })
        }
        switch value?.object {
        case let closure as ClosureObject: return made(.function, closure.signature, closure.parameters)
        case let type as RecordType:
            var entry = made(type.isModel ? .model : .record, "\(type.isModel ? "model" : "record") \(type.signature)", type.parameters)
            entry.methods = type.methodNames.compactMap { type.method($0) }.map { method in
                let text = method.documentation ?? ""
                let head = "`\(method.signature)`"
                let comment = text.hasPrefix(head) ? String(text.dropFirst(head.count)) : text
                return (method.signature, comment.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            return entry
        default: return made(.value, name)
        }
    }

    private static func declaredName(_ statement: Statement) -> String? {
        switch statement.kind {
        case .function(let function): return function.name?.text
        case .record(let record): return record.name.text
        case .model(let model): return model.name.text
        case .binding(let pattern, _, _):
            if case .name(let name) = pattern.kind { return name }
            return nil
        default: return nil
        }
    }

    /// The first sentence of a comment, and the rest.
    static func divided(_ comment: String) -> (summary: String, rest: String) {
        let text = comment.trimmingCharacters(in: .whitespacesAndNewlines)
        let paragraph = text.range(of: "\n\n").map { text[..<$0.lowerBound] } ?? text[...]
        let end = sentenceEnd(of: paragraph)
        let summary = paragraph[..<end].split(whereSeparator: \.isNewline).joined(separator: " ")
        return (
            summary.trimmingCharacters(in: .whitespacesAndNewlines),
            String(text[end...]).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Words whose full stop ends no sentence.
    private static let abbreviations: Set<Substring> = ["al", "e.g", "i.e", "cf", "vs", "approx", "Fig", "Figs", "Eq", "Eqs", "Sec", "No", "Dr", "Prof"]

    /// Just behind the full stop, and the blank after it, that ends the first sentence; the end of the text when none does.
    private static func sentenceEnd(of text: Substring) -> Substring.Index {
        var place = text.startIndex
        while let stop = text[place...].firstIndex(of: ".") {
            place = text.index(after: stop)
            guard place < text.endIndex else { break }
            guard text[place].isWhitespace else { continue }
            let before = text[..<stop]
            let first = before.lastIndex { $0.isWhitespace || $0 == "(" || $0 == "[" }.map(before.index(after:)) ?? before.startIndex
            if !abbreviations.contains(before[first...]) { return text.index(after: place) }
        }
        return text.endIndex
    }

    /// What the comment at the head of a file says.
    private static func headline(_ file: SourceFile) -> String {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("#") && !$0.hasPrefix("##") }
        return lines.map { $0.dropFirst().trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }
}
