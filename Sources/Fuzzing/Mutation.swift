/// Spoils texts the way that slips of the hand, broken files and bad luck do.
public struct Mutation {
    /// What the inputs are made from.
    let corpus: [[UInt8]]
    private let lines: [[ArraySlice<UInt8>]]

    public init(corpus: [[UInt8]]) {
        self.corpus = corpus.filter { !$0.isEmpty }
        lines = self.corpus.map { $0.split(separator: 0x0A, omittingEmptySubsequences: false) }
    }

    /// Pieces that mean something to a lexer or parser.
    static let words: [[UInt8]] = [
        "(", ")", "[", "]", "{", "}", ",", ":", ";", "\n", "=", "=>", "|>", ".", "..<", "...", "+", "-", "**", "//", "not", "and", "in",
        "let ", "fn ", "if ", "else", "match ", "return ", "\"", "\"\"\"", "x", "1", "1.5", "1e999", "99999999999999999999", "# c\n",
        "## d\n", "# %% t\n", "\\", "\\u{", "@", "?", "use ", "model ", "record ", "param ", "try ", "catch", "é", "\u{0}", "'", "->",
        "nil", "assert ", " ", "{x", "{x:", "for ", "while ", "\r\n", "\r", "\t", "\u{FEFF}", "\u{A0}", "e\u{301}", "👩‍🔬", "漢",
        "raise ", "break", "continue", "==", "<", "0x", "0b2", "|", "&&", "++",
    ].map { Array($0.utf8) }

    /// A new input: some lines of the corpus, spoilt in up to six places.
    public func input(_ dice: inout Dice) -> [UInt8] {
        var text = passage(&dice)
        if dice.once(in: 6) { text.insert(contentsOf: passage(&dice), at: dice.roll(text.count + 1)) }
        for _ in 0..<dice.roll(7) { change(&text, &dice) }
        return text
    }

    private func passage(_ dice: inout Dice) -> [UInt8] {
        let number = dice.roll(corpus.count)
        guard number < corpus.count else { return [] }
        if dice.once(in: 200) { return corpus[number] }
        let first = dice.roll(lines[number].count)
        let last = min(lines[number].count, first + 1 + dice.roll(dice.once(in: 8) ? 40 : 8))
        return Array(lines[number][first..<last].joined(separator: [0x0A]))
    }

    /// One change somewhere in the text.
    public func change(_ text: inout [UInt8], _ dice: inout Dice) {
        let place = dice.roll(text.count + 1)
        let end = min(text.count, place + 1 + dice.roll(dice.once(in: 4) ? 60 : 6))
        switch dice.roll(11) {
        case 0, 1, 2: text.insert(contentsOf: dice.pick(Mutation.words) ?? [], at: place)
        case 3: text.removeSubrange(place..<end)
        case 4: text.insert(contentsOf: text[place..<end], at: dice.roll(text.count + 1))
        case 5: if place < text.count { text[place] ^= 1 << UInt8(dice.roll(8)) }
        case 6: if place < text.count { text[place] = UInt8(dice.roll(256)) }
        case 7: text.removeSubrange(place...)
        case 8:
            let piece = Array(text[place..<end])
            text.removeSubrange(place..<end)
            text.insert(contentsOf: piece, at: dice.roll(text.count + 1))
        case 9:
            let word = dice.pick(Mutation.words) ?? []
            let count = 1 + dice.roll(dice.once(in: 20) ? 3000 : 30)
            text.insert(contentsOf: repeatElement(word, count: count).joined(), at: place)
        default:
            let word = dice.pick(Mutation.words) ?? []
            text.replaceSubrange(place..<end, with: word)
        }
    }
}
