import Foundation

/// A JSON value that is written as Jupyter writes notebooks: keys in order, one blank a level, letters as they are.
indirect enum JSONForm {
    case null
    case integer(Int)
    case float(Double)
    case string(String)
    case array([JSONForm])
    case object([String: JSONForm])

    /// A text as a list of its lines, each with its end.
    static func lines(_ text: String) -> JSONForm {
        var lines: [JSONForm] = []
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            line.append(scalar)
            guard scalar == "\n" else { continue }
            lines.append(.string(String(line)))
            line.removeAll()
        }
        if !line.isEmpty { lines.append(.string(String(line))) }
        return .array(lines)
    }

    /// The whole text, a newline at its end.
    var text: String {
        var text = ""
        write(to: &text, depth: 0)
        return text + "\n"
    }

    private func write(to text: inout String, depth: Int) {
        switch self {
        case .null: text += "null"
        case .integer(let number): text += String(number)
        case .float(let number): text += number.isFinite ? "\(number)" : "null"
        case .string(let string): JSONForm.write(string, to: &text)
        case .array(let items):
            JSONForm.write(items, between: "[", "]", to: &text, depth) { $0.write(to: &$1, depth: depth + 1) }
        case .object(let fields):
            let ordered = fields.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
            JSONForm.write(ordered, between: "{", "}", to: &text, depth) { field, text in
                JSONForm.write(field.key, to: &text)
                text += ": "
                field.value.write(to: &text, depth: depth + 1)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between opening: String, _ closing: String, to text: inout String, _ depth: Int,
        _ writeItem: (Item, inout String) -> Void
    ) {
        text += opening
        for (place, item) in items.enumerated() {
            text += (place > 0 ? ",\n" : "\n") + String(repeating: " ", count: depth + 1)
            writeItem(item, &text)
        }
        if !items.isEmpty { text += "\n" + String(repeating: " ", count: depth) }
        text += closing
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            // Some readers take this one away where a text begins with it.
            case _ where scalar.value < 0x20 || scalar == "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
