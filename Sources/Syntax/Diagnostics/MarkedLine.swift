/// A source line as a terminal shows it, and the lines of marks and words under it.
struct MarkedLine {
    /// The line's text: tabs as blanks, control characters made visible, cut to the width.
    var source: String
    /// `^^^^ text` lines.
    var marks: [String]

    private struct Mark {
        var start: Int
        var end: Int
        var text: String
    }

    /// The labels must all begin on the line.
    init(file: SourceFile, line: Int, labels: [Diagnostic.Label], width: Int) {
        let layout = ColumnLayout(file.line(line))
        let place = line - file.firstLine
        let lineStart = file.lineStarts.indices.contains(place) ? file.lineStarts[place] : file.bytes.count
        var marks = labels.map { label in
            let start = layout.column(of: label.location.span.start - lineStart)
            let end = layout.column(of: label.location.span.end - lineStart)
            return Mark(start: start, end: max(end, start + 1), text: label.text)
        }
        marks.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        let window = MarkedLine.window(layout, around: labels.first.map { layout.column(of: $0.location.span.start - lineStart) } ?? 0, width)
        source = layout.text(in: window)
        let shift = window.lowerBound > 0 ? 1 - window.lowerBound : 0
        let limit = window.count + (shift == 0 ? 0 : 1) + 1
        marks = marks.compactMap { mark in
            let start = max(mark.start + shift, 0)
            let end = min(mark.end + shift, limit)
            return start < limit ? Mark(start: start, end: max(end, start + 1), text: mark.text) : nil
        }
        self.marks = MarkedLine.layOut(marks)
    }

    /// The columns to show: all of a short line, else a window with the mark in its first third.
    private static func window(_ layout: ColumnLayout, around column: Int, _ width: Int) -> Range<Int> {
        guard layout.width > width else { return 0..<layout.width }
        let start = max(0, min(column - width / 3, layout.width - width))
        return start..<min(layout.width, start + width)
    }

    /// The carets on one line with the last label's words beside them, and the words of the other labels below,
    /// each under its own carets.
    private static func layOut(_ marks: [Mark]) -> [String] {
        guard let last = marks.last else { return [] }
        var carets: [Character] = []
        for mark in marks {
            put(String(repeating: "^", count: mark.end - mark.start), at: mark.start, into: &carets)
        }
        var lines: [[Character]] = []
        let end = marks.map(\.end).max() ?? 0
        if !last.text.isEmpty { put(last.text, at: end + 1, into: &carets) }
        lines.append(carets)
        for mark in marks.dropLast().reversed() where !mark.text.isEmpty {
            let free = lines.indices.dropFirst().first { number in
                lines[number].isEmpty || mark.start + mark.text.count + 2 <= (lines[number].firstIndex { $0 != " " } ?? Int.max)
            }
            if let free {
                put(mark.text, at: mark.start, into: &lines[free])
            } else {
                var line: [Character] = []
                put(mark.text, at: mark.start, into: &line)
                lines.append(line)
            }
        }
        return lines.map { String($0).trimmingTrailingBlanks }
    }

    private static func put(_ text: String, at column: Int, into line: inout [Character]) {
        let letters = Array(text)
        while line.count < column + letters.count { line.append(" ") }
        line.replaceSubrange(column..<(column + letters.count), with: letters)
    }
}

/// Where each character of a line stands on a terminal.
struct ColumnLayout {
    private struct Cell {
        var shown: String
        var column: Int
        var width: Int
        var offset: Int
    }
    private var cells: [Cell] = []
    /// Columns the whole line takes.
    private(set) var width = 0
    private var byteCount = 0

    static let tabWidth = 4

    init(_ line: String) {
        for character in line {
            let cell: (shown: String, width: Int)
            if character == "\t" {
                let count = ColumnLayout.tabWidth - width % ColumnLayout.tabWidth
                cell = (String(repeating: " ", count: count), count)
            } else if let scalar = character.unicodeScalars.first, scalar.value < 0x20 || scalar.value == 0x7F {
                cell = ("�", 1)
            } else {
                cell = (String(character), ColumnLayout.width(of: character))
            }
            cells.append(Cell(shown: cell.shown, column: width, width: cell.width, offset: byteCount))
            width += cell.width
            byteCount += character.utf8.count
        }
    }

    /// The column of a byte offset in the line; offsets past the end stand right behind the text.
    func column(of offset: Int) -> Int {
        guard offset < byteCount else { return width }
        var low = 0
        var high = cells.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if cells[middle].offset <= offset { low = middle } else { high = middle - 1 }
        }
        return cells.isEmpty ? 0 : cells[low].column
    }

    /// The text in a range of columns, `…` where something is cut off.
    func text(in window: Range<Int>) -> String {
        var text = window.lowerBound > 0 ? "…" : ""
        for cell in cells where cell.column >= window.lowerBound && cell.column + cell.width <= window.upperBound {
            text += cell.shown
        }
        return window.upperBound < width ? text + "…" : text
    }

    /// Columns of a character: two for East Asian wide forms and emoji, none for a lone combining mark.
    static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x20..<0x300: return 1
        case 0x300..<0x370, 0x200B..<0x2010, 0xFE00..<0xFE10: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
