extension Parser {
    /// Reads statements up to a closer, which is left; mistakes are recorded and parsing goes on behind them.
    func parseStatements(until closer: TokenKind) -> [Statement] {
        var statements: [Statement] = []
        while true {
            while kind == .newline || kind == .semicolon { advance() }
            if kind == closer || kind == .end { return statements }
            // Nobody is told of more mistakes than these.
            if diagnostics.count >= Parser.diagnosticLimit {
                index = tokens.count - 1
                return statements
            }
            let start = index
            let outer = context
            do {
                var statement = try parseStatement()
                statement.isSilenced = try endStatement(closer, from: start)
                statements.append(statement)
            } catch {
                record(error)
                context = outer
                recover(from: start)
            }
        }
    }

    /// Reads what separates two statements; true for a `;` at the end of a line.
    private func endStatement(_ closer: TokenKind, from start: Int) throws -> Bool {
        switch kind {
        case .newline, .end:
            return false
        case .semicolon:
            advance()
            return kind == .newline || kind == .end || kind == closer
        case closer:
            return false
        default:
            throw unexpectedAfterStatement(from: start)
        }
    }

    private func parseStatement() throws -> Statement {
        let start = current.span.start
        let documentation = documentationAbove(start)
        let kind = try statementKind(documentation)
        return Statement(kind, span: Span(start, lastEnd), documentation: documentation)
    }

    private func statementKind(_ documentation: String?) throws -> Statement.Kind {
        switch kind {
        case .let: return try letBinding()
        case .fn where kind(ahead: 1) == .name: return .function(try functionDeclaration(documentation))
        case .for: return try forLoop()
        case .while: return try whileLoop()
        case .name:
            switch (current.text, kind(ahead: 1)) {
            case ("param", .name): return try parameter()
            case ("record", .name): return .record(try recordDeclaration())
            case ("model", .name): return .model(try modelDeclaration())
            case ("use", .name), ("use", .string), ("use", .stringStart): return .use(try useDeclaration())
            default: break
            }
            if let mistake = foreignStatement() { throw mistake }
            return try expressionOrAssignment()
        default:
            return try expressionOrAssignment()
        }
    }

    /// The `##` lines right above a statement that begins its line.
    private func documentationAbove(_ start: Int) -> String? {
        guard !documentation.isEmpty else { return nil }
        var line = file.lineIndex(of: start) - 1
        guard file.bytes[file.lineStarts[line + 1]..<start].allSatisfy({ $0 <= 0x20 || $0 == UInt8(ascii: ";") }) else { return nil }
        var lines: [String] = []
        while let text = documentation[line] {
            lines.append(text)
            line -= 1
        }
        return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
    }

    // MARK: Expressions and assignments

    private func expressionOrAssignment() throws -> Statement.Kind {
        let target = try parseExpression()
        let operation: BinaryOperator?
        switch kind {
        case .assign: operation = nil
        case .plusAssign: operation = .add
        case .minusAssign: operation = .subtract
        case .timesAssign: operation = .multiply
        case .divideAssign: operation = .divide
        default: return .expression(target)
        }
        switch target.kind {
        case .name where !target.isParenthesized, .index where !target.isParenthesized, .field where !target.isParenthesized:
            break
        default:
            var help = "to compare, write `==`"
            if case .list = target.kind { help = "to take a list apart, write `let [a, b] = …`" }
            throw failure(
                "the left side of `\(kind.rawValue)` must be a name, an element or a field", at: target.span,
                label: "this is \(article(target))", help: help)
        }
        advance()
        let value = try parseExpression()
        if kind == .assign {
            throw failure("`=` must stand once in a statement", help: "assign on two lines, or compare with `==`")
        }
        return .assignment(target: target, operation: operation, value: value)
    }

    private func article(_ expression: Expression) -> String {
        switch expression.kind {
        case .none, .boolean, .integer, .float, .string: return "a literal"
        case .list: return "a list"
        case .map: return "a map"
        case .call, .pipe: return "a call"
        case .binary, .unary, .and, .or, .range: return "a computed value"
        default: return "an expression"
        }
    }

    // MARK: Bindings and loops

    private func letBinding() throws -> Statement.Kind {
        advance()
        let pattern = try parsePattern(.binding)
        if kind == .comma {
            throw failure(
                "`let` must be followed by one pattern, but a `,` follows", help: "take a list apart with `let [a, b] = pair`")
        }
        let annotation = try take(.colon).map { _ in try parseAnnotation() }
        try expect(.assign, "and a value after the name", help: bindingHint())
        return .binding(pattern, annotation, try parseExpression())
    }

    private func bindingHint() -> String? {
        switch kind {
        case .newline, .end, .semicolon: return "a binding needs a value: `let x = nil`"
        case .colon: return "write `let x = 1`"
        case .plusAssign, .minusAssign, .timesAssign, .divideAssign: return "`let` makes a new name; leave it out to change one"
        default: return hint()
        }
    }

    private func parameter() throws -> Statement.Kind {
        advance()
        let name = try parseName("the name of the parameter")
        let annotation = try take(.colon).map { _ in try parseAnnotation() }
        try expect(.assign, "and a default after `param \(name.text)`", help: "for instance `param \(name.text) = 1`")
        return .parameter(name, annotation, try parseExpression())
    }

    private func forLoop() throws -> Statement.Kind {
        advance()
        if kind == .leftParenthesis {
            throw failure(
                "`for` must be followed by a name, but `(` follows", help: "write `for x in things { }`, without parentheses")
        }
        let pattern = try parsePattern(.binding)
        if kind == .comma {
            throw failure(
                "`for` must be followed by one pattern, but a `,` follows",
                help: "take pairs apart with `for [a, b] in pairs { }`")
        }
        try expect(.in, "after the name", help: "write `for x in things { }`")
        let sequence = try parseHead("what to loop over", of: "for")
        return .forLoop(pattern, sequence, try parseBlock("the body of `for`"))
    }

    private func whileLoop() throws -> Statement.Kind {
        advance()
        let condition = try parseHead("the condition", of: "while")
        return .whileLoop(condition, try parseBlock("the body of `while`"))
    }

    /// The expression between a control word and its `{`.
    func parseHead(_ purpose: String, of word: String) throws -> Expression {
        let outer = context
        defer { context = outer }
        context.isHead = true
        context.isGuard = false
        if kind == .leftBrace || kind == .newline {
            throw failure("\(purpose) must follow `\(word)`, but \(describe(current)) follows", help: "a map needs parentheses here: `({a: 1})`")
        }
        let expression = try parseExpression()
        if kind == .assign {
            let left = shortText(expression.span)
            throw failure(
                "\(purpose) must be a value, but `=` binds a name", help: "to compare, write `\(left) == …`")
        }
        return expression
    }

    /// A text short enough for a help line.
    func shortText(_ span: Span) -> String {
        let text = file.text(of: span)
        return text.count <= 40 && !text.contains("\n") ? text : "…"
    }

    // MARK: Blocks

    /// `{ statement … }`
    func parseBlock(_ purpose: String) throws -> Block {
        guard kind == .leftBrace else {
            throw failure("\(purpose) must begin with `{`, but \(describe(current)) follows", help: blockHint())
        }
        let (statements, span) = try bracketed(newlinesEnd: true) { parseStatements(until: .rightBrace) }
        return Block(statements: statements, span: span)
    }

    private func blockHint() -> String? {
        switch kind {
        case .colon: return "a block stands between braces: `{ … }`, without `:`"
        case .newline: return "the `{` stands on the same line"
        case .name where current.text == "then" || current.text == "do": return "a block stands between braces: `{ … }`"
        case .arrow: return "a block stands between braces: `{ … }`"
        default: return hint()
        }
    }

    /// A block as the value of an expression.
    func parseBlockExpression() throws -> Expression {
        let block = try parseBlock("a block")
        return Expression(.block(block), block.span)
    }
}
