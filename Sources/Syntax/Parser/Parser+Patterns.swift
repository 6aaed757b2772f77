extension Parser {
    /// Where a pattern stands: after `let` or `for` every name binds and literals are out of place.
    enum PatternPlace { case binding, match }

    func parsePattern(_ place: PatternPlace) throws -> Pattern {
        try nested(current.span) {
            let start = current.span.start
            let kind = try patternKind(place)
            return Pattern(kind, Span(start, lastEnd))
        }
    }

    private func patternKind(_ place: PatternPlace) throws -> Pattern.Kind {
        switch kind {
        case .name:
            if kind(ahead: 1) == .leftParenthesis { return try recordPattern(place) }
            if let written = Parser.foreignLiterals[current.text], place == .match {
                throw failure("`\(current.text)` is not a word of RS4", help: "write `\(written)`")
            }
            let token = advance()
            return token.text == "_" ? .wildcard : .name(token.text)
        case .leftBracket: return try listPattern(place)
        case .leftBrace: return try mapPattern(place)
        case .integer, .float, .string, .stringStart, .true, .false, .nil, .minus:
            guard place == .match else {
                throw failure("a name must stand here, but is \(describe(current))", help: "`let x = …`, `let [a, b] = …` or `let {a, b} = …`")
            }
            return .literal(try literalPattern())
        default:
            if kind.isKeyword { _ = try parseName("a pattern") }
            let help = kind == .leftParenthesis ? "take a list apart with `[a, b]`" : hint()
            throw failure("a pattern must stand here, but \(describe(current)) follows", help: help)
        }
    }

    private func literalPattern() throws -> Expression {
        let lower = try literal()
        guard kind == .halfOpenRange || kind == .ellipsis else { return lower }
        let isClosed = advance().kind == .ellipsis
        let upper = try literal()
        for bound in [lower, upper] where !isInteger(bound) {
            throw failure(
                "a range in a pattern must go from integer to integer", at: bound.span,
                help: "bind a name and test it: `x if x >= 0.5 and x <= 1.5`")
        }
        return Expression(.range(lower, upper, isClosed: isClosed), lower.span.joined(with: upper.span))
    }

    private func isInteger(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .integer: return true
        case .unary(.negate, let inner): return isInteger(inner)
        default: return false
        }
    }

    private func literal() throws -> Expression {
        let token = current
        switch token.kind {
        case .minus:
            advance()
            guard kind == .integer || kind == .float else { throw failure("`-` in a pattern must stand before a number") }
            if let lowest = lowestInteger(token) { return lowest }
            let number = try literal()
            return Expression(.unary(.negate, number), token.span.joined(with: number.span))
        case .stringStart:
            throw failure("a string in a pattern must be plain text, but has a value in it", help: "bind a name and test it: `x if x == …`")
        case .integer: return Expression(.integer(advance().integer), token.span)
        case .float: return Expression(.float(advance().float), token.span)
        case .string: return Expression(.string([.text(advance().text)]), token.span)
        case .true, .false: return Expression(.boolean(advance().kind == .true), token.span)
        case .nil:
            advance()
            return Expression(.none, token.span)
        default:
            throw failure("a number must stand here, but \(describe(token)) follows")
        }
    }

    private func recordPattern(_ place: PatternPlace) throws -> Pattern.Kind {
        let name = try parseName("a record")
        let fields = try bracketed(newlinesEnd: false) { () -> [Pattern] in
            var fields: [Pattern] = []
            while kind != .rightParenthesis, kind != .end {
                fields.append(try parsePattern(place))
                guard take(.comma) != nil else { break }
            }
            return fields
        }.0
        return .record(name, fields)
    }

    private func listPattern(_ place: PatternPlace) throws -> Pattern.Kind {
        try bracketed(newlinesEnd: false) { () -> Pattern.Kind in
            var elements: [Pattern] = []
            while kind != .rightBracket, kind != .end {
                if take(.ellipsis) != nil {
                    let rest = try parseName("what follows `...`")
                    _ = take(.comma)
                    guard kind == .rightBracket else { throw failure("`...\(rest.text)` must stand last in the pattern", at: rest.span) }
                    return .list(elements, rest: rest)
                }
                elements.append(try parsePattern(place))
                guard take(.comma) != nil else { break }
            }
            return .list(elements, rest: nil)
        }.0
    }

    private func mapPattern(_ place: PatternPlace) throws -> Pattern.Kind {
        try bracketed(newlinesEnd: false) { () -> Pattern.Kind in
            var entries: [(key: Name, pattern: Pattern)] = []
            while kind != .rightBrace, kind != .end {
                let key: Name
                if kind == .string {
                    let token = advance()
                    key = Name(token.text, token.span)
                    guard kind == .colon else { throw failure("a string key in a pattern must be followed by `: name`") }
                } else {
                    key = try parseName("a key in the pattern")
                }
                if take(.colon) != nil {
                    entries.append((key, try parsePattern(place)))
                } else {
                    entries.append((key, Pattern(.name(key.text), key.span)))
                }
                guard take(.comma) != nil else { break }
            }
            return .map(entries)
        }.0
    }

    // MARK: Annotations

    /// `Int`, `Tensor[B, C, ...]`, `Volume?`
    func parseAnnotation() throws -> Annotation {
        let name = try parseName("a contract")
        var dimensions: [Annotation.Dimension]?
        if kind == .leftBracket {
            dimensions = try bracketed(newlinesEnd: false) { () -> [Annotation.Dimension] in
                var dimensions: [Annotation.Dimension] = []
                while kind != .rightBracket, kind != .end {
                    dimensions.append(try parseDimension())
                    guard take(.comma) != nil else { break }
                }
                return dimensions
            }.0
        }
        let isOptional = take(.question) != nil
        return Annotation(name: name, dimensions: dimensions, isOptional: isOptional, span: Span(name.span.start, lastEnd))
    }

    private func parseDimension() throws -> Annotation.Dimension {
        switch kind {
        case .ellipsis: return .ellipsis(advance().span)
        case .integer:
            let token = advance()
            return .size(token.integer, token.span)
        case .name:
            let token = advance()
            return .name(Name(token.text, token.span))
        default:
            throw failure(
                "a dimension must be a name, a number or `...`, but is \(describe(current))",
                help: "for instance `Tensor[B, 3, H, W]` or `Tensor[..., W]`")
        }
    }
}
