import Builtins
import Machine
import Syntax

/// What a cell gives, in the order in which it comes.
public enum CellOutput {
    /// What `print` wrote; one line may come in parts.
    case printed(String)
    /// What `display` showed: every form of the value, text first.
    case shown([MIMEItem])
    /// A line that takes the place of the last such line; nil when it is to go.
    case progress(String?)
    /// The value of the last statement, in every form, text first.
    case value([MIMEItem])
    /// Why the cell ended early.
    case failed([Diagnostic])
}

extension Session {
    /// Runs one cell and hands over what it gives while it runs. Names stay, as at the prompt.
    ///
    /// - Parameters:
    ///   - name: what diagnostics call the text.
    ///   - folder: where its `use "./file.rs4"` starts, when that is another than the session's.
    ///   - line: the number of its first line, when it is a part of a file.
    ///   - drawsProgress: whether a line can be redrawn; else scripts print a line now and then.
    /// - Returns: the value of the last statement, also one that is not shown; nil when the cell failed.
    @discardableResult
    public func runCell(
        _ text: String, name: String? = nil, folder: String? = nil, line: Int = 1, drawsProgress: Bool,
        to send: @escaping (CellOutput) -> Void
    ) -> Value? {
        let (output, displays, draws, leaves) = (machine.output, machine.displays, ProgressLine.draws, ProgressLine.leaves)
        defer { (machine.output, machine.displays, ProgressLine.draws, ProgressLine.leaves) = (output, displays, draws, leaves) }
        machine.output = { text in
            ProgressLine.clear()
            send(.printed(text))
        }
        machine.displays = { [unowned machine] value in
            let forms = try machine.display(value)
            ProgressLine.clear()
            send(.shown(forms))
        }
        ProgressLine.draws = drawsProgress ? { send(.progress($0)) } : nil
        ProgressLine.leaves = nil
        defer { ProgressLine.clear() }
        switch evaluate(text, name: name, folder: folder, line: line) {
        case .incomplete(let diagnostic): send(.failed([diagnostic]))
        case .failed(let diagnostics): send(.failed(diagnostics))
        case .value(.none, _): return Value.none
        case .value(let value, true): return value
        case .value(let value, false):
            do {
                send(.value(try machine.display(value)))
                return value
            } catch {
                send(.failed([Diagnostic(of: error)]))
            }
        }
        return nil
    }
}
