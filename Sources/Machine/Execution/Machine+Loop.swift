import Base
import Syntax

extension Machine {
    /// The dispatch loop: fetch, decode, act. Everything that is not a few machine instructions long is a method
    /// elsewhere, so that this function stays small enough for the optimiser.
    func loop(untilDepth depth: Int) throws -> Value {
        var frame = frames + (frameCount - 1)
        var pc = frame.pointee.pc
        var base = frame.pointee.base
        var prototype = frame.pointee.closure.prototype
        let interrupt = Interruption.flag

        @inline(__always)
        func reload() {
            frame = frames + (frameCount &- 1)
            pc = frame.pointee.pc
            base = frame.pointee.base
            prototype = frame.pointee.closure.prototype
        }

        /// Makes `closure` the one that runs, its arguments from `first` on.
        @inline(__always)
        func enter(_ closure: Unmanaged<ClosureObject>, _ first: UnsafeMutablePointer<Value>) throws {
            frame.pointee.pc = pc
            frame.pointee.siteShift = 0
            try push(closure, base: first, result: first - 1)
            reload()
        }

        /// Calls what the call in the next instruction fits; false when it takes more than that.
        @inline(__always)
        func callHeld(_ callee: Unmanaged<ClosureObject>?, _ slot: UnsafeMutablePointer<Value>) throws -> Bool {
            let call = pc.pointee
            guard call.flags == 0, let closure = callee, closure.parameterCount == call.b else { return false }
            pc += 1
            if interrupt.pointee != 0 { try checkInterrupt() }
            try enter(closure, slot + 1)
            return true
        }

        /// Follows a test: its jump is taken unless the test holds.
        @inline(__always)
        func branch(_ holds: Bool) { pc += holds ? 1 : 1 &+ pc.pointee.wide }

        do {
            while true {
                let i = pc.pointee
                pc += 1
                switch unsafeBitCast(i.operation, to: Operation.self) {
                case .loadConstant: (base + i.a).copy(from: prototype.constants + i.wide)
                case .loadNone:
                    (base + i.a).clear()
                    (base + i.a).initialize(to: .none)
                case .loadBoolean: (base + i.a).set(i.b != 0)
                case .loadInteger: (base + i.a).set(i.wide)
                case .move: (base + i.a).copy(from: base + i.b)
                case .take: (base + i.a).take(from: base + i.b)
                case .clear: (base + i.a).clear()
                case .clearMany: (base + i.a).clear(count: i.b)
                case .getGlobal:
                    let global = prototype.globals + i.wide
                    if case .missing = global.pointee {
                        base[i.a] = try lateName(prototype.takeUnretainedValue().module, i.wide)
                    } else {
                        (base + i.a).copy(from: global)
                    }
                case .getFallback: (base + i.a).copy(from: prototype.globals + i.wide)
                case .getOwn: base[i.a] = .object(frame.pointee.closure.takeUnretainedValue())
                case .setGlobal:
                    let global = prototype.globals + i.wide
                    if global.holdsObject { keepIfRunning(global) }
                    global.take(from: base + i.a)
                case .getImport: base[i.a] = try imported(prototype.constants[i.b], i.c)
                case .runModule:
                    frame.pointee.pc = pc
                    try start(prototype.constants[i.wide])
                case .getUpvalue: frame.pointee.closure.copyUpvalue(i.b, to: base + i.a)
                case .getShared: frame.pointee.closure.box(i.b)?.copyValue(to: base + i.a)
                case .setShared: frame.pointee.closure.box(i.b)?.setValue(to: base + i.a)
                case .makeBox: base[i.a] = .object(Box(base[i.a]))
                case .getBox: (base + i.b).box?.copyValue(to: base + i.a)
                case .setBox: (base + i.a).box?.setValue(to: base + i.b)
                case .makeClosure:
                    base[i.a] = makeClosure(prototype.takeUnretainedValue(), i.wide, base)
                case .add:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        let (result, isTooBig) = x.addingReportingOverflow(y)
                        if !isTooBig {
                            (base + i.a).set(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        (base + i.a).set(x + y)
                        continue
                    }
                    try binary(.add, i, base)
                case .subtract:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        let (result, isTooBig) = x.subtractingReportingOverflow(y)
                        if !isTooBig {
                            (base + i.a).set(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        (base + i.a).set(x - y)
                        continue
                    }
                    try binary(.subtract, i, base)
                case .multiply:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        let (result, isTooBig) = x.multipliedReportingOverflow(by: y)
                        if !isTooBig {
                            (base + i.a).set(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        (base + i.a).set(x * y)
                        continue
                    }
                    try binary(.multiply, i, base)
                case .divide:
                    if case .float(let x) = base[i.b], case .float(let y) = base[i.c] {
                        (base + i.a).set(x / y)
                        continue
                    }
                    try binary(.divide, i, base)
                case .floorDivide:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c], x >= 0, y > 0 {
                        (base + i.a).set(x / y)
                        continue
                    }
                    try binary(.floorDivide, i, base)
                case .remainder:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c], x >= 0, y > 0 {
                        (base + i.a).set(x % y)
                        continue
                    }
                    try binary(.remainder, i, base)
                case .power: try binary(.power, i, base)
                case .matrixProduct: try binary(.matrixProduct, i, base)
                case .bitAnd: try binary(.bitAnd, i, base)
                case .bitOr: try binary(.bitOr, i, base)
                case .bitXor: try binary(.bitXor, i, base)
                case .equal:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        (base + i.a).set(x == y)
                        continue
                    }
                    try binary(.equal, i, base)
                case .notEqual:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        (base + i.a).set(x != y)
                        continue
                    }
                    try binary(.notEqual, i, base)
                case .less:
                    if case .integer(let x) = base[i.b], case .integer(let y) = base[i.c] {
                        (base + i.a).set(x < y)
                        continue
                    }
                    try binary(.less, i, base)
                case .lessOrEqual: try binary(.lessOrEqual, i, base)
                case .greater: try binary(.greater, i, base)
                case .greaterOrEqual: try binary(.greaterOrEqual, i, base)
                case .contains:
                    if let map = (base + i.c).map, i.flags == 0 {
                        (base + i.a).set(map.contains(base + i.b))
                        continue
                    }
                    try binary(.contains, i, base)
                case .notContains: try binary(.notContains, i, base)
                case .addSmall:
                    if case .integer(let x) = base[i.b] {
                        let (result, isTooBig) = x.addingReportingOverflow(i.signedC)
                        if !isTooBig {
                            (base + i.a).set(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b] {
                        (base + i.a).set(x + Double(i.signedC))
                        continue
                    }
                    try addSmall(i, base)
                case .multiplySmall:
                    if case .integer(let x) = base[i.b] {
                        let (result, isTooBig) = x.multipliedReportingOverflow(by: i.signedC)
                        if !isTooBig {
                            (base + i.a).set(result)
                            continue
                        }
                    } else if case .float(let x) = base[i.b] {
                        (base + i.a).set(x * Double(i.signedC))
                        continue
                    }
                    try multiplySmall(i, base)
                case .remainderSmall:
                    if case .integer(let x) = base[i.b] {
                        let divisor = i.c
                        if x >= 0, x <= Int(Int32.max) {
                            // Half as long as the division of 64 bits.
                            (base + i.a).set(Int(UInt32(truncatingIfNeeded: x) % UInt32(truncatingIfNeeded: divisor)))
                        } else {
                            let rest = x % divisor
                            (base + i.a).set(rest < 0 ? rest + divisor : rest)
                        }
                        continue
                    }
                    try remainderSmall(i, base)
                case .negate:
                    if case .float(let x) = base[i.b] {
                        (base + i.a).set(-x)
                        continue
                    }
                    base[i.a] = try Operators.apply(.negate, base[i.b], machine: self)
                case .plus: base[i.a] = try Operators.apply(.plus, base[i.b], machine: self)
                case .not:
                    if case .boolean(let x) = base[i.b] {
                        (base + i.a).set(!x)
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
                    } else if !(try truth(i, base)) {
                        pc += i.wide
                    }
                case .jumpIfTrue:
                    if case .boolean(let truth) = base[i.a] {
                        if truth { pc += i.wide }
                    } else if try truth(i, base) {
                        pc += i.wide
                    }
                case .testLess:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        branch(x < y)
                    } else if case .float(let x) = base[i.a], case .float(let y) = base[i.b] {
                        branch(x < y)
                    } else {
                        branch(try test(i, base, .less, .greater))
                    }
                case .testLessOrEqual:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        branch(x <= y)
                    } else if case .float(let x) = base[i.a], case .float(let y) = base[i.b] {
                        branch(x <= y)
                    } else {
                        branch(try test(i, base, .lessOrEqual, .greaterOrEqual))
                    }
                case .testEqual:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        branch(x == y)
                    } else if case .float(let x) = base[i.a], case .float(let y) = base[i.b] {
                        branch(x == y)
                    } else {
                        branch(try test(i, base, .equal, .equal))
                    }
                case .testNotEqual:
                    if case .integer(let x) = base[i.a], case .integer(let y) = base[i.b] {
                        branch(x != y)
                    } else if case .float(let x) = base[i.a], case .float(let y) = base[i.b] {
                        branch(x != y)
                    } else {
                        branch(try test(i, base, .notEqual, .notEqual))
                    }
                case .testLessSmall:
                    if case .integer(let x) = base[i.a] {
                        branch(x < i.signedB)
                    } else {
                        branch(try testSmall(i, base, .less))
                    }
                case .testLessOrEqualSmall:
                    if case .integer(let x) = base[i.a] {
                        branch(x <= i.signedB)
                    } else {
                        branch(try testSmall(i, base, .lessOrEqual))
                    }
                case .testGreaterSmall:
                    if case .integer(let x) = base[i.a] {
                        branch(x > i.signedB)
                    } else {
                        branch(try testSmall(i, base, .greater))
                    }
                case .testGreaterOrEqualSmall:
                    if case .integer(let x) = base[i.a] {
                        branch(x >= i.signedB)
                    } else {
                        branch(try testSmall(i, base, .greaterOrEqual))
                    }
                case .testEqualSmall:
                    if case .integer(let x) = base[i.a] {
                        branch(x == i.signedB)
                    } else {
                        branch(try testSmall(i, base, .equal))
                    }
                case .testNotEqualSmall:
                    if case .integer(let x) = base[i.a] {
                        branch(x != i.signedB)
                    } else {
                        branch(try testSmall(i, base, .notEqual))
                    }
                case .jumpIfGiven:
                    if case .missing = base[i.a] { continue }
                    pc += i.wide
                case .makeList:
                    base[i.a] = makeList(base + i.b, i.c)
                case .makeMap: base[i.a] = try makeMap(base + i.b, i.c)
                case .makeRange: base[i.a] = try makeRange(base[i.b], base[i.c], isClosed: i.flags == 1)
                case .interpolate:
                    base[i.a] = try interpolate(prototype.takeUnretainedValue().templates[i.wide], base)
                case .extendText:
                    if try extendText(base + i.a, by: prototype.takeUnretainedValue().templates[i.wide], base) { pc += 2 }
                case .call:
                    if interrupt.pointee != 0 { try checkInterrupt() }
                    frame.pointee.pc = pc
                    let slot = base + i.a
                    if i.flags == 0, let closure = slot.closure, closure.parameterCount == i.b {
                        try enter(closure, slot + 1)
                        continue
                    }
                    if i.flags == 0, let constructor = slot.recordType?.constructor, constructor.parameterCount == i.b {
                        try enter(constructor, slot + 1)
                        continue
                    }
                    if try invoke(slot, i.b, i.c, prototype.takeUnretainedValue(), shift: 0) { reload() }
                case .callLocal:
                    if try callHeld((base + i.b).closure, base + i.a) { continue }
                    (base + i.a).copy(from: base + i.b)
                case .callUpvalue:
                    if try callHeld(frame.pointee.closure.closure(i.b), base + i.a) { continue }
                    frame.pointee.closure.copyUpvalue(i.b, to: base + i.a)
                case .callOwn:
                    if try callHeld(frame.pointee.closure, base + i.a) { continue }
                    base[i.a] = .object(frame.pointee.closure.takeUnretainedValue())
                case .callGlobal:
                    let global = prototype.globals + i.wide
                    if try callHeld(global.closure, base + i.a) { continue }
                    if pc.pointee.flags == 0, let type = global.recordType, type.isPlain(pc.pointee.b) {
                        makePlainRecord(type, base + i.a, pc.pointee.b)
                        pc += 1
                        continue
                    }
                    if case .missing = global.pointee {
                        base[i.a] = try lateName(prototype.takeUnretainedValue().module, i.wide)
                    } else {
                        (base + i.a).copy(from: global)
                    }
                case .callQuickly:
                    if callQuickly(prototype.constants + i.c, base + i.a, i.b) { pc += 1 }
                case .callMethod:
                    if interrupt.pointee != 0 { try checkInterrupt() }
                    frame.pointee.pc = pc
                    let slot = base + i.a
                    if i.flags & 2 == 0, let record = (slot + 1).record {
                        let cache = prototype.methodCaches + i.c
                        if cache.pointee.type == record.type, let method = cache.pointee.method, method.parameterCount == i.b + 1 {
                            // The record, which nothing can take out of its register, holds its type and that the method.
                            try enter(method, slot + 1)
                            continue
                        }
                    }
                    if try invokeMethod(slot, i.b, i.c, prototype.takeUnretainedValue(), hasFallback: i.flags & 1 != 0) {
                        reload()
                    }
                case .giveBack:
                    let value = (base + i.a).move()
                    (base + i.a).initialize(to: .none)
                    let result = frame.pointee.result
                    pop(registerCount: i.b)
                    if frameCount == depth { return value }
                    if result.holdsObject { result.pointee = value } else { result.initialize(to: value) }
                    reload()
                case .getField:
                    let cache = prototype.fieldCaches + i.c
                    if let record = (base + i.b).record, record.type == cache.pointee.type,
                        record.copyField(cache.pointee.slot, to: base + i.a)
                    {
                        continue
                    }
                    try getField(cache, base + i.a, base[i.b])
                case .setField:
                    let cache = prototype.fieldCaches + i.c
                    if let record = (base + i.a).record, record.type == cache.pointee.type {
                        record.setField(cache.pointee.slot, to: base + i.b)
                        continue
                    }
                    try setField(base[i.a], cache, base[i.b])
                case .getSlot:
                    if let record = (base + i.b).record, !record.copyField(i.c, to: base + i.a) {
                        throw unboundField(record.takeUnretainedValue(), i.c)
                    }
                case .setSlot:
                    (base + i.a).record?.setField(i.c, to: base + i.b)
                case .getIndex:
                    if case .integer(let index) = base[i.c], let list = (base + i.b).list, list.copyItem(index, to: base + i.a) {
                        continue
                    }
                    if let map = (base + i.b).map, map.copyValue(of: base + i.c, to: base + i.a) { continue }
                    base[i.a] = try element(base[i.b], at: base[i.c])
                case .setIndex:
                    if case .integer(let index) = base[i.b], let list = (base + i.a).list, list.setItem(index, to: base + i.c) {
                        continue
                    }
                    if let map = (base + i.a).map, map.setValue(of: base + i.b, to: base + i.c) { continue }
                    try setElement(base[i.a], [.value(base[i.b])], base[i.c])
                case .getIndexMany:
                    base[i.a] = try element(
                        base[i.b], subscripts(prototype.takeUnretainedValue().indices[i.c], base))
                case .setIndexMany:
                    try setElement(base[i.a], subscripts(prototype.takeUnretainedValue().indices[i.c], base), base[i.b])
                case .startLoop: try startLoop(base + i.a, base + i.b)
                case .startRangeLoop: try startRangeLoop(base + i.a, base + i.b, isClosed: i.flags == 1)
                case .nextOfLoop:
                    if interrupt.pointee != 0 { try checkInterrupt() }
                    if case .integer(let current) = base[i.a], case .integer(let bound) = base[i.b] {
                        if current < bound {
                            (base + i.a).initialize(to: .integer(current &+ 1))
                            (base + i.c).set(current)
                            pc += 1 &+ pc.pointee.wide
                        } else {
                            pc += 1
                        }
                    } else if case .integer(let place) = base[i.b], let list = (base + i.a).list {
                        if list.copyItem(place, to: base + i.c) {
                            (base + i.b).initialize(to: .integer(place &+ 1))
                            pc += 1 &+ pc.pointee.wide
                        } else {
                            pc += 1
                        }
                    } else if try next(base[i.a], base + i.c) {
                        pc += 1 &+ pc.pointee.wide
                    } else {
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
                    base[i.a] = makeRecord(frame.pointee.closure, i.c, base)
                case .parameter: base[i.a] = try parameter(prototype.takeUnretainedValue(), i, base[i.a])
                case .checkAnnotation:
                    try prototype.takeUnretainedValue().contracts[i.wide].check(
                        base[i.a], function: "", bindings: DimensionBindings(), registers: base)
                case .makeType:
                    base[i.a] = makeType(prototype.takeUnretainedValue(), i.wide, base)
                }
            }
        } catch {
            frame.pointee.pc = pc
            throw error
        }
    }
}
