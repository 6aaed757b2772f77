import Foundation
import Machine
import REPL
import Session
import Syntax

/// What the prompt talks to: a session whose answers are worded for a terminal.
final class PromptSession: ReplSession {
    private let session: Session

    init(_ session: Session) { self.session = session }

    var interruptFlag: UnsafeMutablePointer<Int32>? { Machine.interruptFlag }

    func evaluate(_ text: String, isFinal: Bool) -> ReplOutcome {
        switch session.evaluate(text) {
        case .incomplete(let diagnostic): return isFinal ? .failed(worded([diagnostic])) : .incomplete
        case .failed(let diagnostics): return .failed(worded(diagnostics))
        case .value(let value, let isSilenced):
            if case .none = value { return .nothing }
            if isSilenced { return .nothing }
            do {
                for item in try session.machine.display(value, on: TerminalDisplay(columns: Terminal.columns)) where item.type == "text/plain" {
                    if case .text(let text) = item.content { return .value(text) }
                }
                return .nothing
            } catch let failure as Failure {
                return .failed(worded([Diagnostic(code: failure.code, message: failure.message, help: failure.help)]))
            } catch {
                return .failed(worded([Diagnostic(code: "internal", message: "\(error)")]))
            }
        }
    }

    func help(for name: String) -> String? {
        if let value = session.scope.value(of: name) ?? session.imported(name) ?? session.machine.prelude.values[name] {
            return value.object?.documentation ?? "\(value.typeName): \(value.representation)"
        }
        return nil
    }

    func complete(_ text: String, at offset: Int) -> [String] { session.completions(text, at: offset) }

    private func worded(_ diagnostics: [Diagnostic]) -> String {
        let renderer = DiagnosticRenderer(usesColour: Terminal.hasColors(STDERR_FILENO))
        return diagnostics.map(renderer.render).joined(separator: "\n")
    }
}
