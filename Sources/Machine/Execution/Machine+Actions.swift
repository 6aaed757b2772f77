import Base
import Syntax

/// What the dispatch loop does off its fast paths: operators, containers, loops, patterns.
extension Machine {
    @inline(never)
    func binary(_ operation: BinaryOperator, _ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws {
        if operation == .add, i.a == i.b, try extendText(base + i.a, with: base + i.c) {
            if i.flags & 2 != 0 { base[i.c] = .none }
            return
        }
        let result = try Operators.apply(operation, base[i.b], base[i.c], machine: self)
        if i.flags & 1 != 0, i.b != i.a { base[i.b] = .none }
        if i.flags & 2 != 0, i.c != i.a { base[i.c] = .none }
        base[i.a] = result
    }

    @inline(never)
    func addSmall(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws {
        // The literal was written with `+` or `-`; say so in messages.
        let isSubtraction = i.flags & 4 != 0
        let result = try Operators.apply(
            isSubtraction ? .subtract : .add, base[i.b], .integer(isSubtraction ? -i.signedC : i.signedC), machine: self)
        if i.flags & 1 != 0, i.b != i.a { base[i.b] = .none }
        base[i.a] = result
    }

    /// `text += more`: when nobody else holds the text it grows where it is; false otherwise.
    private func extendText(_ text: UnsafeMutablePointer<Value>, with more: UnsafeMutablePointer<Value>) throws -> Bool {
        guard let grown = text.string, text.isOnlyReference, let added = more.string else { return false }
        let addition = added._withUnsafeGuaranteedRef { $0.string }
        try grown._withUnsafeGuaranteedRef { grown in
            let length = grown.string.utf8.count
            try MemoryBudget.require(text: length + addition.utf8.count, having: length)
            grown.change { $0 += addition }
        }
        return true
    }

    @inline(never)
    func multiplySmall(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws {
        let result = try Operators.apply(.multiply, base[i.b], .integer(i.signedC), machine: self)
        if i.flags & 1 != 0, i.b != i.a { base[i.b] = .none }
        base[i.a] = result
    }

    @inline(never)
    func remainderSmall(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws {
        let result = try Operators.apply(.remainder, base[i.b], .integer(i.c), machine: self)
        if i.flags & 1 != 0, i.b != i.a { base[i.b] = .none }
        base[i.a] = result
    }

    /// A comparison in a condition; with flag 1 the operands stand the other way round in the source. Flags 2 and 4: a, b is
    /// a temporary.
    @inline(never)
    func test(
        _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ operation: BinaryOperator, _ swapped: BinaryOperator
    ) throws -> Bool {
        let result =
            i.flags & 1 == 0
            ? try Operators.apply(operation, base[i.a], base[i.b], machine: self)
            : try Operators.apply(swapped, base[i.b], base[i.a], machine: self)
        if i.flags & 2 != 0 { (base + i.a).clear() }
        if i.flags & 4 != 0 { (base + i.b).clear() }
        return try Operators.truth(result)
    }

    @inline(never)
    func testSmall(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ operation: BinaryOperator) throws -> Bool {
        let result = try Operators.apply(operation, base[i.a], .integer(i.signedB), machine: self)
        if i.flags & 2 != 0 { (base + i.a).clear() }
        return try Operators.truth(result)
    }

    /// The truth of a condition; flag 1: it is a temporary.
    @inline(never)
    func truth(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws -> Bool {
        let truth = try Operators.truth(base[i.a])
        if i.flags & 1 != 0 { (base + i.a).clear() }
        return truth
    }

    @inline(never)
    func lateName(_ module: ModuleScope, _ slot: Int) throws -> Value {
        let name = module.names[slot]
        if let value = prelude.values[name] { return value }
        throw Mistake.notBoundYet(name, names: module.names.filter { $0 != name }, isDeclared: !module.mentionedSlots.contains(slot), in: prelude)
    }

    @inline(never)
    func imported(_ module: Value, _ slot: Int) throws -> Value {
        guard case .object(let object) = module, let scope = object as? ModuleScope else { return .none }
        if case .missing = scope.values[slot] {
            throw Failure(
                "name", "`\(scope.names[slot])` of module \(scope.name) must be bound before it is used, but is not bound yet",
                help: "modules that use each other may mention each other's names inside functions only")
        }
        return scope.values[slot]
    }

    /// Runs a module's top level unless it has run or is running.
    func start(_ value: Value) throws {
        guard case .object(let object) = value, let module = object as? ModuleScope, module.state == .compiled,
            let start = module.start
        else { return }
        module.state = .running
        do {
            _ = try call(.object(start), [])
            module.state = .done
        } catch {
            module.state = .compiled
            throw error
        }
    }

    func makeClosure(_ prototype: Prototype, _ number: Int, _ base: UnsafeMutablePointer<Value>) -> Value {
        .object(closure(of: prototype.prototypes[number], base))
    }

    private func closure(of inner: Prototype, _ base: UnsafeMutablePointer<Value>) -> ClosureObject {
        let outer = frames[frameCount - 1].closure
        return ClosureObject(inner) { source in
            switch source.place {
            case .local(let register): return base[register]
            case .upvalue(let number): return outer._withUnsafeGuaranteedRef { $0[number] }
            case .ownFunction: return .object(outer.takeUnretainedValue())
            }
        }
    }

    func makeType(_ prototype: Prototype, _ number: Int, _ base: UnsafeMutablePointer<Value>) -> Value {
        let recipe = prototype.typeRecipes[number]
        var methods: [String: ClosureObject] = [:]
        for method in recipe.methods { methods[method.name] = closure(of: prototype.prototypes[method.prototype], base) }
        let type = RecordType(
            name: recipe.name, isModel: recipe.isModel, fields: recipe.fields, parameterCount: recipe.parameterCount,
            methods: methods, documentation: recipe.documentation)
        let constructor = closure(of: prototype.prototypes[recipe.constructor], base)
        constructor.recordType = type
        type.constructor = constructor
        return .object(type)
    }

    func makeRecord(_ constructor: Unmanaged<ClosureObject>, _ count: Int, _ base: UnsafeMutablePointer<Value>) -> Value {
        guard let type = constructor._withUnsafeGuaranteedRef({ $0.recordType }) else { return .none }
        // A parameter that closures share gives its contents.
        for register in 0..<count { (base + register).box?.copyValue(to: base + register) }
        return .object(RecordObject(type, taking: base, count: count))
    }

    /// A record whose constructor does nothing but that, of the `count` registers after `slot`.
    func makePlainRecord(_ type: Unmanaged<RecordType>, _ slot: UnsafeMutablePointer<Value>, _ count: Int) {
        let record = type._withUnsafeGuaranteedRef { RecordObject($0, taking: slot + 1, count: count) }
        slot.pointee = .object(record)
    }

    func unboundField(_ record: RecordObject, _ slot: Int) -> Failure {
        Failure("name", "field `\(record.type.fields[slot])` must be bound before it is used, but is not bound yet")
    }

    // MARK: containers

    func makeList(_ first: UnsafeMutablePointer<Value>, _ count: Int) -> Value {
        let items = Array(UnsafeBufferPointer(start: first, count: count))
        for position in 0..<count { if case .object = first[position] { first[position] = .none } }
        return .list(items)
    }

    func makeMap(_ first: UnsafeMutablePointer<Value>, _ count: Int) throws -> Value {
        var items: OrderedMap = [:]
        items.reserveCapacity(count)
        for pair in 0..<count {
            guard let key = MapKey(first[2 * pair]) else {
                throw Failure(
                    "key", "a map key must be a number, string, truth value, nil or list of those, but is \(first[2 * pair].typeName)")
            }
            items[key] = first[2 * pair + 1]
            first[2 * pair] = .none
            first[2 * pair + 1] = .none
        }
        return .object(MapObject(items))
    }

    /// `lower..<upper`, or `lower...upper` when closed.
    public func makeRange(_ lower: Value, _ upper: Value, isClosed: Bool) throws -> Value {
        let (from, to) = try bounds(lower, upper, isClosed: isClosed)
        return .object(RangeObject(from, to))
    }

    private func bounds(_ lower: Value, _ upper: Value, isClosed: Bool) throws -> (Int, Int) {
        guard case .integer(let from) = lower, case .integer(var to) = upper else {
            let wrong: Value
            if case .integer = lower { wrong = upper } else { wrong = lower }
            throw Failure("type", "the bounds of a range must be integers, but one is \(wrong.typeName)", help: "round it with `int(x)`")
        }
        if isClosed {
            guard to < Int.max else { throw Failure("overflow", "the upper bound must be below the largest integer, but is \(to)") }
            to += 1
        }
        guard from >= to || !to.subtractingReportingOverflow(from).overflow else {
            throw Failure("overflow", "a range must hold at most \(Int.max) integers, but \(from)..<\(to) holds more")
        }
        return (from, to)
    }

    // MARK: fields and indices

    @inline(never)
    func getField(
        _ cache: UnsafeMutablePointer<Prototype.FieldCache>, _ target: UnsafeMutablePointer<Value>, _ value: Value
    ) throws {
        if case .object(let object) = value {
            if object.kind == .record {
                let record = unsafeDowncast(object, to: RecordObject.self)
                if remember(cache, record) {
                    guard Unmanaged.passUnretained(record).copyField(cache.pointee.slot, to: target) else { throw unboundField(record, cache.pointee.slot) }
                    return
                }
            } else if object.kind == .map {
                let map = unsafeDowncast(object, to: MapObject.self)
                if let found = map.items[cache.pointee.key] {
                    target.pointee = found
                    return
                }
                if let failure = map.unavailable?[cache.pointee.name] { throw failure }
            }
            if let found = try object.field(cache.pointee.name) {
                target.pointee = found
                return
            }
        }
        throw Mistake.unknownField(cache.pointee.name, of: value, functions: prelude.values)
    }

    /// Notes where a record of this type has the field; false when it has none.
    private func remember(_ cache: UnsafeMutablePointer<Prototype.FieldCache>, _ record: RecordObject) -> Bool {
        guard let slot = record.type.slots[cache.pointee.name] else { return false }
        cache.pointee.type = record.type.identity
        cache.pointee.slot = slot
        return true
    }

    func setField(_ target: Value, _ cache: UnsafeMutablePointer<Prototype.FieldCache>, _ value: Value) throws {
        let name = cache.pointee.name
        if case .object(let object) = target {
            if object.kind == .record { _ = remember(cache, unsafeDowncast(object, to: RecordObject.self)) }
            if object.kind == .map {
                unsafeDowncast(object, to: MapObject.self).items[cache.pointee.key] = value
                return
            }
            if try object.setField(name, to: value) { return }
            if try object.field(name) != nil {
                throw Failure("type", "`\(name)` of \(target.typeName) must be assignable, but can only be read")
            }
        }
        throw Mistake.unknownField(name, of: target)
    }

    @inline(never)
    func element(_ value: Value, at index: Value) throws -> Value {
        try element(value, [.value(index)])
    }

    func element(_ value: Value, _ subscripts: [Subscript]) throws -> Value {
        if case .object(let object) = value, let found = try object.element(at: subscripts, machine: self) { return found }
        throw Mistake.notIndexable(value)
    }

    func setElement(_ target: Value, _ subscripts: [Subscript], _ value: Value) throws {
        if case .object(let object) = target, try object.setElement(at: subscripts, to: value, machine: self) { return }
        throw Failure("type", "what is assigned to by index must be a list, map or tensor, but is \(target.typeName)")
    }

    func subscripts(_ parts: [Prototype.IndexPart], _ base: UnsafeMutablePointer<Value>) throws -> [Subscript] {
        func bound(_ register: Int) throws -> Int? {
            guard register >= 0 else { return nil }
            switch base[register] {
            case .integer(let number): return number
            case .none: return nil
            default:
                if let object = base[register].object, case .integer(let number)? = object.number() { return number }
                throw Failure("type", "a slice's bounds must be integers, but one is \(base[register].typeName)")
            }
        }
        return try parts.map { part in
            switch part {
            case .value(let register): return .value(base[register])
            case .slice(let lower, let upper, let step): return .slice(try bound(lower), try bound(upper), try bound(step))
            case .ellipsis: return .ellipsis
            }
        }
    }

    // MARK: loops

    func startLoop(_ state: UnsafeMutablePointer<Value>, _ limit: UnsafeMutablePointer<Value>) throws {
        switch state.pointee {
        case .object(let list) where list.kind == .list:
            limit.pointee = .integer(0)
        case .object(let range as RangeObject):
            limit.pointee = .integer(range.upper)
            state.pointee = .integer(range.lower)
        case .object(let object):
            guard let iterator = try object.makeIterator(machine: self) else { fallthrough }
            state.pointee = .object(IterationObject(iterator))
            limit.pointee = .none
        default:
            throw Mistake.notIterable(state.pointee)
        }
    }

    func startRangeLoop(_ state: UnsafeMutablePointer<Value>, _ limit: UnsafeMutablePointer<Value>, isClosed: Bool) throws {
        let (from, to) = try bounds(state.pointee, limit.pointee, isClosed: isClosed)
        state.pointee = .integer(from)
        limit.pointee = .integer(to)
    }

    func next(_ state: Value, _ item: UnsafeMutablePointer<Value>) throws -> Bool {
        guard case .object(let object) = state, object.kind == .iteration,
            let value = try unsafeDowncast(object, to: IterationObject.self).iterator.next()
        else { return false }
        item.pointee = value
        return true
    }

    // MARK: patterns

    func fits(
        _ parts: Prototype.PatternParts, _ value: Value, _ base: UnsafeMutablePointer<Value>, mustFit: Bool
    ) throws -> Bool {
        func refuse(_ expected: String, _ found: String) throws -> Bool {
            guard mustFit else { return false }
            throw Failure("match", "the value must be \(expected), but is \(found)")
        }
        switch parts {
        case .list(let count, let hasRest, let first):
            // A range need not be made a list to see that it has another length.
            if let range = value.object as? RangeObject, let size = range.count, hasRest ? size < count : size != count {
                return try refuse("a list of \(hasRest ? "at least " : "")\(count)", "one of \(size)")
            }
            guard let items = try sequence(value) else { return try refuse("a list of \(count)", value.typeName) }
            guard hasRest ? items.count >= count : items.count == count else {
                return try refuse("a list of \(hasRest ? "at least " : "")\(count)", "one of \(items.count)")
            }
            for position in 0..<count { base[first + position] = items[position] }
            if hasRest { base[first + count] = .list(Array(items[count...])) }
        case .keys(let names, let first):
            for (position, name) in names.enumerated() {
                guard case .object(let object) = value, let found = try object.field(name) else {
                    return try refuse(
                        "something with the field or key `\(name)`",
                        value.object.map { "\(value.typeName) with \($0.fieldNames.prefix(8).joined(separator: ", "))" } ?? value.typeName)
                }
                base[first + position] = found
            }
        case .record(let name, let type, let count, let first):
            guard case .object(let object) = base[type], let wanted = object as? RecordType else {
                throw Failure("type", "`\(name)` in a pattern must be a record, but is \(base[type].typeName)")
            }
            guard case .object(let object) = value, let record = object as? RecordObject, record.type === wanted else {
                return try refuse("a \(name)", value.typeName)
            }
            guard count <= record.values.count else {
                throw Failure("match", "a pattern of \(name) must have at most \(record.values.count) fields, but has \(count)")
            }
            for position in 0..<count { base[first + position] = record.values[position] }
        }
        return true
    }

    /// Items of a list, or of anything else that iterates (a tensor); nil for what does not, and for strings and maps.
    private func sequence(_ value: Value) throws -> [Value]? {
        guard case .object(let object) = value, !(object is StringObject), !(object is MapObject) else { return nil }
        return try items(of: object)
    }

    // MARK: errors and contracts

    func raise(_ value: Value) throws {
        if case .object(let object) = value, let problem = object as? ProblemObject { throw problem.diagnostic }
        throw Failure("raised", value.text, payload: Payload(value))
    }

    func checkArguments(_ prototype: Prototype, _ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws {
        let bindings = prototype.bindsDimensions ? DimensionBindings() : Machine.noDimensions
        let function = prototype.name
        for contract in prototype.contracts.prefix(i.b) where !contract.name.isEmpty {
            let value = (base + contract.register).box?.takeUnretainedValue().value ?? base[contract.register]
            try contract.check(value, function: function, bindings: bindings, registers: base)
        }
        base[i.a] = .object(bindings)
    }

    /// For functions whose contracts name no dimension.
    nonisolated(unsafe) private static let noDimensions = DimensionBindings()

    func checkResult(_ prototype: Prototype, _ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws {
        let bindings = base[i.b].object as? DimensionBindings ?? Machine.noDimensions
        try prototype.contracts[i.c].check(base[i.a], function: prototype.name, bindings: bindings, registers: base)
    }

    /// The value that `--set` gives a `param` of the main script, read as its contract or its default asks; else the default.
    func parameter(_ prototype: Prototype, _ i: Instruction, _ defaultValue: Value) throws -> Value {
        let name = prototype.constants[i.b].text
        guard prototype.module === mainModule, let text = parameterValues[name] else { return defaultValue }
        let contract = i.c == 0 ? nil : prototype.contracts[i.c - 1]
        return try SettingText(name: name, text: text).value(as: contract, instead: defaultValue)
    }
}

/// Holds an iterator in a register.
final class IterationObject: Object {
    let iterator: ValueIterator
    init(_ iterator: ValueIterator) {
        self.iterator = iterator
        super.init()
        kind = .iteration
    }
}
