import Syntax

/// A script cut into cells, and what they gave when they ran: what the writers of pages read.
public struct Notebook {
    /// The script's path as it was named.
    public let path: String
    /// The folder that paths in the script's text cells start from.
    public let folder: String
    /// Values given with `--set`, in alphabetical order of their names.
    public let settings: [(name: String, value: String)]
    /// The cells that were asked for.
    public internal(set) var cells: [NotebookCell]
    public internal(set) var ending = Ending.whole
    /// By the names that they bind, the numbers of cells of code that were not asked for.
    var leftOut: [String: Int] = [:]

    /// How far it ran.
    public enum Ending {
        case whole
        /// The cell at this place failed, and those behind it did not run.
        case failed(at: Int)
        /// Someone pressed Ctrl-C.
        case interrupted
    }

    init(path: String, folder: String, settings: [(name: String, value: String)], cells: [NotebookCell]) {
        self.path = path
        self.folder = folder
        self.settings = settings
        self.cells = cells
    }

    /// Whether every cell had its turn.
    public var isWhole: Bool {
        if case .whole = ending { return true }
        return false
    }

    /// The seconds of all cells together.
    public var seconds: Double { cells.reduce(0) { $0 + ($1.seconds ?? 0) } }

    /// The script's own name, without folders.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// One cell.
public struct NotebookCell {
    /// Its place in the script, counted from 1, as `:cells` at the prompt counts.
    public let number: Int
    public let kind: Cell.Kind
    /// What stands behind the marker; empty for nothing.
    public let title: String
    /// Markdown without `# `, or code without the marker's line; no blank lines at the end.
    public let text: String
    /// The same as the script has it, marker and line ends included.
    public let script: String
    /// The number of its first line.
    public let line: Int
    /// Letters, digits and `-`; no two cells of a notebook have the same, and it changes only with the cell.
    public let identifier: String
    /// In the order in which they came.
    public internal(set) var outputs: [NotebookOutput] = []
    /// nil for text, and for code that did not run.
    public internal(set) var seconds: Double?
}
