import Session

/// Completion of `:commands`, of what follows them, and behind `?`.
enum CommandCompletion {
    /// nil for program text.
    static func completion(_ line: String, at cursor: Int, _ session: PromptSession) -> Completion? {
        let typed = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
        let text = typed.drop { $0 == " " }
        if text.hasPrefix("?") { return program(text.drop { $0 == "?" }, session) }
        guard text.hasPrefix(":") else { return nil }
        let name = text.dropFirst().prefix { $0 != " " }
        guard name.count + 1 < text.count else {
            let names = ReplCommand.names.filter { $0.hasPrefix(name) }.sorted()
            return Completion(replaced: name.utf8.count, candidates: names)
        }
        let rest = text.dropFirst(name.count + 1).drop { $0 == " " }
        if ReplCommand.takesPath(String(name)) { return PathCompletion.completion(String(rest.drop { $0 == "\"" })) }
        switch name {
        case "help", "h", "time": return program(rest, session)
        case "run": return Completion(replaced: rest.utf8.count, candidates: "all".hasPrefix(rest) ? ["all"] : [])
        default: return Completion(replaced: 0, candidates: [])
        }
    }

    private static func program(_ text: Substring, _ session: PromptSession) -> Completion {
        let text = String(text.drop { $0 == " " })
        return session.complete(text, at: text.utf8.count)
    }
}
