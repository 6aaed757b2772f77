import Foundation
import Machine

/// Values of the language as JSON (RFC 8259), in the order of their keys.
enum JSONText {
    private static let depthLimit = 64

    /// One line of JSON. Code `type` for what has no such form, `value` for what is nested without end.
    static func write(_ value: Value) throws -> String {
        var text = ""
        try add(value, to: &text, depth: 0)
        return text
    }

    private static func add(_ value: Value, to text: inout String, depth: Int) throws {
        guard depth < depthLimit else { throw Failure("value", "a value as JSON must be nested at most \(depthLimit) deep") }
        switch value {
        case .none, .missing: text += "null"
        case .boolean(let truth): text += truth ? "true" : "false"
        case .integer(let number): text += String(number)
        case .float(let number): text += number.isFinite ? "\(number)" : "null"
        case .object(let object): try add(object, to: &text, depth: depth)
        }
    }

    private static func add(_ object: Object, to text: inout String, depth: Int) throws {
        switch object {
        case let string as StringObject: text += try quoted(string.string)
        case let list as ListObject: try add(list.items, to: &text, depth: depth)
        case let range as RangeObject: try add((range.lower..<range.upper).map { .integer($0) }, to: &text, depth: depth)
        case let map as MapObject: try add(map.items.map { ($0.key.value.text, $0.value) }, to: &text, depth: depth)
        case let record as RecordObject where !record.type.isModel:
            try add(Array(zip(record.type.fields, record.values)), to: &text, depth: depth)
        case let holder as TensorObject:
            let tensor = holder.tensor
            guard let size = tensor.shape.first else { return try add(holder.scalar ?? Value.none, to: &text, depth: depth) }
            try add(try (0..<size).map { .tensor(try tensor.indexed([.at($0)])) }, to: &text, depth: depth)
        default:
            throw Failure(
                "type", "what becomes JSON must be numbers, text, truth values, nil, tensors, and lists, maps and records of these, but is \(object.typeName)")
        }
    }

    private static func add(_ items: [Value], to text: inout String, depth: Int) throws {
        text += "["
        for (place, item) in items.enumerated() {
            if place > 0 { text += ", " }
            try add(item, to: &text, depth: depth + 1)
        }
        text += "]"
    }

    private static func add(_ fields: [(String, Value)], to text: inout String, depth: Int) throws {
        text += "{"
        for (place, field) in fields.enumerated() {
            if place > 0 { text += ", " }
            text += "\(try quoted(field.0)): "
            try add(field.1, to: &text, depth: depth + 1)
        }
        text += "}"
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: text, options: [.fragmentsAllowed, .withoutEscapingSlashes]), as: UTF8.self)
    }
}
