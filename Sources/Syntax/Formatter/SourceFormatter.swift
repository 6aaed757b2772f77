/// Writes a parsed program in the one style of RS4: two blanks a level, lines of at most 120 columns where possible,
/// one statement a line, comments and cells kept.
///
/// A newline right behind an opening bracket is kept, and so are those between the elements then; an author decides
/// which short lists and blocks stand open and what belongs on one line. The result has the same tree, and formatting it again changes nothing.
public final class SourceFormatter {
    public static let width = 120
    public static let step = 2

    let program: Program
    let file: SourceFile
    /// The first comment not written yet.
    private var nextComment = 0
    /// Set when a comment stands where the style has no place for one; the statement is then copied as it is.
    private var hasMisplacedComment = false

    /// The formatted text of a program that came from `Parser.parse`.
    public static func format(_ program: Program) -> String {
        SourceFormatter(program).text()
    }

    private init(_ program: Program) {
        self.program = program
        file = program.file
    }

    private func text() -> String {
        let body = statementList(program.statements, in: Span(0, file.bytes.count))
        var text = Document.sequence(body).laidOut(width: SourceFormatter.width, step: SourceFormatter.step)
        text = Document.aligned(text)
        while text.last == "\n" || text.last == " " { text.removeLast() }
        return text.isEmpty ? "" : text + "\n"
    }

    // MARK: Comments

    /// The comments up to an offset that stand alone before what begins there.
    func commentsBefore(_ offset: Int, from start: Int) -> [Comment] {
        var found: [Comment] = []
        while nextComment < program.comments.count, program.comments[nextComment].span.start < offset {
            if program.comments[nextComment].span.start < start { hasMisplacedComment = true }
            found.append(program.comments[nextComment])
            nextComment += 1
        }
        return found
    }

    /// A comment on the line on which something ends, before the next thing begins.
    func commentBehind(_ end: Int, before limit: Int) -> Comment? {
        guard nextComment < program.comments.count else { return nil }
        let comment = program.comments[nextComment]
        guard comment.span.start >= end, comment.span.start < limit, !hasNewline(end, comment.span.start) else { return nil }
        nextComment += 1
        return comment
    }

    /// True when comments stand between two offsets that are still to be written.
    func hasComment(before end: Int) -> Bool {
        nextComment < program.comments.count && program.comments[nextComment].span.start < end
    }

    func hasNewline(_ start: Int, _ end: Int) -> Bool {
        start < end && file.bytes[start..<min(end, file.bytes.count)].contains(0x0A)
    }

    private func newlines(_ start: Int, _ end: Int) -> Int {
        start < end ? file.bytes[start..<min(end, file.bytes.count)].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } : 0
    }

    /// The source text of a span, with plain line ends.
    func source(_ span: Span) -> String {
        let bytes = file.bytes[max(0, span.start)..<min(max(span.start, span.end), file.bytes.count)]
        return String(decoding: bytes.contains(0x0D) ? bytes.withPlainLineEnds() : Array(bytes), as: UTF8.self)
    }

    // MARK: Lists of things with comments between them

    /// One thing in a sequence: a statement, an element, an arm.
    struct Item {
        var span: Span
        /// False for a statement that no `##` lines describe: none may come to stand right above it.
        var mayFollowDocumentation = true
        var document: () -> Document
    }

    /// The items on lines of their own, with the comments and single blank lines between them.
    ///
    /// `separator` stands behind every item, before its comment; with `packs`, items that shared a line may go on sharing it.
    func lines(_ items: [Item], in container: Span, separator: Document = .nothing, packs: Bool = false) -> [Document] {
        var result: [Document] = []
        var previousEnd: Int?
        func begin(_ start: Int, isCell: Bool = false) {
            guard let end = previousEnd else { return }
            let blanks = min(newlines(end, start) - 1, isCell ? 2 : 1)
            result.append(blanks > 0 ? Document(.blankLines(blanks)) : .hardLine)
        }
        func alone(_ comments: [Comment]) {
            for comment in comments {
                // On a line of its own `##` would become documentation.
                if !comment.isAlone, source(comment.span).hasPrefix("##") { hasMisplacedComment = true }
                begin(comment.span.start, isCell: comment.kind == .cell)
                result.append(Document(.comment(source(comment.span))))
                previousEnd = comment.span.end
            }
        }
        for (number, item) in items.enumerated() {
            let comments = commentsBefore(item.span.start, from: container.start)
            if !item.mayFollowDocumentation, let last = comments.last, last.kind == .documentation,
                newlines(last.span.end, item.span.start) < 2
            {
                hasMisplacedComment = true
            }
            alone(comments)
            if packs, let end = previousEnd, !hasNewline(end, item.span.start) {
                result.append(.group(.line, item.document()))
            } else {
                begin(item.span.start)
                result.append(item.document())
            }
            result.append(separator)
            previousEnd = item.span.end
            let limit = number + 1 < items.count ? items[number + 1].span.start : container.end
            if let comment = commentBehind(item.span.end, before: limit) {
                result.append(Document(.comment("\0" + source(comment.span))))
                previousEnd = comment.span.end
            }
        }
        alone(commentsBefore(container.end, from: container.start))
        return result
    }

    func statementList(_ statements: [Statement], in container: Span) -> [Document] {
        let items = statements.map { statement in
            Item(span: statement.span, mayFollowDocumentation: isDocumented(statement)) { self.statement(statement) }
        }
        return lines(items, in: container)
    }

    private func isDocumented(_ statement: Statement) -> Bool {
        if case .function(let function) = statement.kind, function.documentation != nil { return true }
        return statement.documentation != nil
    }

    /// A block between braces; on one line when it was written so and fits.
    ///
    /// The block takes part in the group around it, so that all blocks of an `if` break together.
    func block(_ statements: [Statement], span: Span, head: Document = .nothing) -> Document {
        let inner = Span(span.start + 1, max(span.start + 1, span.end - 1))
        if statements.isEmpty, !hasComment(before: inner.end) {
            return .sequence([.text("{"), head, .text(head === Document.nothing ? "}" : " }")])
        }
        let isOpen =
            hasComment(before: inner.end) || statements.count > 2
            || hasNewline(inner.start, statements.last?.span.start ?? inner.end)
            || statements.dropLast().contains { $0.isSilenced }
        if isOpen {
            let body = statementList(statements, in: inner)
            return .sequence([.text("{"), head, .indented(.hardLine, .sequence(body)), .hardLine, .text("}")])
        }
        var body: [Document] = []
        for (number, statement) in statements.enumerated() {
            if number > 0 { body.append(.either(broken: .hardLine, flat: .text("; "))) }
            body.append(self.statement(statement))
        }
        return .sequence([.text("{"), head, .indented(.line, .sequence(body)), .line, .text("}")])
    }

    // MARK: Statements

    private func statement(_ statement: Statement) -> Document {
        let firstComment = nextComment
        let outer = hasMisplacedComment
        hasMisplacedComment = false
        defer { hasMisplacedComment = outer }
        var document = self.document(statement)
        if hasMisplacedComment || hasComment(before: statement.span.end) {
            nextComment = firstComment
            _ = commentsBefore(statement.span.end, from: 0)
            document = .sequence([.text(source(statement.span)), .breakGroup])
        }
        return statement.isSilenced ? .sequence([document, .text(";")]) : document
    }

    private func document(_ statement: Statement) -> Document {
        switch statement.kind {
        case .expression(let value):
            return expression(value)
        case .binding(let pattern, let annotation, let value):
            return .sequence([.text("let "), self.pattern(pattern), contract(annotation), .text(" = "), expression(value)])
        case .assignment(let target, let operation, let value):
            return .sequence([expression(target), .text(" \(operation?.rawValue ?? "")= "), expression(value)])
        case .function(let function):
            return self.function(function)
        case .record(let record):
            let head = Document.sequence([.text("record \(record.name.text)"), parameters(record.fields, from: record.name.span.end)])
            guard let braces = bodySpan(statement.span, after: record.fields.last.map(end) ?? record.name.span.end) else { return head }
            return .group(head, .text(" "), methods(record.methods, braces))
        case .model(let model):
            return self.model(model, statement.span)
        case .use(let use):
            return .text(self.use(use))
        case .parameter(let name, let annotation, let value):
            return .sequence([.text("param \(name.text)"), contract(annotation), .text(" = "), expression(value)])
        case .forLoop(let pattern, let sequence, let block):
            return .group(
                .text("for "), self.pattern(pattern), .text(" in "), expression(sequence), .text(" "),
                self.block(block.statements, span: block.span))
        case .whileLoop(let condition, let block):
            return .group(
                .text("while "), expression(condition), .text(" "), self.block(block.statements, span: block.span))
        }
    }

    private func end(_ parameter: ParameterDeclaration) -> Int {
        parameter.defaultValue?.span.end ?? parameter.annotation?.span.end ?? parameter.name.span.end
    }

    /// The braces at the end of a declaration, nil when it has none.
    private func bodySpan(_ span: Span, after start: Int) -> Span? {
        guard span.end > span.start, file.bytes[span.end - 1] == UInt8(ascii: "}") else { return nil }
        var place = start
        var isComment = false
        while place < span.end {
            switch file.bytes[place] {
            case UInt8(ascii: "#"): isComment = true
            case 0x0A: isComment = false
            case UInt8(ascii: "{") where !isComment: return Span(place, span.end)
            default: break
            }
            place += 1
        }
        return nil
    }

    private func methods(_ methods: [FunctionDeclaration], _ braces: Span) -> Document {
        block(methods.map { Statement(.function($0), span: $0.span) }, span: braces)
    }

    private func model(_ model: ModelDeclaration, _ span: Span) -> Document {
        var head = Document.text("model \(model.name.text)")
        if !model.parameters.isEmpty {
            head = .sequence([head, parameters(model.parameters, from: model.name.span.end)])
        }
        let start = model.parameters.last.map(end) ?? model.name.span.end
        let methods = model.methods.map { Statement(.function($0), span: $0.span) }
        let all = (model.body + methods).sorted { $0.span.start < $1.span.start }
        guard let braces = bodySpan(span, after: start) else { return head }
        return .group(head, .text(" "), block(all, span: braces))
    }

    private func function(_ function: FunctionDeclaration) -> Document {
        var parts: [Document] = [.text("fn \(function.name?.text ?? "")")]
        parts.append(parameters(function.parameters, from: function.name?.span.end ?? function.span.start))
        if let result = function.result { parts.append(.text(" -> \(text(result))")) }
        let body = function.body
        if case .block(let block) = body.kind, file.bytes[body.span.start] == UInt8(ascii: "{"), isBlockBody(function) {
            return .group(.sequence(parts), .text(" "), self.block(block.statements, span: block.span))
        }
        let value = expression(body)
        if isBracket(body) { return .sequence(parts + [.text(" = "), value]) }
        return .sequence(parts + [Document(.assigned(value))])
    }

    /// True for `fn f() { … }`, false for `fn f() = { … }`.
    private func isBlockBody(_ function: FunctionDeclaration) -> Bool {
        var place = function.body.span.start - 1
        while place > 0, file.bytes[place] <= 0x20 { place -= 1 }
        return file.bytes[place] != UInt8(ascii: "=")
    }

    private func use(_ use: UseDeclaration) -> String {
        let source: String
        switch use.source {
        case .library(let name): source = name.text
        case .file(_, let span): source = self.source(span)
        }
        switch use.selection {
        case .everything: return "use \(source)"
        case .alias(let name): return "use \(source) as \(name.text)"
        case .names(let names):
            let list = names.map { name in name.alias.map { "\(name.name.text) as \($0.text)" } ?? name.name.text }
            return "use \(source).{\(list.joined(separator: ", "))}"
        }
    }
}
