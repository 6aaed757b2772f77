import Base

/// Text; indexing counts characters.
public final class StringObject: Object {
    public private(set) var string: String
    /// How characters are found, known from the first time that someone asks.
    private var knownLayout: Layout?
    /// 0 until the hash is asked for.
    private var knownHash = 0
    /// The cells of a text that lays out a table, for whoever can show more than aligned text.
    public private(set) var table: TableForm?

    public init(_ string: String, table: TableForm? = nil) {
        self.string = string
        self.table = table
        super.init()
        kind = .string
    }

    /// Adds text at the end, or nothing when that fails. Only for a string that nobody else holds: strings do not change
    /// under anyone's eyes.
    func change(_ add: (inout String) throws -> Void) rethrows {
        let length = string.utf8.count
        knownHash = 0
        knownLayout = nil
        table = nil
        do { try add(&string) } catch {
            string = String(decoding: string.utf8.prefix(length), as: UTF8.self)
            throw error
        }
    }

    private enum Layout {
        /// Every byte is a character.
        case bytes
        case characters([Character])

        /// The `position`th character of the string that has this layout.
        func character(_ position: Int, of string: String) -> Character {
            switch self {
            case .bytes: return Character(Unicode.Scalar(string.utf8[string.utf8.index(string.startIndex, offsetBy: position)]))
            case .characters(let characters): return characters[position]
            }
        }
    }

    private var layout: Layout {
        if let knownLayout { return knownLayout }
        let layout = string.withUTF8(StringObject.isPlain) ? Layout.bytes : .characters(Array(string))
        knownLayout = layout
        return layout
    }

    /// Whether every byte is a character: none begins a longer one, and there is no carriage return, which is one character
    /// with the newline after it.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Blocks without a way out in their middle are looked at many bytes at once.
        for start in stride(from: 0, to: bytes.count, by: 4096) {
            var isPlain: UInt8 = 1
            for byte in bytes[start..<min(start + 4096, bytes.count)] { isPlain &= byte < 0x80 && byte != 0x0D ? 1 : 0 }
            if isPlain == 0 { return false }
        }
        return true
    }

    public override var typeName: String { "String" }
    public override var text: String { string }
    public override var content: Content { .text(string) }
    public override var representation: String { quoted(string) }
    public override func isEqual(to other: Object) -> Bool {
        other.kind == .string && unsafeDowncast(other, to: StringObject.self).string == string
    }
    public override var keyHash: Int? { hash }
    var hash: Int {
        if knownHash == 0 { knownHash = string.hashValue }
        return knownHash
    }
    public override var count: Int? { characterCount }
    private var characterCount: Int {
        if case .characters(let characters) = layout { return characters.count }
        return string.utf8.count
    }

    public override func element(at items: [Subscript], machine: Machine) throws -> Value? {
        guard items.count == 1 else {
            throw Failure("index", "a string takes one index, but got \(items.count)")
        }
        switch items[0] {
        case .value(let index):
            let position = try listPosition(index, count: characterCount, of: "string")
            return .string(String(layout.character(position, of: string)))
        case .slice(let lower, let upper, let step):
            let positions = try slicePositions(lower, upper, step, count: characterCount)
            let layout = layout
            return .string(String(positions.map { layout.character($0, of: string) }))
        case .ellipsis:
            return .object(self)
        }
    }

    public override func makeIterator(machine: Machine) throws -> ValueIterator? {
        var characters = string.makeIterator()
        return ClosureIterator { characters.next().map { .string(String($0)) } }
    }
}

/// The text between double quotes, with what needs it escaped.
public func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case "{": result += "{{"
        case "}": result += "}}"
        default:
            if scalar.value < 0x20 || scalar.value == 0x7F {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
    return result + "\""
}
