import Base
import Syntax

extension Compiler {
    /// Where an operand is: a local's own register, or a temporary that was made for it.
    struct Operand {
        let register: Int
        let isTemporary: Bool
    }

    /// `later` is evaluated before the operand is used: where it may assign a local, the value is kept aside.
    func operand(_ expression: Expression, before later: Expression?...) -> Operand {
        if case .name(let name) = expression.kind, case .local(let local)? = resolve(name), !local.isBoxed,
            !later.contains(where: { $0?.runsStatements ?? false })
        {
            return Operand(register: local.register, isTemporary: false)
        }
        let register = builder.newRegister()
        compile(expression, into: register)
        return Operand(register: register, isTemporary: true)
    }

    /// Compiles an expression whose value goes to `target`. With `mayRead` the expression may read the register that
    /// it writes (as in `x = x + 1`).
    func compile(_ expression: Expression, into target: Int, mayRead: Bool = false) {
        let leave = enter(expression.span)
        defer { leave() }
        switch expression.kind {
        case .none: builder.emit(.loadNone, target)
        case .boolean(let truth): builder.emit(.loadBoolean, target, truth ? 1 : 0)
        case .integer(let number):
            if let small = Int32(exactly: number) {
                builder.emitWide(.loadInteger, target, Int(small))
            } else {
                builder.emitWide(.loadConstant, target, builder.constant(.integer(number)))
            }
        case .float(let number): builder.emitWide(.loadConstant, target, builder.constant(.float(number)))
        case .string(let parts): compileString(parts, into: target)
        case .name(let name): compileName(name, expression.span, into: target)
        case .list(let items): compileList(items, into: target)
        case .map(let entries): compileMap(entries, into: target)
        case .range(let lower, let upper, let isClosed):
            let low = operand(lower, before: upper)
            let high = operand(upper)
            builder.emit(.makeRange, target, low.register, high.register, flags: isClosed ? 1 : 0)
        case .unary(let operation, let value): compileUnary(operation, value, into: target)
        case .binary(let operation, let left, let right, let span):
            compileBinary(operation, left, right, span, into: target, mayRead: mayRead)
        case .and(let left, let right): compileLogic(left, right, jump: .jumpIfFalse, into: target, mayRead: mayRead)
        case .or(let left, let right): compileLogic(left, right, jump: .jumpIfTrue, into: target, mayRead: mayRead)
        case .call(let callee, let arguments, let trailing):
            compileCall(callee, arguments, trailing, expression.span, into: target, mayRead: mayRead)
        case .pipe(let value, let call): compilePipe(value, call, expression.span, into: target)
        case .index(let base, let items):
            let object = operand(base, before: Expression(.index(Expression(.none, base.span), items), base.span))
            emitGetIndex(indexPlace(items), target, object.register, expression.span)
            if object.isTemporary { builder.emit(.clear, object.register) }
        case .field(let base, let name): compileField(base, name, expression.span, into: target)
        case .function(let function): compileClosure(function, into: target)
        case .ifElse(let condition, let then, let otherwise):
            compileIf(condition, then, otherwise, into: mayRead ? nil : target, reading: mayRead ? target : nil)
        case .match(let subject, let arms): compileMatch(subject, arms, into: target, mayRead: mayRead)
        case .tryCatch(let body, let name, let handler): compileTry(body, name, handler, into: target, mayRead: mayRead)
        case .block(let block): viaTemporary(target, mayRead) { compileBlock(block, into: $0) }
        case .returning(let value): compileReturn(value, expression.span)
        case .breaking, .continuing: compileLeaveLoop(expression)
        case .raise(let value):
            compile(value, into: target)
            builder.emit(.raise, target)
        case .assert(let condition, let message): compileAssert(condition, message, expression.span, into: target)
        }
    }

    /// Computes into a fresh register first when the target may be read on the way.
    func viaTemporary(_ target: Int, _ mayRead: Bool, _ body: (Int) -> Void) {
        guard mayRead else { return body(target) }
        let register = builder.newRegister()
        body(register)
        builder.emit(.take, target, register)
    }

    // MARK: names and literals

    private func compileName(_ name: String, _ span: Span, into target: Int) {
        switch resolve(name) {
        case .local(let local)?:
            if local.isBoxed || local.register != target {
                builder.emit(local.isBoxed ? .getBox : .move, target, local.register)
            }
        case .ownFunction?: builder.emit(.getOwn, target)
        case .upvalue(let number, let local)?: builder.emit(local.isBoxed ? .getShared : .getUpvalue, target, number)
        case .field(let slot, let owner)?: builder.emit(.getSlot, target, loadSelf(of: owner), slot)
        case .method(let method, let owner)?:
            builder.emit(.getField, target, loadSelf(of: owner), builder.field(method))
        case .imported(let module, let slot)?:
            builder.emit(.getImport, target, builder.constant(.object(module)), slot)
        case .alias(let module)?: builder.emitWide(.loadConstant, target, builder.constant(.object(module)))
        case .global(let slot)?: builder.emitWide(.getGlobal, target, slot)
        case .prelude(let value)?: builder.emitWide(.loadConstant, target, builder.constant(value))
        case nil:
            if allowsLaterNames, builder.parent != nil, !laterParameters.contains(name) {
                let slot = module.slot(for: name)
                module.mentionedSlots.insert(slot)
                builder.emitWide(.getGlobal, target, slot)
            } else {
                reportUnknown(name, span)
            }
        }
    }

    private func compileString(_ parts: [StringPart], into target: Int) {
        if parts.isEmpty {
            builder.emitWide(.loadConstant, target, builder.constant(.string("")))
            return
        }
        if parts.count == 1, case .text(let text) = parts[0] {
            builder.emitWide(.loadConstant, target, builder.constant(.string(text)))
            return
        }
        let (number, temporaries) = interpolation(parts)
        builder.emitWide(.interpolate, target, number)
        for register in temporaries { builder.emit(.clear, register) }
    }

    /// `text += "… {x}"`: the parts go to the end of the text where it is, when nobody else holds it.
    func compileExtension(of text: Int, by parts: [StringPart], _ value: Span, _ statement: Span) {
        let (number, temporaries) = interpolation(parts)
        // A text that is a part of what it grows by must not change before it has been read.
        if !builder.prototype.templates[number].registers.contains(text) {
            builder.emitWide(.extendText, text, number, at: value)
        }
        let added = builder.newRegister()
        builder.emitWide(.interpolate, added, number, at: value)
        emitBinary(.add, into: text, text, added, statement, flags: 2)
        for register in temporaries { builder.emit(.clear, register) }
    }

    /// Computes the values inside a string; gives the number of the whole and the temporaries that hold the values.
    private func interpolation(_ parts: [StringPart]) -> (number: Int, temporaries: [Int]) {
        var pieces: [TextTemplate.Part] = []
        var temporaries: [Int] = []
        for (position, part) in parts.enumerated() {
            switch part {
            case .text(let text): pieces.append(.text(text))
            case .value(let expression, let format):
                let later = Expression(.string(Array(parts[(position + 1)...])), expression.span)
                let value = operand(expression, before: later)
                if value.isTemporary { temporaries.append(value.register) }
                guard let format else {
                    pieces.append(.value(value.register))
                    continue
                }
                do { pieces.append(.formatted(value.register, try FormatSpecification(format))) } catch let failure as Failure {
                    report(failure.code, failure.message, expression.span, help: failure.help)
                } catch {}
            }
        }
        builder.prototype.templates.append(TextTemplate(pieces))
        return (builder.prototype.templates.count - 1, temporaries)
    }

    private func compileList(_ items: [Expression], into target: Int) {
        let first = builder.nextRegister
        guard items.count < 30_000 else { return compileLongList(items, into: target) }
        for item in items { compile(item, into: builder.newRegister()) }
        builder.emit(.makeList, target, first, items.count)
    }

    /// Literals too long for one instruction are joined from pieces.
    private func compileLongList(_ items: [Expression], into target: Int) {
        builder.emit(.makeList, target, 0, 0)
        var rest = items[...]
        while !rest.isEmpty {
            let piece = builder.newRegister()
            compileList(Array(rest.prefix(20_000)), into: piece)
            builder.emit(.add, target, target, piece, flags: 2)
            builder.release(to: piece)
            rest = rest.dropFirst(20_000)
        }
    }

    private func compileMap(_ entries: [MapEntry], into target: Int) {
        guard entries.count < 15_000 else {
            report("syntax", "a map literal must have at most 15000 entries, but has \(entries.count)", builder.currentSpan)
            return
        }
        let first = builder.nextRegister
        for entry in entries {
            let key = builder.newRegister()
            switch entry.key {
            case .name(let name): builder.emitWide(.loadConstant, key, builder.constant(.string(name.text)))
            case .expression(let expression): compile(expression, into: key)
            }
            compile(entry.value, into: builder.newRegister())
        }
        builder.emit(.makeMap, target, first, entries.count)
    }

    // MARK: operators

    private func compileUnary(_ operation: UnaryOperator, _ value: Expression, into target: Int) {
        if operation == .negate {
            if case .integer(let number) = value.kind, number != .min, let small = Int32(exactly: -number) {
                builder.emitWide(.loadInteger, target, Int(small))
                return
            }
            if case .float(let number) = value.kind {
                builder.emitWide(.loadConstant, target, builder.constant(.float(-number)))
                return
            }
        }
        let source = operand(value)
        let code: Operation = operation == .negate ? .negate : operation == .not ? .not : .plus
        builder.emit(code, target, source.register)
        if source.isTemporary { builder.emit(.clear, source.register) }
    }

    private func compileBinary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span, into target: Int, mayRead: Bool
    ) {
        if case .integer(let number) = right.kind, number >= -30_000, number <= 30_000 {
            // A float's zero has a sign that `x - 0` keeps and `x + -0` does not.
            if operation == .add || (operation == .subtract && number != 0) {
                let source = operand(left)
                builder.emit(
                    .addSmall, target, source.register, operation == .add ? number : -number,
                    flags: (source.isTemporary ? 1 : 0) | (operation == .subtract ? 4 : 0))
                return
            }
            if operation == .multiply {
                let source = operand(left)
                builder.emit(.multiplySmall, target, source.register, number, flags: source.isTemporary ? 1 : 0)
                return
            }
            if operation == .remainder, number > 0 {
                let source = operand(left)
                builder.emit(.remainderSmall, target, source.register, number, flags: source.isTemporary ? 1 : 0)
                return
            }
        }
        let a = operand(left, before: right)
        let b = operand(right)
        emitBinary(
            operation, into: target, a.register, b.register, builder.currentSpan,
            flags: (a.isTemporary ? 1 : 0) | (b.isTemporary ? 2 : 0))
    }

    func emitBinary(_ operation: BinaryOperator, into target: Int, _ a: Int, _ b: Int, _ span: Span, flags: Int) {
        builder.emit(Compiler.operations[operation] ?? .add, target, a, b, flags: flags, at: span)
    }

    static let operations: [BinaryOperator: Operation] = [
        .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .floorDivide: .floorDivide,
        .remainder: .remainder, .power: .power, .matrixProduct: .matrixProduct, .equal: .equal, .notEqual: .notEqual,
        .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
        .contains: .contains, .notContains: .notContains, .bitAnd: .bitAnd, .bitOr: .bitOr, .bitXor: .bitXor,
    ]

    private func compileLogic(_ left: Expression, _ right: Expression, jump: Operation, into target: Int, mayRead: Bool) {
        viaTemporary(target, mayRead) { register in
            compile(left, into: register)
            let done = builder.emitWide(jump, register, 0, at: left.span)
            compile(right, into: register)
            builder.patch(done)
        }
    }

    // MARK: fields and indices

    private func compileField(_ base: Expression, _ name: Name, _ span: Span, into target: Int) {
        if let (module, slot) = moduleMember(base, name) {
            builder.emit(.getImport, target, builder.constant(.object(module)), slot)
            return
        }
        let object = operand(base)
        builder.emit(.getField, target, object.register, builder.field(name.text), at: span)
        if object.isTemporary, object.register != target { builder.emit(.clear, object.register) }
    }

    /// `l.name` where `l` is a module's name: found now, so that a misspelt name is reported before anything runs.
    func moduleMember(_ base: Expression, _ name: Name) -> (ModuleScope, Int)? {
        guard case .name(let text) = base.kind, case .alias(let module)? = resolve(text) else { return nil }
        if let slot = module.slots[name.text], !name.text.hasPrefix("_") { return (module, slot) }
        let near = Suggestion.nearest(to: name.text, among: module.publicNames)
        report(
            "name", "`\(name.text)` must be a public name of \(module.name), but is not", name.span,
            help: prelude.directory.placeHelp(for: name.text) ?? near.map { "did you mean `\($0)`?" })
        return (module, 0)
    }

    enum IndexPlace {
        case single(Int)
        case many(Int)
    }

    func indexPlace(_ items: [IndexItem]) -> IndexPlace {
        if items.count == 1, case .single(let expression) = items[0] {
            return .single(operand(expression).register)
        }
        let parts = items.map { item -> Prototype.IndexPart in
            switch item {
            case .single(let expression): return .value(operand(expression).register)
            case .slice(let lower, let upper, let step, _):
                return .slice(
                    lower.map { operand($0).register } ?? -1, upper.map { operand($0).register } ?? -1,
                    step.map { operand($0).register } ?? -1)
            case .ellipsis: return .ellipsis
            }
        }
        builder.prototype.indices.append(parts)
        return .many(builder.prototype.indices.count - 1)
    }

    func emitGetIndex(_ place: IndexPlace, _ target: Int, _ object: Int, _ span: Span) {
        switch place {
        case .single(let index): builder.emit(.getIndex, target, object, index, at: span)
        case .many(let number): builder.emit(.getIndexMany, target, object, number, at: span)
        }
    }
}
