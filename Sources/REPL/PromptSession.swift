import Base
import Builtins
import Foundation
import Machine
import Session
import Syntax

/// What the prompt talks to: keeps the names and the results, runs inputs as cells, and words the answers for a terminal.
final class PromptSession {
    /// What came of one input.
    enum Outcome {
        /// The parser needs more lines before the input means something.
        case incomplete
        /// A value's text and its number; unless it `isNumbered`, no name such as `_3` stands for it, but `_` alone.
        case value(text: String, number: Int, isNumbered: Bool)
        /// Done, and nothing to show: a declaration, `nil`, or a statement that ended in `;`.
        case nothing
        /// A diagnostic, ready for the terminal; the session goes on.
        case failed(String)
    }

    let host: TerminalHost
    private let makeSession: () -> Session
    private var session: Session
    private var results = Results()
    /// Told of a name that nothing binds yet, gives what the prompt knows of it.
    var remark: (String) -> String? = { _ in nil } {
        didSet { session.remark = remark }
    }

    init(_ host: TerminalHost, _ makeSession: @escaping () -> Session) {
        self.host = host
        self.makeSession = makeSession
        session = makeSession()
        begin()
    }

    private func begin() {
        session.leaving = "Ctrl-D leaves, and so does `:quit`"
        session.remark = remark
    }

    /// Begins anew, without names, results and loaded modules.
    func reset() {
        session = makeSession()
        results = Results()
        begin()
    }

    /// Runs a text as one input.
    ///
    /// - Parameters:
    ///   - name: what diagnostics call it; nil for typed input.
    ///   - folder: where its `use "./file.rs4"` starts; nil for the working folder.
    ///   - line: the number of its first line, when it is a part of a file.
    ///   - isFinal: no more lines can follow, so unfinished input is a failure, not `incomplete`.
    func run(_ text: String, name: String? = nil, folder: String? = nil, line: Int = 1, isFinal: Bool) -> Outcome {
        var form = ""
        let outcome = session.runCell(
            text, name: name, folder: folder, line: line, showsText: true, drawsProgress: host.drawsLines
        ) { [host] output in
            switch output {
            case .printed(let text): host.write(text)
            case .progress(let line?): host.draw(line)
            case .progressLeft: host.leaveLine()
            case .value(let forms): form = PromptSession.text(forms)
            // The host itself takes a line away before it writes; a failure is told when it is known whether more may follow.
            case .progress(nil), .failed, .shown: break
            }
        }
        switch outcome {
        case .incomplete(let diagnostic): return isFinal ? .failed(worded([diagnostic])) : .incomplete
        case .failed(let diagnostics): return .failed(worded(diagnostics))
        case .value(.none, _), .value(_, isSilenced: true): return .nothing
        case .value(let value, isSilenced: false):
            let kept = results.keep(value, in: session.scope)
            return .value(text: form, number: kept.number, isNumbered: kept.isNumbered)
        }
    }

    /// True when the text ends inside something open.
    func isIncomplete(_ text: String) -> Bool { session.isIncomplete(text) }

    /// What could stand at `offset` (UTF-8 bytes into `text`).
    func complete(_ text: String, at offset: Int) -> Completion { session.completion(text, at: offset) }

    /// What is known of what is asked, markdown; throws a `Diagnostic` when nothing is.
    func answer(_ question: Question) throws -> String { try session.answer(question) }

    /// Everything of the last value that was shown, nothing left out; nil when there is none.
    func wholeLastValue() -> String? {
        guard let value = session.scope.value(of: "_") else { return nil }
        var terminal = host.terminal
        terminal.isFull = true
        return (try? session.machine.display(value, on: terminal)).map(PromptSession.text)
    }

    /// The session's own names, their types, sizes and contents as aligned text; nil when there are none.
    func variables() -> String? {
        let rows = session.variables()
        let kept = results.summary
        let footer = kept.numbers.isEmpty
            ? "" : "results _\(kept.numbers[0]) … _\(kept.numbers[kept.numbers.count - 1]): \(ByteSize.decimal(kept.bytes))"
        guard !rows.isEmpty else { return footer.isEmpty ? nil : footer }
        let room = max(20, Terminal.columns - 8)
        let cells: [[Value]] = rows.map { row in
            [row.name, row.type, row.size, String(row.summary.prefix(room / 2))].map { Value.string($0) }
        }
        let table = TextTable(columns: ["name", "type", "size", "value"], rows: cells)
        return table.text + (footer.isEmpty ? "" : "\n" + footer)
    }

    /// Takes `_` and the numbered results away.
    func forgetResults() { results.forget(in: session.scope) }

    private static func text(_ forms: [MIMEItem]) -> String {
        for case .text(let text) in forms.filter({ $0.type == "text/plain" }).map(\.content) { return text }
        return ""
    }

    private func worded(_ diagnostics: [Diagnostic]) -> String {
        let renderer = DiagnosticRenderer(usesColour: Terminal.hasColors(STDERR_FILENO), width: max(40, Terminal.columns - 8))
        return diagnostics.map(renderer.render).joined(separator: "\n")
    }
}
