import Syntax

/// Wording of mistakes that the machine meets while it runs and that `rs4 check` finds before.
public enum Mistake {
    /// An argument of the wrong type.
    static func wrongType(argument: String, of function: String, expected type: String, found: Value) -> Failure {
        var help: String?
        if type == "Tensor", found.object is ListObject { help = ForeignNames.help(forList: function) }
        if type == "Labels", found.typeName == "Volume" {
            help = "`labels_of(volume)` makes labels of whole numbers; `read_labels(path)` reads them"
        }
        return Failure(
            "type", "argument `\(argument)` of \(function) must be \(description(ofAnnotation: type)), but is \(found.typeName)",
            help: help, argument: argument, labels: [(argument, "this is \(found.typeName)")])
    }

    /// `subject` is called; it is the text of the call's left side between backquotes, or words for it.
    public static func notCallable(_ value: Value, _ subject: String) -> Failure {
        var help: String?
        if case .object(let object) = value, object.count != nil { help = "an item is taken with brackets: `x[0]`" }
        if case .none = value { help = "is the function bound, and does it give a value?" }
        return Failure("type", "\(subject) must be a function, but is \(value.typeName)", help: help)
    }

    /// `functions` are the names of those that every script knows: `x.f` may be a call without its parentheses.
    public static func unknownField(_ name: String, of value: Value, functions: [String: Value] = [:]) -> Failure {
        let names = value.object?.fieldNames ?? []
        let near = Suggestion.nearest(to: name, among: names)
        let call = functions[name]?.object?.isCallable ?? false ? "a call has parentheses: `\(name)()`" : nil
        return Failure(
            "field", "`\(name)` must be a field of \(value.typeName), but is not",
            help: near.map { "did you mean `\($0)`?" } ?? call ?? ForeignNames.help(forField: name)
                ?? (names.isEmpty ? nil : "it has \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? ", …" : "")"))
    }

    /// `x.name(…)`, where `x` has no such field and no function has that name.
    public static func unknownMethod(_ name: String, of value: Value, functions: some Sequence<String>) -> Failure {
        let names = (value.object?.fieldNames ?? []) + functions
        return Failure(
            "name", "`\(name)` must be a field of \(value.typeName) or a function, but is neither",
            help: Suggestion.nearest(to: name, among: names).map { "did you mean `\($0)`?" })
    }

    /// A top-level name is read before its statement has run.
    public static func notBoundYet(_ name: String, names: some Sequence<String>) -> Failure {
        Failure(
            "name", "`\(name)` must be bound before it is used, but is not bound yet",
            help: Suggestion.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
                ?? "bind it with `let \(name) = …` above this line")
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
