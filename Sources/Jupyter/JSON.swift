import Foundation

/// What a message says, as it is written.
public enum JSON: Encodable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case list([JSON])
    case object([String: JSON])

    public func encode(to encoder: Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let truth): try container.encode(truth)
        case .integer(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .list(let items): try container.encode(items)
        case .object(let fields): try container.encode(fields)
        }
    }

    /// Compact JSON in UTF-8, keys in alphabetical order.
    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }

    /// Bytes of all its texts: about what it takes to write it.
    var textBytes: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .list(let items): items.reduce(0) { $0 + $1.textBytes }
        case .object(let fields): fields.values.reduce(0) { $0 + $1.textBytes }
        case .null, .boolean, .integer: 0
        }
    }

    /// The same object with more fields.
    func adding(_ more: [String: JSON]) -> JSON {
        guard case .object(let fields) = self else { return self }
        return .object(fields.merging(more) { _, new in new })
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int) { self = .integer(number) }
    public init(booleanLiteral truth: Bool) { self = .boolean(truth) }
    public init(arrayLiteral items: JSON...) { self = .list(items) }
    public init(dictionaryLiteral fields: (String, JSON)...) { self = .object(Dictionary(fields) { _, new in new }) }
}
