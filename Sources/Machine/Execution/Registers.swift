/// Registers as the dispatch loop uses them.
///
/// A plain assignment counts one reference more for what it copies and one less for what it overwrites, even where both are
/// numbers and there is nothing to count. These look at the kind of value first, so that numbers move as two words.
extension UnsafeMutablePointer where Pointee == Value {
    @inline(__always)
    var holdsObject: Bool {
        if case .object = pointee { return true }
        return false
    }

    @inline(__always)
    func set(_ number: Int) {
        if holdsObject { pointee = .integer(number) } else { initialize(to: .integer(number)) }
    }

    @inline(__always)
    func set(_ number: Double) {
        if holdsObject { pointee = .float(number) } else { initialize(to: .float(number)) }
    }

    @inline(__always)
    func set(_ truth: Bool) {
        if holdsObject { pointee = .boolean(truth) } else { initialize(to: .boolean(truth)) }
    }

    /// Holds what `source` holds as well.
    @inline(__always)
    func copy(from source: UnsafePointer<Value>) {
        if case .object(let object) = source.pointee {
            pointee = .object(object)
        } else if holdsObject {
            pointee = source.pointee
        } else {
            UnsafeMutableRawPointer(self).copyMemory(from: source, byteCount: MemoryLayout<Value>.stride)
        }
    }

    /// Holds what `source` held, which holds nil from then on.
    @inline(__always)
    func take(from source: UnsafeMutablePointer<Value>) {
        if holdsObject {
            pointee = source.move()
        } else {
            UnsafeMutableRawPointer(self).copyMemory(from: source, byteCount: MemoryLayout<Value>.stride)
        }
        source.initialize(to: .none)
    }

    /// True when this register alone holds the object that is here.
    var isOnlyReference: Bool {
        // An enum's payload lies at its start.
        holdsObject && isKnownUniquelyReferenced(&UnsafeMutableRawPointer(self).assumingMemoryBound(to: Object.self).pointee)
    }

    /// Lets go of an object; numbers may stay.
    @inline(__always)
    func clear() {
        if holdsObject { pointee = .none }
    }

    /// Lets go of the objects in this register and those after it.
    @inline(__always)
    func clear(count: Int) {
        var register = self
        let end = self + count
        while register < end {
            register.clear()
            register += 1
        }
    }
}

extension UnsafePointer where Pointee == Value {
    /// The object here, if one is, without counting a reference: the register has to hold it as long as it is used.
    @inline(__always)
    private var borrowed: Unmanaged<Object>? {
        guard case .object = pointee else { return nil }
        // An enum's payload lies at its start.
        return Unmanaged.fromOpaque(UnsafeRawPointer(self).load(as: UnsafeRawPointer.self))
    }

    @inline(__always)
    private func borrowed<Kind: Object>(_ kind: Object.Kind, _: Kind.Type) -> Unmanaged<Kind>? {
        guard let object = borrowed, object._withUnsafeGuaranteedRef({ $0.kind }) == kind else { return nil }
        return Unmanaged.fromOpaque(object.toOpaque())
    }

    @inline(__always)
    func isSameObject(as other: UnsafePointer<Value>) -> Bool {
        guard let object = borrowed, let otherObject = other.borrowed else { return false }
        return object.toOpaque() == otherObject.toOpaque()
    }

    @inline(__always) var string: Unmanaged<StringObject>? { borrowed(.string, StringObject.self) }
    @inline(__always) var list: Unmanaged<ListObject>? { borrowed(.list, ListObject.self) }
    @inline(__always) var map: Unmanaged<MapObject>? { borrowed(.map, MapObject.self) }
    @inline(__always) var record: Unmanaged<RecordObject>? { borrowed(.record, RecordObject.self) }
    @inline(__always) var closure: Unmanaged<ClosureObject>? { borrowed(.closure, ClosureObject.self) }
    @inline(__always) var recordType: Unmanaged<RecordType>? { borrowed(.recordType, RecordType.self) }
    @inline(__always) var primitive: Unmanaged<Primitive>? { borrowed(.primitive, Primitive.self) }
    @inline(__always) var box: Unmanaged<Box>? { borrowed(.box, Box.self) }
}

extension UnsafeMutablePointer where Pointee == Value {
    @inline(__always) var string: Unmanaged<StringObject>? { UnsafePointer(self).string }
    @inline(__always) var list: Unmanaged<ListObject>? { UnsafePointer(self).list }
    @inline(__always) var map: Unmanaged<MapObject>? { UnsafePointer(self).map }
    @inline(__always) var record: Unmanaged<RecordObject>? { UnsafePointer(self).record }
    @inline(__always) var closure: Unmanaged<ClosureObject>? { UnsafePointer(self).closure }
    @inline(__always) var recordType: Unmanaged<RecordType>? { UnsafePointer(self).recordType }
    @inline(__always) var primitive: Unmanaged<Primitive>? { UnsafePointer(self).primitive }
    @inline(__always) var box: Unmanaged<Box>? { UnsafePointer(self).box }
}

// What the loop does with objects that a register holds, again without counting references.

extension Unmanaged where Instance == ListObject {
    /// Puts the item at `index`, which may count from the end, into a register; false when there is none.
    @inline(__always)
    func copyItem(_ index: Int, to register: UnsafeMutablePointer<Value>) -> Bool {
        _withUnsafeGuaranteedRef { list in
            list.items.withUnsafeBufferPointer { items in
                let place = index < 0 ? index &+ items.count : index
                guard place >= 0, place < items.count, let first = items.baseAddress else { return false }
                register.copy(from: first + place)
                return true
            }
        }
    }

    /// Replaces the item at `index`; false when there is none.
    @inline(__always)
    func setItem(_ index: Int, to register: UnsafeMutablePointer<Value>) -> Bool {
        _withUnsafeGuaranteedRef { list in
            let place = index < 0 ? index &+ list.items.count : index
            guard place >= 0, place < list.items.count else { return false }
            list.items[place] = register.pointee
            return true
        }
    }
}

extension Unmanaged where Instance == MapObject {
    /// Puts the value of the key in one register into another; false when the map has no such key.
    @inline(__always)
    func copyValue(of key: UnsafeMutablePointer<Value>, to register: UnsafeMutablePointer<Value>) -> Bool {
        _withUnsafeGuaranteedRef { map in
            guard let hash = UnsafePointer(key).keyHash else { return false }
            let position = map.items.find(key, hash: hash)
            guard position >= 0 else { return false }
            map.items.copyValue(at: position, to: register)
            return true
        }
    }

    @inline(__always)
    func contains(_ key: UnsafeMutablePointer<Value>) -> Bool {
        _withUnsafeGuaranteedRef { map in
            guard let hash = UnsafePointer(key).keyHash else { return false }
            return map.items.find(key, hash: hash) >= 0
        }
    }

    /// Sets the value of a key; false when that cannot be a key, or when it is time to ask whether there is room.
    @inline(__always)
    func setValue(of key: UnsafeMutablePointer<Value>, to register: UnsafeMutablePointer<Value>) -> Bool {
        _withUnsafeGuaranteedRef { map in
            guard let hash = UnsafePointer(key).keyHash else { return false }
            let position = map.items.find(key, hash: hash)
            if position >= 0 {
                map.items.setValue(register.pointee, at: position)
            } else if map.items.isFull {
                return false
            } else {
                map.items.add(MapKey(key.pointee, hash: hash), register.pointee)
            }
            return true
        }
    }
}

extension Unmanaged where Instance == RecordObject {
    @inline(__always) var type: Int { _withUnsafeGuaranteedRef { $0.type.identity } }

    /// Puts a field into a register; false when it is not bound yet.
    @inline(__always)
    func copyField(_ slot: Int, to register: UnsafeMutablePointer<Value>) -> Bool {
        _withUnsafeGuaranteedRef { record in
            let field = record.slots + slot
            if case .missing = field.pointee { return false }
            register.copy(from: field)
            return true
        }
    }

    @inline(__always)
    func setField(_ slot: Int, to register: UnsafeMutablePointer<Value>) {
        _withUnsafeGuaranteedRef { ($0.slots + slot).copy(from: register) }
    }
}

extension Unmanaged where Instance == RecordType {
    /// Whether the constructor takes `count` values and does nothing but make a record of them.
    @inline(__always)
    func isPlain(_ count: Int) -> Bool { _withUnsafeGuaranteedRef { $0.isPlain && $0.parameterCount == count } }

    @inline(__always) var constructor: Unmanaged<ClosureObject>? {
        _withUnsafeGuaranteedRef { type in type.constructor.map { .passUnretained($0) } }
    }
}

extension Unmanaged where Instance == Box {
    @inline(__always)
    func copyValue(to register: UnsafeMutablePointer<Value>) {
        _withUnsafeGuaranteedRef { box in withUnsafePointer(to: &box.value) { register.copy(from: $0) } }
    }

    @inline(__always)
    func setValue(to register: UnsafeMutablePointer<Value>) {
        _withUnsafeGuaranteedRef { box in withUnsafeMutablePointer(to: &box.value) { $0.copy(from: register) } }
    }
}

extension Unmanaged where Instance == ClosureObject {
    @inline(__always) var parameterCount: Int { _withUnsafeGuaranteedRef { $0.prototype.parameterCount } }
    @inline(__always) var prototype: Unmanaged<Prototype> { _withUnsafeGuaranteedRef { .passUnretained($0.prototype) } }

    /// Puts what the closure took along into a register.
    @inline(__always)
    func copyUpvalue(_ number: Int, to register: UnsafeMutablePointer<Value>) {
        withUpvalue(number) { register.copy(from: $0) }
    }

    /// A variable shared with the function that the closure was made in.
    @inline(__always)
    func box(_ number: Int) -> Unmanaged<Box>? { withUpvalue(number) { $0.box } }

    /// What the closure took along when that is a function.
    @inline(__always)
    func closure(_ number: Int) -> Unmanaged<ClosureObject>? { withUpvalue(number) { $0.closure } }

    @inline(__always)
    private func withUpvalue<Result>(_ number: Int, _ body: (UnsafePointer<Value>) -> Result) -> Result {
        _withUnsafeGuaranteedRef { closure in
            if number > 0, let others = closure.others { return body(others + number - 1) }
            return withUnsafePointer(to: &closure.first, body)
        }
    }
}

extension Unmanaged where Instance == Prototype {
    @inline(__always) var fieldCaches: UnsafeMutablePointer<Prototype.FieldCache> { _withUnsafeGuaranteedRef { $0.fieldCaches } }
    @inline(__always) var methodCaches: UnsafeMutablePointer<Prototype.MethodCache> { _withUnsafeGuaranteedRef { $0.methodCaches } }
    @inline(__always) var constants: UnsafeMutablePointer<Value> { _withUnsafeGuaranteedRef { $0.constants } }
    @inline(__always) var globals: UnsafeMutablePointer<Value> {
        _withUnsafeGuaranteedRef { Unmanaged<ModuleScope>.passUnretained($0.module) }._withUnsafeGuaranteedRef { $0.values }
    }
}

extension Value {
    var stringObject: StringObject? { cast(.string) }
    var listObject: ListObject? { cast(.list) }
    var mapObject: MapObject? { cast(.map) }

    @inline(__always)
    private func cast<Kind: Object>(_ kind: Object.Kind) -> Kind? {
        guard case .object(let object) = self, object.kind == kind else { return nil }
        return unsafeDowncast(object, to: Kind.self)
    }
}
