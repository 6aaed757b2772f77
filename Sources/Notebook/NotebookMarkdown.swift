import Base
import Foundation
import Pages
import Syntax

extension Notebook {
    /// A page in markdown, and the pictures that it names.
    struct MarkdownForm {
        var text: String
        /// By their names in the folder of pictures. A name tells the content: no picture takes the place of another.
        var pictures: [(name: String, bytes: [UInt8])]
    }

    /// - Parameter folder: what the page calls the folder of its pictures.
    func markdown(pictures folder: String) throws -> MarkdownForm {
        var form = MarkdownForm(text: "", pictures: [])
        var parts: [String] = []
        var level = 1
        for (place, cell) in cells.enumerated() {
            if case .failed(let last) = ending, place > last { break }
            if cell.kind == .markdown {
                if let last = Markdown().html(cell.text).headings.last { level = last.level }
                parts.append(Markdown.tame(cell.text)?.withoutLastNewline ?? Notebook.fenced(HTML.visible(cell.text), "text"))
                continue
            }
            guard let seconds = cell.seconds else { break }
            if !cell.title.isEmpty { parts.append("\(String(repeating: "#", count: Notebook.titleLevel(below: level))) \(Notebook.escaped(cell.title))") }
            if !cell.text.isEmpty { parts.append(Notebook.fenced(cell.text, "rs4")) }
            for output in cell.outputs { parts.append(try markdown(output, of: cell, in: folder, &form.pictures)) }
            if !cell.text.isEmpty { parts.append("*\(Notebook.shown(seconds: seconds))*") }
        }
        if let stopped { parts.append("**\(stopped)**") }
        parts.append("---")
        parts.append(Notebook.escaped(made))
        form.text = HTML.visible(parts.joined(separator: "\n\n")) + "\n"
        return form
    }

    private func markdown(
        _ output: NotebookOutput, of cell: NotebookCell, in folder: String, _ pictures: inout [(name: String, bytes: [UInt8])]
    ) throws -> String {
        switch output {
        case .printed(let text): return Notebook.fenced(PrintedText.settled(text).withoutLastNewline, "text")
        case .shown(let forms), .value(let forms):
            let value = ShownValue(forms: forms)
            guard let picture = value.picture else { return Notebook.fenced(value.text, "text") }
            let hash = try ContentHash()
            picture.bytes.withUnsafeBytes(hash.add)
            let name = "cell-\(cell.number)-\(hash.address().prefix(16)).\(picture.type == "image/png" ? "png" : "svg")"
            if !pictures.contains(where: { $0.name == name }) { pictures.append((name, picture.bytes)) }
            return "![\(Notebook.escaped(value.alternative))](\(HTML.address("\(folder)/\(name)")))"
        case .failed(let diagnostics):
            return Notebook.fenced(DiagnosticRenderer(width: 100).render(diagnostics), "text")
        }
    }

    /// A block of code whose fence is longer than any inside.
    static func fenced(_ text: String, _ language: String) -> String {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)"
    }

    /// Text on one line in which markdown finds no mark.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": result += " "
            case "\\", "`", "*", "_", "[", "]", "<", ">", "&", "|", "~", "#", "!": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
