import Session

/// Which names to see beside one: those that its words, signature or example mention, then those that mention it.
struct RelatedNames {
    private let entries: [ReferenceEntry]
    /// For each entry the places of the entries that it mentions.
    private let mentions: [[Int]]
    private let mentionedBy: [[Int]]
    private let places: [String: Int]
    private static let limit = 8

    init(_ modules: [Reference.Module]) {
        let entries = modules.flatMap(\.entries)
        var names: [String: Int] = [:]
        for (place, entry) in entries.enumerated() where names[entry.name] == nil { names[entry.name] = place }
        var mentions: [[Int]] = []
        var mentionedBy = [[Int]](repeating: [], count: entries.count)
        for (place, entry) in entries.enumerated() {
            let words = RelatedNames.quoted(entry.summary + "\n" + entry.details)
            let parameters = Set(entry.parameters.map(\.name))
            let found = words.filter { !parameters.contains($0) }.compactMap { names[$0] }.filter { $0 != place }
            var unique: [Int] = []
            for other in found where !unique.contains(other) { unique.append(other) }
            mentions.append(unique)
            for other in unique { mentionedBy[other].append(place) }
        }
        self.entries = entries
        self.mentions = mentions
        self.mentionedBy = mentionedBy
        places = Dictionary(
            entries.enumerated().map { ("\($1.module).\($1.name)", $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The names between backticks, alone or before a bracket.
    private static func quoted(_ text: String) -> [String] {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0].prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }
    }

    /// At most eight; where too few are mentioned, the entry's neighbours in its module complete the list.
    func names(beside entry: ReferenceEntry) -> [ReferenceEntry] {
        guard let place = places["\(entry.module).\(entry.name)"] else { return [] }
        var found = mentions[place]
        for other in mentionedBy[place] where !found.contains(other) { found.append(other) }
        let near = [place - 1, place + 1, place - 2, place + 2]
        for other in near where found.count < 4 && entries.indices.contains(other) && !found.contains(other) {
            if entries[other].module == entry.module, entries[other].isEverywhere == entry.isEverywhere { found.append(other) }
        }
        return found.prefix(RelatedNames.limit).map { entries[$0] }
    }
}
