import Base

/// Equality of containers that are deep, share parts, or hold themselves: two are equal when no way into both comes to a
/// difference.
///
/// Pairs that have been met once are taken for equal from then on; a union of classes remembers them, so that as many
/// steps are taken as there are containers (Adams & Dybvig, "Efficient nondestructive equality checking for trees and
/// graphs", 2008). Open pairs wait in a row, and no depth takes any stack.
struct GraphEquality {
    private var parents: [ObjectIdentifier: ObjectIdentifier] = [:]
    private var open: [(Object, Object)] = []

    /// Whether two containers are equal; false as well when someone asked to stop meanwhile.
    static func areEqual(_ one: Object, _ other: Object) -> Bool {
        var equality = GraphEquality()
        equality.open = [(one, other)]
        return equality.holds()
    }

    private mutating func holds() -> Bool {
        while let (one, other) = open.popLast() {
            if one === other || !unite(ObjectIdentifier(one), ObjectIdentifier(other)) { continue }
            guard Interruption.flag.pointee == 0, one.kind == other.kind, compare(one, other) else { return false }
        }
        return true
    }

    private mutating func compare(_ one: Object, _ other: Object) -> Bool {
        switch one.kind {
        case .list:
            return compare(
                unsafeDowncast(one, to: ListObject.self).items, unsafeDowncast(other, to: ListObject.self).items)
        case .record:
            let (a, b) = (unsafeDowncast(one, to: RecordObject.self), unsafeDowncast(other, to: RecordObject.self))
            return a.type === b.type && !a.type.isModel && compare(a.values, b.values)
        case .map:
            let (a, b) = (unsafeDowncast(one, to: MapObject.self).items, unsafeDowncast(other, to: MapObject.self).items)
            guard a.count == b.count else { return false }
            for (key, value) in a {
                guard let counterpart = b[key], compare(value, counterpart) else { return false }
            }
            return true
        default:
            return one.isEqual(to: other)
        }
    }

    private mutating func compare(_ one: [Value], _ other: [Value]) -> Bool {
        guard one.count == other.count else { return false }
        for place in one.indices where !compare(one[place], other[place]) { return false }
        return true
    }

    private mutating func compare(_ one: Value, _ other: Value) -> Bool {
        guard case .object(let a) = one, case .object(let b) = other, a.isContainer, b.isContainer else {
            return valuesAreEqual(one, other)
        }
        open.append((a, b))
        return true
    }

    /// Puts two into one class; false when they were in one already.
    private mutating func unite(_ one: ObjectIdentifier, _ other: ObjectIdentifier) -> Bool {
        let (a, b) = (representative(of: one), representative(of: other))
        if a == b { return false }
        parents[a] = b
        return true
    }

    private mutating func representative(of start: ObjectIdentifier) -> ObjectIdentifier {
        var place = start
        while let parent = parents[place] {
            // Every other step skips one, so that ways stay short (path halving).
            if let next = parents[parent] { parents[place] = next }
            place = parent
        }
        return place
    }
}
