/// The identifiers of one page: no two are the same.
public final class Identifiers {
    private var taken: Set<String> = []
    /// How many headings had the same words.
    private var counts: [String: Int] = [:]

    public init() {}

    /// An identifier for a heading of these words, as GitHub makes it; the second of the same words ends in `-1`.
    public func add(_ heading: String) -> String {
        let words = Markdown.identifier(heading)
        let base = words.isEmpty ? "section" : words
        var identifier = base
        while !taken.insert(identifier).inserted {
            counts[base, default: 0] += 1
            identifier = "\(base)-\(counts[base] ?? 0)"
        }
        return identifier
    }
}
