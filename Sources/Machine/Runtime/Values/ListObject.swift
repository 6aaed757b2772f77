import Base

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
    public override var content: Content { .items(items) }
    public override func refill(_ content: Content) -> Bool {
        guard case .items(let items) = content else { return false }
        self.items = items
        return true
    }
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
