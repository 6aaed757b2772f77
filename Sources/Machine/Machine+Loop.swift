import Syntax

extension Machine {
    /// The dispatch loop: fetch, decode, act. Everything that is not a few machine instructions long is a method
    /// elsewhere, so that this function stays small enough for the optimiser.
    func loop(untilDepth depth: Int) throws -> Value {
        var pc = frames[frameCount - 1].pc
        var base = frames[frameCount - 1].base
        var prototype = Unmanaged.passUnretained(frames[frameCount - 1].closure.takeUnretainedValue().prototype)
        var constants = prototype._withUnsafeGuaranteedRef { $0.constants }
        var globals = prototype._withUnsafeGuaranteedRef { $0.module.values }
        let interrupt = Machine.interruptFlag

        @inline(__always)
        func reload() {
            let frame = frames + (frameCount - 1)
            pc = frame.pointee.pc
            base = frame.pointee.base
            prototype = Unmanaged.passUnretained(frame.pointee.closure._withUnsafeGuaranteedRef { $0.prototype })
            constants = prototype._withUnsafeGuaranteedRef { $0.constants }
            globals = prototype._withUnsafeGuaranteedRef { $0.module.values }
        }

        do {
            while true {
                let i = pc.pointee
                pc += 1
                switch unsafeBitCast(i.operation, to: Operation.self) {
                case .loadConstant: base[i.a] = constants[i.wide]
                case .loadNone: base[i.a] = .none
                case .loadBoolean: base[i.a] = .boolean(i.b != 0)
                case .loadInteger: base[i.a] = .integer(i.wide)
                case .move: base[i.a] = base[i.b]
                case .clear:
                    if case .object = base[i.a] { base[i.a] = .none }
                case .getGlobal:
                    let value = globals[i.wide]
                    if case .missing = value {
                        base[i.a] = try lateName(prototype.takeUnretainedValue().module, i.wide)
                    } else {
                        base[i.a] = value
                    }
                case .setGlobal: globals[i.wide] = base[i.a]
                case .getImport: base[i.a] = try imported(constants[i.b], i.c)
                case .runModule:
                    frames[frameCount - 1].pc = pc
                    try start(constants[i.wide])
                case .getUpvalue:
                    base[i.a] = frames[frameCount - 1].closure._withUnsafeGuaranteedRef { $0.upvalues[i.b].value }
                case .setUpvalue:
                    frames[frameCount - 1].closure._withUnsafeGuaranteedRef { $0.upvalues[i.b] }.value = base[i.a]
                case .makeBox: base[i.a] = .object(Box(base[i.a]))
                case .getBox:
                    if case .object(let box) = base[i.b] { base[i.a] = unsafeDowncast(box, to: Box.self).value }
                case .setBox:
                    if case .object(let box) = base[i.a] { unsafeDowncast(box, to: Box.self).value = base[i.b] }
                case .makeClosure:
                    base[i.a] = makeClosure(prototype.takeUnretainedValue(), i.wide, base)
                case .add:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        let (result, isTooBig) = x.addingReportingOverflow(y)
                        if !isTooBig {
                            base[i.a] = .integer(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        base[i.a] = .float(x + y)
                        continue
                    }
                    try binary(.add, i, base)
                case .subtract:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        let (result, isTooBig) = x.subtractingReportingOverflow(y)
                        if !isTooBig {
                            base[i.a] = .integer(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        base[i.a] = .float(x - y)
                        continue
                    }
                    try binary(.subtract, i, base)
                case .multiply:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        let (result, isTooBig) = x.multipliedReportingOverflow(by: y)
                        if !isTooBig {
                            base[i.a] = .integer(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        base[i.a] = .float(x * y)
                        continue
                    }
                    try binary(.multiply, i, base)
                case .divide:
                    if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        base[i.a] = .float(x / y)
                        continue
                    }
                    try binary(.divide, i, base)
                case .floorDivide: try binary(.floorDivide, i, base)
                case .remainder: try binary(.remainder, i, base)
                case .power: try binary(.power, i, base)
                case .matrixProduct: try binary(.matrixProduct, i, base)
                case .bitAnd: try binary(.bitAnd, i, base)
                case .bitOr: try binary(.bitOr, i, base)
                case .bitXor: try binary(.bitXor, i, base)
                case .equal:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        base[i.a] = .boolean(x == y)
                        continue
                    }
                    try binary(.equal, i, base)
                case .notEqual:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        base[i.a] = .boolean(x != y)
                        continue
                    }
                    try binary(.notEqual, i, base)
                case .less:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        base[i.a] = .boolean(x < y)
                        continue
                    }
                    try binary(.less, i, base)
                case .lessOrEqual: try binary(.lessOrEqual, i, base)
                case .greater: try binary(.greater, i, base)
                case .greaterOrEqual: try binary(.greaterOrEqual, i, base)
                case .contains: try binary(.contains, i, base)
                case .notContains: try binary(.notContains, i, base)
                case .addSmall:
                    if case .integer(let x) = base[i.b] {
                        let (result, isTooBig) = x.addingReportingOverflow(i.signedC)
                        if !isTooBig {
                            base[i.a] = .integer(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b] {
                        base[i.a] = .float(x + Double(i.signedC))
                        continue
                    }
                    try addSmall(i, base)
                case .remainderSmall:
                    if case .integer(let x) = base[i.b] {
                        let divisor = i.c
                        if x >= 0, x <= Int(Int32.max) {
                            base[i.a] = .integer(
                                Int(UInt32(truncatingIfNeeded: x) % UInt32(truncatingIfNeeded: divisor)))
                        } else {
                            let rest = x % divisor
                            base[i.a] = .integer(rest < 0 ? rest + divisor : rest)
                        }
                        continue
                    }
                    try remainderSmall(i, base)
                case .negate:
                    if case .float(let x) = base[i.b] {
                        base[i.a] = .float(-x)
                        continue
                    }
                    base[i.a] = try Operators.apply(.negate, base[i.b], machine: self)
                case .plus: base[i.a] = try Operators.apply(.plus, base[i.b], machine: self)
                case .not:
                    if case .boolean(let x) = base[i.b] {
                        base[i.a] = .boolean(!x)
                        continue
                    }
                    base[i.a] = try Operators.apply(.not, base[i.b], machine: self)
                case .jump: pc += i.wide
                case .loop:
                    if interrupt.pointee != 0 { try checkInterrupt() }
                    pc += i.wide
                case .jumpIfFalse:
                    if case .boolean(let truth) = base[i.a] {
                        if !truth { pc += i.wide }
                    } else if !(try Operators.truth(base[i.a])) {
                        pc += i.wide
                    }
                case .jumpIfTrue:
                    if case .boolean(let truth) = base[i.a] {
                        if truth { pc += i.wide }
                    } else if try Operators.truth(base[i.a]) {
                        pc += i.wide
                    }
                case .testLess:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        if x < y { pc += 1 }
                    } else if try test(i, base, .less, .greater) {
                        pc += 1
                    }
                case .testLessOrEqual:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        if x <= y { pc += 1 }
                    } else if try test(i, base, .lessOrEqual, .greaterOrEqual) {
                        pc += 1
                    }
                case .testEqual:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        if x == y { pc += 1 }
                    } else if try test(i, base, .equal, .equal) {
                        pc += 1
                    }
                case .testNotEqual:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        if x != y { pc += 1 }
                    } else if try test(i, base, .notEqual, .notEqual) {
                        pc += 1
                    }
                case .jumpIfGiven:
                    if case .missing = base[i.a] { continue }
                    pc += i.wide
                case .makeList:
                    base[i.a] = makeList(base + i.b, i.c)
                case .makeMap: base[i.a] = try makeMap(base + i.b, i.c)
                case .makeRange: base[i.a] = try makeRange(base[i.b], base[i.c], isClosed: i.flags == 1)
                case .interpolate:
                    base[i.a] = try interpolate(prototype.takeUnretainedValue().interpolations[i.wide], base)
                case .call:
                    if interrupt.pointee != 0 { try checkInterrupt() }
                    frames[frameCount - 1].pc = pc
                    let slot = base + i.a
                    if case .object(let object) = slot.pointee, let closure = object as? ClosureObject,
                        closure.prototype.parameters.count == i.b,
                        prototype._withUnsafeGuaranteedRef({ $0.callSites[i.c].names.isEmpty })
                    {
                        try push(closure, base: slot + 1, result: slot)
                        reload()
                    } else if try invoke(slot, i.b, i.c, prototype.takeUnretainedValue(), shift: 0) {
                        reload()
                    }
                case .callMethod:
                    if interrupt.pointee != 0 { try checkInterrupt() }
                    frames[frameCount - 1].pc = pc
                    if try invokeMethod(base + i.a, i.b, i.c, prototype.takeUnretainedValue(), hasFallback: i.flags == 1) {
                        reload()
                    }
                case .giveBack:
                    let value = base[i.a]
                    let result = frames[frameCount - 1].result
                    pop()
                    if frameCount == depth { return value }
                    result.pointee = value
                    reload()
                case .getField:
                    try getField(prototype.takeUnretainedValue().fieldCaches + i.c, base + i.a, base[i.b])
                case .setField:
                    try setField(base[i.a], prototype.takeUnretainedValue().fieldCaches[i.c].name, base[i.b])
                case .getSlot:
                    if case .object(let object) = base[i.b] {
                        base[i.a] = try slot(unsafeDowncast(object, to: RecordObject.self), i.c)
                    }
                case .setSlot:
                    if case .object(let object) = base[i.a] {
                        unsafeDowncast(object, to: RecordObject.self).values[i.c] = base[i.b]
                    }
                case .getIndex:
                    if case .integer(let index) = base[i.c], case .object(let object) = base[i.b],
                        let list = object as? ListObject, index >= 0, index < list.items.count
                    {
                        base[i.a] = list.items[index]
                        continue
                    }
                    base[i.a] = try element(base[i.b], [.value(base[i.c])])
                case .setIndex:
                    if case .integer(let index) = base[i.b], case .object(let object) = base[i.a],
                        let list = object as? ListObject, index >= 0, index < list.items.count
                    {
                        list.items[index] = base[i.c]
                        continue
                    }
                    try setElement(base[i.a], [.value(base[i.b])], base[i.c])
                case .getIndexMany:
                    base[i.a] = try element(
                        base[i.b], subscripts(prototype.takeUnretainedValue().indices[i.c], base))
                case .setIndexMany:
                    try setElement(base[i.a], subscripts(prototype.takeUnretainedValue().indices[i.c], base), base[i.b])
                case .startLoop: try startLoop(base + i.a, base + i.b)
                case .startRangeLoop: try startRangeLoop(base + i.a, base + i.b, isClosed: i.flags == 1)
                case .nextOfLoop:
                    if case .integer(let current) = base[i.a], case .integer(let limit) = base[i.b] {
                        if current < limit {
                            base[i.a] = .integer(current + 1)
                            base[i.c] = .integer(current)
                            pc += 1
                        }
                    } else if try next(base[i.a], base + i.c) {
                        pc += 1
                    }
                case .pushHandler:
                    handlers.append(Handler(frameCount: frameCount, pc: pc + i.wide, problem: base + i.a))
                case .popHandler: handlers.removeLast()
                case .raise: try raise(base[i.a])
                case .assertFailed:
                    var message = "the condition must hold, but does not"
                    if case .none = base[i.a] {} else { message = base[i.a].text }
                    throw Failure("assert", message)
                case .noMatch:
                    throw Failure(
                        "match", "one of the patterns must match, but none does: the value is \(base[i.a].representation)",
                        help: "add an arm `_ => …` for everything else")
                case .matchParts:
                    if try fits(prototype.takeUnretainedValue().patterns[i.wide], base[i.a], base, mustFit: i.flags == 1) {
                        pc += 1
                    }
                case .checkArguments:
                    try checkArguments(prototype.takeUnretainedValue(), i, base)
                case .checkResult:
                    try checkResult(prototype.takeUnretainedValue(), i, base)
                case .makeRecord:
                    base[i.a] = makeRecord(frames[frameCount - 1].closure.takeUnretainedValue(), i.c, base)
                case .parameter: base[i.a] = try parameter(constants[i.b], base[i.a], prototype.takeUnretainedValue().module)
                case .checkAnnotation:
                    try prototype.takeUnretainedValue().contracts[i.wide].check(
                        base[i.a], function: "", bindings: DimensionBindings(), registers: base)
                case .makeType:
                    base[i.a] = makeType(prototype.takeUnretainedValue(), i.wide, base)
                }
            }
        } catch {
            frames[frameCount - 1].pc = pc
            throw error
        }
    }
}
