import Syntax

extension Compiler {
    func compileCall(
        _ callee: Expression, _ arguments: [Argument], _ trailing: FunctionDeclaration?, _ span: Span, into target: Int,
        mayRead: Bool = false, piped: Expression? = nil
    ) {
        // A call leaves its result where the function was; the target itself serves when nothing lies above it yet.
        let isFree = !mayRead && target == builder.nextRegister - 1
        if case .field(let base, let name) = callee.kind, moduleAlias(base) == nil {
            compileMethodCall(base, name, callee, arguments, trailing, span, into: target, isFree, piped: piped)
            return
        }
        if case .name(let name) = callee.kind, case .method(let method, let owner)? = resolve(name), piped == nil {
            // A function of the same block, called by its name: `self` goes first.
            let slot = isFree ? target : builder.newRegister()
            builder.emit(.loadNone, slot)
            builder.emit(.move, builder.newRegister(), loadSelfBelow(owner, slot))
            finishMethodCall(slot, method, [callee.span], callee, arguments, trailing, span, into: target, fallback: false)
            return
        }
        let slot = isFree ? target : builder.newRegister()
        let quick = quickForm(callee)
        let held = quick == nil ? heldCallee(callee, slot, arguments.map(\.value) + (piped.map { [$0] } ?? [])) : nil
        if quick == nil, held == nil { compile(callee, into: slot) }
        var spans: [Span] = []
        if let piped {
            compile(piped, into: builder.newRegister())
            spans.append(piped.span)
        }
        let names = compileArguments(arguments, trailing, &spans)
        if let quick {
            let count = builder.nextRegister - slot - 1
            let constant = builder.constant(quick)
            let isFitting = names.isEmpty && quick.object.flatMap { ($0 as? Primitive)?.quick?.count } == count
            if isFitting {
                builder.emit(.callQuickly, slot, count, constant, at: span)
            } else {
                builder.emitWide(.loadConstant, slot, constant)
            }
        }
        held?()
        emitCall(slot, span, callee, spans, names, pipedCount: piped == nil ? 0 : 1)
        moveResult(slot, target)
    }

    /// What goes before the call of a function that something else holds as long as it runs: a local of the caller, what the
    /// caller's closure took along, or a declaration of the module. Such a function is called where it is.
    /// The arguments must not give its name another value meanwhile.
    private func heldCallee(_ callee: Expression, _ slot: Int, _ arguments: [Expression]) -> (() -> Void)? {
        guard case .name(let name) = callee.kind else { return nil }
        switch resolve(name) {
        case .local(let local)? where !local.isBoxed && !arguments.contains(where: \.runsStatements):
            return { [builder] in builder.emit(.callLocal, slot, local.register, at: callee.span) }
        case .upvalue(let number, let local)? where !local.isBoxed:
            return { [builder] in builder.emit(.callUpvalue, slot, number, at: callee.span) }
        case .ownFunction(let owner)? where owner === builder:
            return { [builder] in builder.emit(.callOwn, slot, at: callee.span) }
        case .global(let global)? where module.functionSlots.contains(global) && !arguments.contains(where: \.runsCode):
            return { [builder] in builder.emitWide(.callGlobal, slot, global, at: callee.span) }
        default: return nil
        }
    }

    /// The primitive that a name stands for, when it has a quick form.
    private func quickForm(_ callee: Expression) -> Value? {
        guard case .name(let name) = callee.kind, case .prelude(let value)? = resolve(name),
            case .object(let object as Primitive) = value, object.quick != nil
        else { return nil }
        return value
    }

    private func emitCall(
        _ slot: Int, _ span: Span, _ callee: Expression, _ spans: [Span], _ names: [Name?], pipedCount: Int
    ) {
        addSite(span, callee, spans, names, pipedCount: pipedCount)
        builder.emit(
            .call, slot, builder.nextRegister - slot - 1, builder.prototype.callSites.count - 1, flags: names.isEmpty ? 0 : 2,
            at: span)
    }

    func compilePipe(_ value: Expression, _ call: Expression, _ span: Span, into target: Int) {
        if case .call(let callee, let arguments, let trailing) = call.kind {
            compileCall(callee, arguments, trailing, span, into: target, piped: value)
        } else {
            compileCall(call, [], nil, span, into: target, piped: value)
        }
    }

    private func moduleAlias(_ base: Expression) -> ModuleScope? {
        guard case .name(let text) = base.kind, case .alias(let module)? = resolve(text) else { return nil }
        return module
    }

    /// `x.f(a)`: a field of `x` when it has one of that name, else the function `f` in scope with `x` as its first
    /// argument.
    private func compileMethodCall(
        _ base: Expression, _ name: Name, _ callee: Expression, _ arguments: [Argument],
        _ trailing: FunctionDeclaration?, _ span: Span, into target: Int, _ isFree: Bool, piped: Expression?
    ) {
        let slot = isFree ? target : builder.newRegister()
        let known = resolve(name.text) != nil
        if case .global(let global)? = resolve(name.text) {
            // It may not be bound yet, and need not be where the receiver has a function of that name.
            builder.emitWide(.getFallback, slot, global)
        } else if known {
            compile(Expression(.name(name.text), name.span), into: slot)
        } else {
            builder.emit(.loadNone, slot)
        }
        compile(base, into: builder.newRegister())
        if let piped {
            // `v |> x.f(a)` calls the field `f` of `x` with `v` first.
            builder.emit(.getField, slot, slot + 1, builder.field(name.text), at: callee.span)
            builder.release(to: slot + 1)
            compile(piped, into: builder.newRegister())
            var spans = [piped.span]
            let names = compileArguments(arguments, trailing, &spans)
            emitCall(slot, span, callee, spans, names, pipedCount: 1)
            moveResult(slot, target)
            return
        }
        finishMethodCall(slot, name.text, [base.span], callee, arguments, trailing, span, into: target, fallback: known)
    }

    private func finishMethodCall(
        _ slot: Int, _ name: String, _ receiver: [Span], _ callee: Expression, _ arguments: [Argument],
        _ trailing: FunctionDeclaration?, _ span: Span, into target: Int, fallback: Bool
    ) {
        var spans = receiver
        let names = compileArguments(arguments, trailing, &spans)
        addSite(span, callee, spans, names, pipedCount: 1)
        builder.prototype.callSites[builder.prototype.callSites.count - 1].method = name
        builder.emit(
            .callMethod, slot, builder.nextRegister - slot - 2, builder.prototype.callSites.count - 1,
            flags: (fallback ? 1 : 0) | (names.isEmpty ? 0 : 2), at: span)
        moveResult(slot, target)
    }

    private func moveResult(_ slot: Int, _ target: Int) {
        guard slot != target else { return }
        builder.emit(.take, target, slot)
    }

    private func loadSelfBelow(_ owner: FunctionBuilder, _ slot: Int) -> Int {
        // `self` may need a temporary; the receiver's own register serves, since it is overwritten with the same value.
        let mark = builder.nextRegister
        let register = loadSelf(of: owner)
        builder.release(to: mark)
        return register
    }

    /// Compiles arguments into successive registers; gives their names, empty when all are positional.
    private func compileArguments(_ arguments: [Argument], _ trailing: FunctionDeclaration?, _ spans: inout [Span]) -> [Name?] {
        var names: [Name?] = []
        var sawName = false
        for argument in arguments {
            compile(argument.value, into: builder.newRegister())
            spans.append(argument.value.span)
            names.append(argument.name)
            if argument.name != nil {
                sawName = true
            } else if sawName {
                report(
                    "syntax", "positional arguments must come before named ones, but this one comes after",
                    argument.value.span, help: "name it as well, or move it to the front")
            }
        }
        if let trailing {
            compileClosure(trailing, into: builder.newRegister())
            spans.append(trailing.span)
            names.append(Name(ArgumentBinding.trailing, trailing.span))
            return names
        }
        return sawName ? names : []
    }

    private func addSite(_ span: Span, _ callee: Expression, _ spans: [Span], _ names: [Name?], pipedCount: Int) {
        let allNames = names.isEmpty ? [] : [Name?](repeating: nil, count: pipedCount) + names
        builder.prototype.callSites.append(
            .init(span: span, calleeText: file.text(of: callee.span), argumentSpans: spans, names: allNames.map { $0?.text },
                nameSpans: allNames.map { $0?.span }))
    }
}
