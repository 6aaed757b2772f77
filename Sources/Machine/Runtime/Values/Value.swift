/// What a name can be bound to. Small things are stored in place, everything else is an `Object`.
public enum Value {
    /// An argument that was not given (internal: seen by default-value code only, never by scripts).
    case missing
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case object(Object)

    @inline(__always)
    public var object: Object? {
        if case .object(let object) = self { return object }
        return nil
    }

    public static func string(_ text: String) -> Value { .object(StringObject(text)) }
    public static func list(_ items: [Value]) -> Value { .object(ListObject(items)) }

    /// The type's name as diagnostics and annotations write it: `Int`, `Float`, `String`, `Tensor`, a record's name.
    public var typeName: String {
        switch self {
        case .missing, .none: return "Nil"
        case .boolean: return "Bool"
        case .integer: return "Int"
        case .float: return "Float"
        case .object(let object): return object.typeName
        }
    }

    /// The text that `print` and string interpolation show.
    public var text: String {
        switch self {
        case .missing: return "missing"
        case .none: return "nil"
        case .boolean(let truth): return truth ? "true" : "false"
        case .integer(let number): return String(number)
        case .float(let number): return formatFloat(number)
        case .object(let object): return object.text
        }
    }

    /// The text inside lists and maps and at the prompt; strings are quoted.
    public var representation: String {
        if case .object(let object) = self { return object.representation }
        return text
    }
}

/// The shortest decimal text that reads back as the same float, always with a point or exponent; `nan`, `inf`.
public func formatFloat(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    return "\(number)"
}
