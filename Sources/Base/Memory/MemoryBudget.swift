/// What a script's values may take.
///
/// Large steps ask here before they are taken; what many small ones add up to, `MemoryWatch` sees, which stops the script
/// through the interrupt flag.
public enum MemoryBudget {
    /// How many bytes a string and how many items a list may have.
    public static let largestCount = 1 << 28
    /// Steps of fewer bytes are taken without asking.
    private static let askedFrom = 16 << 20

    /// Throws code `memory` when bytes are too many to be taken at once; `what` is what needs them.
    public static func require(bytes: Int, _ what: @autoclosure () -> String) throws {
        guard bytes >= askedFrom, let refusal = Memory.refusal(bytes, for: what()) else { return }
        throw refusal
    }

    /// Throws code `memory` when one list cannot get so many items, each of so many bytes.
    public static func require(items count: Int, of bytes: Int) throws {
        guard count <= largestCount else {
            throw Failure("memory", "a list must have at most \(largestCount) items, but would have \(count)")
        }
        try require(bytes: count * bytes, "a list of \(count) items")
    }

    /// Throws code `memory` when one string cannot get so many bytes, of which it has some already. What grows in many small
    /// steps asks each time that it has doubled.
    public static func require(text bytes: Int, having present: Int = 0) throws {
        guard bytes <= largestCount else {
            throw Failure("memory", "a string must have at most \(largestCount) bytes, but would have \(bytes)")
        }
        if present.leadingZeroBitCount == bytes.leadingZeroBitCount { return }
        try require(bytes: bytes, "a string of \(bytes) bytes")
    }
}

extension Int {
    /// The product, or the largest integer where it does not fit: for counts that are compared with a limit.
    public func timesOrLargest(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
