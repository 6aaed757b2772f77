import Syntax

/// The terminal that a value is laid out for.
public struct TerminalDisplay {
    /// Columns a line may take.
    public var columns: Int
    /// True when nothing may be left out of long values.
    public var isFull: Bool
    /// True where the text goes to this process's own standard output at once, and not into a page, a file or a test: only
    /// there may it hold escape sequences, if that output is a terminal.
    public var isDirect: Bool

    public init(columns: Int = 80, isFull: Bool = false, isDirect: Bool = false) {
        self.columns = max(20, columns)
        self.isFull = isFull
        self.isDirect = isDirect
    }
}

extension Value {
    /// What a terminal shows for the value alone: its representation when that is short, else lines that fit.
    public func terminalForm(_ display: TerminalDisplay) -> String {
        object?.terminalForm(display) ?? representation
    }
}

/// Lists, maps, records and texts on as many lines as they need.
struct TerminalLayout {
    let display: TerminalDisplay

    /// Beyond this many items only those at both ends are shown.
    private static let longestList = 80
    private static let longestColumn = 24
    /// Containers inside each other are laid out so far; deeper ones take one line.
    private static let deepest = 6

    init(_ display: TerminalDisplay) { self.display = display }

    /// Lines separated by newlines; those after the first begin with `indent` blanks.
    func text(_ value: Value, indent: Int = 0, depth: Int = 0) -> String {
        guard let object = value.object, depth < TerminalLayout.deepest else { return value.representation }
        switch object {
        case let list as ListObject: return self.list(list.items, indent, depth)
        case let map as MapObject: return self.map(map, indent, depth)
        case let record as RecordObject where !record.type.isModel: return self.record(record, indent, depth)
        case let string as StringObject where depth == 0: return paragraph(string)
        default: return value.representation.replacingNewlines(with: "\n" + blanks(indent))
        }
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// The representation when it takes one line that fits.
    private func short(_ value: Value, _ count: Int, _ indent: Int) -> String? {
        guard count <= TerminalLayout.longestList else { return nil }
        let text = value.representation
        return text.utf8.count < 4 * display.columns && !text.contains("\n") && displayWidth(text) + indent <= display.columns
            ? text : nil
    }

    /// Which of `count` places are shown: all, or those at both ends.
    private func shown(_ count: Int, most: Int) -> (head: Range<Int>, tail: Range<Int>) {
        guard !display.isFull, count > most else { return (0..<count, count..<count) }
        let tail = max(1, most / 6)
        return (0..<(most - tail), (count - tail)..<count)
    }

    // MARK: lists

    private func list(_ items: [Value], _ indent: Int, _ depth: Int) -> String {
        if let text = short(.list(items), items.count, indent) { return text }
        if depth == 0, let table = table(items) { return table }
        let isFlat = items.prefix(TerminalLayout.longestList).allSatisfy { item in
            item.object.map { $0 is StringObject } ?? true
        }
        if isFlat { return filled(items, indent) }
        let inner = indent + 1
        let places = shown(items.count, most: TerminalLayout.longestColumn)
        var lines = places.head.map { text(items[$0], indent: inner, depth: depth + 1) + "," }
        if !places.tail.isEmpty {
            lines.append("… \(places.tail.lowerBound - places.head.upperBound) more,")
            lines += places.tail.map { text(items[$0], indent: inner, depth: depth + 1) + "," }
        }
        return closed("[", lines, "]", inner) + counted(items.count, places.tail.isEmpty, depth)
    }

    /// Short items one after the other; numbers in columns.
    private func filled(_ items: [Value], _ indent: Int) -> String {
        let places = shown(items.count, most: TerminalLayout.longestList)
        var texts = places.head.map { items[$0].representation }
        if !places.tail.isEmpty {
            texts.append("…")
            texts += places.tail.map { items[$0].representation }
        }
        let isNumeric = items.prefix(TerminalLayout.longestList).allSatisfy { item in
            switch item {
            case .integer, .float: return true
            default: return false
            }
        }
        let widths = texts.map { displayWidth($0) }
        let cell = widths.max() ?? 0
        var lines: [String] = []
        var line = ""
        var used = indent + 1
        for (place, text) in texts.enumerated() {
            let padding = isNumeric ? cell - widths[place] : 0
            if !line.isEmpty, used + padding + widths[place] + 2 > display.columns {
                lines.append(line)
                (line, used) = ("", indent + 1)
            }
            let isLast = place == texts.count - 1
            line += (line.isEmpty ? "" : " ") + blanks(padding) + text + (isLast ? "" : ",")
            used += padding + widths[place] + 2
        }
        lines.append(line)
        return closed("[", lines, "]", indent + 1) + counted(items.count, places.tail.isEmpty, indent)
    }

    private func counted(_ count: Int, _ isWhole: Bool, _ depth: Int) -> String {
        isWhole ? "" : depth == 0 ? "  (\(count) items)" : " (\(count) items)"
    }

    /// Lines between brackets, the first right behind the opening one.
    private func closed(_ opening: String, _ lines: [String], _ closing: String, _ indent: Int) -> String {
        var text = opening + lines.joined(separator: "\n" + blanks(indent))
        if text.hasSuffix(",") { text.removeLast() }
        return text + closing
    }

    // MARK: maps and records

    private func map(_ map: MapObject, _ indent: Int, _ depth: Int) -> String {
        if let text = short(.object(map), map.items.count, indent) { return text }
        let entries = map.items.map { (MapObject.keyText($0.key.value), $0.value) }
        return fields("{", Array(entries), "}", indent, depth)
    }

    private func record(_ record: RecordObject, _ indent: Int, _ depth: Int) -> String {
        if let text = short(.object(record), record.values.count, indent) { return text }
        return fields(record.type.name + "(", Array(zip(record.type.fields, record.values)), ")", indent, depth)
    }

    private func fields(
        _ opening: String, _ entries: [(String, Value)], _ closing: String, _ indent: Int, _ depth: Int
    ) -> String {
        let inner = indent + 2
        let places = shown(entries.count, most: TerminalLayout.longestColumn * 2)
        func line(_ place: Int) -> String {
            let (name, value) = entries[place]
            return "\(name): \(text(value, indent: inner, depth: depth + 1)),"
        }
        var lines = places.head.map(line)
        if !places.tail.isEmpty {
            lines.append("… \(places.tail.lowerBound - places.head.upperBound) more,")
            lines += places.tail.map(line)
        }
        let margin = "\n" + blanks(inner)
        return opening + margin + lines.joined(separator: margin) + "\n" + blanks(indent) + closing
            + counted(entries.count, places.tail.isEmpty, depth)
    }

    // MARK: tables

    /// Maps with the same keys, or records of one type, as a table; nil when they are no table or it would not fit.
    private func table(_ items: [Value]) -> String? {
        let places = shown(items.count, most: TerminalLayout.longestColumn)
        guard let form = TableForm(items, rows: Array(places.head) + Array(places.tail)) else { return nil }
        let names = form.headings
        let isNumeric = names.indices.map { column in form.rows.allSatisfy { $0[column].isNumber } }
        let rows = [names] + form.rows.map { $0.map { visible($0.text) } }
        let widths = names.indices.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
        guard widths.reduce(-2, { $0 + $1 + 2 }) <= display.columns else { return nil }
        func line(_ texts: [String]) -> String {
            texts.enumerated().map { column, text in
                let gap = blanks(widths[column] - displayWidth(text))
                return isNumeric[column] ? gap + text : text + gap
            }.joined(separator: "  ").trimmingTrailingBlanks
        }
        var lines = rows.map(line)
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
        if !places.tail.isEmpty { lines.insert("…", at: 2 + places.head.count) }
        lines.append(form.note)
        return lines.joined(separator: "\n")
    }

    // MARK: text

    /// A text of several lines between triple quotes, as it would be written.
    private func paragraph(_ string: StringObject) -> String {
        guard string.string.contains("\n") else { return string.representation }
        let lines = string.string.split(separator: "\n", omittingEmptySubsequences: false)
        let places = shown(lines.count, most: TerminalLayout.longestList)
        var body = places.head.map { escaped(lines[$0]) }
        if !places.tail.isEmpty {
            body.append("… \(places.tail.lowerBound - places.head.upperBound) more lines")
            body += places.tail.map { escaped(lines[$0]) }
        }
        return "\"\"\"\n" + body.joined(separator: "\n") + "\n\"\"\""
    }

    /// Without characters that command a terminal.
    private func visible(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { scalar in
            (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7F || (0x80..<0xA0).contains(scalar.value) ? "\u{FFFD}" : scalar
        }))
    }

    /// A line as it stands in a text between triple quotes: read again it is the same, and it commands no terminal.
    private func escaped(_ line: Substring) -> String {
        var result = ""
        var quotes = 0
        for scalar in line.unicodeScalars {
            quotes = scalar == "\"" ? quotes + 1 : 0
            switch scalar {
            case "\"" where quotes == 3:
                result += "\\\""
                quotes = 0
            case "\\": result += "\\\\"
            case "{": result += "{{"
            case "}": result += "}}"
            case "\r": result += "\\r"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
