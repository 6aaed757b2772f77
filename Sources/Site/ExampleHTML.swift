import Foundation
import Machine
import Pages
import Session
import Syntax

/// An example as it reads and, for lines that do not state it themselves, what it shows.
enum ExampleHTML {
    /// Runs the example; pieces with a `# =>` are held to it by the tests and stand as they are.
    static func html(_ example: String, address: @escaping (String) -> String?) -> String {
        let host = TextHost()
        let session = Session(host: host)
        var html = ""
        var code: [String] = []
        func close() {
            if !code.isEmpty { html += CodeHTML.block(code.joined(separator: "\n"), address: address) }
            code = []
        }
        for piece in ScriptPiece.pieces(of: example.components(separatedBy: "\n"), name: "example") {
            code.append(piece.text)
            host.text = ""
            let outcome = session.evaluate(piece.text, name: "example")
            guard case .nothing = piece.expectation else { continue }
            let shown = self.shown(outcome, host.text)
            if !shown.isEmpty {
                close()
                html += CodeHTML.plain(shown, class: "output")
            }
        }
        close()
        return html
    }

    private static func shown(_ outcome: Session.Outcome, _ printed: String) -> String {
        var text = printed
        switch outcome {
        case .value(let value, let isSilenced):
            if case .none = value { break }
            if !isSilenced { text += value.representation }
        case .failed(let diagnostics): text += diagnostics.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
        case .incomplete(let diagnostic): text += DiagnosticRenderer().render(diagnostic)
        }
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
