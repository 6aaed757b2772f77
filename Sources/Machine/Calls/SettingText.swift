import Base
import Syntax

/// What `--set NAME=TEXT` gives a `param`: a text that is read as the parameter's type asks, which is that of its
/// annotation, else that of its default.
struct SettingText {
    let name: String
    let text: String

    /// The value. Throws a `Failure` (`param`) where the text is none of the type's.
    ///
    /// A text is taken as it stands where a text is wanted. `nil`, or nothing, is nil where the annotation ends in `?`.
    /// Where anything goes (a default nil without an annotation, `Any`) what is no literal is a text.
    func value(as contract: Contract?, instead defaultValue: Value) throws -> Value {
        let type = contract?.type ?? (defaultValue.typeName == "Nil" ? "Any" : defaultValue.typeName)
        let isOptional = contract?.isOptional ?? false
        if isOptional, text.isEmpty || text == "nil" { return .none }
        if type == "String" { return .string(text) }
        guard let value = SettingText.literal(text) else {
            if type == "Any" { return .string(text) }
            throw refusal(contract, type, isOptional)
        }
        if type == "Float", case .integer(let number) = value { return .float(Double(number)) }
        guard valueMatches(value, annotation: type) else { throw refusal(contract, type, isOptional) }
        return value
    }

    private func refusal(_ contract: Contract?, _ type: String, _ isOptional: Bool) -> Failure {
        let wanted = (contract?.expected ?? TypeName.own.first { $0.text == type } ?? TypeName(unknown: type)).words + (isOptional ? " or nil" : "")
        return Failure("param", "param `\(name)` must be \(wanted), but --set gives `\(text)`")
    }

    /// A number, a truth value, nil, a text in quotes, or a list or map of such; nil for any other text.
    private static func literal(_ text: String) -> Value? {
        // Shells hand on what no literal of the language is: `inf`, `+5`.
        if let number = Int(text) { return .integer(number) }
        if let number = Double(text) { return .float(number) }
        let file = SourceFile(name: "--set", text: "let value = \(text)")
        guard case .complete(let program) = Parser.parse(file), program.statements.count == 1,
            case .binding(_, _, let expression) = program.statements[0].kind
        else { return nil }
        return value(of: expression)
    }

    private static func value(of expression: Expression) -> Value? {
        switch expression.kind {
        case .none: return Value.none
        case .boolean(let truth): return .boolean(truth)
        case .integer(let number): return .integer(number)
        case .float(let number): return .float(number)
        case .string(let parts):
            var whole = ""
            for part in parts {
                guard case .text(let piece) = part else { return nil }
                whole += piece
            }
            return .string(whole)
        case .unary(.negate, let operand):
            switch value(of: operand) {
            case .integer(let number): return .integer(-number)
            case .float(let number): return .float(-number)
            default: return nil
            }
        case .list(let elements):
            var values: [Value] = []
            for element in elements {
                guard let value = value(of: element) else { return nil }
                values.append(value)
            }
            return .list(values)
        case .map(let entries):
            let map = MapObject()
            for entry in entries {
                guard let key = key(entry.key), let value = value(of: entry.value) else { return nil }
                map.items[key] = value
            }
            return .object(map)
        default: return nil
        }
    }

    private static func key(_ key: MapEntry.Key) -> MapKey? {
        switch key {
        case .name(let name): return MapKey(name.text)
        case .expression(let expression): return value(of: expression).flatMap { MapKey($0) }
        }
    }
}
