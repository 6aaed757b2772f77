import Base
import Machine

/// JSON (RFC 8259) as values of the language. Foundation's reader is not used because it loses the order of keys, which maps
/// of the language keep.
struct JSONReading {
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0
    private let machine: Machine
    private static let depthLimit = 64

    /// The value that a whole text holds. Code `value` for what is no JSON, with the line and column.
    static func value(of text: String, _ machine: Machine) throws -> Value {
        var reading = JSONReading(bytes: Array(text.utf8), machine: machine)
        let value = try reading.value()
        reading.skipBlanks()
        guard reading.place == reading.bytes.count else { throw reading.failure("its end must come", at: reading.place) }
        return value
    }

    private init(bytes: [UInt8], machine: Machine) {
        self.bytes = bytes
        self.machine = machine
    }

    private func failure(_ expected: String, at place: Int) -> Failure {
        let before = bytes[..<min(place, bytes.count)]
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[start...], as: UTF8.self).count + 1
        let found =
            place < bytes.count
            ? "there is `\(String(decoding: bytes[place...].prefix(40), as: UTF8.self).first.map(String.init) ?? "")`" : "the text ends"
        return Failure("value", "a text must be JSON, where \(expected) at line \(line), column \(column), but \(found)")
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard let byte = character.asciiValue, next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value() throws -> Value {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try nested { try $0.map() }
        case UInt8(ascii: "["): return try nested { try $0.list() }
        case UInt8(ascii: "\""): return .string(try string())
        default: break
        }
        for (word, value) in [("true", Value.boolean(true)), ("false", .boolean(false)), ("null", .none)]
        where bytes[place...].starts(with: word.utf8) {
            place += word.utf8.count
            return value
        }
        return try number()
    }

    private mutating func nested(_ read: (inout JSONReading) throws -> Value) throws -> Value {
        guard depth < JSONReading.depthLimit else {
            throw Failure("value", "JSON must be nested at most \(JSONReading.depthLimit) deep, but is deeper")
        }
        depth += 1
        defer { depth -= 1 }
        try machine.checkInterrupt()
        place += 1
        return try read(&self)
    }

    private mutating func list() throws -> Value {
        var items: [Value] = []
        skipBlanks()
        if take("]") { return .list(items) }
        while true {
            items.append(try value())
            skipBlanks()
            if take("]") { return .list(items) }
            guard take(",") else { throw failure("`,` or `]` must come", at: place) }
        }
    }

    private mutating func map() throws -> Value {
        var items: OrderedMap = [:]
        skipBlanks()
        if take("}") { return .object(MapObject(items)) }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes must come", at: place) }
            let key = MapKey(try string())
            skipBlanks()
            guard take(":") else { throw failure("`:` must come", at: place) }
            items[key] = try value()
            skipBlanks()
            if take("}") { return .object(MapObject(items)) }
            guard take(",") else { throw failure("`,` or `}` must come", at: place) }
        }
    }

    private mutating func number() throws -> Value {
        let start = place
        func digits(_ reading: inout JSONReading) -> Int {
            let first = reading.place
            while let byte = reading.next, (0x30...0x39).contains(byte) { reading.place += 1 }
            return reading.place - first
        }
        _ = take("-")
        let leadsWithZero = next == UInt8(ascii: "0")
        let whole = digits(&self)
        guard whole > 0, !leadsWithZero || whole == 1 else { throw failure("a value must come", at: start) }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits(&self) > 0 else { throw failure("a digit must come", at: place) }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard digits(&self) > 0 else { throw failure("a digit must come", at: place) }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let float = Double(text) else { throw failure("a number must come", at: start) }
        return .float(float)
    }

    private mutating func string() throws -> String {
        place += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escaped()
            case 0..<0x20: throw failure("a text must go on or end with a quote", at: place)
            default:
                text.append(byte)
                place += 1
            }
        }
        throw failure("a text must end with a quote", at: place)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    /// The bytes that the escape at `place` stands for.
    private mutating func escaped() throws -> [UInt8] {
        let start = place
        place += 1
        guard let kind = next else { throw failure("a text must end with a quote", at: place) }
        place += 1
        if let byte = JSONReading.escapes[kind] { return [byte] }
        guard kind == UInt8(ascii: "u"), var code = hexadecimal() else { throw failure("an escape of JSON must come", at: start) }
        // Characters beyond 16 bits are written as a pair of surrogates.
        if (0xD800..<0xDC00).contains(code), bytes[place...].starts(with: "\\u".utf8) {
            let behind = place
            place += 2
            if let low = hexadecimal(), (0xDC00..<0xE000).contains(low) {
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            } else {
                place = behind
            }
        }
        return Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    }

    private mutating func hexadecimal() -> UInt32? {
        let digits = bytes[place...].prefix(4)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, text.allSatisfy(\.isHexDigit), let code = UInt32(text, radix: 16) else { return nil }
        place += 4
        return code
    }
}
