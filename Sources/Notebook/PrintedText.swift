/// What printed text looks like once a terminal has shown it.
enum PrintedText {
    /// The text without commands to terminals: colours go, and what stands behind a carriage return takes the place of what
    /// stood before it in the line.
    static func settled(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.contains(where: { $0 == "\u{1B}" || $0 == "\r" }) else { return text }
        var result = String.UnicodeScalarView()
        var line: [Unicode.Scalar] = []
        var column = 0
        var place = scalars.startIndex
        while place < scalars.endIndex {
            let scalar = scalars[place]
            switch scalar {
            case "\u{1B}":
                place = endOfCommand(scalars, from: place)
                continue
            case "\r": column = 0
            case "\n":
                result.append(contentsOf: line)
                result.append(scalar)
                line.removeAll(keepingCapacity: true)
                column = 0
            default:
                if column < line.count { line[column] = scalar } else { line.append(scalar) }
                column += 1
            }
            place = scalars.index(after: place)
        }
        result.append(contentsOf: line)
        return String(result)
    }

    /// The place behind a command that begins with an escape (ECMA-48): `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and a letter.
    private static func endOfCommand(_ scalars: String.UnicodeScalarView, from start: String.Index) -> String.Index {
        var place = scalars.index(after: start)
        guard place < scalars.endIndex else { return place }
        let kind = scalars[place]
        place = scalars.index(after: place)
        while kind == "[" || kind == "]", place < scalars.endIndex {
            let scalar = scalars[place]
            // A command that never ends does not swallow the lines behind it.
            if scalar == "\n" { return place }
            place = scalars.index(after: place)
            if kind == "[" ? (0x40...0x7E).contains(scalar.value) : scalar == "\u{7}" { break }
            if kind == "]", scalar == "\u{1B}" {
                return place < scalars.endIndex && scalars[place] == "\\" ? scalars.index(after: place) : place
            }
        }
        return place
    }
}
