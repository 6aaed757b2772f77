import Syntax

/// Text; indexing counts characters.
public final class StringObject: Object {
    public private(set) var string: String
    /// How characters are found, known from the first time that someone asks.
    private var knownLayout: Layout?
    /// 0 until the hash is asked for.
    private var knownHash = 0
    /// The cells of a text that lays out a table, for whoever can show more than aligned text.
    public private(set) var table: TableForm?

    public init(_ string: String, table: TableForm? = nil) {
        self.string = string
        self.table = table
        super.init()
        kind = .string
    }

    /// Adds text at the end, or nothing when that fails. Only for a string that nobody else holds: strings do not change
    /// under anyone's eyes.
    func change(_ add: (inout String) throws -> Void) rethrows {
        let length = string.utf8.count
        knownHash = 0
        knownLayout = nil
        table = nil
        do { try add(&string) } catch {
            string = String(decoding: string.utf8.prefix(length), as: UTF8.self)
            throw error
        }
    }

    private enum Layout {
        /// Every byte is a character.
        case bytes
        case characters([Character])

        /// The `position`th character of the string that has this layout.
        func character(_ position: Int, of string: String) -> Character {
            switch self {
            case .bytes: return Character(Unicode.Scalar(string.utf8[string.utf8.index(string.startIndex, offsetBy: position)]))
            case .characters(let characters): return characters[position]
            }
        }
    }

    private var layout: Layout {
        if let knownLayout { return knownLayout }
        let layout = string.withUTF8(StringObject.isPlain) ? Layout.bytes : .characters(Array(string))
        knownLayout = layout
        return layout
    }

    /// Whether every byte is a character: none begins a longer one, and there is no carriage return, which is one character
    /// with the newline after it.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Blocks without a way out in their middle are looked at many bytes at once.
        for start in stride(from: 0, to: bytes.count, by: 4096) {
            var isPlain: UInt8 = 1
            for byte in bytes[start..<min(start + 4096, bytes.count)] { isPlain &= byte < 0x80 && byte != 0x0D ? 1 : 0 }
            if isPlain == 0 { return false }
        }
        return true
    }

    public override var typeName: String { "String" }
    public override var text: String { string }
    public override var representation: String { quoted(string) }
    public override func isEqual(to other: Object) -> Bool {
        other.kind == .string && unsafeDowncast(other, to: StringObject.self).string == string
    }
    public override var keyHash: Int? { hash }
    var hash: Int {
        if knownHash == 0 { knownHash = string.hashValue }
        return knownHash
    }
    public override var count: Int? { characterCount }
    private var characterCount: Int {
        if case .characters(let characters) = layout { return characters.count }
        return string.utf8.count
    }

    public override func element(at items: [Subscript], machine: Machine) throws -> Value? {
        guard items.count == 1 else {
            throw Failure("index", "a string takes one index, but got \(items.count)")
        }
        switch items[0] {
        case .value(let index):
            let position = try listPosition(index, count: characterCount, of: "string")
            return .string(String(layout.character(position, of: string)))
        case .slice(let lower, let upper, let step):
            let positions = try slicePositions(lower, upper, step, count: characterCount)
            let layout = layout
            return .string(String(positions.map { layout.character($0, of: string) }))
        case .ellipsis:
            return .object(self)
        }
    }

    public override func makeIterator(machine: Machine) throws -> ValueIterator? {
        var characters = string.makeIterator()
        return ClosureIterator { characters.next().map { .string(String($0)) } }
    }
}

/// The text between double quotes, with what needs it escaped.
public func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case "{": result += "{{"
        case "}": result += "}}"
        default:
            if scalar.value < 0x20 || scalar.value == 0x7F {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
    return result + "\""
}

/// A growable sequence of values.
public final class ListObject: Object {
    public var items: [Value]

    public init(_ items: [Value]) {
        self.items = items
        super.init()
        kind = .list
    }

    deinit { Release.from(&items, leaving: []) }

    public override var typeName: String { "List" }
    public override var text: String {
        Nesting.describe { "[" + Nesting.joined(items, \.representation) + "]" } ?? "[…]"
    }
    public override func isEqual(to other: Object) -> Bool {
        guard let other = Value.object(other).listObject, other.items.count == items.count else { return false }
        return zip(items, other.items).allSatisfy { valuesAreEqual($0, $1) }
    }
    public override var keyHash: Int? {
        var hasher = Hasher()
        for item in items {
            guard let hash = valueHash(item) else { return nil }
            hasher.combine(hash)
        }
        return hasher.finalize()
    }
    public override var count: Int? { items.count }

    public override func element(at subscripts: [Subscript], machine: Machine) throws -> Value? {
        guard subscripts.count == 1 else {
            throw Failure(
                "index", "a list takes one index, but got \(subscripts.count)",
                help: "index twice, `x[0][1]`, or make a tensor with `tensor(x)`")
        }
        switch subscripts[0] {
        case .value(let index):
            return items[try listPosition(index, count: items.count, of: "list")]
        case .slice(let lower, let upper, let step):
            return .list(try slicePositions(lower, upper, step, count: items.count).map { items[$0] })
        case .ellipsis:
            return .list(items)
        }
    }

    public override func setElement(at subscripts: [Subscript], to value: Value, machine: Machine) throws -> Bool {
        guard subscripts.count == 1 else { return false }
        switch subscripts[0] {
        case .value(let index):
            items[try listPosition(index, count: items.count, of: "list")] = value
        case .slice(let lower, let upper, let step):
            let positions = try slicePositions(lower, upper, step, count: items.count)
            guard case .object(let object) = value, let source = object as? ListObject else {
                throw Failure("type", "a slice of a list must be assigned a list, but is assigned \(value.typeName)")
            }
            guard source.items.count == positions.count else {
                throw Failure(
                    "index", "the slice must be assigned as many items as it holds, \(positions.count), but is assigned \(source.items.count)",
                    help: "`x[from:to]` leaves `to` out, so it holds to - from items")
            }
            for (position, item) in zip(positions, source.items) { items[position] = item }
        case .ellipsis:
            return false
        }
        return true
    }

    public override func makeIterator(machine: Machine) throws -> ValueIterator? { ListIterator(self) }
}

/// Draws from a list as it is at each step, so that what goes on meanwhile may append.
final class ListIterator: ValueIterator {
    let list: ListObject
    var position = 0
    init(_ list: ListObject) { self.list = list }
    override func next() -> Value? {
        guard position < list.items.count else { return nil }
        defer { position += 1 }
        return list.items[position]
    }
}

/// An iterator from a closure.
public final class ClosureIterator: ValueIterator {
    private let draw: () throws -> Value?
    public init(_ draw: @escaping () throws -> Value?) { self.draw = draw }
    public override func next() throws -> Value? { try draw() }
}

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

/// `lower..<upper` or `lower...upper`; integers, the upper bound excluded here in both cases.
public final class RangeObject: Object {
    public let lower: Int
    public let upper: Int

    /// Empty when `upper <= lower`.
    public init(_ lower: Int, _ upper: Int) {
        self.lower = lower
        self.upper = max(lower, upper)
        super.init()
        kind = .range
    }

    public override var typeName: String { "Range" }
    public override var text: String { "\(lower)..<\(upper)" }
    public override func isEqual(to other: Object) -> Bool {
        guard let other = other as? RangeObject else { return false }
        return lower == other.lower && upper == other.upper
    }
    public override var keyHash: Int? { lower &* 31 &+ upper }
    public override var count: Int? { upper - lower }

    public override func element(at subscripts: [Subscript], machine: Machine) throws -> Value? {
        guard subscripts.count == 1 else { throw Failure("index", "a range takes one index, but got \(subscripts.count)") }
        switch subscripts[0] {
        case .value(let index): return .integer(lower + (try listPosition(index, count: upper - lower, of: "range")))
        case .slice(let from, let to, let step):
            return .list(try slicePositions(from, to, step, count: upper - lower).map { .integer(lower + $0) })
        case .ellipsis: return .object(self)
        }
    }

    public override func makeIterator(machine: Machine) throws -> ValueIterator? {
        var next = lower
        let end = upper
        return ClosureIterator {
            guard next < end else { return nil }
            defer { next += 1 }
            return .integer(next)
        }
    }
}

/// A word on counting for an index past the end.
public func lastPlace(_ count: Int) -> String {
    count == 1
        ? "counting starts at 0, so the only one is 0"
        : "counting starts at 0, so the last of \(count) is \(count - 1); `0..<\(count)` counts over all"
}

/// The place an index means, counting from the end when negative.
public func listPosition(_ index: Value, count: Int, of kind: String) throws -> Int {
    guard case .integer(let number) = index else {
        throw Failure("type", "an index into a \(kind) must be an integer or a slice, but is \(index.typeName)")
    }
    let position = number < 0 ? number + count : number
    guard position >= 0, position < count else {
        throw Failure(
            "index",
            count == 0
                ? "the \(kind) is empty, so it has no index \(number)"
                : "an index into this \(kind) must be from \(-count) to \(count - 1), but is \(number)",
            help: count > 0 && number >= count ? lastPlace(count) : nil)
    }
    return position
}

/// The places a slice means, with Python's rules for negative and out-of-range bounds.
public func slicePositions(_ lower: Int?, _ upper: Int?, _ step: Int?, count: Int) throws -> [Int] {
    let step = step ?? 1
    guard step != 0 else { throw Failure("value", "a slice's step must be different from zero, but is 0") }
    func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int {
        let place = bound < 0 ? bound + count : bound
        return min(max(place, low), high)
    }
    let isForward = step > 0
    let from = lower.map { isForward ? clamp($0, 0, count) : clamp($0, -1, count - 1) } ?? (isForward ? 0 : count - 1)
    let to = upper.map { isForward ? clamp($0, 0, count) : clamp($0, -1, count - 1) } ?? (isForward ? count : -1)
    guard isForward ? from < to : from > to else { return [] }
    try MemoryBudget.require(items: Int(clamping: ((to - from).magnitude - 1) / step.magnitude + 1))
    return Array(stride(from: from, to: to, by: step))
}
