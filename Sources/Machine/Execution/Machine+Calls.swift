import Syntax

extension Machine {
    /// Calls a primitive in its quick form; false, and the primitive in its place, when that declines.
    @inline(__always)
    func callQuickly(_ primitive: UnsafePointer<Value>, _ slot: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        if let quick = primitive.primitive?._withUnsafeGuaranteedRef({ $0.quick }), quick.run(slot) {
            (slot + 1).clear(count: count)
            return true
        }
        slot.copy(from: primitive)
        return false
    }

    /// Calls what is at `slot` with the `count` values after it. True when a frame was pushed, false when the result is
    /// in `slot` already. `shift` is 1 when the call site's first span is a receiver that is no argument.
    func invoke(
        _ slot: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int, _ prototype: Prototype, shift: Int
    ) throws -> Bool {
        frames[frameCount - 1].siteShift = shift
        guard case .object(let object) = slot.pointee else {
            throw Mistake.notCallable(slot.pointee, "`\(prototype.callSites[site].calleeText)`")
        }
        switch object.kind {
        case .primitive:
            let primitive = unsafeDowncast(object, to: Primitive.self)
            let arguments = gather(slot + 1, count, site, prototype, shift: shift)
            let values = try primitive.bind(arguments, prelude)
            let result = try primitive.run(values, self)
            (slot + 1).clear(count: count)
            slot.pointee = result
            return false
        case .closure:
            let closure = unsafeDowncast(object, to: ClosureObject.self)
            try spread(closure, slot + 1, count, site, prototype, shift: shift)
            try push(closure, base: slot + 1, result: slot)
            return true
        case .recordType:
            guard let constructor = unsafeDowncast(object, to: RecordType.self).constructor else { break }
            try spread(constructor, slot + 1, count, site, prototype, shift: shift)
            try push(constructor, base: slot + 1, result: slot)
            return true
        case .record:
            let record = unsafeDowncast(object, to: RecordObject.self)
            guard let forward = record.type.methods["forward"] else { break }
            // The record itself is `self`, the first argument: the frame starts at the callee's own place.
            let arguments = gather(slot + 1, count, site, prototype, shift: shift)
            let values = try bind(forward, CallArguments([.object(record)] + arguments.positional, named: arguments.named))
            try room(slot, values.count)
            for (position, value) in values.enumerated() { slot[position] = value }
            for position in max(values.count, 1)..<max(values.count, count + 1) { slot[position] = .none }
            try push(forward, base: slot, result: slot)
            isTraining = record.type.isModel ? record.isTraining : isTraining
            return true
        default:
            guard object.isCallable else { break }
            let result = try object.call(gather(slot + 1, count, site, prototype, shift: shift), machine: self)
            (slot + 1).clear(count: count)
            slot.pointee = result
            return false
        }
        throw Mistake.notCallable(slot.pointee, "`\(prototype.callSites[site].calleeText)`")
    }

    /// `receiver.name(arguments)`: `slot` holds the function of that name in scope when there is one, then come the
    /// receiver and `count` arguments.
    func invokeMethod(
        _ slot: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int, _ prototype: Prototype, hasFallback: Bool
    ) throws -> Bool {
        let name = prototype.callSites[site].method
        if case .object(let object) = slot[1] {
            if object.kind == .record, let method = unsafeDowncast(object, to: RecordObject.self).type.methods[name] {
                prototype.methodCaches[site] = Prototype.MethodCache(
                    type: unsafeDowncast(object, to: RecordObject.self).type.identity, method: .passUnretained(method))
                frames[frameCount - 1].siteShift = 0
                try spread(method, slot + 1, count + 1, site, prototype, shift: 0)
                try push(method, base: slot + 1, result: slot)
                return true
            }
            if let field = try object.field(name) {
                slot.pointee = field
                for position in 1...(count + 1) { slot[position] = position <= count ? slot[position + 1] : .none }
                return try invoke(slot, count, site, prototype, shift: 1)
            }
        }
        guard hasFallback else {
            throw Mistake.unknownMethod(name, of: slot[1], in: prelude)
        }
        if case .missing = slot.pointee {
            guard let builtin = prelude.values[name] else { throw Mistake.notBoundYet(name, names: [], isDeclared: false, in: prelude) }
            slot.pointee = builtin
        } else if !(slot.pointee.object?.isCallable ?? false), let builtin = prelude.values[name] {
            // `let sum = xs.sum()` once more: the name means a number by now, and cannot be what is called.
            slot.pointee = builtin
        }
        return try invoke(slot, count + 1, site, prototype, shift: 0)
    }

    /// A function that is called where a global holds it must live on when it gives that global another value.
    @inline(never)
    func keepIfRunning(_ global: UnsafeMutablePointer<Value>) {
        guard let code = running(global.pointee) else { return }
        let stacked = UnsafeBufferPointer(start: frames, count: frameCount)
        guard stacked.contains(where: { $0.closure.toOpaque() == code }) else { return }
        replaced.removeAll { old in !stacked.contains { $0.closure.toOpaque() == running(old) } }
        replaced.append(global.pointee)
    }

    /// What stands in a frame while a function runs, or the constructor of a type.
    private func running(_ value: Value) -> UnsafeMutableRawPointer? {
        switch value.object {
        case let closure as ClosureObject: return Unmanaged.passUnretained(closure).toOpaque()
        case let type as RecordType: return type.constructor.map { Unmanaged.passUnretained($0).toOpaque() }
        default: return nil
        }
    }

    private func room(_ slot: UnsafeMutablePointer<Value>, _ count: Int) throws {
        guard slot + count + 8 < stackEnd else { throw Machine.tooDeep }
    }

    private func gather(
        _ first: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int, _ prototype: Prototype, shift: Int
    ) -> CallArguments {
        let names = prototype.callSites[site].names
        if names.isEmpty { return CallArguments(Array(UnsafeBufferPointer(start: first, count: count))) }
        var arguments = CallArguments([])
        for position in 0..<count {
            if position + shift < names.count, let name = names[position + shift] {
                arguments.named.append((name, first[position]))
            } else {
                arguments.positional.append(first[position])
            }
        }
        return arguments
    }

    /// Puts the arguments of a function written in the language where its parameters are.
    private func spread(
        _ closure: ClosureObject, _ first: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int, _ prototype: Prototype,
        shift: Int
    ) throws {
        if closure.prototype.parameters.count == count, prototype.callSites[site].names.isEmpty { return }
        let values = try bind(closure, gather(first, count, site, prototype, shift: shift))
        try room(first, values.count)
        for (position, value) in values.enumerated() { first[position] = value }
        for position in values.count..<max(values.count, count) { first[position] = .none }
    }
}
