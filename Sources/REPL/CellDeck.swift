import Session
import Syntax

/// The cells of a script, to be run one by one in a session.
struct CellDeck {
    let path: String
    private(set) var file: SourceFile
    private(set) var cells: [Cell]
    /// The cell that `:next` runs, counted from 0.
    var next = 0
    /// The cell that runs now: it is not what was left out.
    var running: Int?
    /// Cells that have run here, by their text.
    private var done: Set<String> = []

    /// Throws a `Diagnostic` when the script cannot be read.
    init(_ path: String) throws {
        self.path = path
        file = try SourceFile(reading: path)
        cells = Cell.divide(file)
    }

    /// Reads the script again, because someone may have edited it.
    mutating func refresh() throws {
        file = try SourceFile(reading: path)
        cells = Cell.divide(file)
        next = min(next, cells.count)
    }

    /// The text of a cell with its marker, without blank lines at the end.
    func text(_ number: Int) -> String {
        var text = Substring(file.text(of: cells[number].span))
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The line of the file, from 1, in which a cell begins.
    func line(_ number: Int) -> Int { file.position(of: cells[number].span.start).line }

    mutating func markDone(_ number: Int) {
        done.insert(text(number))
        next = number + 1
    }

    /// Which cell binds a name, when it has not run; nil when none does, or all that do have.
    func remark(on name: String) -> String? {
        let binding = cells.indices.filter { number in
            guard number != running, cells[number].kind == .code, !done.contains(text(number)) else { return false }
            let statements = Parser.soundStatements(SourceFile(name: "", text: text(number))).statements
            return statements.contains { $0.declaredNames.contains { $0.text == name } }
        }
        guard let first = binding.first else { return nil }
        return "cell \(first + 1) binds it, and has not run as it is now: `:run \(first + 1)`"
    }

    /// What a cell is about, in a line.
    func title(_ number: Int) -> String {
        let cell = cells[number]
        if !cell.title.isEmpty { return cell.title }
        let line = cell.body.split(separator: "\n").first { !$0.trimmed.isEmpty } ?? ""
        return cell.kind == .markdown ? String(line.drop { $0 == "#" }).trimmed : line.trimmed
    }

    /// The listing of `:cells`.
    func listing(width: Int) -> String {
        let digits = String(cells.count).count
        let lines = cells.indices.map { number -> String in
            let mark = number == next ? "→" : done.contains(text(number)) ? "✓" : " "
            let label = String(number + 1)
            let head = "\(mark) \(String(repeating: " ", count: digits - label.count))\(label)  "
            return head + (cells[number].kind == .markdown ? "text  " : "code  ") + String(title(number).prefix(max(10, width - digits - 12)))
        }
        return "\(path)\n" + lines.joined(separator: "\n")
    }
}
