/// Near misses of names.
public enum Suggestion {
    /// The candidate nearest to a misspelled name, nil when none is near enough to be meant.
    ///
    /// Distance is Damerau's and Levenshtein's (insert, delete, replace, swap neighbours), where a change of
    /// upper and lower case costs nothing. A third of the name may be wrong, three letters only where the first is right; of equal candidates the one that
    /// shares the longer beginning, then the first in order of the alphabet, is taken.
    /// What other languages call a name, among the candidates or written out, comes before all of these.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count <= 400 else { return nil }
        if let own = ForeignNames.functions[name], candidates.contains(own) { return own }
        let wanted = Array(folded(name))
        guard !wanted.isEmpty, wanted.count <= 60 else { return nil }
        let limit = max(1, min(3, (wanted.count + 1) / 3))
        var best: (distance: Int, shared: Int, name: String)?
        for candidate in candidates where candidate != name {
            let letters = Array(folded(candidate))
            guard abs(letters.count - wanted.count) <= limit else { continue }
            let distance = self.distance(wanted, letters)
            guard distance <= limit, distance < max(wanted.count, letters.count) else { continue }
            let shared = zip(wanted, letters).prefix { $0 == $1 }.count
            // `randint` is no misspelt `gradient`: whoever changes that much begins rightly.
            guard distance < 3 || shared > 0 else { continue }
            // Of one letter and two too little is left: `i` is no misspelt `pi`, `np` no `Up`.
            guard wanted.count > 2 || (shared > 0 && distance < wanted.count) else { continue }
            if let known = best, (known.distance, -known.shared, known.name) <= (distance, -shared, candidate) { continue }
            best = (distance, shared, candidate)
        }
        return best?.name
    }

    /// A help line such as "did you mean `dice_loss`?", nil without a near candidate.
    public static func help(for name: String, among candidates: some Sequence<String>) -> String? {
        nearest(to: name, among: candidates).map { "did you mean `\($0)`?" }
    }

    private static func folded(_ name: String) -> String {
        name.lowercased()
    }

    /// How far two names are from each other, in single changes.
    public static func distance(_ first: String, _ second: String) -> Int { distance(Array(folded(first)), Array(folded(second))) }

    /// The number of single changes between two words (optimal string alignment).
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
        var earlier = [Int](repeating: 0, count: second.count + 1)
        var previous = Array(0...second.count)
        for row in 1...first.count {
            var line = [Int](repeating: row, count: second.count + 1)
            for column in 1...second.count {
                let same = first[row - 1] == second[column - 1]
                line[column] = min(previous[column] + 1, line[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    line[column] = min(line[column], earlier[column - 2] + 1)
                }
            }
            earlier = previous
            previous = line
        }
        return previous[second.count]
    }
}
