import Base

/// Guards printing, comparing and hashing against values that are deep, share parts, or contain themselves.
enum Nesting {
    nonisolated(unsafe) private static var depth = 0
    /// Containers that may still be described for the value being printed.
    nonisolated(unsafe) private static var budget = 0

    /// nil when values are nested deeper, or hold more containers, than anyone reads, or when someone asked to stop.
    static func describe(_ make: () -> String) -> String? {
        if depth == 0 { budget = 100_000 }
        budget -= 1
        guard depth < 64, budget > 0, Interruption.flag.pointee == 0 else { return nil }
        depth += 1
        defer { depth -= 1 }
        return make()
    }

    /// The texts of items with commas between them; cut short with `…` when there is no room for more in a string, or
    /// when someone asked to stop.
    static func joined<Items: Sequence>(_ items: Items, _ text: (Items.Element) -> String) -> String {
        var result = ""
        var isFirst = true
        for item in items {
            if !isFirst { result += ", " }
            isFirst = false
            guard result.utf8.count < MemoryBudget.largestCount, Interruption.flag.pointee == 0 else { return result + "…" }
            result += text(item)
        }
        return result
    }

    nonisolated(unsafe) private static var comparisonDepth = 0
    nonisolated(unsafe) private static var comparisons = 0
    /// Set when a comparison is not what recursion can decide.
    nonisolated(unsafe) private static var isBeyondRecursion = false

    /// Equality of two containers: by recursion while they are small, by `GraphEquality` otherwise.
    static func areEqual(_ one: Object, _ other: Object) -> Bool {
        guard comparisonDepth == 0 else {
            comparisons += 1
            guard comparisonDepth < 64, comparisons < 10_000, !isBeyondRecursion else {
                isBeyondRecursion = true
                return false
            }
            comparisonDepth += 1
            defer { comparisonDepth -= 1 }
            return one.isEqual(to: other)
        }
        comparisons = 0
        isBeyondRecursion = false
        comparisonDepth = 1
        let isEqual = one.isEqual(to: other)
        comparisonDepth = 0
        return isBeyondRecursion ? GraphEquality.areEqual(one, other) : isEqual
    }

    nonisolated(unsafe) private static var hashDepth = 0
    nonisolated(unsafe) private static var hashes = 0

    /// A hash of what a container holds; deep down, and past many containers, everything has one hash. What is equal looks
    /// the same on the way there, so its hashes agree.
    static func hash(_ make: () -> Int?) -> Int? {
        if hashDepth == 0 { hashes = 0 }
        hashes += 1
        guard hashDepth < 64, hashes < 10_000 else { return 0 }
        hashDepth += 1
        defer { hashDepth -= 1 }
        return make()
    }
}

extension Object {
    /// True for the machine's own objects that hold values and are equal when those are.
    final var isContainer: Bool { kind == .list || kind == .map || kind == .record }
}
