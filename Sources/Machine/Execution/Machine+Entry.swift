import Base
import Syntax

extension Machine {
    // MARK: entry

    /// Runs a compiled unit or calls any callable value with positional arguments.
    public func call(_ function: Value, _ arguments: [Value]) throws -> Value {
        try call(function, CallArguments(arguments))
    }

    public func call(_ function: Value, _ arguments: CallArguments) throws -> Value {
        guard case .object(let object) = function else { throw Mistake.notCallable(function, "the value") }
        switch object.kind {
        case .closure:
            return try enter(unsafeDowncast(object, to: ClosureObject.self), holder: function, arguments)
        case .record where object.isCallable:
            let model = unsafeDowncast(object, to: RecordObject.self)
            guard let forward = model.type.methods["forward"] else { break }
            let outer = isTraining
            isTraining = model.isTraining
            defer { isTraining = outer }
            return try enter(
                forward, holder: function, CallArguments([function] + arguments.positional, named: arguments.named))
        case .recordType:
            guard let constructor = unsafeDowncast(object, to: RecordType.self).constructor else { break }
            return try enter(constructor, holder: function, arguments)
        default:
            if object.isCallable { return try object.call(arguments, machine: self) }
        }
        throw Mistake.notCallable(function, "the value")
    }

    /// The first free place of the stack.
    var top: UnsafeMutablePointer<Value> {
        guard frameCount > 0 else { return stack }
        let frame = frames[frameCount - 1]
        return frame.base + frame.closure._withUnsafeGuaranteedRef { $0.prototype.registerCount }
    }

    private func enter(_ closure: ClosureObject, holder: Value, _ arguments: CallArguments) throws -> Value {
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        guard nativeDepth <= nativeDepthLimit else { throw Machine.tooDeep }
        let place = top
        let prototype = closure.prototype
        guard place + 2 + max(arguments.positional.count, prototype.registerCount) < stackEnd else { throw Machine.tooDeep }
        let values = try bind(closure, arguments)
        place.pointee = holder
        for (position, value) in values.enumerated() { place[1 + position] = value }
        let depth = frameCount
        do {
            try push(closure, base: place + 1, result: place)
            let value = try run(untilDepth: depth)
            place.pointee = .none
            if depth == 0 { replaced.removeAll() }
            return value
        } catch {
            place.clear(count: 1 + values.count)
            throw error
        }
    }

    /// A function that a primitive calls again and again: what can be looked at once is.
    public struct RepeatedCall {
        let machine: Machine
        let function: Value
        /// The function when it is a plain one with as many parameters as it will get arguments.
        let closure: ClosureObject?

        init(_ machine: Machine, _ function: Value, count: Int) {
            self.machine = machine
            self.function = function
            if case .object(let object) = function, object.kind == .closure {
                let closure = unsafeDowncast(object, to: ClosureObject.self)
                self.closure = closure.prototype.parameterCount == count ? closure : nil
            } else {
                closure = nil
            }
        }

        public func callAsFunction(_ argument: Value) throws -> Value {
            try machine.checkInterrupt()
            guard let closure else { return try machine.call(function, [argument]) }
            return try machine.enter(closure, count: 1) { $0.pointee = argument }
        }

        public func callAsFunction(_ first: Value, _ second: Value) throws -> Value {
            try machine.checkInterrupt()
            guard let closure else { return try machine.call(function, [first, second]) }
            return try machine.enter(closure, count: 2) {
                $0.pointee = first
                $0[1] = second
            }
        }
    }

    /// Prepares many calls of a function with `count` positional arguments.
    public func repeating(_ function: Value, count: Int) -> RepeatedCall { RepeatedCall(self, function, count: count) }

    /// Calls a closure that the caller holds; `place` puts its arguments, one a parameter, into its first registers.
    @inline(__always)
    private func enter(
        _ closure: ClosureObject, count: Int, place: (UnsafeMutablePointer<Value>) -> Void
    ) throws -> Value {
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        let base = top
        guard nativeDepth <= nativeDepthLimit, base + count + 8 < stackEnd else { throw Machine.tooDeep }
        let depth = frameCount
        place(base)
        do {
            try push(closure, base: base, result: base)
        } catch {
            base.clear(count: count)
            throw error
        }
        return try run(untilDepth: depth)
    }

    static let tooDeep = Failure(
        "recursion", "calls must not be nested without end, but they are nested too deep",
        help: "does the function that calls itself have a case in which it stops?")

    // MARK: frames

    @inline(__always)
    func push(_ closure: ClosureObject, base: UnsafeMutablePointer<Value>, result: UnsafeMutablePointer<Value>) throws {
        try push(Unmanaged.passUnretained(closure), base: base, result: result)
    }

    /// The register before `base`, or the caller of the machine, holds the closure.
    @inline(__always)
    func push(
        _ closure: Unmanaged<ClosureObject>, base: UnsafeMutablePointer<Value>, result: UnsafeMutablePointer<Value>
    ) throws {
        let (code, registerCount) = closure._withUnsafeGuaranteedRef { ($0.prototype.code, $0.prototype.registerCount) }
        guard frameCount < Machine.frameLimit, base + (registerCount &+ 8) < stackEnd else { throw Machine.tooDeep }
        (frames + frameCount).initialize(
            to: Frame(closure: closure, pc: code, base: base, result: result, callerIsTraining: isTraining))
        frameCount &+= 1
    }

    /// Lets go of everything the innermost frame holds.
    @inline(__always)
    func pop() {
        pop(registerCount: frames[frameCount - 1].closure._withUnsafeGuaranteedRef { $0.prototype.registerCount })
    }

    @inline(__always)
    func pop(registerCount: Int) {
        frameCount &-= 1
        let frame = frames + frameCount
        frame.pointee.base.clear(count: registerCount)
        isTraining = frame.pointee.callerIsTraining
    }

    /// Arguments in the order of a closure's parameters, `.missing` for those with defaults that were not given.
    func bind(_ closure: ClosureObject, _ arguments: CallArguments) throws -> [Value] {
        let parameters = closure.prototype.parameters
        if arguments.named.isEmpty, arguments.positional.count == parameters.count { return arguments.positional }
        let hidden = closure.prototype.isMethod ? 1 : 0
        do {
            let bound = try ArgumentBinding.bind(
                function: closure.prototype.name.isEmpty ? "the function" : closure.prototype.name,
                names: parameters.dropFirst(hidden).map(\.name), isRequired: { !parameters[$0 + hidden].hasDefault },
                variadic: nil, positional: Array(arguments.positional.dropFirst(hidden)), named: arguments.named)
            return hidden == 1 ? [arguments.positional.first ?? .none] + bound : bound
        }
    }

    // MARK: running

    /// Runs until the frames above `depth` have returned; gives the value of the first of them.
    func run(untilDepth depth: Int) throws -> Value {
        let outerHandlers = handlers.count
        while true {
            do {
                return try loop(untilDepth: depth)
            } catch {
                let diagnostic = describe(error)
                // Nobody may catch an interruption: the script must end.
                let isCatchable = diagnostic.code != "interrupted"
                if !isCatchable { handlers.removeLast(handlers.count - min(outerHandlers, handlers.count)) }
                guard handlers.count > outerHandlers, let handler = handlers.popLast() else {
                    while frameCount > depth { pop() }
                    throw diagnostic
                }
                while frameCount > handler.frameCount { pop() }
                handler.problem.pointee = .object(ProblemObject(diagnostic))
                frames[frameCount - 1].pc = handler.pc
            }
        }
    }
}
