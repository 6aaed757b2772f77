import Base
import Foundation
import Machine

/// Conversions, strings, printing.
enum TextPrimitives {
    static let module = PrimitiveModule(
        "text", "Printing, conversion and strings.",
        [
            Primitive("print(values..., separator: String = \" \", end: String = \"\\n\")",
                "Writes the values' texts to standard output.", example: "print(\"dice\", 0.9)") { (values: [Value], separator: String, end: String, machine: Machine) in
                let texts = values.map { ($0.object as? FigureObject)?.printed(by: machine) ?? $0.text }
                machine.host.write(texts.joined(separator: unescaped(separator)) + unescaped(end))
                return Value.none
            },
            Primitive("display(values...)", "Shows values one below the other, each as the end of a cell shows its value.",
                details: """
                    A figure is a picture in Jupyter, on a page and in a terminal that shows pixels, and is drawn with characters \
                    in others, as `print` draws it everywhere.
                    """,
                example: "for rate in [0.1, 0.01] { display(rate) }") { (values: [Value], machine: Machine) in
                for value in values { try machine.show(value) }
                return Value.none
            },
            Primitive("str(x) -> String", "The text that `print` shows.", example: "str(1.5)  # => \"1.5\"", quick: .text) { (x: Value) in x.text },
            Primitive("repr(x) -> String", "The text that the prompt shows; strings are quoted.",
                example: "repr([\"a\"])  # => \"[\\\"a\\\"]\"") { (x: Value) in x.representation },
            Primitive("type(x) -> String", "The name of a value's type.", example: "type(1.5)  # => \"Float\"") { (x: Value) in x.typeName },
            Primitive("int(x) -> Int",
                "An integer: from a float (the fraction is cut off), a truth value, a tensor of one element, or a string of digits.",
                example: "int(\"42\") + int(2.9)  # => 44", quick: .integer, toInteger),
            Primitive("float(x) -> Float", "A float, from an integer, a truth value, a tensor of one element, or a string.",
                example: "float(\"1e-3\")  # => 0.001", quick: .float, toFloat),
            Primitive("bool(x) -> Bool", "The truth of a value in a condition.", example: "bool(nil)  # => false") { (x: Value, machine: Machine) in try machine.truth(of: x) },
            Primitive("format(x, specification: String) -> String", "A value's text in a format such as `.3f`, `>8`, `05d`, `.1%`.",
                example: "format(0.12345, \".1%\")  # => \"12.3%\"") { (x: Value, specification: String) in
                try formatted(x, as: specification)
            },
            Primitive("split(text: String, separator: String? = nil) -> List",
                "The parts between the separators; without one, the words between spaces and newlines.",
                example: "split(\"a,b\", \",\")  # => [\"a\", \"b\"]") { (text: String, separator: String?, machine: Machine) in
                try machine.collected(parts(of: text, between: separator))
            },
            Primitive("join(items, separator: String = \"\") -> String", "The items' texts with the separator between them.",
                example: "join([1, 2], \", \")  # => \"1, 2\"") { (items: Items, separator: String, machine: Machine) in
                var (texts, bytes): ([String], Int) = ([], 0)
                for item in items.items {
                    texts.append(item.text)
                    let length = bytes
                    bytes += texts[texts.count - 1].utf8.count + separator.utf8.count
                    if texts.count & 0xfff == 0 { try machine.checkInterrupt() }
                    try MemoryBudget.require(text: bytes, having: length)
                }
                return texts.joined(separator: separator)
            },
            Primitive("lines(text: String) -> List", "The lines of a text, without their ends.",
                example: "lines(\"a\\nb\")  # => [\"a\", \"b\"]") { (text: String, machine: Machine) in
                try lines(of: text, machine)
            },
            Primitive("trim(text: String) -> String", "The text without spaces and newlines at both ends.",
                example: "trim(\"  a \")  # => \"a\"") { (text: String) in
                text.trimmingCharacters(in: .whitespacesAndNewlines)
            },
            Primitive("to_json(x) -> String", "A value as JSON on one line: numbers, text, truth values, nil, lists, ranges, maps and records.",
                details: "A tensor becomes a number or nested lists. JSON knows no `nan` and no `inf`: they become null.",
                example: "to_json({rate: 0.1, classes: [1, 2], name: nil})  # => \"{{\\\"rate\\\": 0.1, \\\"classes\\\": [1, 2], \\\"name\\\": null}}\"") { (x: Value) in
                try JSONText.write(x)
            },
            Primitive("from_json(text: String)", "The value that a JSON text holds: objects become maps, in their order, arrays lists, null `nil`.",
                details: "A text that is no JSON is an error of code `value`, with the line and column.",
                example: "from_json(\"{{\\\"rate\\\": 0.1, \\\"classes\\\": [1, 2], \\\"name\\\": null}}\")  # => {rate: 0.1, classes: [1, 2], name: nil}\nfrom_json(\"[1, 2\")  # error: value, column 6") { (text: String, machine: Machine) in
                try JSONReading.value(of: text, machine)
            },
            Primitive("upper(text: String) -> String", "The text in capitals.", example: "upper(\"ab\")  # => \"AB\"") { (text: String) in
                text.uppercased()
            },
            Primitive("lower(text: String) -> String", "The text in small letters.", example: "lower(\"AB\")  # => \"ab\"") { (text: String) in
                text.lowercased()
            },
            Primitive("starts_with(text: String, part: String) -> Bool", "True when the text begins with the part.",
                example: "starts_with(\"case_01\", \"case\")  # => true") { (text: String, part: String) in
                text.hasPrefix(part)
            },
            Primitive("ends_with(text: String, part: String) -> Bool", "True when the text ends with the part.",
                example: "ends_with(\"a.nii.gz\", \".gz\")  # => true") { (text: String, part: String) in
                text.hasSuffix(part)
            },
            Primitive("replace(text: String, part: String, with: String) -> String", "The text with every occurrence of a part replaced.",
                example: "replace(\"a-b-c\", \"-\", \"+\")  # => \"a+b+c\"") { (text: String, part: String, other: String) in
                let growth = other.utf8.count - part.utf8.count
                if growth > 0, !part.isEmpty {
                    // The most there can be, before the parts are counted, which takes longer.
                    let (most, isFar) = (text.utf8.count / part.utf8.count).multipliedReportingOverflow(by: growth)
                    if isFar || most > MemoryBudget.largestCount - text.utf8.count {
                        let places = text.components(separatedBy: part).count - 1
                        let (added, overflow) = places.multipliedReportingOverflow(by: growth)
                        try MemoryBudget.require(text: overflow ? Int.max : added + text.utf8.count)
                    }
                }
                return text.replacingOccurrences(of: part, with: other)
            },
            Primitive("table(rows: List, columns: List = []) -> String",
                "Rows of values as text with aligned columns; numbers stand right, text left.",
                example: "print(table([[\"a\", 1], [\"bb\", 20]], [\"name\", \"n\"]))") { (rows: [Items], columns: [Value]) in
                TextTable(columns: columns.map(\.text), rows: rows.map(\.items)).value
            },
        ])

    /// Defaults in signatures hold escapes as written.
    private static func unescaped(_ text: String) -> String { text == "\\n" ? "\n" : text }

    /// The lines of a text, one by one as there is room for them; an end of line at the end begins no further one.
    static func lines(of text: String, _ machine: Machine) throws -> [Value] {
        var rest: Substring? = text.isEmpty ? nil : text[...]
        return try machine.collected {
            guard let text = rest else { return nil }
            let line = text.prefix { !$0.isNewline }
            let after = text[line.endIndex...].dropFirst()
            rest = after.isEmpty ? nil : after
            return .string(String(line))
        }
    }

    /// Gives the parts of a text one after the other: words, characters where the separator is empty, or what stands
    /// between separators.
    private static func parts(of text: String, between separator: String?) -> () -> Value? {
        guard let separator else {
            var rest = text[...]
            return {
                rest = rest.drop(while: \.isWhitespace)
                let word = rest.prefix { !$0.isWhitespace }
                rest = rest[word.endIndex...]
                return word.isEmpty ? nil : .string(String(word))
            }
        }
        if separator.isEmpty {
            var characters = text.makeIterator()
            return { characters.next().map { .string(String($0)) } }
        }
        var start: String.Index? = text.startIndex
        return {
            guard let first = start else { return nil }
            let found = text.range(of: separator, range: first..<text.endIndex)
            start = found?.upperBound
            return .string(String(text[first..<(found?.lowerBound ?? text.endIndex)]))
        }
    }

    private static func toInteger(_ x: Value) throws -> Int {
        switch x.object?.number() ?? x {
        case .integer(let number): return number
        case .boolean(let truth): return truth ? 1 : 0
        case .float(let number):
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw Failure.mismatch("x", of: "int", expected: "a number that fits 64 bits", found: formatFloat(number))
            }
            return whole
        case .object(let text as StringObject):
            if let number = Int(text.string.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "_", with: "")) { return number }
            throw Failure("value", "`x` of int must be digits, but is \(text.representation)", argument: "x")
        default: throw Failure.mismatch("x", of: "int", expected: "a number, truth value or string of digits", found: x.typeName)
        }
    }

    private static func toFloat(_ x: Value) throws -> Double {
        switch x.object?.number() ?? x {
        case .integer(let number): return Double(number)
        case .float(let number): return number
        case .boolean(let truth): return truth ? 1 : 0
        case .object(let text as StringObject):
            let trimmed = text.string.trimmingCharacters(in: .whitespaces)
            if let number = Double(trimmed.replacingOccurrences(of: "_", with: "")) { return number }
            throw Failure("value", "`x` of float must be the text of a number, but is \(text.representation)", argument: "x")
        default:
            throw Failure.mismatch("x", of: "float", expected: "a number, truth value or the text of a number", found: x.typeName)
        }
    }
}
