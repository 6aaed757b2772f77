import Base

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
