/// Text cut and wrapped to the room there is for it.
///
/// Widths are estimated, since the layout is made before any font is asked: the unit is a mean letter of running text.
enum TextFit {
    /// The width of a text in mean letters of a proportional font.
    static func letters(_ text: some StringProtocol) -> Double { text.reduce(0) { $0 + letters($1) } }

    /// The columns that a text takes in a terminal.
    static func cells(_ text: some StringProtocol) -> Double { text.reduce(0) { $0 + cells($1) } }

    static func letters(_ character: Character) -> Double {
        if isWide(character) { return 1.9 }
        switch character {
        case "m", "w", "M", "W", "@", "%", "—", "…": return 1.6
        case "i", "j", "l", "I", "|", "!", ".", ",", ":", ";", "'", "`": return 0.62
        case " ", "f", "r", "t", "(", ")", "[", "]", "{", "}", "/", "\\", "-", "\"": return 0.78
        default: return character.isUppercase || character.isNumber ? 1.22 : 1.08
        }
    }

    static func cells(_ character: Character) -> Double { isWide(character) ? 2 : 1 }

    /// Characters of East Asian scripts and pictographs, which take the room of two.
    private static func isWide(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return true
        default: return false
        }
    }

    /// The text itself where it fits, else its beginning and an ellipsis.
    static func shortened(_ text: String, to room: Double, _ width: (Character) -> Double = letters) -> String {
        // A text of more characters than this fits nowhere, and need not be measured to its end.
        let looked = text.prefix(max(1, Int(room * 2)) + 1)
        var used = 0.0
        var end = looked.startIndex
        var cut = looked.startIndex
        while end < looked.endIndex {
            used += width(looked[end])
            if used > room { return String(looked[..<cut]).trimmedAtEnd + "…" }
            looked.formIndex(after: &end)
            if used + width("…") <= room { cut = end }
        }
        return looked.endIndex == text.endIndex ? text : String(looked[..<cut]).trimmedAtEnd + "…"
    }

    /// The text on at most `most` lines that fit the room, broken between words where that is possible; the last ends
    /// in an ellipsis where more would follow. No lines for an empty text.
    static func lines(
        _ text: String, room: Double, most: Int, _ width: @escaping (Character) -> Double = letters
    ) -> [String] {
        func measure(_ text: some StringProtocol) -> Double { text.reduce(0) { $0 + width($1) } }
        if text.isEmpty { return [] }
        if measure(text.prefix(Int(room * 2) + 1)) <= room, text.count <= Int(room * 2) { return [text] }
        var lines: [String] = []
        var words = text.split(separator: " ", omittingEmptySubsequences: true)[...]
        while !words.isEmpty {
            if lines.count == most - 1 {
                lines.append(shortened(words.joined(separator: " "), to: room, width))
                break
            }
            var line = ""
            while let word = words.first {
                let longer = line.isEmpty ? String(word) : line + " " + word
                if measure(longer.prefix(Int(room * 2) + 1)) <= room, longer.count <= Int(room * 2) {
                    line = longer
                    words.removeFirst()
                } else if line.isEmpty {
                    // A word longer than a line is broken where the line ends.
                    var used = 0.0
                    let part = word.prefix { character in
                        used += width(character)
                        return used <= room
                    }
                    let taken = part.isEmpty ? word.prefix(1) : part
                    line = String(taken)
                    let rest = word.dropFirst(taken.count)
                    words.removeFirst()
                    if !rest.isEmpty { words = [rest] + words }
                    break
                } else {
                    break
                }
            }
            lines.append(line)
        }
        return lines.isEmpty ? [" "] : lines
    }
}

extension String {
    /// Without spaces at its end.
    fileprivate var trimmedAtEnd: String {
        var kept = self[...]
        while kept.last == " " { kept.removeLast() }
        return String(kept)
    }
}
