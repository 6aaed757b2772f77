import Base
import Machine
import Tensors

/// Tensors from the language's own values: numbers, nested lists of equal lengths, ranges, tensors in lists.
enum TensorLiteral {
    /// nil when the value is nothing that a tensor can be made of. Integers give int64, floats float32, truth values
    /// bool; a mixture gives the highest of these.
    static func read(_ value: Value, dtype: DType? = nil, device: Device = .cpu) throws -> Tensor? {
        try read(value, dtype: dtype, device: device, depth: 0)
    }

    private static func read(_ value: Value, dtype: DType?, device: Device, depth: Int) throws -> Tensor? {
        if let tensor = (value.object as? TensorObject)?.tensor {
            return try (dtype.map { try tensor.to(dtype: $0) } ?? tensor).to(device: device)
        }
        var seen: Set<ObjectIdentifier> = []
        if let list = value.object as? ListObject, try holdsTensor(value, depth: depth, &seen) {
            let parts = try list.items.map { item -> Tensor in
                guard let part = try read(item, dtype: dtype, device: device, depth: depth + 1) else { throw unreadable(item) }
                return part
            }
            return try Tensor.stack(parts)
        }
        var collector = Collector()
        guard try collector.collect(value, depth: 0) else { return nil }
        if let dtype { try collector.requireFit(dtype) }
        let made: Tensor
        switch collector.kind {
        case .boolean: made = try Tensor(collector.numbers.map { $0 != 0 }, shape: collector.shape)
        case .integer: made = try Tensor(collector.integers, shape: collector.shape)
        case .float:
            made = dtype == nil || dtype == .float32
                ? try Tensor(collector.numbers.map { Float($0) }, shape: collector.shape)
                : try Tensor(collector.numbers, shape: collector.shape)
        }
        return try (dtype.map { try made.to(dtype: $0) } ?? made).to(device: device)
    }

    /// Whether a list holds a tensor at any depth; a list inside itself is nested too deep.
    private static func holdsTensor(_ value: Value, depth: Int, _ seen: inout Set<ObjectIdentifier>) throws -> Bool {
        if value.object is TensorObject { return true }
        guard let list = value.object as? ListObject else { return false }
        guard depth < 64 else { throw tooDeep }
        guard seen.insert(ObjectIdentifier(list)).inserted else { return false }
        for item in list.items where try holdsTensor(item, depth: depth + 1, &seen) { return true }
        return false
    }

    private static let tooDeep = Failure("value", "lists must be nested at most 64 deep to make a tensor")

    static func unreadable(_ value: Value) -> Failure {
        Failure("type", "a tensor is made of numbers, truth values and lists of those, but found \(value.typeName)")
    }

    private struct Collector {
        enum Kind: Int { case boolean, integer, float }
        var kind = Kind.boolean
        var shape: [Int] = []
        var isShapeKnown = false
        var integers: [Int] = []
        var numbers: [Double] = []

        /// False for something that is no tensor at the outermost level.
        mutating func collect(_ value: Value, depth: Int) throws -> Bool {
            switch value {
            case .boolean(let truth): try leaf(depth, .boolean, truth ? 1 : 0, truth ? 1 : 0)
            case .integer(let number): try leaf(depth, .integer, number, Double(number))
            case .float(let number): try leaf(depth, .float, Int(exactly: number) ?? 0, number)
            case .object(let list as ListObject): try branch(list.items, depth: depth)
            case .object(let range as RangeObject):
                try requireRoom(range.upper - range.lower)
                try branch((range.lower..<range.upper).map { .integer($0) }, depth: depth)
            default:
                if depth == 0 { return false }
                throw TensorLiteral.unreadable(value)
            }
            return true
        }

        private mutating func branch(_ items: [Value], depth: Int) throws {
            guard depth < 64 else { throw TensorLiteral.tooDeep }
            if isShapeKnown {
                guard depth < shape.count, shape[depth] == items.count else { throw ragged(depth, items.count) }
            } else {
                shape.append(items.count)
            }
            if items.isEmpty {
                try knowShape()
                kind = max(kind, .float)
            }
            for item in items { _ = try collect(item, depth: depth + 1) }
        }

        private mutating func leaf(_ depth: Int, _ found: Kind, _ integer: Int, _ number: Double) throws {
            try knowShape()
            guard depth == shape.count else { throw ragged(depth, nil) }
            kind = max(kind, found)
            integers.append(integer)
            numbers.append(number)
        }

        /// The first way down has come to its end, and tells how many lists and numbers there are to read; lists that share
        /// parts are soon too many.
        private mutating func knowShape() throws {
            if isShapeKnown { return }
            isShapeKnown = true
            var count = 1
            for size in shape where size > 0 { count = count.timesOrLargest(size) }
            try requireRoom(count)
        }

        private func requireRoom(_ count: Int) throws {
            guard count > MemoryBudget.largestCount else { return }
            throw Failure("memory", "lists that make a tensor must hold at most \(MemoryBudget.largestCount) items, but hold \(count)")
        }

        /// Fails unless every number found fits `dtype`; fractions are dropped by integers.
        func requireFit(_ dtype: DType) throws {
            guard dtype.integerRange != nil else { return }
            if kind == .float {
                for number in numbers { try NumberCheck.fits(number, dtype, "an element") }
            } else if let least = integers.min(), let most = integers.max() {
                try NumberCheck.fits(least, dtype, "an element")
                try NumberCheck.fits(most, dtype, "an element")
            }
        }

        private func max(_ one: Kind, _ other: Kind) -> Kind { one.rawValue >= other.rawValue ? one : other }

        private func ragged(_ depth: Int, _ found: Int?) -> Failure {
            let wanted = depth < shape.count ? "a list of \(shape[depth])" : "a number"
            return Failure(
                "shape",
                "lists that make a tensor must have equal lengths, but at depth \(depth) \(wanted) is expected and \(found.map { "a list of \($0)" } ?? "a number") found"
            )
        }
    }
}
