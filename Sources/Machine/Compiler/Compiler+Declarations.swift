import Syntax

extension Compiler {
    /// `fn name(…)` as a statement: the name is bound first, so that the function may call itself.
    func declareFunction(_ function: FunctionDeclaration) {
        guard let name = function.name else { return }
        let mark = builder.nextRegister
        if isTopLevelScope {
            let register = builder.newRegister()
            compileClosure(function, into: register)
            builder.emitWide(.setGlobal, register, module.slot(for: name.text))
            builder.emit(.clear, register)
            builder.release(to: mark)
            return
        }
        let local = declareLocal(name.text)
        if local.isBoxed {
            builder.emit(.loadNone, local.register)
            builder.emit(.makeBox, local.register)
            let register = builder.newRegister()
            compileClosure(function, into: register)
            builder.emit(.setBox, local.register, register)
            builder.emit(.clear, register)
            builder.release(to: register)
        } else {
            compileClosure(function, into: local.register, ownName: local)
        }
    }

    /// A function value with the variables it shares.
    func compileClosure(_ function: FunctionDeclaration, into target: Int, ownName: Local? = nil) {
        let number = compileFunction(function, name: function.name?.text ?? "function", layout: nil, ownName: ownName)
        builder.emitWide(.makeClosure, target, number, at: function.span)
    }

    /// Compiles a function to a prototype of the one being built; gives its number.
    private func compileFunction(
        _ function: FunctionDeclaration, name: String, layout: SelfLayout?, ownName: Local? = nil
    ) -> Int {
        let prototype = Prototype(name: name, file: file, module: module)
        prototype.place = function.span
        prototype.documentation = function.documentation
        prototype.signature = signature(name, function.parameters, function.result)
        prototype.isMethod = layout != nil
        let inner = FunctionBuilder(parent: builder, prototype: prototype)
        let outer = builder
        inner.currentSpan = function.span
        inner.ownName = ownName
        builder = inner
        if let layout {
            // `self` is named before the layout is known to the scope, so that fields do not hide it.
            selves.insert(declareParameter("self", hasDefault: false, annotation: nil).declaration)
            inner.selfLayout = layout
        }
        compileParameters(function.parameters)
        emitContracts(function.parameters, function.result)
        compileReturn(of: function.body)
        finish(at: function.span)
        builder = outer
        outer.prototype.prototypes.append(prototype)
        return outer.prototype.prototypes.count - 1
    }

    @discardableResult
    private func declareParameter(_ name: String, hasDefault: Bool, annotation: String?) -> Local {
        let local = declareLocal(name)
        builder.prototype.parameters.append(
            ParameterSummary(name: name, hasDefault: hasDefault, annotation: annotation))
        if !hasDefault { builder.prototype.requiredCount = builder.prototype.parameters.count }
        return local
    }

    private func compileParameters(_ parameters: [ParameterDeclaration]) {
        var seen: Set<String> = []
        for parameter in parameters {
            if !seen.insert(parameter.name.text).inserted {
                report("syntax", "parameters must have different names, but `\(parameter.name.text)` stands twice", parameter.name.span)
            }
            declareParameter(
                parameter.name.text, hasDefault: parameter.defaultValue != nil,
                annotation: parameter.annotation.map { file.text(of: $0.span) })
        }
        // A default may use the parameters before it, so each becomes known when its turn comes.
        var later = builder.scopes[builder.scopes.count - 1]
        builder.scopes[builder.scopes.count - 1] = later.filter { name, _ in !seen.contains(name) }
        for parameter in parameters {
            guard let local = later.removeValue(forKey: parameter.name.text) else { continue }
            if let value = parameter.defaultValue {
                let given = builder.emitWide(.jumpIfGiven, local.register, 0)
                laterParameters = Set(later.keys).union([local.name])
                compile(value, into: local.register)
                laterParameters = []
                builder.patch(given)
            }
            builder.declare(local)
            if local.isBoxed { builder.emit(.makeBox, local.register) }
        }
    }

    private func signature(_ name: String, _ parameters: [ParameterDeclaration], _ result: Annotation?) -> String {
        let list = parameters.map { parameter -> String in
            var text = parameter.name.text
            if let annotation = parameter.annotation { text += ": " + file.text(of: annotation.span) }
            if let value = parameter.defaultValue { text += " = " + file.text(of: value.span) }
            return text
        }
        return "\(name)(\(list.joined(separator: ", ")))" + (result.map { " -> " + file.text(of: $0.span) } ?? "")
    }

    // MARK: contracts

    private func emitContracts(_ parameters: [ParameterDeclaration], _ result: Annotation?) {
        let annotated = parameters.filter { $0.annotation != nil }
        guard !annotated.isEmpty || result != nil else { return }
        let bindings = builder.newRegister()
        builder.bindingsRegister = bindings
        for parameter in annotated {
            guard let annotation = parameter.annotation, let local = builder.local(parameter.name.text) else { continue }
            builder.prototype.contracts.append(contract(annotation, register: local.register, name: parameter.name.text))
        }
        let count = builder.prototype.contracts.count
        builder.emit(.checkArguments, bindings, count)
        if let result {
            builder.prototype.contracts.append(contract(result, register: 0, name: ""))
            builder.resultContract = builder.prototype.contracts.count - 1
        }
    }

    func contract(_ annotation: Annotation, register: Int, name: String) -> Contract {
        let dimensions = annotation.dimensions?.map { dimension -> Contract.Dimension in
            switch dimension {
            case .size(let size, _): return .size(size)
            case .ellipsis: return .rest
            case .name(let label): return fixedDimension(label.text) ?? .name(label.text)
            }
        }
        return Contract(
            register: register, name: name, type: prelude.type(annotation.name.text), dimensions: dimensions,
            isOptional: annotation.isOptional, span: annotation.span)
    }

    /// A dimension that a parameter of this function or a field of its record fixes.
    private func fixedDimension(_ name: String) -> Contract.Dimension? {
        if let local = builder.local(name), builder.prototype.parameters.contains(where: { $0.name == name }) {
            let register = builder.newRegister()
            builder.emit(local.isBoxed ? .getBox : .move, register, local.register)
            return .fixed(name, register: register)
        }
        var owner: FunctionBuilder? = builder
        while let current = owner {
            if let slot = current.selfLayout?.fields.firstIndex(of: name) {
                let register = builder.newRegister()
                builder.emit(.getSlot, register, loadSelf(of: current), slot)
                return .fixed(name, register: register)
            }
            owner = current.parent
        }
        return nil
    }

    // MARK: records and models

    func declareRecord(_ record: RecordDeclaration, _ documentation: String?) {
        declareType(
            record.name, parameters: record.fields, body: [], methods: record.methods, isModel: false,
            documentation: documentation)
    }

    func declareModel(_ model: ModelDeclaration, _ documentation: String?) {
        declareType(
            model.name, parameters: model.parameters, body: model.body, methods: model.methods, isModel: true,
            documentation: documentation)
    }

    private func declareType(
        _ name: Name, parameters: [ParameterDeclaration], body: [Statement], methods: [FunctionDeclaration],
        isModel: Bool, documentation: String?
    ) {
        var fields = parameters.map(\.name.text)
        for statement in body {
            if case .binding(let pattern, _, _) = statement.kind {
                for bound in pattern.names where !fields.contains(bound.text) { fields.append(bound.text) }
            }
        }
        let layout = SelfLayout(fields: fields, methods: Set(methods.compactMap { $0.name?.text }))
        let isGlobal = isTopLevelScope
        let mark = builder.nextRegister
        let register = isGlobal ? builder.newRegister() : declareLocal(name.text).register
        let local = isGlobal ? nil : builder.local(name.text)
        if let local { reassigned.insert(local.declaration) }
        if let local, local.isBoxed {
            builder.emit(.loadNone, register)
            builder.emit(.makeBox, register)
        }
        let compiled = methods.map { method in
            (name: method.name?.text ?? "", prototype: compileFunction(method, name: "\(name.text).\(method.name?.text ?? "")", layout: layout))
        }
        let constructor = compileConstructor(name, parameters, body, layout)
        builder.prototype.typeRecipes.append(
            .init(
                name: name.text, isModel: isModel, fields: fields, parameterCount: parameters.count,
                constructor: constructor, methods: compiled, documentation: documentation))
        let made = isGlobal || local?.isBoxed == true ? builder.newRegister() : register
        builder.emitWide(.makeType, made, builder.prototype.typeRecipes.count - 1, at: name.span)
        if isGlobal {
            builder.emitWide(.setGlobal, made, module.slot(for: name.text))
            builder.emit(.clear, made)
            builder.release(to: mark)
        } else if local?.isBoxed == true {
            builder.emit(.setBox, register, made)
            builder.emit(.clear, made)
            builder.release(to: made)
        }
    }

    /// The constructor makes the record with its parameters as the first fields, then runs the model's block.
    private func compileConstructor(
        _ name: Name, _ parameters: [ParameterDeclaration], _ body: [Statement], _ layout: SelfLayout
    ) -> Int {
        let prototype = Prototype(name: name.text, file: file, module: module)
        prototype.signature = signature(name.text, parameters, nil)
        let inner = FunctionBuilder(parent: builder, prototype: prototype)
        let outer = builder
        inner.currentSpan = name.span
        builder = inner
        compileParameters(parameters)
        emitContracts(parameters, nil)
        let me = inner.newRegister()
        // The type travels as the constructor's own closure's type; the machine knows it from the call.
        inner.emit(.makeRecord, me, 0, parameters.count)
        // Parameters live on as fields: forget them as locals, so that names in the block mean the fields.
        inner.scopes = [[:]]
        selves.insert(declareLocal("self", in: me).declaration)
        inner.selfLayout = layout
        for statement in body { compileModelStatement(statement, layout) }
        inner.emit(.giveBack, me)
        finish(at: name.span)
        builder = outer
        outer.prototype.prototypes.append(prototype)
        return outer.prototype.prototypes.count - 1
    }

    private func compileModelStatement(_ statement: Statement, _ layout: SelfLayout) {
        guard case .binding(let pattern, let annotation, let value) = statement.kind else {
            compile(statement, result: nil)
            return
        }
        builder.currentSpan = statement.span
        let mark = builder.nextRegister
        let holder = builder.newRegister()
        compile(value, into: holder)
        if let annotation {
            builder.prototype.contracts.append(contract(annotation, register: holder, name: ""))
            builder.emitWide(.checkAnnotation, holder, builder.prototype.contracts.count - 1)
        }
        if case .name(let name) = pattern.kind {
            setOwnField(name, holder, layout)
        } else {
            builder.scopes.append([:])
            destructure(pattern, holder, orElse: nil)
            let names = builder.scopes.removeLast()
            for (name, local) in names.sorted(by: { $0.key < $1.key }) {
                if local.isBoxed { builder.emit(.getBox, local.register, local.register) }
                setOwnField(name, local.register, layout)
            }
        }
        builder.emit(.clear, holder)
        builder.release(to: mark)
    }

    private func setOwnField(_ name: String, _ register: Int, _ layout: SelfLayout) {
        guard let slot = layout.fields.firstIndex(of: name) else { return }
        let me = loadSelf(of: builder)
        builder.emit(.setSlot, me, register, slot)
    }
}
