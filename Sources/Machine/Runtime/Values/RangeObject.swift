import Base

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
    public override var content: Content { .range(lower..<upper) }
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
