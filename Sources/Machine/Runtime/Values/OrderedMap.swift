import Base

/// Keys and values in the order they were added: what a map of the language holds.
///
/// An index table says where a key's hash puts it among the keys, which lie in a row (the layout of Python's dictionaries).
/// Look-ups read the key where it lies and count no references; that is why this is no library's dictionary.
public struct OrderedMap: RandomAccessCollection, ExpressibleByDictionaryLiteral {
    public private(set) var keys: [MapKey] = []
    public private(set) var values: [Value] = []
    /// Positions of keys, -1 where free; its length is a power of two, at least twice as many as there are keys. Empty
    /// while there are so few keys that looking through them is quicker.
    private var table: [Int32] = []
    private static let unindexed = 8

    public init() {}
    public init(dictionaryLiteral elements: (MapKey, Value)...) {
        for (key, value) in elements { self[key] = value }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { keys.count }
    public subscript(position: Int) -> (key: MapKey, value: Value) { (keys[position], values[position]) }

    public mutating func reserveCapacity(_ count: Int) {
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
    }

    /// True when the next key that is new asks for as much memory again, and that is much.
    @inline(__always)
    var isFull: Bool { keys.count >= 1 << 18 && keys.count == keys.capacity }

    /// Throws code `memory` when the map cannot grow as it does: by as much as it has.
    func requireRoom() throws {
        guard keys.count < MemoryBudget.largestCount else {
            throw Failure("memory", "a map must have at most \(MemoryBudget.largestCount) keys, but has as many already")
        }
        let bytes = MemoryLayout<MapKey>.stride + MemoryLayout<Value>.stride + 4 * MemoryLayout<Int32>.stride
        try MemoryBudget.require(bytes: 2 * keys.count * bytes, "a map of more than \(keys.count) keys")
    }

    /// The value of a key, nil when it has none; assigning nil takes the key out.
    public subscript(key: MapKey) -> Value? {
        get {
            let position = withUnsafePointer(to: key.value) { find($0, hash: key.hash) }
            return position < 0 ? nil : values[position]
        }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            let position = withUnsafePointer(to: key.value) { find($0, hash: key.hash) }
            if position < 0 { add(key, newValue) } else { values[position] = newValue }
        }
    }

    @discardableResult
    public mutating func removeValue(forKey key: MapKey) -> Value? {
        let position = withUnsafePointer(to: key.value) { find($0, hash: key.hash) }
        guard position >= 0 else { return nil }
        keys.remove(at: position)
        let value = values.remove(at: position)
        if !table.isEmpty { index(length: table.count) }
        return value
    }

    /// Where a key stands among the keys; -1 when it does not.
    @inline(__always)
    func find(_ key: UnsafePointer<Value>, hash: Int) -> Int {
        // Nothing moves during a look-up, so the addresses hold without holding the arrays.
        let (count, length) = (keys.count, table.count)
        guard count > 0, let first = keys.withUnsafeBufferPointer({ $0.baseAddress }) else { return -1 }
        guard length > 0, let places = table.withUnsafeBufferPointer({ $0.baseAddress }) else {
            for position in 0..<count where (first + position).isSame(key, hash: hash) { return position }
            return -1
        }
        let mask = length &- 1
        var place = hash & mask
        while true {
            let position = Int(places[place])
            if position < 0 || (first + position).isSame(key, hash: hash) { return position }
            place = (place &+ 1) & mask
        }
    }

    /// Puts the value at a position into a register.
    @inline(__always)
    func copyValue(at position: Int, to register: UnsafeMutablePointer<Value>) {
        values.withUnsafeBufferPointer { register.copy(from: $0.baseAddress.unsafelyUnwrapped + position) }
    }

    mutating func setValue(_ value: Value, at position: Int) { values[position] = value }

    /// Adds a key that is not there yet.
    mutating func add(_ key: MapKey, _ value: Value) {
        keys.append(key)
        values.append(value)
        if keys.count <= OrderedMap.unindexed { return }
        if 2 * keys.count > table.count {
            index(length: Swift.max(4 * OrderedMap.unindexed, 2 * table.count))
        } else {
            place(keys.count - 1)
        }
    }

    private mutating func index(length: Int) {
        table = [Int32](repeating: -1, count: length)
        for position in keys.indices { place(position) }
    }

    private mutating func place(_ position: Int) {
        let mask = table.count - 1
        var place = keys[position].hash & mask
        while table[place] >= 0 { place = (place + 1) & mask }
        table[place] = Int32(truncatingIfNeeded: position)
    }
}

/// A value as a map key: equality and hash by value.
public struct MapKey: Hashable {
    public let value: Value
    let hash: Int

    /// nil when the value cannot be a key.
    public init?(_ value: Value) {
        guard let hash = valueHash(value) else { return nil }
        self.value = value
        self.hash = hash
    }
    public init(_ text: String) {
        value = .string(text)
        hash = text.hashValue
    }
    init(_ value: Value, hash: Int) {
        self.value = value
        self.hash = hash
    }

    public static func == (left: MapKey, right: MapKey) -> Bool {
        left.hash == right.hash && valuesAreEqual(left.value, right.value)
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension UnsafePointer where Pointee == MapKey {
    /// True when the key here is the one that lies there and has that hash.
    @inline(__always)
    func isSame(_ key: UnsafePointer<Value>, hash: Int) -> Bool {
        guard pointee.hash == hash else { return false }
        // A structure's first field lies at its start.
        let known = UnsafeRawPointer(self).assumingMemoryBound(to: Value.self)
        if case .integer(let a) = known.pointee, case .integer(let b) = key.pointee { return a == b }
        return known.isSameObject(as: key) || valuesAreEqual(known.pointee, key.pointee)
    }
}

extension UnsafePointer where Pointee == Value {
    /// The hash of the key that lies here; nil when the value cannot be a key.
    @inline(__always)
    var keyHash: Int? {
        if case .integer(let number) = pointee { return mixed(number) }
        if let text = string { return text._withUnsafeGuaranteedRef { $0.hash } }
        return valueHash(pointee)
    }
}
