extension Parser {
    func parseName(_ purpose: String) throws -> Name {
        if kind == .name {
            let token = advance()
            return Name(token.text, token.span)
        }
        if kind.isKeyword {
            throw failure(
                "\(purpose) must be a name, but `\(kind.rawValue)` is a word of the language", help: "try `\(kind.rawValue)_`")
        }
        throw failure("\(purpose) must be a name, but is \(describe(current))", help: hint())
    }

    /// `fn name(parameters) -> Annotation = expression`, or a block.
    func functionDeclaration(_ documentation: String?) throws -> FunctionDeclaration {
        let start = advance().span.start
        let name = try parseName("what follows `fn`")
        guard kind == .leftParenthesis else {
            throw failure(
                "the parameters of \(name.text) must stand between parentheses, but \(describe(current)) follows",
                help: "write `fn \(name.text)(…) = …`")
        }
        let parameters = try parseParameters()
        let result = try take(.resultArrow).map { _ in try parseAnnotation() }
        let body = try functionBody(name)
        return FunctionDeclaration(
            name: name, parameters: parameters, result: result, body: body, documentation: documentation,
            span: Span(start, lastEnd))
    }

    private func functionBody(_ name: Name) throws -> Expression {
        switch kind {
        case .assign:
            advance()
            return try parseExpression()
        case .leftBrace:
            return try parseBlockExpression()
        case .colon:
            throw failure(
                "the body of \(name.text) must follow, but is `:`",
                help: "write `fn \(name.text)(…) = value` or `fn \(name.text)(…) { … }`; a result's contract follows `->`")
        case .arrow:
            throw failure("the body of \(name.text) must follow `=`, but is after `=>`", help: "write `fn \(name.text)(…) = value`")
        default:
            throw failure(
                "the body of \(name.text) must follow as `= value` or `{ … }`, but \(describe(current)) follows", help: hint())
        }
    }

    /// `(name: Annotation = default, …)`
    func parseParameters() throws -> [ParameterDeclaration] {
        try bracketed(newlinesEnd: false) { () -> [ParameterDeclaration] in
            var parameters: [ParameterDeclaration] = []
            var names: Set<String> = []
            while kind != .rightParenthesis, kind != .end {
                let name = try parseName("a parameter")
                if name.text != "_", !names.insert(name.text).inserted {
                    throw failure("every parameter must have its own name, but `\(name.text)` stands twice", at: name.span)
                }
                let annotation = try take(.colon).map { _ in try parseAnnotation() }
                let value = try take(.assign).map { _ in try parseExpression() }
                if value == nil, let earlier = parameters.last, earlier.defaultValue != nil {
                    throw failure(
                        "a parameter after one with a default must have a default, but `\(name.text)` has none", at: name.span,
                        help: "put `\(name.text)` before `\(earlier.name.text)`")
                }
                parameters.append(ParameterDeclaration(name: name, annotation: annotation, defaultValue: value))
                guard take(.comma) != nil else { break }
            }
            return parameters
        }.0
    }

    /// `record Case(id, image)`, and functions between braces.
    func recordDeclaration() throws -> RecordDeclaration {
        advance()
        let name = try parseName("what follows `record`")
        guard kind == .leftParenthesis else {
            throw failure(
                "the fields of \(name.text) must stand between parentheses, but \(describe(current)) follows",
                help: "write `record \(name.text)(first, second)`")
        }
        let fields = try parseParameters()
        guard kind == .leftBrace else { return RecordDeclaration(name: name, fields: fields, methods: []) }
        let (statements, methods) = try declarationBody()
        if let other = statements.first {
            throw failure(
                "a record's block must hold functions alone", at: other.span,
                help: "a field goes into the parentheses; a `model` may have `let`")
        }
        return RecordDeclaration(name: name, fields: fields, methods: methods)
    }

    /// `model Net(inputs) { let … fn forward(x) = … }`
    func modelDeclaration() throws -> ModelDeclaration {
        advance()
        let name = try parseName("what follows `model`")
        let parameters = kind == .leftParenthesis ? try parseParameters() : []
        guard kind == .leftBrace else {
            throw failure(
                "the body of model \(name.text) must begin with `{`, but \(describe(current)) follows",
                help: "write `model \(name.text)(…) { fn forward(x) = … }`")
        }
        let (statements, methods) = try declarationBody()
        return ModelDeclaration(name: name, parameters: parameters, body: statements, methods: methods)
    }

    private func declarationBody() throws -> ([Statement], [FunctionDeclaration]) {
        var statements: [Statement] = []
        var methods: [FunctionDeclaration] = []
        for statement in try parseBlock("the body").statements {
            if case .function(let function) = statement.kind {
                methods.append(function)
            } else {
                statements.append(statement)
            }
        }
        return (statements, methods)
    }

    /// `use registration`, `use "./file.rs4"`, then perhaps `as name` or `.{a, b as c}`.
    func useDeclaration() throws -> UseDeclaration {
        advance()
        let source: UseDeclaration.Source
        if kind == .stringStart {
            throw failure("the path after `use` must be plain text, but has a value in it")
        } else if let path = take(.string) {
            source = .file(path.text, path.span)
        } else {
            source = .library(try parseName("what follows `use`"))
        }
        if kind == .name, current.text == "as" {
            advance()
            return UseDeclaration(source: source, selection: .alias(try parseName("what follows `as`")))
        }
        guard take(.dot) != nil else { return UseDeclaration(source: source, selection: .everything) }
        guard kind == .leftBrace else {
            let word = kind == .name ? current.text : "name"
            if word == "rs4", case .library(let name) = source {
                throw failure("the path after `use` must stand between quotes", at: name.span, help: "write `use \"./\(name.text).rs4\"`")
            }
            throw failure(
                "the names to use must stand between braces, but \(describe(current)) follows",
                help: "write `.{\(word)}`")
        }
        return UseDeclaration(source: source, selection: .names(try selectedNames()))
    }

    private func selectedNames() throws -> [(name: Name, alias: Name?)] {
        let opener = current
        let names = try bracketed(newlinesEnd: false) { () -> [(name: Name, alias: Name?)] in
            var names: [(name: Name, alias: Name?)] = []
            while kind != .rightBrace, kind != .end {
                let name = try parseName("a name to use")
                var alias: Name?
                if kind == .name, current.text == "as" {
                    advance()
                    alias = try parseName("what follows `as`")
                }
                names.append((name, alias))
                guard take(.comma) != nil else { break }
            }
            return names
        }.0
        if names.isEmpty { throw failure("at least one name must stand between the braces", at: opener.span) }
        return names
    }
}
