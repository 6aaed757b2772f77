/// Documentation, which is markdown, as a terminal shows it.
struct HelpText {
    let colors: Bool

    func shown(_ markdown: String) -> String {
        var lines: [String] = []
        var isCode = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.trimmed.hasPrefix("```") {
                isCode.toggle()
                continue
            }
            lines.append(isCode ? "    " + line : prose(line))
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// Code in its colour instead of between backticks, headings and `**words**` bold.
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
