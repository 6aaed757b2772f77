import Base
import Foundation
import Session
import Syntax

/// Reads a Jupyter notebook (nbformat 4) back into a script; what its cells gave is left out.
public struct JupyterReader {
    /// Pictures and tables take room that a script does not.
    private static let largest = 256 << 20
    private let path: String

    /// The script of the notebook at `path`. Throws a `Diagnostic` when there is none, or it is no notebook of RS4.
    public static func script(reading path: String) throws -> String { try JupyterReader(path: path).script() }

    private func problem(_ expected: String, but found: String, help: String? = nil) -> Diagnostic {
        Diagnostic(code: "file", message: "\(path) must be \(expected), but \(found)", help: help)
    }

    private func script() throws -> String {
        try FileAccess.requireFile(path)
        let size = try FileAccess.size(of: path)
        guard size <= JupyterReader.largest else {
            throw problem("at most \(JupyterReader.largest >> 20) MB", but: "has \(size >> 20) MB")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw problem("readable", but: "is not") }
        let read: Any
        do { read = try JSONSerialization.jsonObject(with: data) } catch {
            throw problem("a Jupyter notebook", but: "it is no JSON")
        }
        guard let notebook = read as? [String: Any], let format = notebook["nbformat"] as? Int else {
            throw problem("a Jupyter notebook", but: "it has no `nbformat`")
        }
        guard format == 4 else {
            throw problem(
                "a notebook of format 4", but: "it is of format \(format)",
                help: "`jupyter nbconvert --to notebook` writes it in the newer format")
        }
        try requireLanguage(notebook)
        guard let cells = notebook["cells"] as? [Any] else { throw problem("a Jupyter notebook", but: "it has no list `cells`") }
        guard cells.count <= Notebook.mostCells else {
            throw problem("of at most \(Notebook.mostCells) cells", but: "it has \(cells.count)")
        }
        var text = ""
        for (place, cell) in cells.enumerated() {
            if !text.isEmpty, text.utf8.last != 0x0A { text += "\n" }
            text += try script(of: cell, number: place + 1, isLast: place == cells.count - 1)
        }
        guard text.utf8.count <= SourceFile.largest else { throw SourceFile.tooLarge("a script", path, text.utf8.count) }
        return text
    }

    private func requireLanguage(_ notebook: [String: Any]) throws {
        let metadata = notebook["metadata"] as? [String: Any] ?? [:]
        let kernel = (metadata["kernelspec"] as? [String: Any])?["language"] as? String
        let language = (metadata["language_info"] as? [String: Any])?["name"] as? String
        guard let named = kernel ?? language, named.lowercased() != "rs4" else { return }
        throw problem("a notebook of RS4", but: "its language is \(named)")
    }

    private func script(of item: Any, number: Int, isLast: Bool) throws -> String {
        guard let cell = item as? [String: Any], let type = cell["cell_type"] as? String, let source = JupyterReader.text(cell["source"])
        else { throw problem("a Jupyter notebook", but: "its cell \(number) has no type or no source") }
        guard !source.utf8.contains(0) else { throw problem("text", but: "its cell \(number) holds characters that are none") }
        switch type {
        case "code", "markdown":
            let kind: Cell.Kind = type == "code" ? .code : .markdown
            let about = (cell["metadata"] as? [String: Any])?["rs4"] as? [String: Any]
            if let kept = JupyterReader.text(about?["script"]), JupyterReader.says(kept, source, kind) { return kept }
            return JupyterSource.script(of: source.replacing("\r\n", with: "\n"), kind: kind, isLast: isLast)
        case "raw":
            return JupyterSource.script(of: Notebook.fenced(source.replacing("\r\n", with: "\n"), ""), kind: .markdown, isLast: isLast)
        default: throw problem("a Jupyter notebook", but: "its cell \(number) is of the unknown type \(type)")
        }
    }

    /// Whether the kept text of a cell still is the cell: someone may have changed that in Jupyter.
    private static func says(_ script: String, _ source: String, _ kind: Cell.Kind) -> Bool {
        guard let cells = try? Notebook.cells(of: SourceFile(name: "", text: script)), cells.count == 1 else { return false }
        return cells[0].kind == kind && JupyterSource.source(of: cells[0]) == source
    }

    /// A text, which may stand as a list of its lines.
    private static func text(_ value: Any?) -> String? {
        if let text = value as? String { return text }
        guard let lines = value as? [Any] else { return nil }
        let texts = lines.compactMap { $0 as? String }
        return texts.count == lines.count ? texts.joined() : nil
    }
}
