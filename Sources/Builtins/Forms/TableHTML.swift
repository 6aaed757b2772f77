import Machine
import Pages

/// Forms of the machine's own kinds beyond their text.
enum RichForms {
    /// What pages and notebooks show of tables: a text that `table` made, a list of maps with the same keys or of records of
    /// one type, and a `Table` of the library module `tables`.
    static func of(_ value: Value) -> [MIMEItem] {
        switch value.object {
        case let string as StringObject:
            guard var table = string.table else { return [] }
            if table.rows.count > TableForm.mostRows { table = table.cut(of: table.rows.count) }
            return [MIMEItem(type: "text/plain", content: .text(string.string)), MIMEItem(type: "text/html", content: .text(table.html))]
        case let list as ListObject:
            let shown = Array(list.items.indices.prefix(TableForm.mostRows))
            guard let found = TableForm(list.items, rows: shown) else { return [] }
            let table = shown.count == list.items.count ? found : found.cut(of: list.items.count)
            return [MIMEItem(type: "text/html", content: .text(table.html))]
        case let record as RecordObject:
            guard let table = TableForm(record) else { return [] }
            return [MIMEItem(type: "text/plain", content: .text(table.text)), MIMEItem(type: "text/html", content: .text(table.html))]
        default: return []
        }
    }
}

extension TableForm {
    /// A page that is read holds no more.
    static let mostRows = 1000

    /// A `Table` of stdlib/text/tables.rs4, its cells as `cell_text` there writes them; nil for other records.
    convenience init?(_ record: RecordObject) {
        guard record.type.name == "Table", record.type.fields == ["title", "columns", "rows", "details"],
            case .object(let title as StringObject) = record.values[0], case .object(let columns as ListObject) = record.values[1],
            case .object(let rows as ListObject) = record.values[2], case .object(let details as MapObject) = record.values[3]
        else { return nil }
        var parts: [(key: Value, heading: Value, form: Value)] = []
        for case .object(let column as RecordObject) in columns.items where column.type.fields == ["key", "heading", "form"] {
            parts.append((column.values[0], column.values[1], column.values[2]))
        }
        guard parts.count == columns.items.count else { return nil }
        var cells: [[Cell]] = []
        for row in rows.items.prefix(TableForm.mostRows) {
            guard case .object(let map as MapObject) = row else { return nil }
            cells.append(parts.map { TableForm.cell(map.field($0.key.text) ?? .none, form: $0.form) })
        }
        var notes = details.items.map { "\($0.key.value.text): \($0.value.text)" }
        if rows.items.count > cells.count { notes.insert(TableForm.cutNote(cells.count, rows.items.count), at: 0) }
        self.init(
            title: TableForm.flat(title.string),
            headings: parts.map { part in
                if case .none = part.heading { return TableForm.flat(part.key.text) }
                return TableForm.flat(part.heading.text)
            },
            rows: cells, note: TableForm.flat(notes.joined(separator: "; ")))
    }

    /// Its first rows, with a note that says how many there are.
    fileprivate func cut(of count: Int) -> TableForm {
        let shown = Array(rows.prefix(TableForm.mostRows))
        return TableForm(title: title, headings: headings, rows: shown, note: TableForm.cutNote(shown.count, count))
    }

    private static func cutNote(_ shown: Int, _ count: Int) -> String { "the first \(shown) of \(count) rows" }

    private static func cell(_ value: Value, form: Value) -> Cell {
        switch value {
        case .none, .missing: return Cell("–")
        case .float(let number) where number.isNaN: return Cell("–", isNumber: true)
        case .integer, .float:
            if case .object(let form as StringObject) = form, let text = try? formatted(value, as: form.string) {
                return Cell(text, isNumber: true)
            }
            return Cell(value.text, isNumber: true)
        default: return Cell(flat(value.text))
        }
    }

    private static func flat(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" || $0 == "\u{1B}" ? " " : $0 })
    }

    /// Aligned columns between title and note.
    var text: String {
        let body = TextTable(columns: headings, rows: rows.map { $0.map { .string($0.text) } }).text
        return ([title, body, note].filter { !$0.isEmpty }).joined(separator: "\n")
    }

    /// Between `<table>` and `</table>`, the note below; every text is escaped.
    var html: String {
        var html = "<table>\n"
        if !title.isEmpty { html += "<caption>\(HTML.escaped(title))</caption>\n" }
        if !headings.isEmpty {
            html += "<thead><tr>" + headings.map { "<th scope=\"col\">\(HTML.escaped($0))</th>" }.joined() + "</tr></thead>\n"
        }
        html += "<tbody>\n"
        for row in rows {
            // A short text stays on one line; a long one may be broken.
            html += "<tr>" + row.map { cell in
                "<td class=\"\(cell.isNumber ? "amount" : cell.text.count <= 24 ? "word" : "text")\">\(HTML.escaped(cell.text))</td>"
            }.joined() + "</tr>\n"
        }
        html += "</tbody>\n</table>\n"
        return note.isEmpty ? html : html + "<p class=\"note\">\(HTML.escaped(note))</p>\n"
    }
}
