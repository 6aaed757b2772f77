extension Parser {
    func parsePrimary() throws -> Expression {
        let token = current
        switch token.kind {
        case .integer:
            guard token.integer >= 0 else {
                throw failure(
                    "an integer must be at most 9223372036854775807, but is \(file.text(of: token.span))",
                    help: "the lowest integer stands in parentheses: `(-9223372036854775808)`")
            }
            return Expression(.integer(advance().integer), token.span)
        case .float:
            return Expression(.float(advance().float), token.span)
        case .string:
            return Expression(.string([.text(advance().text)]), token.span)
        case .stringStart:
            return try interpolatedString()
        case .nil:
            advance()
            return Expression(.none, token.span)
        case .true, .false:
            return Expression(.boolean(advance().kind == .true), token.span)
        case .name:
            if let mistake = foreignExpression() { throw mistake }
            return Expression(.name(advance().text), token.span)
        case .leftParenthesis:
            return try parenthesized()
        case .leftBracket:
            return try list()
        case .leftBrace:
            return isMapAhead ? try map() : try parseBlockExpression()
        case .if:
            return try parseIf()
        case .match:
            return try parseMatch()
        case .try:
            return try parseTry()
        case .break, .continue:
            advance()
            return Expression(token.kind == .break ? .breaking : .continuing, token.span)
        case .return:
            advance()
            let value = endsExpression ? nil : try parseExpression()
            return Expression(.returning(value), Span(token.span.start, lastEnd))
        case .raise:
            advance()
            if endsExpression { throw failure("`raise` must be followed by a value", help: "for instance `raise \"no labels\"`") }
            return Expression(.raise(try parseExpression()), Span(token.span.start, lastEnd))
        case .assert:
            return try parseAssert()
        default:
            throw missingExpression()
        }
    }

    /// True where no expression can begin because something ends.
    private var endsExpression: Bool {
        switch kind {
        case .newline, .end, .semicolon, .comma, .rightBrace, .rightBracket, .rightParenthesis, .interpolationEnd,
            .interpolationFormat, .colon, .else:
            return true
        default: return false
        }
    }

    // MARK: Brackets

    private func parenthesized() throws -> Expression {
        let opener = current
        var (inner, span) = try bracketed(newlinesEnd: false) { () -> Expression in
            if kind == .rightParenthesis {
                throw failure("a value must stand between `(` and `)`", at: opener.span, help: "nothing is `nil`; a function without parameters is `() => …`")
            }
            let inner = try parseExpression()
            if kind == .comma {
                throw failure(
                    "parentheses must hold one value, but a `,` follows",
                    help: "a list is written `[a, b]`, and a function `(a, b) => …`")
            }
            if kind == .assign {
                throw failure("a value must stand in parentheses, but `=` binds a name", help: "to compare, write `==`")
            }
            return inner
        }
        inner.span = span
        inner.isParenthesized = true
        return inner
    }

    private func list() throws -> Expression {
        let (elements, span) = try bracketed(newlinesEnd: false) { () -> [Expression] in
            var elements: [Expression] = []
            while kind != .rightBracket, kind != .end {
                elements.append(try parseExpression())
                if kind == .for {
                    throw failure("a list must be written out or computed, but `for` follows", help: "write `map(things, x => …)`")
                }
                guard take(.comma) != nil else { break }
            }
            return elements
        }
        return Expression(.list(elements), span)
    }

    /// True at a `{` that opens a map: `}` follows, or a key and `:`.
    private var isMapAhead: Bool {
        var place = index + 1
        while tokens[place].kind == .newline { place += 1 }
        switch tokens[place].kind {
        case .rightBrace: return true
        case .name, .string, .integer: break
        case .stringStart, .leftBracket:
            guard partners[place] > place else { return false }
            place = partners[place]
        default:
            guard tokens[place].kind.isKeyword else { return false }
        }
        repeat { place += 1 } while place < tokens.count && tokens[place].kind == .newline
        return place < tokens.count && tokens[place].kind == .colon
    }

    private func map() throws -> Expression {
        let (entries, span) = try bracketed(newlinesEnd: false) { () -> [MapEntry] in
            var entries: [MapEntry] = []
            while kind != .rightBrace, kind != .end {
                let key = try mapKey()
                try expect(.colon, "after the key", help: "a map is written `{rate: 0.01, \"two words\": 2}`")
                entries.append(MapEntry(key: key, value: try parseExpression()))
                guard take(.comma) != nil else { break }
            }
            return entries
        }
        return Expression(.map(entries), span)
    }

    private func mapKey() throws -> MapEntry.Key {
        let token = current
        switch token.kind {
        case .string, .stringStart, .integer:
            return .expression(try parsePrimary())
        case .leftBracket:
            return .expression(try bracketed(newlinesEnd: false) { try parseExpression() }.0)
        case .name:
            advance()
            return .name(Name(token.text, token.span))
        default:
            guard token.kind.isKeyword else {
                throw failure("a key must be a name, a string, a number or `[value]`, but is \(describe(token))", help: hint())
            }
            advance()
            return .name(Name(token.text, token.span))
        }
    }

    // MARK: Strings

    private func interpolatedString() throws -> Expression {
        let start = current
        return try nested(start.span) {
            let outer = context
            defer { context = outer }
            advance()
            var parts: [StringPart] = []
            while kind != .stringEnd, kind != .end {
                if let text = take(.stringText) {
                    parts.append(.text(text.text))
                } else {
                    parts.append(try interpolation())
                }
            }
            let end = current.span.end
            context = outer
            if kind == .stringEnd { advance() }
            return Expression(.string(parts), Span(start.span.start, end))
        }
    }

    private func interpolation() throws -> StringPart {
        guard kind == .interpolationStart else { throw failure("a value must stand here, but \(describe(current)) follows") }
        return try bracketed(newlinesEnd: false) { () -> StringPart in
            let value = try parseExpression()
            guard kind == .interpolationEnd || kind == .interpolationFormat else {
                throw failure(
                    "a `{ }` in a string must hold one value, but \(describe(current)) follows", help: hint() ?? "a literal `{` is written `{{`")
            }
            let format = take(.interpolationFormat)?.text
            return .value(value, format: format)
        }.0
    }

    // MARK: Control

    private func parseIf() throws -> Expression {
        let start = advance()
        let condition = try parseHead("the condition", of: "if")
        let block = try parseBlock("the body of `if`")
        if kind == .newline, kind(ahead: 1) == .else {
            let span = tokens[index + 1].span
            throw failure("`else` must stand on the line of the `}` before it", at: span, help: "write `} else {`")
        }
        guard take(.else) != nil else {
            return Expression(.ifElse(condition, block, otherwise: nil), Span(start.span.start, block.span.end))
        }
        let otherwise = try kind == .if ? nested(current.span) { try parseIf() } : elseBlock()
        return Expression(.ifElse(condition, block, otherwise: otherwise), Span(start.span.start, otherwise.span.end))
    }

    private func elseBlock() throws -> Expression {
        let block = try parseBlock("the body of `else`")
        return Expression(.block(block), block.span)
    }

    private func parseMatch() throws -> Expression {
        let start = advance()
        let value = try parseHead("the value", of: "match")
        guard kind == .leftBrace else {
            throw failure("the arms of `match` must begin with `{`, but \(describe(current)) follows", help: hint())
        }
        let (arms, span) = try bracketed(newlinesEnd: true) { () -> [MatchArm] in
            context.commaSeparates = true
            var arms: [MatchArm] = []
            while true {
                while kind == .newline || kind == .comma { advance() }
                if kind == .rightBrace || kind == .end { return arms }
                arms.append(try parseArm())
                guard kind == .newline || kind == .comma || kind == .rightBrace || kind == .end else {
                    throw failure("an arm must end with the line or a `,`, but \(describe(current)) follows", help: hint())
                }
            }
        }
        if arms.isEmpty {
            throw failure("`match` must have at least one arm", at: start.span.joined(with: span), help: "`match x { 0 => \"none\", _ => \"other\" }`")
        }
        return Expression(.match(value, arms), start.span.joined(with: span))
    }

    private func parseArm() throws -> MatchArm {
        if let mistake = foreignArm() { throw mistake }
        let pattern = try parsePattern(.match)
        let condition = try take(.if).map { _ in try parseGuard() }
        let help = kind == .bar || kind == .or ? "write one arm for each pattern" : kind == .resultArrow || kind == .colon ? "write `=>`" : hint()
        try expect(.arrow, "after the pattern", help: help)
        return MatchArm(pattern: pattern, condition: condition, body: try parseExpression())
    }

    private func parseGuard() throws -> Expression {
        let outer = context
        defer { context = outer }
        context.isGuard = true
        return try parsePipe()
    }

    private func parseTry() throws -> Expression {
        let start = advance()
        let block = try parseBlock("the body of `try`")
        guard take(.catch) != nil else {
            let next = kind == .newline ? tokens[min(index + 1, tokens.count - 1)].kind : kind
            throw failure(
                "`try { }` must be followed by `catch`, but \(describe(current)) follows",
                help: next == .catch ? "write `} catch problem {` on one line" : "write `try { … } catch problem { … }`")
        }
        let name = kind == .leftBrace ? nil : try parseName("what follows `catch`")
        let handler = try parseBlock("the body of `catch`")
        return Expression(.tryCatch(block, name, handler), Span(start.span.start, handler.span.end))
    }

    private func parseAssert() throws -> Expression {
        let start = advance()
        if let mistake = parenthesizedReason() { throw mistake }
        if endsExpression { throw failure("`assert` must be followed by a condition", help: "`assert condition, \"why\"`") }
        let condition = try parseExpression()
        if kind == .assign {
            throw failure("the condition must be a value, but `=` binds a name", help: "to compare, write `\(shortText(condition.span)) == …`")
        }
        var reason: Expression?
        if kind == .comma, takesReason {
            advance()
            reason = try parseExpression()
        }
        return Expression(.assert(condition, reason), Span(start.span.start, lastEnd))
    }

    /// Whether the comma after a condition begins the reason; inside brackets and in arms only when a string follows
    /// that is neither a pattern nor a key.
    private var takesReason: Bool {
        guard context.commaSeparates else { return true }
        var place = index + 1
        guard tokens[place].kind == .string || tokens[place].kind == .stringStart else { return false }
        if partners[place] > place { place = partners[place] }
        switch kind(after: place) {
        case .arrow, .if, .colon: return false
        default: return true
        }
    }
}
