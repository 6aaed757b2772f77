import Foundation
import Machine

/// Rows of text with aligned columns.
public struct TextTable {
    let columns: [String]
    let rows: [[Value]]

    public init(columns: [String], rows: [[Value]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The text, which pages and notebooks show as a table.
    var value: Value { .object(StringObject(text, table: form)) }

    private var cells: [[String]] {
        rows.map { row in row.map { value -> String in
            if case .float(let number) = value { return (try? formatted(.float(number), as: ".4g")) ?? value.text }
            return value.text
        } }
    }

    /// The cells, for whoever shows more than aligned text.
    var form: TableForm {
        let width = max(columns.count, rows.map(\.count).max() ?? 0)
        return TableForm(
            headings: columns.isEmpty ? [] : columns + Array(repeating: "", count: width - columns.count),
            rows: cells.map { row in
                row.map { TableForm.Cell($0, isNumber: isNumeric($0)) } + Array(repeating: TableForm.Cell(""), count: width - row.count)
            })
    }

    /// Columns two spaces apart, under the headings a rule; every line without trailing spaces.
    public var text: String {
        let cells = cells
        let count = max(columns.count, cells.map(\.count).max() ?? 0)
        let widths = (0..<count).map { column in
            max(
                column < columns.count ? displayWidth(columns[column]) : 0,
                cells.map { column < $0.count ? displayWidth($0[column]) : 0 }.max() ?? 0)
        }
        let rightAligned = (0..<count).map { column in
            !cells.isEmpty && cells.allSatisfy { column >= $0.count || isNumeric($0[column]) }
        }
        func line(_ texts: [String]) -> String {
            var result = ""
            for column in 0..<count {
                let text = column < texts.count ? texts[column] : ""
                let gap = String(repeating: " ", count: widths[column] - displayWidth(text))
                result += (column > 0 ? "  " : "") + (rightAligned[column] ? gap + text : text + gap)
            }
            while result.last == " " { result.removeLast() }
            return result
        }
        var lines = cells.map(line)
        if !columns.isEmpty {
            lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 0)
            lines.insert(line(columns), at: 0)
        }
        return lines.joined(separator: "\n")
    }

    private func isNumeric(_ text: String) -> Bool {
        let digits = text.trimmingCharacters(in: CharacterSet(charactersIn: "%"))
        return text.isEmpty || Double(digits) != nil || text == "nil" || text == "unknown" || text == "–"
    }
}
