/// The grammar of a language in EBNF (ISO 14977, without its rarer forms).
public struct Grammar {
    public indirect enum Rule {
        case sequence([Rule])
        case choice([Rule])
        case optional(Rule)
        case repeated(Rule)
        /// Text that stands for itself.
        case terminal(String)
        case reference(String)
        /// `? … ?`: a single character, told in words.
        case special(String)
    }

    /// The right side of each production, by name.
    public private(set) var productions: [String: Rule] = [:]
    /// The names of the productions in the order of the text.
    public private(set) var names: [String] = []
    /// What could not be read, one sentence each; empty for a grammar that is whole.
    public private(set) var problems: [String] = []

    /// Reads productions `name = rule ;`.
    public init(_ text: String) {
        var reader = Reader(text)
        while !reader.isAtEnd, problems.isEmpty {
            guard let name = reader.name(), reader.take("="), let rule = reader.rule(), reader.take(";") else {
                problems.append("a production must be `name = rule ;`, but is not near `\(reader.nearby)`")
                return
            }
            if productions[name] != nil { problems.append("`\(name)` must be told once, but is told twice") }
            productions[name] = rule
            names.append(name)
        }
        for name in names {
            for reference in productions[name].map(Grammar.references) ?? [] where productions[reference] == nil {
                problems.append("`\(reference)` must have a production, but has none")
            }
        }
    }

    /// The grammar in the blocks marked `ebnf` of a markdown page.
    public init(page: String) {
        var lines: [Substring] = []
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```ebnf"
            } else if isInside {
                lines.append(line)
            }
        }
        self.init(lines.joined(separator: "\n"))
    }

    /// The productions that no derivation of the given ones comes to.
    public func unreachable(from roots: [String]) -> [String] {
        var seen = Set(roots)
        var open = roots
        while let name = open.popLast() {
            for reference in productions[name].map(Grammar.references) ?? [] where seen.insert(reference).inserted {
                open.append(reference)
            }
        }
        return names.filter { !seen.contains($0) }
    }

    /// The productions that a rule mentions.
    static func references(_ rule: Rule) -> [String] {
        switch rule {
        case .reference(let name): return [name]
        case .terminal, .special: return []
        case .optional(let inner), .repeated(let inner): return references(inner)
        case .sequence(let parts), .choice(let parts): return parts.flatMap(references)
        }
    }

    /// Walks over the text of a grammar.
    private struct Reader {
        private let characters: [Character]
        private var place = 0

        init(_ text: String) {
            characters = Array(text)
            skip()
        }

        var isAtEnd: Bool { place >= characters.count }
        var nearby: String { String(characters[min(place, characters.count)..<min(place + 30, characters.count)]) }
        private var current: Character? { place < characters.count ? characters[place] : nil }

        private mutating func skip() {
            while let character = current {
                if character.isWhitespace {
                    place += 1
                } else if character == "(", place + 1 < characters.count, characters[place + 1] == "*" {
                    while place + 1 < characters.count, !(characters[place] == "*" && characters[place + 1] == ")") { place += 1 }
                    place = min(place + 2, characters.count)
                } else {
                    return
                }
            }
        }

        mutating func take(_ character: Character) -> Bool {
            guard current == character else { return false }
            place += 1
            skip()
            return true
        }

        mutating func name() -> String? {
            let start = place
            while let character = current, character.isLetter || character == "_" { place += 1 }
            guard place > start else { return nil }
            defer { skip() }
            return String(characters[start..<place])
        }

        mutating func rule() -> Rule? {
            var choices: [Rule] = []
            repeat {
                guard let part = sequence() else { return nil }
                choices.append(part)
            } while take("|")
            return choices.count == 1 ? choices[0] : .choice(choices)
        }

        private mutating func sequence() -> Rule? {
            var parts: [Rule] = []
            while let character = current, !"|;)]}".contains(character) {
                guard let part = factor() else { return nil }
                parts.append(part)
            }
            return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .sequence(parts)
        }

        private mutating func factor() -> Rule? {
            switch current {
            case "\"", "'": return quoted().map { .terminal($0) }
            case "?": return quoted().map { .special($0) }
            case "(": return bracketed(")")
            case "[": return bracketed("]").map { .optional($0) }
            case "{": return bracketed("}").map { .repeated($0) }
            default: return name().map { .reference($0) }
            }
        }

        private mutating func bracketed(_ close: Character) -> Rule? {
            place += 1
            skip()
            guard let inner = rule(), take(close) else { return nil }
            return inner
        }

        private mutating func quoted() -> String? {
            guard let quote = current else { return nil }
            let start = place + 1
            place = start
            while let character = current, character != quote { place += 1 }
            guard place < characters.count else { return nil }
            let text = String(characters[start..<place])
            place += 1
            skip()
            return text
        }
    }
}
