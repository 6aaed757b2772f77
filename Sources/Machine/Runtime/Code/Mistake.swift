import Base
import Syntax

extension Value {
    /// For what is no tensor but has one, such as a volume: where its numbers are.
    public var tensorHelp: String? {
        guard let object, let data = (try? object.field("data")) ?? nil, data.object?.shape != nil else { return nil }
        return "its numbers are `.data`"
    }
}

/// Wording of mistakes that the machine meets while it runs and that `rs4 check` finds before.
public enum Mistake {
    /// An argument of the wrong type.
    static func wrongType(argument: String, of function: String, expected type: TypeName, found: Value) -> Failure {
        Failure(
            "type", "argument `\(argument)` of \(function) must be \(type.words), but is \(found.typeName)",
            help: type.help(found, function), argument: argument, labels: [(argument, "this is \(found.typeName)")])
    }

    /// A text that is none of the words that a signature allows.
    public static func wrongWord(_ text: StringObject, argument: String, of function: String, words: [String]) -> Failure {
        let choices = words.map { "\"\($0)\"" }
        return Failure(
            "value",
            "`\(argument)` of \(function) must be \(choices.dropLast().joined(separator: ", ")) or \(choices.last ?? ""), but is \(text.representation)",
            help: Suggestion.nearest(to: text.string, among: words).map { "did you mean \"\($0)\"?" }, argument: argument)
    }

    /// `subject` is called; it is the text of the call's left side between backquotes, or words for it.
    public static func notCallable(_ value: Value, _ subject: String) -> Failure {
        var help: String?
        if case .object(let object) = value, object.count != nil { help = "an item is taken with brackets: `x[0]`" }
        if let dot = subject.lastIndex(of: "."), subject.hasSuffix("`"), case let name = subject[subject.index(after: dot)...].dropLast(),
            !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        {
            help = "`\(name)` is a field, which stands without parentheses" + (help.map { "; \($0)" } ?? "")
        }
        if case .none = value { help = "is the function bound, and does it give a value?" }
        return Failure("type", "\(subject) must be a function, but is \(value.typeName)", help: help)
    }

    /// For what tensors and images call otherwise elsewhere, where `value` is one.
    private static func tensorFieldHelp(_ name: String, of value: Value) -> String? {
        value.object?.shape == nil ? nil : ForeignNames.help(forTensorField: name)
    }

    /// `functions` are the names of those that every script knows: `x.f` may be a call without its parentheses.
    public static func unknownField(_ name: String, of value: Value, functions: [String: Value] = [:]) -> Failure {
        let names = value.object?.fieldNames ?? []
        let near = Suggestion.nearest(to: name, among: names)
        let call = functions[name]?.object?.isCallable ?? false ? "a call has parentheses: `\(name)()`" : nil
        return Failure(
            "field", "`\(name)` must be a field of \(value.typeName), but is not",
            help: near.map { "did you mean `\($0)`?" } ?? call ?? tensorFieldHelp(name, of: value) ?? ForeignNames.help(forField: name)
                ?? (names.isEmpty ? nil : "it has \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? ", …" : "")"))
    }

    /// `x.name(…)`, where `x` has no such field and no function has that name.
    public static func unknownMethod(_ name: String, of value: Value, in prelude: Prelude) -> Failure {
        Failure(
            "name", "`\(name)` must be a field of \(value.typeName) or a function, but is neither",
            help: tensorFieldHelp(name, of: value) ?? prelude.directory.help(for: name, visible: (value.object?.fieldNames ?? []) + prelude.values.keys))
    }

    /// A top-level name is read before its statement has run; `names` are the others of its module.
    ///
    /// - Parameter isDeclared: whether some statement binds the name: then it is no other that was meant to be written.
    public static func notBoundYet(_ name: String, names: [String], isDeclared: Bool = true, in prelude: Prelude) -> Failure {
        let help = isDeclared ? prelude.directory.remark(name) : prelude.directory.help(for: name, visible: names + prelude.values.keys)
        return Failure(
            "name", "`\(name)` must be bound before it is used, but is not bound yet",
            help: help ?? "bind it with `let \(name) = …` above this line")
    }

    public static func notIndexable(_ value: Value) -> Failure {
        Failure("type", "what is indexed must be a list, map, string, range or tensor, but is \(value.typeName)")
    }

    public static func notIterable(_ value: Value) -> Failure {
        var help: String?
        if case .integer(let number) = value { help = "count with a range: `for i in 0..<\(number)`" }
        return Failure(
            "type", "`for` must go over a list, range, map, string or tensor, but is given \(value.typeName)", help: help)
    }
}
