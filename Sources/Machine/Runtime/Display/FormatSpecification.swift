import Base
import Glibc

/// The text after the colon in `"{value:>8.3f}"`: fill and alignment, sign, zero padding, width, thousands, precision,
/// kind. The form is Python's.
struct FormatSpecification {
    var fill: Character = " "
    var alignment: Character?
    var sign: Character = "-"
    var zeroPadded = false
    var width = 0
    var thousands = false
    var precision: Int?
    var kind: Character?

    /// Throws a `Failure` when the text is no format.
    init(_ text: String) throws {
        var rest = Array(text)[...]
        if rest.count >= 2, "<>^".contains(rest[rest.startIndex + 1]) {
            fill = rest.removeFirst()
            alignment = rest.removeFirst()
        } else if let first = rest.first, "<>^".contains(first) {
            alignment = rest.removeFirst()
        }
        if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
        if rest.first == "0" {
            zeroPadded = true
            rest.removeFirst()
        }
        width = FormatSpecification.number(&rest) ?? 0
        if rest.first == "," {
            thousands = true
            rest.removeFirst()
        }
        if rest.first == "." {
            rest.removeFirst()
            guard let digits = FormatSpecification.number(&rest) else {
                throw FormatSpecification.problem(text)
            }
            precision = digits
        }
        if let last = rest.first, "fFeEgGdxXob%s".contains(last) {
            kind = last
            rest.removeFirst()
        }
        guard rest.isEmpty, width <= 10_000, (precision ?? 0) <= 1_000 else { throw FormatSpecification.problem(text) }
    }

    private static func problem(_ text: String) -> Failure {
        Failure(
            "format", "the format must be like `.3f`, `>8`, `05d`, `.1%`, but is `\(text)`",
            help: "width and precision are numbers; the last letter is one of d f e g x b o s %")
    }

    private static func number(_ rest: inout ArraySlice<Character>) -> Int? {
        var digits = ""
        while let first = rest.first, ("0"..."9").contains(first), digits.count < 9 {
            digits.append(rest.removeFirst())
        }
        return Int(digits)
    }

    func apply(to value: Value) throws -> String {
        switch value {
        case .integer(let number):
            switch kind {
            case nil where precision == nil, "d": return pad(group(signed(number.magnitude.description, number < 0)), numeric: true)
            case "x": return pad(signed(String(number.magnitude, radix: 16), number < 0), numeric: true)
            case "X": return pad(signed(String(number.magnitude, radix: 16, uppercase: true), number < 0), numeric: true)
            case "o": return pad(signed(String(number.magnitude, radix: 8), number < 0), numeric: true)
            case "b": return pad(signed(String(number.magnitude, radix: 2), number < 0), numeric: true)
            case "s": break
            default: return try applyFloat(Double(number))
            }
        case .float(let number):
            if kind == "d" {
                guard let whole = Int(exactly: number) else {
                    throw Failure("format", "the format `d` takes an integer, but the value is \(formatFloat(number))")
                }
                return pad(group(signed(String(whole.magnitude), number < 0)), numeric: true)
            }
            if kind == nil, precision == nil { return pad(group(signed(formatFloat(abs(number)), number < 0)), numeric: true) }
            if kind != "s" { return try applyFloat(number) }
        default: break
        }
        if let kind, kind != "s" {
            if let object = value.object, let scalar = object.number() { return try apply(to: scalar) }
            throw Failure("format", "the format `\(kind)` takes a number, but the value is \(value.typeName)")
        }
        if let object = value.object, !(object is StringObject), precision != nil, let scalar = object.number() {
            return try apply(to: scalar)
        }
        var text = value.text
        if let precision { text = String(text.prefix(precision)) }
        return pad(text, numeric: false)
    }

    private func applyFloat(_ number: Double) throws -> String {
        var letter = kind ?? "g"
        var shown = number
        if letter == "%" {
            letter = "f"
            shown *= 100
        }
        if shown.isNaN || shown.isInfinite {
            return pad(formatFloat(shown) + (kind == "%" ? "%" : ""), numeric: true)
        }
        var buffer = [CChar](repeating: 0, count: 2048)
        let digits = precision ?? 6
        _ = withVaList([abs(shown)]) { vsnprintf(&buffer, buffer.count, "%.\(digits)\(letter)", $0) }
        var text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        text = group(signed(text, number.sign == .minus))
        return pad(text + (kind == "%" ? "%" : ""), numeric: true)
    }

    private func signed(_ digits: String, _ negative: Bool) -> String {
        negative ? "-" + digits : sign == "-" ? digits : String(sign) + digits
    }

    private func group(_ text: String) -> String {
        guard thousands else { return text }
        var whole = text.prefix { $0 != "." && $0 != "e" }
        let tail = text.dropFirst(whole.count)
        var lead = ""
        if let first = whole.first, "+- ".contains(first) { lead = String(whole.removeFirst()) }
        var result = ""
        for (offset, digit) in whole.enumerated() {
            if offset > 0, (whole.count - offset) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return lead + result + tail
    }

    private func pad(_ text: String, numeric: Bool) -> String {
        let missing = width - displayWidth(text)
        guard missing > 0 else { return text }
        if zeroPadded, numeric, alignment == nil {
            let lead = text.prefix { "+- ".contains($0) }
            return lead + String(repeating: "0", count: missing) + text.dropFirst(lead.count)
        }
        switch alignment ?? (numeric ? ">" : "<") {
        case "<": return text + String(repeating: fill, count: missing)
        case "^":
            return String(repeating: fill, count: missing / 2) + text + String(repeating: fill, count: missing - missing / 2)
        default: return String(repeating: fill, count: missing) + text
        }
    }
}

/// Columns a text takes in a terminal: East Asian wide characters take two, combining ones none.
public func displayWidth(_ text: String) -> Int {
    text.reduce(0) { total, character in
        guard let scalar = character.unicodeScalars.first else { return total }
        let value = scalar.value
        let wide =
            (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value) || (0xAC00...0xD7A3).contains(value)
            || (0xF900...0xFAFF).contains(value) || (0xFE30...0xFE6F).contains(value) || (0xFF00...0xFF60).contains(value)
            || (0xFFE0...0xFFE6).contains(value) || (0x1F300...0x1FAFF).contains(value) || (0x20000...0x3FFFD).contains(value)
        return total + (wide ? 2 : 1)
    }
}

/// `value` shown by a format such as `.3f`; throws a `Failure` for a bad format.
public func formatted(_ value: Value, as specification: String) throws -> String {
    try FormatSpecification(specification).apply(to: value)
}
