import Base
import Foundation
import Session
import Syntax

extension Notebook {
    /// More cells than anyone reads; writing a page for each would take long.
    static let mostCells = 10_000

    /// Reads a script and cuts it into cells; nothing runs.
    ///
    /// - Parameter selection: the cells that are wanted; nil takes all.
    /// - Throws: a `Diagnostic`: the script is not there, no text, or has no such cells; a text cell that holds code; a value
    ///   for a param that the cells do not have.
    public init(reading path: String, settings: [String: String] = [:], cells selection: CellSelection? = nil) throws {
        let file = try SourceFile(reading: path)
        guard String(validating: file.bytes, as: UTF8.self) != nil, !file.bytes.contains(0) else {
            throw Diagnostic(code: "file", message: "the script must be text (UTF-8), but is not: \(path)")
        }
        let cells = try Notebook.cells(of: file)
        var chosen = cells
        if let selection {
            guard let numbers = selection.numbers(of: cells.count) else {
                throw Diagnostic(
                    code: "index", message: "--cells must name cells from 1 to \(cells.count), but names others",
                    help: "`:cells \(path)` at the prompt lists them")
            }
            chosen = numbers.map { cells[$0 - 1] }
        }
        if let unknown = Session.unknownParameter(settings, among: Notebook.parameters(of: chosen)) { throw unknown }
        self.init(
            path: path, folder: file.folder ?? ".", settings: settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            cells: chosen)
        let numbers = Set(chosen.map(\.number))
        for cell in cells where cell.kind == .code && !numbers.contains(cell.number) {
            for statement in Parser.soundStatements(SourceFile(name: "", text: cell.script)).statements {
                for name in statement.declaredNames { leftOut[name.text] = cell.number }
            }
        }
    }

    /// The cells of a text, numbered from 1.
    static func cells(of file: SourceFile) throws -> [NotebookCell] {
        let found = Cell.divide(file)
        guard found.count <= mostCells else {
            throw Diagnostic(code: "size", message: "a script must have at most \(mostCells) cells, but has \(found.count): \(file.name)")
        }
        var known: [String: Int] = [:]
        return try found.enumerated().map { place, cell in
            let script = file.text(of: cell.span)
            let line = file.position(of: cell.span.start).line
            if cell.kind == .markdown { try requireNoCode(in: cell, of: file) }
            let address = try identifier(of: script, kind: cell.kind)
            known[address, default: 0] += 1
            let count = known[address] ?? 1
            return NotebookCell(
                number: place + 1, kind: cell.kind, title: cell.title, text: withoutBlankEnds(cell), script: script, line: line,
                identifier: count == 1 ? address : "\(address)-\(count)")
        }
    }

    private static func identifier(of script: String, kind: Cell.Kind) throws -> String {
        let hash = try ContentHash()
        hash.add(kind == .markdown ? "text" : "code")
        hash.add(script.trimmingCharacters(in: .whitespacesAndNewlines))
        return "cell-" + hash.address().prefix(16)
    }

    /// The text without blank lines at its end, and for code at its beginning.
    private static func withoutBlankEnds(_ cell: Cell) -> String {
        var text = Substring(cell.kind == .code ? cell.body.replacing("\r\n", with: "\n") : cell.body)
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        while cell.kind == .code, text.first == "\n" { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Comments are all that a text cell shows: code in it would run with `rs4 run` and here not.
    private static func requireNoCode(in cell: Cell, of file: SourceFile) throws {
        var lineStart = cell.span.start
        // In bytes: with the carriage returns of Windows no character is a newline.
        for bytes in file.text(of: cell.span).utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = Substring(bytes)
            defer { lineStart += bytes.count + 1 }
            let code = line.unicodeScalars.drop { $0.properties.isWhitespace || $0 == ";" || $0 == "\u{FEFF}" }
            guard let first = code.first, first != "#" else { continue }
            let start = lineStart + (line.utf8.count - String(code).utf8.count)
            throw Diagnostic(
                code: "syntax", message: "a text cell must hold comments alone, but here it holds code",
                labels: [Diagnostic.Label(Location(file, Span(start, lineStart + line.utf8.count)))],
                help: "begin a cell of code above it with a line `# %%`")
        }
    }

    private static func parameters(of cells: [NotebookCell]) -> [String] {
        var names: [String] = []
        for cell in cells where cell.kind == .code {
            guard case .complete(let program) = Parser.parse(SourceFile(name: "", text: cell.script)) else { continue }
            for case .parameter(let name, _, _) in program.statements.map(\.kind) { names.append(name.text) }
        }
        return names
    }
}
