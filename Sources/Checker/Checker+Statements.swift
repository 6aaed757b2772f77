import Machine
import Syntax

extension Checker {
    /// Checks one statement; gives what is known of its value, for the last of a block.
    @discardableResult
    func check(_ statement: Statement) -> Known? {
        switch statement.kind {
        case .expression(let expression): return value(expression)
        case .binding(let pattern, let annotation, let expression):
            let known = value(expression)
            hold(known, toBinding: annotation, at: expression.span)
            bindStatement(pattern, known ?? annotation.flatMap(promised))
        case .assignment(let target, let operation, let expression):
            checkAssignment(target, operation, expression, statement.span)
        case .function(let function): declare(function)
        case .record(let record): declare(DeclaredType(record), record.name, record.fields, [], record.methods)
        case .model(let model): declare(DeclaredType(model), model.name, model.parameters, model.body, model.methods)
        case .use: break
        case .parameter(let name, let annotation, let expression):
            let known = value(expression)
            hold(known, toBinding: annotation, at: expression.span)
            // `--set` gives another value of the same type, unless the default is nil or the annotation takes more.
            if let known, known.value.typeName != "Nil", annotation.map({ !$0.isOptional && $0.name.text != "Any" }) ?? true,
                let binding = scope.find(name.text), !assigned.contains(binding.number) {
                binding.known = Known(value: known.sample)
            }
        case .forLoop(let pattern, let iterable, let body): checkLoop(pattern, iterable, body)
        case .whileLoop(let condition, let body):
            checkCondition(condition)
            _ = inScope { checkStatements(body.statements, valueIsUsed: false) }
        }
        return .exact(.none)
    }

    /// The statements of a block in the scope at hand.
    func checkStatements(_ statements: [Statement], valueIsUsed: Bool = true) -> Known? {
        var last: Known? = .exact(.none)
        for (number, statement) in statements.enumerated() {
            last = check(statement)
            if number + 1 < statements.count || !valueIsUsed { reportIdle(statement) }
        }
        reportUnreachable(statements)
        return last
    }

    func check(_ block: Block) -> Known? { inScope { checkStatements(block.statements) } }

    private func bindStatement(_ pattern: Pattern, _ known: Known?) {
        guard scope.parent != nil else {
            // The names have their bindings already.
            bindTopLevel(pattern, known)
            return
        }
        bind(pattern, .local, known: known)
    }

    private func bindTopLevel(_ pattern: Pattern, _ known: Known?) {
        guard case .name(let name) = pattern.kind, let binding = scope.bindings[name] else {
            // For the records that the pattern names.
            inScope { bind(pattern, .other) }
            return
        }
        if !assigned.contains(binding.number) { binding.known = known }
    }

    // MARK: assignment

    private func checkAssignment(_ target: Expression, _ operation: BinaryOperator?, _ expression: Expression, _ span: Span) {
        let right = value(expression)
        if let operation, let left = value(target), let right {
            _ = apply(operation, left, target.span, right, expression.span, span)
        }
        switch target.kind {
        case .name(let name):
            guard let binding = scope.find(name) else { return }
            assigned.insert(binding.number)
        case .field(let base, let field):
            let known = value(base)
            if let type = known?.standIn?.instanceOf, !type.has(field.text), let value = known?.value {
                report(Mistake.unknownField(field.text, of: value), field.span)
            }
        case .index where operation != nil: break
        default: _ = value(target)
        }
    }

    // MARK: loops

    private func checkLoop(_ pattern: Pattern, _ iterable: Expression, _ body: Block) {
        if let known = value(iterable), known.isOrdinary {
            let object = known.value.object
            let iterates = object is StringObject || object is ListObject || object is MapObject || object is RangeObject
            if !iterates { report(Mistake.notIterable(known.value), iterable.span) }
        }
        inScope {
            bind(pattern, .other)
            _ = checkStatements(body.statements, valueIsUsed: false)
        }
    }

    // MARK: functions and types

    private func declare(_ function: FunctionDeclaration) {
        guard let name = function.name else { return }
        guard scope.parent != nil else {
            checkFunction(function, name: name.text, signature: scope.bindings[name.text]?.known?.standIn?.signature)
            return
        }
        let signature = Signature(name.text, function.parameters, result: function.result)
        signature.types = { [unowned self] in self.type($0) }
        scope.bind(newBinding(name, .local, known: .object(StandIn("Function", signature: signature))))
        checkFunction(function, name: name.text, signature: signature)
    }

    /// A function's parameters, contracts and body.
    func checkFunction(_ function: FunctionDeclaration, name: String, signature: Signature?) {
        let signature = signature ?? Signature(name, function.parameters, result: function.result)
        let dimensions = DimensionBindings()
        inScope(isFunction: true) {
            functions.append(FunctionContext(name: name, signature: signature, dimensions: dimensions))
            bindParameters(function.parameters, of: name)
            if let result = function.result { readNames(result) }
            checkType(function.result)
            let body: Known?
            if case .block(let block) = function.body.kind {
                body = inScope { checkStatements(block.statements) }
                let last = block.statements.last
                if last.map({ !diverges($0) }) ?? true { hold(body, to: function.result, at: last?.span ?? function.body.span) }
            } else {
                body = value(function.body)
                hold(body, to: function.result, at: function.body.span)
            }
            functions.removeLast()
        }
    }

    private func bindParameters(_ parameters: [ParameterDeclaration], of function: String) {
        var bindings: [Binding] = []
        for parameter in parameters {
            if let annotation = parameter.annotation { readNames(annotation) }
            checkType(parameter.annotation)
            let binding = newBinding(parameter.name, .other, known: parameter.annotation.flatMap(promised))
            bindings.append(binding)
            scope.bind(binding)
        }
        for parameter in parameters {
            guard let expression = parameter.defaultValue else { continue }
            let known = value(expression)
            if let annotation = parameter.annotation {
                hold(known, to: annotation, at: expression.span, parameter: parameter.name.text)
            }
        }
    }

    private func declare(
        _ type: DeclaredType, _ name: Name, _ parameters: [ParameterDeclaration], _ body: [Statement],
        _ methods: [FunctionDeclaration]
    ) {
        type.resolveTypes { [unowned self] in self.type($0) }
        if scope.parent != nil { scope.bind(newBinding(name, .local, known: type.known)) }
        reportTwice(methods, of: name.text)
        // The constructor: parameters first, then the model's block, in which they are fields.
        inScope(isFunction: true) {
            functions.append(FunctionContext(name: name.text, signature: nil, dimensions: nil))
            bindParameters(parameters, of: name.text)
            functions.removeLast()
        }
        let me = Known.object(StandIn(type.name, instanceOf: type))
        inScope(isFunction: true) {
            for field in type.fields { scope.bind(newBinding(Name(field, name.span), .other)) }
            for method in methods {
                guard let own = method.name else { continue }
                let known = type.methods[own.text].map { Known.object(StandIn("Function", signature: $0)) }
                scope.bind(newBinding(own, .other, known: known))
            }
            inScope(isFunction: true) {
                functions.append(FunctionContext(name: name.text, signature: nil, dimensions: nil))
                scope.bind(newBinding(Name("self", name.span), .other, known: me))
                for statement in body { checkModelStatement(statement) }
                functions.removeLast()
            }
            for method in methods {
                inScope(isFunction: true) {
                    scope.bind(newBinding(Name("self", name.span), .other, known: me))
                    checkFunction(
                        method, name: "\(type.name).\(method.name?.text ?? "")",
                        signature: method.name.flatMap { type.methods[$0.text] })
                }
            }
        }
    }

    /// In a model's block `let` makes fields, which have their bindings already.
    private func checkModelStatement(_ statement: Statement) {
        guard case .binding(let pattern, let annotation, let expression) = statement.kind else {
            check(statement)
            return
        }
        let known = value(expression)
        hold(known, toBinding: annotation, at: expression.span)
        inScope { bind(pattern, .other) }
    }

    private func reportTwice(_ methods: [FunctionDeclaration], of type: String) {
        reportTwice(methods.compactMap(\.name), "the functions of \(type)", first: "never called")
    }
}
