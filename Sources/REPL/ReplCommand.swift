/// Input that speaks to the prompt itself: `:help`, `:quit`, `?name`.
enum ReplCommand {
    case quit
    case overview
    case help(String)
    case unknown(String)

    static let names = ["help", "quit"]

    /// nil when the line is program text.
    init?(_ line: String) {
        let text = line.trimmed
        if text.hasPrefix("?") {
            let name = String(text.dropFirst()).trimmed
            self = name.isEmpty ? .overview : .help(name)
            return
        }
        guard text.hasPrefix(":") else { return nil }
        let words = text.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
        switch words.first ?? "" {
        case "quit", "q", "exit": self = .quit
        case "help", "h": self = words.count > 1 ? .help(words[1].trimmed) : .overview
        default: self = .unknown(text)
        }
    }

    static let overviewText = """
        Type a line to run it; the value is shown unless the line ends in `;`. Unfinished input continues on the next line.
          ?name      help for a function or value        Tab     complete a name, or a path inside quotes
          :help      this text                           Ctrl-R  search the history
          :quit      leave (also Ctrl-D)                 Ctrl-C  clear the line, or stop what runs
        Start with `print("hello")`, `?register` or `?read_volume`.
        """
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        let from = drop { $0.isWhitespace }
        guard let last = from.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(from[...last])
    }
}
