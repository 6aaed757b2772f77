import Base
import Foundation
import Machine
import Tensors

/// Values of the language as JSON (RFC 8259), in the order of their keys.
struct JSONText {
    private var text = ""
    private let walk = ValueWalk()

    /// One line of JSON. Code `type` for what has no such form, `value` for what is nested without end.
    static func write(_ value: Value) throws -> String {
        var written = JSONText()
        try written.add(value)
        return written.text
    }

    private mutating func add(_ value: Value) throws {
        guard !walk.isTooDeep else { throw Failure("value", "a value as JSON must be nested at most \(ValueWalk.depthLimit) deep") }
        switch value {
        case .none, .missing: text += "null"
        case .boolean(let truth): text += truth ? "true" : "false"
        case .integer(let number): text += String(number)
        case .float(let number): text += number.isFinite ? "\(number)" : "null"
        case .object(let object): try add(object)
        }
    }

    private mutating func add(_ object: Object) throws {
        switch object.content {
        case .text(let string): text += try JSONText.quoted(string)
        case .items(let items): try add(items: items)
        case .range(let range): try add(items: range.map { .integer($0) })
        case .entries(let entries): try add(fields: entries.map { ($0.key.value.text, $0.value) })
        case .fields(let parts): try add(fields: parts)
        case .payload(let tensor as Tensor):
            guard let size = tensor.shape.first else { return try add(TensorObject(tensor).scalar ?? Value.none) }
            try add(items: try (0..<size).map { .tensor(try tensor.indexed([.at($0)])) })
        case .closed, .code, .payload, .state, .whole:
            throw Failure(
                "type", "what becomes JSON must be numbers, text, truth values, nil, tensors, and lists, maps and records of these, but is \(object.typeName)")
        }
    }

    private mutating func add(items: [Value]) throws {
        text += "["
        try walk.inside(nil) {
            for (place, item) in items.enumerated() {
                if place > 0 { text += ", " }
                try add(item)
            }
        }
        text += "]"
    }

    private mutating func add(fields: [Part]) throws {
        text += "{"
        try walk.inside(nil) {
            for (place, field) in fields.enumerated() {
                if place > 0 { text += ", " }
                text += "\(try JSONText.quoted(field.name)): "
                try add(field.value)
            }
        }
        text += "}"
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: text, options: [.fragmentsAllowed, .withoutEscapingSlashes]), as: UTF8.self)
    }
}
