/// What someone asks about a name: `?name` what is known of it, `??name` its source; the marks may stand behind it as well.
public struct Question {
    public let name: String
    public let wantsSource: Bool

    /// nil when the text is no such question. `?` alone asks about nothing.
    public init?(_ text: String) {
        let isBlank = { (letter: Character) in letter.isWhitespace }
        var rest = Substring(text).drop(while: isBlank)
        while rest.last.map(isBlank) ?? false { rest.removeLast() }
        var marks = 0
        if rest.first == "?" {
            while rest.first == "?", marks < 2 {
                rest.removeFirst()
                marks += 1
            }
            rest = rest.drop(while: isBlank)
        } else {
            while rest.last == "?", marks < 2 {
                rest.removeLast()
                marks += 1
            }
            guard rest.allSatisfy({ $0.isLetter || $0.isNumber || "_.[]:\"".contains($0) }) else { return nil }
        }
        guard marks > 0, !rest.isEmpty, !rest.contains(where: \.isNewline) else { return nil }
        name = String(rest)
        wantsSource = marks == 2
    }
}
