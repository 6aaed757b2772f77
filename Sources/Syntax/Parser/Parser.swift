/// What became of a text.
public enum ParseOutcome {
    case complete(Program)
    /// The text ends inside something open (a bracket, a block, a `"""` string) or after an operator:
    /// a prompt asks for more, a file reports the diagnostic.
    case incomplete(Diagnostic)
    /// At least one mistake, in the order of the text.
    case failed([Diagnostic])
}

/// Turns tokens into the tree, by recursive descent with precedence climbing.
public final class Parser {
    /// How deep expressions, blocks and patterns may stand in each other.
    public static let nestingLimit = 250
    /// How high a tree may grow through chains like `1 + 1 + …`; code that walks a tree needs no more stack than this.
    public static let heightLimit = 1000
    static let diagnosticLimit = 20

    let file: SourceFile
    let tokens: [Token]
    /// For each bracket the index of its other half, -1 for everything else and for brackets without one.
    let partners: [Int]
    let documentation: [Int: String]
    var index = 0
    var context = Context()
    /// Brackets and blocks around the current place.
    var openers: [Token] = []
    var nesting = 0
    /// The height of the tallest tree parsed since the last reset; see `chained`.
    var height = 0
    var diagnostics: [Diagnostic] = []
    var incomplete: Diagnostic?

    /// What the surroundings say about newlines, braces and commas.
    struct Context {
        /// Inside `(…)`, `[…]`, a map or a value in a string.
        var ignoresNewlines = false
        /// In the head of `if`, `for`, `while` or `match`, where `{` opens the body.
        var isHead = false
        /// In the condition of a `match` arm, where `=>` ends it.
        var isGuard = false
        /// A comma belongs to the surroundings (arguments, elements, arms), not to `assert`.
        var commaSeparates = false
    }

    /// Parses a whole text.
    public static func parse(_ file: SourceFile) -> ParseOutcome {
        let lexer = Lexer(file)
        lexer.run()
        let parser = Parser(file, lexer)
        let statements = parser.parseStatements(until: .end)
        var problems = lexer.diagnostics
        if problems.isEmpty, let incomplete = parser.incomplete { return .incomplete(incomplete) }
        if lexer.endsInsideString, problems.count == 1, parser.diagnostics.isEmpty { return .incomplete(problems[0]) }
        let spoiledLines = Set(problems.map { file.lineIndex(of: $0.offset) })
        problems += parser.diagnostics.filter { !spoiledLines.contains(file.lineIndex(of: $0.offset)) }
        guard problems.isEmpty else {
            problems.sort { $0.offset < $1.offset }
            return .failed(Array(problems.prefix(diagnosticLimit)))
        }
        let cells = Cell.divide(file, comments: lexer.comments, statements: statements)
        return .complete(Program(file: file, statements: statements, cells: cells, comments: lexer.comments))
    }

    /// The comments of a text, and those of its statements that hold no mistake.
    public static func soundStatements(_ file: SourceFile) -> (comments: [Comment], statements: [Statement]) {
        let lexer = Lexer(file)
        lexer.run()
        let spoiled = lexer.diagnostics.map(\.offset)
        let statements = Parser(file, lexer).parseStatements(until: .end).filter { statement in
            !spoiled.contains { statement.span.start <= $0 && $0 < statement.span.end }
        }
        return (lexer.comments, statements)
    }

    private init(_ file: SourceFile, _ lexer: Lexer) {
        self.file = file
        tokens = lexer.tokens
        documentation = lexer.documentation
        partners = Parser.pairs(lexer.tokens)
    }

    /// Pairs brackets; a closer also closes every unclosed bracket inside it.
    private static func pairs(_ tokens: [Token]) -> [Int] {
        var partners = [Int](repeating: -1, count: tokens.count)
        var open: [(place: Int, closer: TokenKind)] = []
        /// How many of the open ones wait for each closer, so that one that closes nothing is not looked for.
        var waiting: [TokenKind: Int] = [:]
        for (place, token) in tokens.enumerated() {
            if let closer = token.kind.closer {
                open.append((place, closer))
                waiting[closer, default: 0] += 1
            } else if token.kind.isCloser, waiting[token.kind, default: 0] > 0 {
                while let last = open.popLast() {
                    waiting[last.closer, default: 1] -= 1
                    guard last.closer == token.kind else { continue }
                    partners[last.place] = place
                    partners[place] = last.place
                    break
                }
            }
        }
        return partners
    }

    // MARK: Walking over the tokens

    var current: Token { tokens[index] }
    var kind: TokenKind { tokens[index].kind }
    /// The end of the last token that was read.
    var lastEnd: Int { index > 0 ? tokens[previousIndex].span.end : 0 }
    private var previousIndex: Int {
        var place = index - 1
        while place > 0, tokens[place].kind == .newline { place -= 1 }
        return place
    }

    func kind(ahead: Int) -> TokenKind {
        kind(after: index + ahead - 1)
    }

    /// The kind of what follows a token; where newlines do not count, of what follows them.
    func kind(after start: Int) -> TokenKind {
        var place = min(start + 1, tokens.count - 1)
        while context.ignoresNewlines, tokens[place].kind == .newline { place += 1 }
        return tokens[place].kind
    }

    @discardableResult
    func advance() -> Token {
        let token = tokens[index]
        if index < tokens.count - 1 { index += 1 }
        if context.ignoresNewlines { skipNewlines() }
        return token
    }

    func skipNewlines() {
        while tokens[index].kind == .newline { index += 1 }
    }

    func take(_ wanted: TokenKind) -> Token? {
        kind == wanted ? advance() : nil
    }

    /// Reads a token that must be there; `purpose` says what it is for.
    @discardableResult
    func expect(_ wanted: TokenKind, _ purpose: String, help: String? = nil) throws -> Token {
        if let token = take(wanted) { return token }
        throw failure("expected `\(wanted.rawValue)` \(purpose), but found \(describe(current))", help: help ?? hint())
    }

    /// Runs `body` between a bracket, which is the current token, and its closer; returns the span of both.
    /// A block (`newlinesEnd`) is a level of its own; other brackets hold expressions or patterns, which are.
    func bracketed<Result>(newlinesEnd: Bool, _ body: () throws -> Result) throws -> (Result, Span) {
        let outer = context
        let depth = openers.count
        let opener = current
        let closer = opener.kind.closer ?? .end
        defer {
            context = outer
            openers.removeSubrange(depth...)
        }
        context = Context(ignoresNewlines: !newlinesEnd, isHead: false, commaSeparates: !newlinesEnd)
        openers.append(opener)
        func inside() throws -> (Result, Span) {
            advance()
            let result = try body()
            guard kind == closer else { throw unclosed(opener, closer) }
            context = outer
            let end = advance().span.end
            return (result, Span(opener.span.start, end))
        }
        return newlinesEnd ? try nested(opener.span, inside) : try inside()
    }

    private func unclosed(_ opener: Token, _ closer: TokenKind) -> Diagnostic {
        let open = opener.kind == .interpolationStart ? "{" : opener.kind.rawValue
        let close = closer == .interpolationEnd ? "}" : closer.rawValue
        if kind == .end {
            var diagnostic = failure(
                "`\(open)` must be closed with `\(close)`, but the text ends first", at: opener.span, label: "opened here")
            if let other = misplacedBrace(inside: opener) {
                diagnostic.labels.append(.init(Location(file, other.span), "or is it this one? The `}` after it stands further left or right"))
                if incomplete?.offset == diagnostic.offset { incomplete = diagnostic }
            }
            return diagnostic
        }
        var diagnostic = failure(
            "`\(open)` must be closed with `\(close)`, but \(describe(current)) follows", label: "expected `\(close)` before this",
            help: hint())
        diagnostic.labels.append(.init(Location(file, opener.span), "opened here"))
        return diagnostic
    }

    /// In a block that nothing closes, the innermost block whose `}` begins a line of another indentation than the line
    /// of its `{`: it took the `}` of a block around it.
    private func misplacedBrace(inside opener: Token) -> Token? {
        guard opener.kind == .leftBrace, let start = tokens.firstIndex(where: { $0.span == opener.span }) else { return nil }
        var found: Int?
        for place in (start + 1)..<tokens.count where tokens[place].kind == .leftBrace && partners[place] > place {
            if let outer = found, place > partners[outer] { break }
            let (first, last) = (tokens[place].span.start, tokens[partners[place]].span.start)
            guard file.lineIndex(of: first) != file.lineIndex(of: last), last == file.startOfLine(at: last) + indentation(at: last),
                indentation(at: first) != indentation(at: last)
            else { continue }
            found = place
        }
        return found.map { tokens[$0] }
    }

    /// Blanks at the beginning of the line of an offset.
    private func indentation(at offset: Int) -> Int {
        file.bytes[file.startOfLine(at: offset)...].prefix { $0 == 0x20 || $0 == 0x09 }.count
    }

    /// Runs `body` one level deeper.
    func nested<Result>(_ span: Span, _ body: () throws -> Result) throws -> Result {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Parser.nestingLimit else {
            throw failure(
                "code must be nested at most \(Parser.nestingLimit) deep", at: span,
                help: "give the inner parts names with `let`")
        }
        let before = height
        height = 0
        defer { height = max(before, height + 1) }
        return try body()
    }

    /// Runs `body`, which parses a chain such as `a + b + c` and calls `link` for each step.
    func chained<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = height
        height = 0
        defer { height = max(before, height) }
        return try body()
    }

    /// One more step of a chain.
    func link(_ span: Span) throws {
        height += 1
        guard height <= Parser.heightLimit else {
            throw failure(
                "an expression must chain at most \(Parser.heightLimit) steps", at: span,
                help: "put the parts in a list, or give some of them names with `let`")
        }
    }

    // MARK: Mistakes

    /// A mistake at a span, by default the current token; at the end of an open text it is also the reason
    /// why the text is incomplete.
    func failure(_ message: String, at span: Span? = nil, label: String = "", help: String? = nil) -> Diagnostic {
        let diagnostic = Diagnostic(
            code: "syntax", message: message, labels: [.init(Location(file, span ?? current.span), label)], help: help)
        if kind == .end, diagnostics.isEmpty, incomplete == nil, isOpenAtEnd { incomplete = diagnostic }
        return diagnostic
    }

    private var isOpenAtEnd: Bool {
        if !openers.isEmpty { return true }
        return index > 0 && tokens[index - 1].kind.continuesLine
    }

    func record(_ error: Error) {
        guard let diagnostic = error as? Diagnostic else { return }
        if let last = diagnostics.last, last.offset == diagnostic.offset || kind == .end && incomplete != nil { return }
        if diagnostics.count < Parser.diagnosticLimit { diagnostics.append(diagnostic) }
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .end, .newline, .string, .stringStart, .stringText, .stringEnd: return token.kind.rawValue
        case .interpolationEnd: return "`}`"
        case .interpolationFormat: return "`:`"
        default: return "`\(file.text(of: token.span))`"
        }
    }

    /// Steps to the end of the statement that began at a token, over whole brackets.
    func recover(from start: Int) {
        let last = tokens.count - 1
        var place = start
        if tokens[place].kind == .rightBrace { place += 1 }
        while place < last {
            let kind = tokens[place].kind
            if kind.closer != nil, partners[place] > place {
                place = partners[place] + 1
            } else if kind == .newline || kind == .semicolon || kind == .rightBrace {
                break
            } else {
                place += 1
            }
        }
        index = min(place, last)
    }
}

extension Diagnostic {
    /// The byte at which the first label begins; 0 without one.
    public var offset: Int { labels.first?.location.span.start ?? 0 }
}
