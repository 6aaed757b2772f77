/// One parameter of a primitive's signature.
public struct PrimitiveParameter {
    public var name: String
    /// nil when any value is accepted.
    public var type: String?
    public var isOptional: Bool
    /// nil when the argument is required.
    public var defaultValue: Value?
    public var isVariadic: Bool
    /// The words that may be given, of a parameter whose type is `"linear" | "nearest"`; none for others.
    public var words: [String] = []

    /// The one of the words that a text names, in capitals or not; nil when it names none.
    public static func word(_ text: String, among words: [String]) -> String? {
        if words.contains(text) { return text }
        let small = text.lowercased()
        return words.first { $0.lowercased() == small }
    }

    /// The type as the signature writes it, `"linear" | "nearest"`, `Volume?`; nil when any value is accepted.
    public var typeText: String? {
        words.isEmpty ? type.map { $0 + (isOptional ? "?" : "") } : PrimitiveParameter.type(of: words)
    }

    /// The type that allows these words, for signatures that take them from elsewhere.
    public static func type(of words: [String]) -> String { words.map { "\"\($0)\"" }.joined(separator: " | ") }

    /// A value in few words: sizes and type of what has a shape, numbers and short texts themselves; nil for nil.
    static func brief(_ value: Value) -> String? {
        guard case .object(let object) = value else {
            if case .none = value { return nil }
            return value.text
        }
        if let extent = object.extent { return "\(object.typeName) of \(extent)" }
        switch object {
        case let string as StringObject where string.string.utf8.count <= 40: return string.representation
        case let list as ListObject where list.items.count <= 6:
            return "[" + list.items.map { brief($0) ?? "nil" }.joined(separator: ", ") + "]"
        default: return object.typeName
        }
    }
}

extension PrimitiveParameter {
    /// Reads `name(a: Int, b = 0.5, mode: "x" | "y" = "x", items...) -> Result`. Wrong text in a table is found by the tests,
    /// which check that every signature reads back.
    static func parse(_ signature: String) -> [PrimitiveParameter] {
        guard let open = signature.firstIndex(of: "(") else { return [] }
        var depth = 0
        var inString = false
        var pieces = [""]
        scan: for character in signature[open...] {
            switch character {
            case "\"": inString.toggle()
            case "(" where !inString, "[" where !inString, "{" where !inString:
                depth += 1
                if depth == 1 { continue scan }
            case ")" where !inString, "]" where !inString, "}" where !inString:
                depth -= 1
                if depth == 0 { break scan }
            case "," where depth == 1 && !inString:
                pieces.append("")
                continue scan
            default: break
            }
            pieces[pieces.count - 1].append(character)
        }
        return pieces.map(trimmed).filter { !$0.isEmpty }.map(parameter)
    }

    /// What follows `->`; nil when nothing does, and when it may be nil.
    static func result(_ signature: String) -> String? {
        guard let end = signature.lastIndex(of: ">"), signature[..<end].hasSuffix(") -") else { return nil }
        let text = trimmed(String(signature[signature.index(after: end)...]))
        return text.hasSuffix("?") || text == "Any" ? nil : text
    }

    private static func parameter(_ piece: String) -> PrimitiveParameter {
        var head = piece
        var defaultValue: Value?
        if let equals = piece.firstIndex(of: "=") {
            head = trimmed(String(piece[..<equals]))
            defaultValue = literal(trimmed(String(piece[piece.index(after: equals)...])))
        }
        var type: String?
        if let colon = head.firstIndex(of: ":") {
            type = trimmed(String(head[head.index(after: colon)...]))
            head = trimmed(String(head[..<colon]))
        }
        let isVariadic = head.hasSuffix("...") || (type?.hasSuffix("...") ?? false)
        if head.hasSuffix("...") { head.removeLast(3) }
        var isOptional = false
        if var name = type {
            if name.hasSuffix("...") { name.removeLast(3) }
            if name.hasSuffix("?") {
                isOptional = true
                name.removeLast()
            }
            type = name.isEmpty || name == "Any" ? nil : name
        }
        if case .some(.none) = defaultValue { isOptional = true }
        var words: [String] = []
        if type?.hasPrefix("\"") ?? false {
            words = type?.split(separator: "|").map { String(trimmed(String($0)).dropFirst().dropLast()) } ?? []
            type = "String"
        }
        return PrimitiveParameter(
            name: head, type: type, isOptional: isOptional, defaultValue: defaultValue, isVariadic: isVariadic, words: words)
    }

    static func literal(_ text: String) -> Value {
        switch text {
        case "nil": return .none
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf": return .float(.infinity)
        case "{}": return .object(MapObject())
        default: break
        }
        if let number = Int(text) { return .integer(number) }
        if let number = Double(text) { return .float(number) }
        if text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 { return .string(String(text.dropFirst().dropLast())) }
        if text.hasPrefix("["), text.hasSuffix("]") {
            return .list(text.dropFirst().dropLast().split(separator: ",").map { literal(trimmed(String($0))) })
        }
        return .none
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
