/// What a script's values may take.
///
/// The machine does not know the computer's memory; whoever puts both together says what is left. Large steps ask here
/// before they are taken; what many small ones add up to, a watch sees, which stops the script through the interrupt flag.
public enum MemoryBudget {
    /// How many bytes a string and how many items a list may have.
    public static let largestCount = 1 << 28
    /// The value of `Machine.interruptFlag` by which a watch says that the memory is used up.
    public static let isUsedUp: Int32 = 2
    /// Steps of fewer bytes are taken without asking.
    private static let askedFrom = 16 << 20

    /// The failure when that many bytes more are too many for something; nil when they are not.
    nonisolated(unsafe) public static var refusal: (_ bytes: Int, _ what: String) -> Failure? = { _, _ in nil }
    /// What a script is told when the memory is used up.
    nonisolated(unsafe) public static var usedUp: () -> Failure = { Failure("memory", "the memory is used up") }

    /// Throws code `memory` when bytes are too many to be taken at once; `what` is what needs them, with its verb.
    public static func require(bytes: Int, _ what: @autoclosure () -> String) throws {
        guard bytes >= askedFrom, let refusal = refusal(bytes, what()) else { return }
        throw refusal
    }

    /// Throws code `memory` when one list cannot get so many items.
    public static func require(items count: Int) throws {
        guard count <= largestCount else {
            throw Failure("memory", "a list must have at most \(largestCount) items, but would have \(count)")
        }
        try require(bytes: count * MemoryLayout<Value>.stride, "a list of \(count) items")
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
