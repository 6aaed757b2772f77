/// A table as cells: what a value that is one gives to whoever shows tables.
public final class TableForm {
    public struct Cell {
        public var text: String
        /// Numbers stand right.
        public var isNumber: Bool
        public init(_ text: String, isNumber: Bool = false) {
            self.text = text
            self.isNumber = isNumber
        }
    }

    /// What stands above it; empty for nothing.
    public let title: String
    /// Empty for a table without headings.
    public let headings: [String]
    public let rows: [[Cell]]
    /// What stands below it; empty for nothing.
    public let note: String

    public init(title: String = "", headings: [String], rows: [[Cell]], note: String = "") {
        self.title = title
        self.headings = headings
        self.rows = rows
        self.note = note
    }

    /// Maps with the same keys, or records of one type; nil for other lists, and where a cell would take several lines.
    ///
    /// - Parameter places: which of the items become rows.
    public convenience init?(_ items: [Value], rows places: [Int]) {
        guard items.count >= 2, let (names, kind) = TableForm.columns(of: items[0]) else { return nil }
        var rows: [[Cell]] = []
        for place in places {
            guard let values = TableForm.row(of: items[place], names, kind) else { return nil }
            var cells: [Cell] = []
            for value in values {
                guard let cell = TableForm.cell(value) else { return nil }
                cells.append(cell)
            }
            rows.append(cells)
        }
        self.init(headings: names, rows: rows, note: "(\(items.count) \(kind.map { "× \($0.name)" } ?? "maps"))")
    }

    private static func cell(_ value: Value) -> Cell? {
        switch value {
        case .integer: return Cell(value.text, isNumber: true)
        case .float(let number): return Cell((try? formatted(.float(number), as: ".4g")) ?? value.text, isNumber: true)
        case .object(let string as StringObject): return string.string.contains(where: \.isNewline) ? nil : Cell(string.string)
        case .object(let object):
            let text = object.representation
            return text.contains("\n") || object is MapObject || object is RecordObject ? nil : Cell(text)
        default: return Cell(value.text)
        }
    }

    private static func columns(of value: Value) -> (names: [String], kind: RecordType?)? {
        switch value.object {
        case let record as RecordObject where !record.type.isModel && !record.values.isEmpty: return (record.type.fields, record.type)
        case let map as MapObject where !map.items.isEmpty && map.fieldNames.count == map.items.count: return (map.fieldNames, nil)
        default: return nil
        }
    }

    private static func row(of value: Value, _ names: [String], _ kind: RecordType?) -> [Value]? {
        switch value.object {
        case let record as RecordObject: return record.type === kind ? record.values : nil
        case let map as MapObject: return kind == nil && map.fieldNames == names ? Array(map.items.values) : nil
        default: return nil
        }
    }
}
