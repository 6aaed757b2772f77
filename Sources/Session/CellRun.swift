import Machine
import Syntax

extension Session {
    /// Runs one cell and hands over what it gives while it runs. Names stay, as at the prompt.
    ///
    /// - Parameters:
    ///   - name: what diagnostics call the text.
    ///   - folder: where its `use "./file.rs4"` starts, when that is another than the session's.
    ///   - line: the number of its first line, when it is a part of a file.
    ///   - showsText: whether values are shown as text laid out for the host's terminal, and not in every form.
    ///   - drawsProgress: whether a line can be redrawn; else scripts print a line now and then.
    /// - Returns: what came of it, which has been handed over but for values that are not shown.
    @discardableResult
    public func runCell(
        _ text: String, name: String? = nil, folder: String? = nil, line: Int = 1, showsText: Bool = false, drawsProgress: Bool,
        to send: @escaping (CellOutput) -> Void
    ) -> Outcome {
        let outer = machine.host
        let host = CellHost(in: outer, showsText: showsText, drawsProgress: drawsProgress, to: send)
        machine.host = host
        defer { machine.host = outer }
        let outcome = evaluate(text, name: name, folder: folder, line: line)
        host.leaveLine()
        switch outcome {
        case .incomplete(let diagnostic): send(.failed([diagnostic]))
        case .failed(let diagnostics): send(.failed(diagnostics))
        case .value(.none, _), .value(_, isSilenced: true): break
        case .value(let value, isSilenced: false):
            do {
                send(.value(try host.forms(of: value, machine)))
            } catch {
                let diagnostics = [Diagnostic(of: error)]
                send(.failed(diagnostics))
                return .failed(diagnostics)
            }
        }
        return outcome
    }
}
