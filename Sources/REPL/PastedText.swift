/// A pasted text as input: one kind of line end, nothing that commands a terminal, and of a copied dialogue with a prompt
/// only what was typed.
enum PastedText {
    static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\r": scalars.append("\n")
            case "\n": if previous != "\r" { scalars.append("\n") }
            case "\t": scalars.append(scalar)
            default: if scalar.value >= 0x20, scalar.value != 0x7F, !(0x80..<0xA0).contains(scalar.value) { scalars.append(scalar) }
            }
        }
        var lines = String(scalars).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.first(where: { !$0.trimmed.isEmpty })?.hasPrefix(Prompts.first) == true { lines = typed(lines) }
        // The input runs when Enter is pressed behind its last line.
        while lines.count > 1, lines.last?.trimmed.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func typed(_ lines: [String]) -> [String] {
        lines.compactMap { line in
            for prompt in [Prompts.first, Prompts.following] where line.hasPrefix(prompt) {
                return String(line.dropFirst(prompt.count))
            }
            return line == Prompts.following.trimmedEnd ? "" : nil
        }
    }
}

/// What stands before the first line of an input, and before those that follow.
enum Prompts {
    static let first = "rs4> "
    static let following = "...  "
}
