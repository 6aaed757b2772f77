import Foundation
import Pages
import Session
import Syntax

/// Where the examples of the pages use a name, and which of them end in an error.
struct BookMentions {
    struct Failing: Equatable {
        let code: String
        /// Words of the message; may be empty.
        let words: String
        let call: String
    }
    private var documents: [String: [Int]] = [:]
    private var failing: [String: [Failing]] = [:]
    private static let limit = 4

    init(_ documents: [SiteDocument]) {
        for (place, document) in documents.enumerated() {
            let lines = document.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
            for block in FencedBlock.all(in: lines) { read(block.lines.joined(separator: "\n"), place) }
        }
    }

    /// Places among the documents, in order.
    func documents(using name: String) -> [Int] { documents[name] ?? [] }

    /// One example for each error that a call of the name ends in; tests hold the pages to them.
    func failing(_ name: String) -> [Failing] { failing[name] ?? [] }

    private mutating func read(_ code: String, _ document: Int) {
        let file = SourceFile(name: "", text: code)
        let parts = SourcePart.parts(of: file)
        for part in parts where part.kind == .function {
            let name = file.text(of: part.span)
            if documents[name]?.last != document { documents[name, default: []].append(document) }
        }
        for line in code.split(whereSeparator: \.isNewline) {
            guard let mark = line.range(of: "# error: ") else { continue }
            let call = line[..<mark.lowerBound].trimmingCharacters(in: .whitespaces)
            let name = call.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard mark.upperBound < line.endIndex, !name.isEmpty, call.dropFirst(name.count).hasPrefix("("), call.hasSuffix(")") else { continue }
            let stated = line[mark.upperBound...].split(separator: ",", maxSplits: 1)
            let one = Failing(
                code: stated[0].trimmingCharacters(in: .whitespaces),
                words: stated.count > 1 ? stated[1].trimmingCharacters(in: .whitespaces) : "", call: call)
            var known = failing[String(name)] ?? []
            if known.count < BookMentions.limit, !known.contains(where: { $0.code == one.code && $0.words == one.words }) { known.append(one) }
            failing[String(name)] = known
        }
    }
}
