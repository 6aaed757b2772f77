/// Near misses of names.
public enum Suggestion {
    /// The candidate closest to `name`, or nil when none is close enough to be what was meant.
    public static func nearest(to name: String, among candidates: [String]) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard !wanted.isEmpty else { return nil }
        let limit = max(1, wanted.count / 3)
        var best: (text: String, distance: Int)?
        for candidate in candidates where candidate != name && !candidate.hasPrefix("_") {
            let distance = distance(wanted, Array(candidate.lowercased().unicodeScalars), limit: limit)
            guard distance <= limit else { continue }
            if let known = best, known.distance < distance || (known.distance == distance && known.text <= candidate) { continue }
            best = (candidate, distance)
        }
        return best?.text
    }

    /// Insertions, deletions, replacements and swaps of neighbours; more than `limit` when it is more.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int) -> Int {
        guard abs(a.count - b.count) <= limit else { return limit + 1 }
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var older = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        var current = previous
        for i in 1...a.count {
            current[0] = i
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { current[j] = min(current[j], older[j - 2] + 1) }
            }
            (older, previous, current) = (previous, current, older)
        }
        return previous[b.count]
    }
}
