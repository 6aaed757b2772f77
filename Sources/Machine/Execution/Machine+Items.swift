import Base

extension Machine {
    /// Everything that an object gives when it is iterated over, as a list; nil when it cannot be iterated over.
    ///
    /// Throws code `memory` when that is more than a list may hold, and looks now and then whether someone asked to stop.
    public func items(of object: Object) throws -> [Value]? {
        if object.kind == .list { return unsafeDowncast(object, to: ListObject.self).items }
        if object.kind == .range {
            let range = unsafeDowncast(object, to: RangeObject.self)
            try MemoryBudget.require(items: range.upper - range.lower)
            return (range.lower..<range.upper).map { .integer($0) }
        }
        guard let iterator = try object.makeIterator(machine: self) else { return nil }
        return try collected { try iterator.next() }
    }

    /// A list of what `next` gives until it gives nil, with the same care.
    public func collected(_ next: () throws -> Value?) throws -> [Value] {
        var items: [Value] = []
        var checkpoint = 1 << 12
        while let item = try next() {
            if items.count & 0xfff == 0 { try checkInterrupt() }
            if items.count == checkpoint {
                try MemoryBudget.require(items: checkpoint + 1)
                checkpoint *= 2
                try MemoryBudget.require(bytes: checkpoint * MemoryLayout<Value>.stride, "a list of more than \(items.count) items")
            }
            items.append(item)
        }
        return items
    }
}
