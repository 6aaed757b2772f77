import Syntax

extension Compiler {
    /// Compiles one statement; when `result` is given and the statement has a value, the value goes there.
    func compile(_ statement: Statement, result: Int?) {
        builder.currentSpan = statement.span
        switch statement.kind {
        case .expression(let expression):
            if let result {
                compile(expression, into: result)
            } else {
                compileForEffect(expression)
            }
        case .binding(let pattern, let annotation, let value):
            compileBinding(pattern, annotation, value)
        case .assignment(let target, let operation, let value):
            compileAssignment(target, operation, value, statement.span)
        case .function(var function):
            if function.documentation == nil { function.documentation = statement.documentation }
            declareFunction(function)
        case .record(let record):
            declareRecord(record, statement.documentation)
        case .model(let model):
            declareModel(model, statement.documentation)
        case .use(let use):
            compileUse(use, statement.span)
        case .parameter(let name, let annotation, let value):
            compileParameter(name, annotation, value, statement.span)
        case .forLoop(let pattern, let iterable, let body):
            compileFor(pattern, iterable, body)
        case .whileLoop(let condition, let body):
            compileWhile(condition, body)
        }
    }

    /// Runs an expression whose value nobody wants.
    private func compileForEffect(_ expression: Expression) {
        let mark = builder.nextRegister
        switch expression.kind {
        case .ifElse(let condition, let then, let otherwise):
            compileIf(condition, then, otherwise, into: nil)
        case .block(let block):
            compileBlock(block, into: nil)
        default:
            let register = builder.newRegister()
            compile(expression, into: register)
            builder.emit(.clear, register)
        }
        builder.release(to: mark)
    }

    private func compileBinding(_ pattern: Pattern, _ annotation: Annotation?, _ value: Expression) {
        if case .name(let name) = pattern.kind, !isTopLevelScope {
            // The value is computed before the name exists, so that `let x = x + 1` reads the outer `x`.
            let register = builder.newRegister()
            compile(value, into: register)
            check(annotation, register, at: value.span)
            let local = declareLocal(name, in: register)
            if local.isBoxed { builder.emit(.makeBox, register) }
            return
        }
        // Registers of names bound here stay in use; the value itself is let go.
        let holder = builder.newRegister()
        compile(value, into: holder)
        check(annotation, holder, at: value.span)
        destructure(pattern, holder, orElse: nil)
        builder.emit(.clear, holder)
        if isTopLevelScope { builder.release(to: holder) }
    }

    private func check(_ annotation: Annotation?, _ register: Int, at span: Span) {
        guard let annotation else { return }
        builder.emitWide(.checkAnnotation, register, addContract(annotation, register), at: span)
    }

    /// The number of a contract of what is in a register.
    private func addContract(_ annotation: Annotation, _ register: Int) -> Int {
        builder.prototype.contracts.append(contract(annotation, register: register, name: ""))
        return builder.prototype.contracts.count - 1
    }

    // MARK: assignment

    /// True for what stands right behind a `{` on the same line.
    private func isBehindBrace(_ span: Span) -> Bool {
        var place = span.start - 1
        while place >= 0, file.bytes[place] == 0x20 { place -= 1 }
        return place >= 0 && file.bytes[place] == UInt8(ascii: "{")
    }

    private func compileAssignment(_ target: Expression, _ operation: BinaryOperator?, _ value: Expression, _ span: Span) {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        switch target.kind {
        case .name(let name):
            guard let resolution = resolve(name) else {
                guard assignedUnbound.insert(name).inserted else { return }
                let near = Suggestion.nearest(to: name, among: assignableNames())
                report(
                    "name", "`\(name)` must be bound before it is assigned, but is unknown here", target.span,
                    help: near.map { "did you mean `\($0)`? A new name is bound with `let \(name) = …`" }
                        ?? (isBehindBrace(target.span) ? "a map is written `{\(name): …}`" : "bind it first: `let \(name) = …`"))
                return
            }
            noteAssignment(resolution, target)
            if case .local(let local) = resolution, !local.isBoxed {
                if operation == .add, case .string(let parts) = value.kind, parts.count > 1 {
                    compileExtension(of: local.register, by: parts, value.span, span)
                    return
                }
                compile(combined(target, operation, value, span), into: local.register, mayRead: true)
                return
            }
            let register = builder.newRegister()
            compile(combined(target, operation, value, span), into: register)
            store(register, resolution, name, target.span)
            if case .global = resolution { return }
            builder.emit(.clear, register)
        case .field(let base, let field):
            let object = operand(base)
            let register = builder.newRegister()
            if let operation {
                builder.emit(.getField, register, object.register, builder.field(field.text), at: target.span)
                let right = operand(value)
                emitBinary(operation, into: register, register, right.register, span, flags: right.isTemporary ? 2 : 0)
            } else {
                compile(value, into: register)
            }
            builder.emit(.setField, object.register, register, builder.field(field.text), at: target.span)
            builder.emit(.clear, register)
            if object.isTemporary { builder.emit(.clear, object.register) }
        case .index(let base, let items):
            let object = operand(base)
            let place = indexPlace(items)
            let register = builder.newRegister()
            if let operation {
                emitGetIndex(place, register, object.register, target.span)
                let right = operand(value)
                emitBinary(operation, into: register, register, right.register, span, flags: right.isTemporary ? 2 : 0)
            } else {
                compile(value, into: register)
            }
            switch place {
            case .single(let index): builder.emit(.setIndex, object.register, index, register, at: target.span)
            case .many(let number): builder.emit(.setIndexMany, object.register, register, number, at: target.span)
            }
            builder.emit(.clear, register)
            if object.isTemporary { builder.emit(.clear, object.register) }
        default:
            report("syntax", "the left side of `=` must be a name, an index or a field, but is not", target.span)
        }
    }

    private func noteAssignment(_ resolution: Resolution, _ target: Expression) {
        switch resolution {
        case .ownFunction(let owner): if let own = owner.ownName { reassigned.insert(own.declaration) }
        case .local(let local), .upvalue(_, let local):
            reassigned.insert(local.declaration)
            guard selves.contains(local.declaration) else { return }
            report(
                "name", "`self` is the record whose function runs and cannot be assigned", target.span,
                help: "assign its fields, or bind another name with `let`")
        default: break
        }
    }

    private func combined(_ target: Expression, _ operation: BinaryOperator?, _ value: Expression, _ span: Span) -> Expression {
        guard let operation else { return value }
        return Expression(.binary(operation, target, value, operatorSpan: span), span)
    }

    private func store(_ register: Int, _ resolution: Resolution, _ name: String, _ span: Span) {
        switch resolution {
        case .local(let local):
            builder.emit(local.isBoxed ? .setBox : .move, local.register, register)
        case .upvalue(let number, _): builder.emit(.setShared, register, number)
        // The next walk over the tree knows that this name is assigned, and gives it a box.
        case .ownFunction: break
        case .global(let slot): builder.emitWide(.setGlobal, register, slot)
        case .field(let slot, let owner):
            let me = loadSelf(of: owner)
            builder.emit(.setSlot, me, register, slot)
        case .method:
            report("name", "`\(name)` is a function of this block and cannot be assigned", span)
        case .imported(let module, _):
            report(
                "name", "`\(name)` comes from the module \(module.name) and cannot be assigned here", span,
                help: "bind your own: `let \(name) = …`")
        case .alias:
            report("name", "`\(name)` is a module and cannot be assigned", span, help: "bind another name with `let`")
        case .prelude:
            report("name", "`\(name)` is built in and cannot be assigned", span, help: "bind your own: `let \(name) = …`")
        }
    }

    // MARK: use and param

    private func compileUse(_ use: UseDeclaration, _ span: Span) {
        guard isTopLevelScope else {
            report("syntax", "`use` must stand at the top level of a file, but is inside a block", span)
            return
        }
        guard let loaded = try? loadModule(use.source, file) else { return }
        builder.emitWide(.runModule, 0, builder.constant(.object(loaded)))
    }

    private func compileParameter(_ name: Name, _ annotation: Annotation?, _ value: Expression, _ span: Span) {
        guard isTopLevelScope else {
            report("syntax", "`param` must stand at the top level of a file, but is inside a block", span)
            return
        }
        let register = builder.newRegister()
        compile(value, into: register)
        let number = annotation.map { addContract($0, register) }
        builder.emit(.parameter, register, builder.constant(.string(name.text)), number.map { $0 + 1 } ?? 0, at: span)
        if let number { builder.emitWide(.checkAnnotation, register, number, at: value.span) }
        builder.emitWide(.setGlobal, register, module.slot(for: name.text))
        builder.emit(.clear, register)
        builder.release(to: register)
    }

    // MARK: loops

    private func compileFor(_ pattern: Pattern, _ iterable: Expression, _ body: Block) {
        builder.scopes.append([:])
        let mark = builder.nextRegister
        let state = builder.newRegister()
        let limit = builder.newRegister()
        if case .range(let lower, let upper, let isClosed) = iterable.kind {
            compile(lower, into: state)
            compile(upper, into: limit)
            builder.emit(.startRangeLoop, state, limit, 0, flags: isClosed ? 1 : 0, at: iterable.span)
        } else {
            compile(iterable, into: state)
            builder.emit(.startLoop, state, limit, 0, at: iterable.span)
        }
        let item = builder.newRegister()
        let entry = builder.emitWide(.jump, 0, 0)
        let top = builder.here
        builder.loops.append(.init(handlerDepth: builder.handlerDepth, iterationRegisters: state))
        inScope {
            if case .name(let name) = pattern.kind {
                let local = declareLocal(name, in: item)
                if local.isBoxed { builder.emit(.makeBox, item) }
            } else {
                destructure(pattern, item, orElse: nil)
            }
            compileStatements(body.statements, into: nil)
            patchContinues()
        }
        builder.patch(entry)
        builder.emit(.nextOfLoop, state, limit, item, at: iterable.span)
        builder.patch(builder.emitWide(.jump, 0, 0), to: top)
        let loop = builder.loops.removeLast()
        for jump in loop.breaks { builder.patch(jump) }
        builder.emitClear(state, count: 3)
        builder.scopes.removeLast()
        builder.release(to: mark)
    }

    private func patchContinues() {
        for jump in builder.loops[builder.loops.count - 1].continues { builder.patch(jump) }
        builder.loops[builder.loops.count - 1].continues = []
    }

    private func compileWhile(_ condition: Expression, _ body: Block) {
        let top = builder.here
        let exits = compileJumps(unless: condition)
        builder.loops.append(.init(handlerDepth: builder.handlerDepth, iterationRegisters: builder.nextRegister))
        inScope {
            compileStatements(body.statements, into: nil)
            patchContinues()
        }
        builder.emitLoop(to: top)
        for exit in exits { builder.patch(exit) }
        let loop = builder.loops.removeLast()
        for jump in loop.breaks { builder.patch(jump) }
    }

    // MARK: blocks

    /// A block in a scope of its own; its value goes to `target` when one is given.
    func compileBlock(_ block: Block, into target: Int?) {
        inScope { compileStatements(block.statements, into: target) }
    }

    func compileStatements(_ statements: [Statement], into target: Int?) {
        for (position, statement) in statements.enumerated() {
            let isLast = position == statements.count - 1
            if isLast, let target {
                if case .expression = statement.kind {} else { builder.emit(.loadNone, target) }
                compile(statement, result: target)
            } else {
                compile(statement, result: nil)
            }
        }
        if statements.isEmpty, let target { builder.emit(.loadNone, target) }
    }
}
