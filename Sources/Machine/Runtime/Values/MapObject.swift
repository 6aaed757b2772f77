import Base
import Syntax

/// Keys and values, in the order they were added.
public final class MapObject: Object {
    public var items: OrderedMap
    /// What is said of keys that the map's source has but could not give, such as an array of complex numbers in a file.
    public var unavailable: [String: Failure]?

    public init(_ items: OrderedMap = [:]) {
        self.items = items
        super.init()
        kind = .map
    }

    deinit { Release.from(&items, leaving: OrderedMap()) }

    public convenience init(_ pairs: [(String, Value)]) {
        self.init()
        for (name, value) in pairs { items[MapKey(name)] = value }
    }

    public override var typeName: String { "Map" }
    public override var content: Content { .entries(items) }
    public override func refill(_ content: Content) -> Bool {
        guard case .entries(let items) = content else { return false }
        self.items = items
        return true
    }
    public override var text: String {
        Nesting.describe {
            "{" + Nesting.joined(items) { "\(MapObject.keyText($0.key.value)): \($0.value.representation)" } + "}"
        } ?? "{…}"
    }

    static func keyText(_ key: Value) -> String {
        if case .object(let object as StringObject) = key, isPlainName(object.string) { return object.string }
        if case .object(let object as StringObject) = key { return object.representation }
        return "[\(key.representation)]"
    }

    public override func isEqual(to other: Object) -> Bool {
        guard let other = Value.object(other).mapObject, other.items.count == items.count else { return false }
        return items.allSatisfy { key, value in
            other.items[key].map { valuesAreEqual(value, $0) } ?? false
        }
    }
    public override var count: Int? { items.count }
    public override func field(_ name: String) -> Value? { items[MapKey(name)] }
    public override func setField(_ name: String, to value: Value) -> Bool {
        items[MapKey(name)] = value
        return true
    }
    public override var fieldNames: [String] { items.keys.compactMap { ($0.value.object as? StringObject)?.string } }

    public override func element(at subscripts: [Subscript], machine: Machine) throws -> Value? {
        let key = try MapObject.key(subscripts)
        if let value = items[key] { return value }
        if let name = (key.value.object as? StringObject)?.string, let failure = unavailable?[name] { throw failure }
        let suggestion = Suggestion.nearest(to: key.value.text, among: fieldNames)
        throw Failure(
            "key", "the map must have the key \(key.value.representation), but has "
                + (items.isEmpty ? "none" : items.keys.prefix(8).map(\.value.representation).joined(separator: ", ")
                    + (items.count > 8 ? ", …" : "")),
            help: suggestion.map { "did you mean `\($0)`?" } ?? "ask first with `key in map`, or use `get(map, key, default)`")
    }

    public override func setElement(at subscripts: [Subscript], to value: Value, machine: Machine) throws -> Bool {
        let key = try MapObject.key(subscripts)
        if items.isFull { try items.requireRoom() }
        items[key] = value
        return true
    }

    private static func key(_ subscripts: [Subscript]) throws -> MapKey {
        guard subscripts.count == 1, case .value(let value) = subscripts[0] else {
            throw Failure("index", "a map takes one key between the brackets")
        }
        guard let key = MapKey(value) else {
            throw Failure("key", "a map key must be a number, string, truth value, nil or list of those, but is \(value.typeName)")
        }
        return key
    }

    /// Iterating a map gives its keys.
    public override func makeIterator(machine: Machine) throws -> ValueIterator? {
        var keys = Array(items.keys).makeIterator()
        return ClosureIterator { keys.next()?.value }
    }
}

/// True for text that can stand as a name in source: letters, digits and `_`, not starting with a digit.
func isPlainName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
    return text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
}
