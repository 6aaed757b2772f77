import Machine

/// Documentation, which is markdown, as a terminal shows it.
struct HelpText {
    let colors: Bool
    let columns: Int

    func shown(_ markdown: String) -> String {
        var lines: [String] = []
        var isCode = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.trimmed.hasPrefix("```") {
                isCode.toggle()
                continue
            }
            lines += isCode ? ["    " + line] : wrapped(line).map(prose)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// A line cut between words; what follows is indented as the line is, and deeper behind a list's mark. Tables stay.
    private func wrapped(_ line: String) -> [String] {
        guard displayWidth(line) > columns, !line.hasPrefix("|") else { return [line] }
        let blanks = line.prefix { $0 == " " }.count
        let mark = line.dropFirst(blanks).hasPrefix("- ") ? 2 : 0
        let margin = String(repeating: " ", count: min(blanks + mark, columns / 2))
        var lines: [String] = []
        var current = String(line.prefix(blanks))
        var isInCode = false
        for word in line.dropFirst(blanks).split(separator: " ") {
            let isFirst = current.allSatisfy { $0 == " " }
            if !isFirst, displayWidth(current) + 1 + displayWidth(String(word)) > columns {
                // Code that goes on in the next line is marked on both.
                lines.append(current + (isInCode ? "`" : ""))
                current = margin + (isInCode ? "`" : "") + word
            } else {
                current += (isFirst ? "" : " ") + word
            }
            if word.filter({ $0 == "`" }).count % 2 == 1 { isInCode.toggle() }
        }
        return lines + [current]
    }

    /// Code in its colour instead of between backticks, headings bold.
    private func prose(_ line: String) -> String {
        guard colors else { return line }
        if line.hasPrefix("#") { return "\u{1B}[1m" + String(line.drop { $0 == "#" }).trimmed + "\u{1B}[0m" }
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.count % 2 == 1 else { return line }
        return parts.enumerated().map { number, part in
            number % 2 == 1 ? "\u{1B}[36m\(part)\u{1B}[0m" : String(part)
        }.joined()
    }
}
