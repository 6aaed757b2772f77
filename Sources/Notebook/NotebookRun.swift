import Base
import Foundation
import Machine
import Session
import Syntax

/// Runs the cells of a notebook in one session, in order.
public struct NotebookRun {
    /// Seconds that a cell may take; nil lets it take as long as it wants.
    public var timeout: Double?
    /// Goes on behind a cell that failed.
    public var allowsErrors = false
    /// Told before each cell of code that runs.
    public var willRun: (NotebookCell) -> Void = { _ in }
    /// Where scripts draw the line that says how far they are; nil takes it away.
    public var drawsProgress: (String?) -> Void = { _ in }

    public init() {}

    /// Runs the cells, which keep what they gave.
    ///
    /// - Returns: the mistakes that cells ended in, and that of an interruption between two cells.
    public func run(_ notebook: inout Notebook, in session: Session) -> [Diagnostic] {
        let leftOut = notebook.leftOut
        session.remark = { name in leftOut[name].map { "cell \($0) binds it, and was left out" } }
        session.begin(Dictionary(notebook.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
        var found: [Diagnostic] = []
        for place in notebook.cells.indices where notebook.cells[place].kind == .code {
            if NotebookRun.takeInterruption() {
                notebook.ending = .interrupted
                return found + [Diagnostic(code: "interrupted", message: "the script was interrupted")]
            }
            willRun(notebook.cells[place])
            let problems = run(&notebook.cells[place], of: notebook, in: session)
            found += problems
            if problems.contains(where: { $0.code == "interrupted" }) {
                notebook.ending = .interrupted
                return found
            }
            if !problems.isEmpty, !allowsErrors {
                notebook.ending = .failed(at: place)
                return found
            }
        }
        return found
    }

    private func run(_ cell: inout NotebookCell, of notebook: Notebook, in session: Session) -> [Diagnostic] {
        var gatherer = OutputGatherer()
        let begun = ContinuousClock.now
        let (_, isOver) = CellClock.limited(to: timeout) {
            session.runCell(
                cell.script, name: notebook.path, folder: notebook.folder, line: cell.line, drawsProgress: true
            ) { output in
                switch output {
                case .progress(let line): drawsProgress(line)
                case .progressLeft: drawsProgress(nil)
                default: gatherer.add(output)
                }
            }
        }
        gatherer.finish()
        if isOver, let timeout { gatherer.blameTime(cell: cell.number, limit: timeout) }
        let spent = begun.duration(to: .now).components
        cell.seconds = Double(spent.seconds) + Double(spent.attoseconds) * 1e-18
        cell.outputs = gatherer.outputs
        return gatherer.problems
    }

    /// Whether someone pressed Ctrl-C since the last cell ended.
    private static func takeInterruption() -> Bool {
        guard Interruption.flag.pointee == 1 else { return false }
        Interruption.flag.pointee = 0
        return true
    }
}
