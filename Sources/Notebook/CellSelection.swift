/// Which cells of a script are wanted: `3`, `3-5`, `4-`, or several of these with commas between them.
public struct CellSelection {
    private let ranges: [ClosedRange<Int>]
    private let text: String

    /// nil when the text names no cells.
    public init?(_ text: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
            guard let first = ends.first.flatMap({ Int($0) }), first > 0, ends.count <= 2 else { return nil }
            let last = ends.count == 1 ? first : ends[1].isEmpty ? Int.max : Int(ends[1])
            guard let last, last >= first else { return nil }
            ranges.append(first...last)
        }
        self.ranges = ranges
        self.text = text
    }

    /// The chosen numbers from 1 to `count`, ascending; nil when one that is named is not there.
    func numbers(of count: Int) -> [Int]? {
        guard ranges.allSatisfy({ $0.lowerBound <= count && ($0.upperBound <= count || $0.upperBound == Int.max) }) else { return nil }
        return count == 0 ? [] : (1...count).filter { number in ranges.contains { $0.contains(number) } }
    }
}
