import Syntax

/// The inputs of a session that succeeded, and the script they make.
struct Transcript {
    struct Entry {
        var text: String
        /// The number of the result that was shown.
        var result: Int?
    }
    private(set) var entries: [Entry] = []

    mutating func add(_ text: String, result: Int?) { entries.append(Entry(text: text, result: result)) }
    mutating func clear() { entries = [] }

    /// A script with a cell for each input. Where an input mentions a result, `_` or `_3`, the input that gave it binds
    /// that name.
    var script: String {
        var texts = entries.map(\.text)
        var needed: Set<Int> = []
        var last: Int?
        for (place, entry) in entries.enumerated() {
            defer { last = entry.result ?? last }
            var text = Array(texts[place].utf8)
            guard case .complete(let program) = Parser.parse(SourceFile(name: "", text: entry.text)) else { continue }
            for mention in NameMentions.find(in: program).reversed() {
                if mention.name == "_", let last {
                    text.replaceSubrange(mention.span.start..<mention.span.end, with: Array("_\(last)".utf8))
                    needed.insert(last)
                } else if mention.name.hasPrefix("_"), let number = Int(mention.name.dropFirst()) {
                    needed.insert(number)
                }
            }
            texts[place] = String(decoding: text, as: UTF8.self)
        }
        for (place, entry) in entries.enumerated() {
            if let result = entry.result, needed.contains(result) { texts[place] = Transcript.binding("_\(result)", texts[place]) }
        }
        return texts.map { text in
            (text.hasPrefix("# %%") ? "" : "# %%\n") + text + (text.hasSuffix("\n") ? "" : "\n")
        }.joined(separator: "\n")
    }

    /// The text with its last statement bound to a name; unchanged when that is no expression.
    private static func binding(_ name: String, _ text: String) -> String {
        let file = SourceFile(name: "", text: text)
        guard case .complete(let program) = Parser.parse(file), let last = program.statements.last, case .expression = last.kind
        else { return text }
        let bytes = Array(text.utf8)
        return String(decoding: bytes[..<last.span.start], as: UTF8.self) + "let \(name) = "
            + String(decoding: bytes[last.span.start...], as: UTF8.self)
    }
}
