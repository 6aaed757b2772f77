import Base
import Builtins
import Foundation
import Machine
import REPL
import Session
import Syntax

/// What the prompt talks to: a session whose answers are worded for a terminal.
final class PromptSession: ReplSession {
    private let makeSession: () -> Session
    private var session: Session
    private var results = Results()
    var outputEndsLine = true

    init(_ makeSession: @escaping () -> Session) {
        self.makeSession = makeSession
        session = makeSession()
        watchOutput()
    }

    private func watchOutput() {
        session.leaving = "Ctrl-D leaves, and so does `:quit`"
        let write = session.machine.output
        session.machine.output = { [weak self] text in
            if let last = text.last { self?.outputEndsLine = last.isNewline }
            write(text)
        }
        session.machine.input = { [weak self, unowned machine = session.machine] prompt in
            let line = try StandardInput.line(prompt, machine)
            // Enter has ended the line of the question.
            self?.outputEndsLine = line != nil
            return line
        }
    }

    func evaluate(_ input: ReplInput, isFinal: Bool) -> ReplOutcome {
        let outcome = session.evaluate(input.text, name: input.name, folder: input.folder, line: input.line)
        ProgressLine.end()
        switch outcome {
        case .incomplete(let diagnostic): return isFinal ? .failed(worded([diagnostic])) : .incomplete
        case .failed(let diagnostics): return .failed(worded(diagnostics))
        case .value(let value, let isSilenced):
            if case .none = value { return .nothing }
            if isSilenced { return .nothing }
            do {
                let text = try form(of: value, TerminalDisplay(columns: Terminal.columns, isDirect: true))
                let kept = results.keep(value, in: session.scope)
                return .value(ReplValue(text: text, number: kept.number, isNumbered: kept.isNumbered))
            } catch let failure as Failure {
                return .failed(worded([Diagnostic(code: failure.code, message: failure.message, help: failure.help)]))
            } catch {
                return .failed(worded([Diagnostic(code: "internal", message: "\(error)")]))
            }
        }
    }

    private func form(of value: Value, _ display: TerminalDisplay) throws -> String {
        for item in try session.machine.display(value, on: display) where item.type == "text/plain" {
            if case .text(let text) = item.content { return text }
        }
        return value.representation
    }

    func isIncomplete(_ text: String) -> Bool { session.isIncomplete(text) }

    func complete(_ text: String, at offset: Int) -> Completion { session.completion(text, at: offset) }

    func answer(_ question: Question) throws -> String { try session.answer(question) }

    var remark: (String) -> String? {
        get { session.remark }
        set { session.remark = newValue }
    }

    func wholeLastValue() -> String? {
        guard let value = session.scope.value(of: "_") else { return nil }
        return try? form(of: value, TerminalDisplay(columns: Terminal.columns, isFull: true, isDirect: true))
    }

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

    func forgetResults() { results.forget(in: session.scope) }

    func reset() {
        let remark = session.remark
        session = makeSession()
        session.remark = remark
        results = Results()
        watchOutput()
    }

    private func worded(_ diagnostics: [Diagnostic]) -> String {
        let renderer = DiagnosticRenderer(usesColour: Terminal.hasColors(STDERR_FILENO), width: max(40, Terminal.columns - 8))
        return diagnostics.map(renderer.render).joined(separator: "\n")
    }
}
