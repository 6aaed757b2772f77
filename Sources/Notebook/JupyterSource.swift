import Syntax

/// How a cell of a script stands in a Jupyter notebook, and back: markdown without `# `, code with its marker where that has
/// a title.
enum JupyterSource {
    static func source(of cell: NotebookCell) -> String {
        guard cell.kind == .code, !cell.title.isEmpty else { return cell.text }
        return cell.text.isEmpty ? "# %% \(cell.title)" : "# %% \(cell.title)\n\(cell.text)"
    }

    /// The cell as a script has it, a blank line behind it unless it is the last.
    static func script(of source: String, kind: Cell.Kind, isLast: Bool) -> String {
        // In bytes: a carriage return and the newline behind it are one character, and no line may begin within one.
        let parts = source.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map(Substring.init)
        var lines: [String]
        switch kind {
        case .markdown: lines = ["# %% [markdown]"] + (source.isEmpty ? [] : parts.map(comment))
        case .code:
            lines = source.isEmpty ? [] : parts.map(String.init)
            if !isMarker(lines.first ?? "") { lines.insert("# %%", at: 0) }
        }
        return lines.joined(separator: "\n") + (isLast ? "\n" : "\n\n")
    }

    /// A line of markdown as a comment that begins no cell.
    private static func comment(_ line: Substring) -> String {
        if line.isEmpty { return "#" }
        let comment = "# \(line)"
        guard isMarker(comment) else { return comment }
        // Markdown reads `\%` as `%`.
        let marks = line.drop { $0 == " " }
        return "# " + line.prefix(line.count - marks.count) + "\\" + marks
    }

    /// Whether a line alone begins a cell.
    private static func isMarker(_ line: String) -> Bool {
        guard line.hasPrefix("#"), line.contains("%%") else { return false }
        return Cell.divide(SourceFile(name: "", text: line + "\n")).first?.body.isEmpty ?? false
    }
}
