import Foundation
import Syntax

/// As many lines as make one input of the prompt, and what the comment behind them states of it.
public struct ScriptPiece {
    public enum Expectation {
        /// `# => text`
        case shows(String)
        /// `# error: code, words`
        case error(String, [String])
        case nothing
    }
    public let text: String
    /// The first line, counted from 0.
    public let line: Int
    public let expectation: Expectation

    /// Cuts lines where the prompt would run them; empty lines between pieces belong to none.
    public static func pieces(of lines: [String], name: String) -> [ScriptPiece] {
        var result: [ScriptPiece] = []
        var piece: [String] = []
        for (number, line) in lines.enumerated() {
            piece.append(line)
            let text = piece.joined(separator: "\n")
            if text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
                piece = []
                continue
            }
            if number + 1 < lines.count, continues(lines[number + 1]) { continue }
            if number + 1 < lines.count, case .incomplete = Parser.parse(SourceFile(name: name, text: text)) { continue }
            result.append(ScriptPiece(text: text, line: number + 1 - piece.count, expectation: expectation(text, piece)))
            piece = []
        }
        return result
    }

    private static func continues(_ line: String) -> Bool {
        let text = line.trimmingCharacters(in: .whitespaces)
        return text.hasPrefix("|>") || text.hasPrefix(".") || text.hasPrefix("else ")
    }

    /// What the last comment behind code states. In a text whose strings do not end, all that follows a mark counts.
    private static func expectation(_ text: String, _ lines: [String]) -> Expectation {
        let file = SourceFile(name: "", text: text)
        let comments = Comment.all(in: file).map { comments in comments.filter { !$0.isAlone }.map { Substring(file.text(of: $0.span)) } }
        // A comment on a line of its own tells the reader something; it expects nothing.
        for comment in (comments ?? lines.filter { $0.trimmingCharacters(in: .whitespaces).first != "#" }.map { Substring($0) }).reversed() {
            if let mark = comment.range(of: "# => ", options: .backwards) {
                return .shows(comment[mark.upperBound...].trimmingCharacters(in: .whitespaces))
            }
            if let mark = comment.range(of: "# error: ", options: .backwards) {
                let parts = comment[mark.upperBound...].components(separatedBy: ", ")
                return .error(parts[0].trimmingCharacters(in: .whitespaces), Array(parts.dropFirst()))
            }
        }
        return .nothing
    }
}
