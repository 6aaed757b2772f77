import Syntax

/// What leaves a place early: `return`, `break`, `continue`, `assert`, and `try`, which catches what leaves by an error.
extension Compiler {
    func compileReturn(_ value: Expression?, _ span: Span) {
        guard builder.parent != nil else {
            report("syntax", "`return` must stand inside a function, but is at the top level", span,
                help: "show a value with `print(…)`, or put the lines into a function: `fn name() { … return value }`")
            return
        }
        guard builder.handlerDepth > 0 else { return compileReturn(of: value ?? Expression(.none, span)) }
        let register = builder.newRegister()
        if let value { compile(value, into: register) } else { builder.emit(.loadNone, register) }
        for _ in 0..<builder.handlerDepth { builder.emit(.popHandler) }
        builder.currentSpan = value?.span ?? span
        emitReturn(register)
    }

    /// Leaves the function with an expression's value, from inside its branches where it has some.
    func compileReturn(of expression: Expression) {
        let leave = enter(expression.span)
        defer { leave() }
        switch expression.kind {
        case .ifElse(let condition, let then, let otherwise):
            let exits = compileJumps(unless: condition)
            compileReturn(of: then)
            for exit in exits { builder.patch(exit) }
            compileReturn(of: otherwise ?? Expression(.none, expression.span))
        case .block(let block): compileReturn(of: block)
        case .name(let name):
            guard case .local(let local)? = resolve(name), !local.isBoxed else { fallthrough }
            emitReturn(local.register)
        default:
            let result = builder.newRegister()
            compile(expression, into: result)
            emitReturn(result)
        }
    }

    func compileReturn(of block: Block) {
        // What the block's names hold is let go with the frame.
        builder.scopes.append([:])
        let mark = builder.nextRegister
        defer {
            builder.scopes.removeLast()
            builder.release(to: mark)
        }
        for statement in block.statements.dropLast() { compile(statement, result: nil) }
        if let last = block.statements.last, case .expression(let expression) = last.kind {
            builder.currentSpan = last.span
            compileReturn(of: expression)
        } else {
            if let last = block.statements.last { compile(last, result: nil) }
            compileReturn(of: Expression(.none, builder.currentSpan))
        }
    }

    /// Leaves the function, after the contract of its result.
    func emitReturn(_ register: Int) {
        if let contract = builder.resultContract {
            builder.emit(.checkResult, register, builder.bindingsRegister ?? 0, contract)
        }
        builder.emit(.giveBack, register)
    }

    func compileLeaveLoop(_ expression: Expression) {
        let isBreak: Bool
        if case .breaking = expression.kind { isBreak = true } else { isBreak = false }
        guard let loop = builder.loops.last else {
            report(
                "syntax", "`\(isBreak ? "break" : "continue")` must stand inside a loop, but is outside", expression.span,
                help: builder.parent == nil ? nil : "a block given to a call is a function of its own; leave it with `return`")
            return
        }
        for _ in loop.handlerDepth..<max(loop.handlerDepth, builder.handlerDepth) { builder.emit(.popHandler) }
        let jump = builder.emitWide(.jump, 0, 0)
        if isBreak {
            builder.loops[builder.loops.count - 1].breaks.append(jump)
        } else {
            builder.loops[builder.loops.count - 1].continues.append(jump)
        }
    }

    func compileAssert(_ condition: Expression, _ message: Expression?, _ span: Span, into target: Int) {
        let exits = compileJumps(unless: condition)
        builder.emit(.loadNone, target)
        let done = builder.emitWide(.jump, 0, 0)
        for exit in exits { builder.patch(exit) }
        if let message { compile(message, into: target) } else { builder.emit(.loadNone, target) }
        builder.emit(.assertFailed, target, at: condition.span)
        builder.patch(done)
    }

    func compileTry(_ body: Block, _ name: Name?, _ handler: Block, into target: Int, mayRead: Bool) {
        viaTemporary(target, mayRead) { result in
            let problem = builder.newRegister()
            let push = builder.emitWide(.pushHandler, problem, 0)
            builder.handlerDepth += 1
            compileBlock(body, into: result)
            builder.handlerDepth -= 1
            builder.emit(.popHandler)
            let done = builder.emitWide(.jump, 0, 0)
            builder.patch(push)
            inScope {
                if let name {
                    let local = declareLocal(name.text, in: problem)
                    if local.isBoxed { builder.emit(.makeBox, problem) }
                }
                compileStatements(handler.statements, into: result)
            }
            builder.emit(.clear, problem)
            builder.patch(done)
        }
    }
}
