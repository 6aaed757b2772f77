extension Parser {
    /// Binding strengths of the two-sided operators, weakest first.
    enum Precedence {
        static let or = 1
        static let and = 2
        static let not = 3
        static let comparison = 4
        static let range = 5
        static let bitOr = 6
        static let bitXor = 7
        static let bitAnd = 8
        static let sum = 9
        static let product = 10
    }

    /// Any expression.
    func parseExpression() throws -> Expression {
        try nested(current.span) {
            isFunctionAhead ? try arrowFunction() : try parsePipe()
        }
    }

    // MARK: `x => …` and `|>`

    /// True at `name =>` and `( … ) =>`.
    var isFunctionAhead: Bool {
        switch kind {
        case .name: return kind(ahead: 1) == .arrow
        case .leftParenthesis:
            return partners[index] < 0 ? isUnfinishedParameters : partners[index] > index && kind(after: partners[index]) == .arrow
        default: return false
        }
    }

    /// True at a `(` that nothing closes and behind which only parameters can follow: `(a,`, `(a: Int`, `(a = 1`.
    private var isUnfinishedParameters: Bool {
        guard kind(ahead: 1) == .name else { return false }
        switch kind(ahead: 2) {
        case .comma, .colon, .assign: return true
        default: return false
        }
    }

    /// The parameters before `=>`.
    func arrowParameters() throws -> [ParameterDeclaration] {
        if kind == .leftParenthesis { return try parseParameters() }
        return [ParameterDeclaration(name: try parseName("a parameter"), annotation: nil, defaultValue: nil)]
    }

    private func arrowFunction() throws -> Expression {
        let start = current.span.start
        let parameters = try arrowParameters()
        try expect(.arrow, "after the parameters")
        let body = try parseExpression()
        let span = Span(start, lastEnd)
        return Expression(
            .function(
                FunctionDeclaration(
                    name: nil, parameters: parameters, result: nil, body: body, documentation: nil, span: span)), span)
    }

    /// Operators and `|>`, but no bare `x => …`; what a guard in `match` may be.
    func parsePipe() throws -> Expression {
        try chained {
            var left = try parseBinary(Precedence.or)
            while kind == .pipe {
                let pipe = advance()
                let right = !context.isGuard && isFunctionAhead ? try arrowFunction() : try parseBinary(Precedence.or)
                try checkPipeTarget(right, pipe)
                try link(pipe.span)
                left = Expression(.pipe(left, right), left.span.joined(with: right.span))
            }
            return left
        }
    }

    private func checkPipeTarget(_ target: Expression, _ pipe: Token) throws {
        switch target.kind {
        case .name, .call, .field, .index, .function: return
        default:
            if target.isParenthesized { return }
            throw failure(
                "the right side of `|>` must be a call or a function", at: target.span,
                help: "`x |> f(a)` is `f(x, a)`; put the pipe in parentheses to compute with its result")
        }
    }

    // MARK: Two-sided operators

    func parseBinary(_ minimum: Int) throws -> Expression {
        try chained {
            var left = try kind == .not ? negation(minimum) : parseUnary()
            while let (operation, precedence) = binaryOperator(), precedence >= minimum {
                let start = current
                if operation == .notContains { advance() }
                let last = advance()
                let operatorSpan = start.span.joined(with: last.span)
                let right = try parseBinary(precedence + 1)
                try link(operatorSpan)
                let span = left.span.joined(with: right.span)
                switch start.kind {
                case .and: left = Expression(.and(left, right), span)
                case .or: left = Expression(.or(left, right), span)
                case .halfOpenRange, .ellipsis:
                    left = Expression(.range(left, right, isClosed: start.kind == .ellipsis), span)
                    if kind == .halfOpenRange || kind == .ellipsis {
                        throw failure("a range must have two ends, but a third follows", help: "a step is written `range(0, 10, step: 2)`")
                    }
                default:
                    guard let operation else { return left }
                    left = Expression(.binary(operation, left, right, operatorSpan: operatorSpan), span)
                    if precedence == Precedence.comparison { try checkComparison(left, right) }
                }
            }
            return left
        }
    }

    /// `not` binds weaker than comparison, so it cannot stand inside one without parentheses.
    private func negation(_ minimum: Int) throws -> Expression {
        let start = current
        guard minimum <= Precedence.not else {
            throw failure("`not` must stand in parentheses after another operator", help: "write `(not …)`")
        }
        return try nested(start.span) {
            advance()
            let operand = try kind == .not ? negation(minimum) : parseBinary(Precedence.comparison)
            return Expression(.unary(.not, operand), start.span.joined(with: operand.span))
        }
    }

    /// The operator at the current token; `nil` operation for `and`, `or` and ranges.
    private func binaryOperator() -> (BinaryOperator?, Int)? {
        switch kind {
        case .or: return (nil, Precedence.or)
        case .and: return (nil, Precedence.and)
        case .equal: return (.equal, Precedence.comparison)
        case .notEqual: return (.notEqual, Precedence.comparison)
        case .less: return (.less, Precedence.comparison)
        case .lessOrEqual: return (.lessOrEqual, Precedence.comparison)
        case .greater: return (.greater, Precedence.comparison)
        case .greaterOrEqual: return (.greaterOrEqual, Precedence.comparison)
        case .in: return (.contains, Precedence.comparison)
        case .not: return kind(ahead: 1) == .in ? (.notContains, Precedence.comparison) : nil
        case .halfOpenRange, .ellipsis: return (nil, Precedence.range)
        case .bar: return (.bitOr, Precedence.bitOr)
        case .caret: return (.bitXor, Precedence.bitXor)
        case .ampersand: return (.bitAnd, Precedence.bitAnd)
        case .plus: return (.add, Precedence.sum)
        case .minus: return (.subtract, Precedence.sum)
        case .star: return (.multiply, Precedence.product)
        case .slash: return (.divide, Precedence.product)
        case .doubleSlash: return (.floorDivide, Precedence.product)
        case .percent: return (.remainder, Precedence.product)
        case .at: return (.matrixProduct, Precedence.product)
        default: return nil
        }
    }

    private func checkComparison(_ comparison: Expression, _ middle: Expression) throws {
        guard let (_, precedence) = binaryOperator(), precedence == Precedence.comparison else { return }
        let left = shortText(comparison.span)
        let between = shortText(middle.span)
        throw failure(
            "comparisons must not be chained", label: "a second comparison",
            help: "write `\(left) and \(between) \(file.text(of: current.span)) …`")
    }

    // MARK: Signs and powers

    func parseUnary() throws -> Expression {
        guard kind == .minus || kind == .plus else { return try parsePower() }
        let sign = current
        return try nested(sign.span) {
            advance()
            if sign.kind == .minus, let lowest = lowestInteger(sign) { return lowest }
            let operand = try parseUnary()
            let operation: UnaryOperator = sign.kind == .minus ? .negate : .plus
            return Expression(.unary(operation, operand), sign.span.joined(with: operand.span))
        }
    }

    /// `-9223372036854775808`, whose digits alone do not fit an integer; nil where something binds tighter than the sign.
    func lowestInteger(_ sign: Token) -> Expression? {
        guard kind == .integer, current.integer == Int.min else { return nil }
        switch kind(ahead: 1) {
        case .doubleStar, .dot, .leftParenthesis, .leftBracket: return nil
        default: return Expression(.integer(Int.min), sign.span.joined(with: advance().span))
        }
    }

    /// `a ** b` binds tighter than a sign on its left and groups to the right.
    private func parsePower() throws -> Expression {
        let base = try parsePostfix()
        guard kind == .doubleStar else { return base }
        let operation = current
        return try nested(operation.span) {
            advance()
            let exponent = try parseUnary()
            return Expression(
                .binary(.power, base, exponent, operatorSpan: operation.span), base.span.joined(with: exponent.span))
        }
    }

    // MARK: Calls, elements, fields

    private func parsePostfix() throws -> Expression {
        try chained {
            var base = try parsePrimary()
            while true {
                switch kind {
                case .leftParenthesis:
                    try link(current.span)
                    let (arguments, span) = try parseArguments()
                    base = Expression(.call(base, arguments, trailing: nil), base.span.joined(with: span))
                case .leftBracket:
                    try link(current.span)
                    let (items, span) = try parseIndex()
                    base = Expression(.index(base, items), base.span.joined(with: span))
                case .dot:
                    try link(current.span)
                    advance()
                    let name = try parseName("what follows `.`")
                    base = Expression(.field(base, name), base.span.joined(with: name.span))
                case .leftBrace:
                    guard !context.isHead, let call = trailingCall(base) else { return base }
                    try link(current.span)
                    let block = try parseTrailingBlock()
                    base = Expression(
                        .call(call.callee, call.arguments, trailing: block), base.span.joined(with: block.span))
                default:
                    return base
                }
            }
        }
    }

    /// What a block after an expression is an argument of; nil when no block may follow.
    private func trailingCall(_ base: Expression) -> (callee: Expression, arguments: [Argument])? {
        guard !base.isParenthesized else { return nil }
        switch base.kind {
        case .call(let callee, let arguments, trailing: nil): return (callee, arguments)
        case .name, .field, .index: return (base, [])
        default: return nil
        }
    }

    /// `(a, name: b)`: by position, then by name.
    private func parseArguments() throws -> ([Argument], Span) {
        try bracketed(newlinesEnd: false) { () -> [Argument] in
            var arguments: [Argument] = []
            while kind != .rightParenthesis, kind != .end {
                arguments.append(try parseArgument(arguments))
                guard take(.comma) != nil else { break }
            }
            if kind == .assign, case .name(let name)? = arguments.last?.value.kind {
                throw failure("an argument's name must be followed by `:`, but is followed by `=`", help: "write `\(name): …`")
            }
            if kind == .for {
                throw failure("a `for` must be a statement of its own", help: "write `map(things, x => …)` or `filter(things, x => …)`")
            }
            return arguments
        }
    }

    private func parseArgument(_ earlier: [Argument]) throws -> Argument {
        guard kind == .name || kind.isKeyword, kind(ahead: 1) == .colon else {
            let start = current.span
            if let last = earlier.last(where: { $0.name != nil }) {
                throw failure(
                    "an argument by position must stand before those by name", at: start,
                    help: "put it before `\(last.name?.text ?? ""):`")
            }
            return Argument(name: nil, value: try parseExpression())
        }
        let token = advance()
        advance()
        if earlier.contains(where: { $0.name?.text == token.text }) {
            throw failure("an argument must be given once, but `\(token.text)` stands twice", at: token.span)
        }
        return Argument(name: Name(token.text, token.span), value: try parseExpression())
    }

    /// `[1:3, :, ...]`
    private func parseIndex() throws -> ([IndexItem], Span) {
        let opener = current
        let (items, span) = try bracketed(newlinesEnd: false) { () -> [IndexItem] in
            var items: [IndexItem] = []
            while kind != .rightBracket, kind != .end {
                items.append(try parseIndexItem())
                guard take(.comma) != nil else { break }
            }
            return items
        }
        if items.isEmpty {
            throw failure("an index must stand between `[` and `]`", at: Span(opener.span.start, span.end), help: "`x[0]`, `x[1:3]` or `x[:]`")
        }
        return (items, span)
    }

    private func parseIndexItem() throws -> IndexItem {
        let start = current.span
        if kind == .ellipsis, kind(ahead: 1) == .comma || kind(ahead: 1) == .rightBracket || kind(ahead: 1) == .newline {
            return .ellipsis(advance().span)
        }
        func bound() throws -> Expression? {
            switch kind {
            case .colon, .comma, .rightBracket: return nil
            default: return try parseExpression()
            }
        }
        let lower = try bound()
        guard take(.colon) != nil else {
            guard let lower else { throw failure("an index must stand before `,`") }
            return .single(lower)
        }
        let upper = try bound()
        let step = take(.colon) != nil ? try bound() : nil
        return .slice(lower, upper, step, Span(start.start, lastEnd))
    }

    /// `{ statements }`, `{ x => statements }` or `{ (a, b) => statements }` after a call.
    private func parseTrailingBlock() throws -> FunctionDeclaration {
        let ((parameters, statements), span) = try bracketed(newlinesEnd: true) {
            () -> ([ParameterDeclaration], [Statement]) in
            skipNewlines()
            var parameters: [ParameterDeclaration] = []
            if isFunctionAhead {
                parameters = try arrowParameters()
                try expect(.arrow, "after the parameters")
            }
            return (parameters, parseStatements(until: .rightBrace))
        }
        let body = Expression(.block(Block(statements: statements, span: span)), span)
        return FunctionDeclaration(
            name: nil, parameters: parameters, result: nil, body: body, documentation: nil, span: span)
    }
}
