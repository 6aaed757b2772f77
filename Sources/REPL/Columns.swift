import Machine

/// Words in columns.
enum Columns {
    /// At most this many words are listed.
    private static let most = 120

    /// Candidates in columns that fit the width; of paths only the last part.
    static func listing(_ candidates: [String], width: Int) -> String {
        let names = candidates.map { candidate in
            candidate.hasSuffix("/")
                ? String(candidate.dropLast().split(separator: "/").last ?? "") + "/"
                : String(candidate.split(separator: "/").last ?? Substring(candidate)).trimmed
        }
        let shown = Array(names.prefix(most))
        let widths = shown.map { displayWidth($0) }
        let cell = (widths.max() ?? 0) + 2
        let columns = max(1, width / max(1, cell))
        let rows = (shown.count + columns - 1) / columns
        var lines = (0..<rows).map { row in
            stride(from: row, to: shown.count, by: rows).map { index in
                shown[index] + String(repeating: " ", count: cell - widths[index])
            }.joined().trimmedEnd
        }
        if names.count > most { lines.append("… and \(names.count - most) more") }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// With lines that are wider than `columns` broken between words, what follows indented. Lines that command the terminal,
    /// which are pictures, stay as they are.
    func brokenAtWords(columns: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard displayWidth(String(line)) > columns, columns > 20, !line.contains("\u{1B}") else { return String(line) }
            let blanks = String(line.prefix { $0 == " " })
            var lines: [String] = []
            var current = blanks
            for word in line.dropFirst(blanks.count).split(separator: " ", omittingEmptySubsequences: false) {
                let isFirst = current.allSatisfy { $0 == " " }
                if !isFirst, displayWidth(current) + 1 + displayWidth(String(word)) > columns {
                    lines.append(current)
                    current = blanks + "  " + word
                } else {
                    current += (isFirst ? "" : " ") + word
                }
            }
            return (lines + [current]).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Without white space at both ends.
    var trimmed: String { Substring(self).trimmed }

    /// Without blanks at the end.
    var trimmedEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension Substring {
    /// Without white space at both ends.
    var trimmed: String {
        let from = drop { $0.isWhitespace }
        guard let last = from.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(from[...last])
    }
}
