import Base
import Syntax

/// Puts positional and named arguments in the order of parameters.
public enum ArgumentBinding {
    /// The name under which a trailing block travels: it goes to the last parameter.
    public static let trailing = "{}"

    /// One value a parameter, `.missing` where none was given; a variadic parameter holds a list.
    /// Throws a `Failure` that names the function and the argument at fault.
    public static func bind(
        function: String, names: [String], isRequired: (Int) -> Bool, variadic: Int?,
        positional: [Value], named: [(name: String, value: Value)]
    ) throws -> [Value] {
        var values = [Value](repeating: .missing, count: names.count)
        var next = 0
        var collected: [Value] = []
        for (position, value) in positional.enumerated() {
            if let variadic, position >= variadic {
                collected.append(value)
            } else if next < names.count {
                values[next] = value
                next += 1
            } else {
                throw Failure(
                    "argument",
                    "\(function) must get at most \(count(names.count, "argument")), but got \(positional.count + named.count)",
                    help: names.isEmpty ? nil : "its parameters are \(names.joined(separator: ", "))",
                    argument: "#\(position)")
            }
        }
        for (name, value) in named {
            if name == trailing {
                guard let last = names.indices.last, last != variadic else {
                    throw Failure("argument", "\(function) must be called without a trailing block, but got one")
                }
                guard case .missing = values[last] else {
                    throw Failure(
                        "argument", "`\(names[last])` of \(function) must be given once, but a value and a block were given")
                }
                values[last] = value
                continue
            }
            guard let position = names.firstIndex(of: name) else {
                let near = ForeignNames.parameter(name, among: names) ?? Suggestion.nearest(to: name, among: names)
                throw Failure(
                    "argument", "\(function) must be called with its own parameters, but has none named `\(name)`",
                    help: near.map { "did you mean `\($0)`?" }
                        ?? (names.isEmpty ? "it takes no arguments" : "its parameters are \(names.joined(separator: ", "))"),
                    argument: "=\(name)")
            }
            guard case .missing = values[position], position != variadic || collected.isEmpty else {
                throw Failure("argument", "`\(name)` of \(function) must be given once, but was given twice", argument: "=\(name)")
            }
            if position == variadic {
                // By name the whole collection is given at once.
                if case .object(let list as ListObject) = value { collected = list.items } else { collected = [value] }
            } else {
                values[position] = value
            }
        }
        if let variadic { values[variadic] = .list(collected) }
        for position in names.indices where isRequired(position) {
            if case .missing = values[position], position != variadic {
                throw Failure(
                    "argument", "\(function) must get `\(names[position])`, but it was not given",
                    help: "its parameters are \(names.joined(separator: ", "))")
            }
        }
        return values
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension Primitive {
    /// The arguments in the order of the parameters, defaults filled in, types checked.
    func bind(_ arguments: CallArguments, _ prelude: Prelude) throws -> [Value] {
        let parameters = parameters
        var values: [Value]
        if arguments.named.isEmpty, arguments.positional.count == parameters.count, variadicPosition == nil {
            values = arguments.positional
        } else {
            values = try ArgumentBinding.bind(
                function: name, names: parameters.map(\.name), isRequired: { parameters[$0].defaultValue == nil },
                variadic: variadicPosition, positional: arguments.positional, named: arguments.named)
        }
        for position in parameters.indices {
            if case .missing = values[position] {
                values[position] = parameters[position].defaultValue.map(fresh) ?? .none
                continue
            }
            guard let type = parameters[position].type, !parameters[position].isVariadic else { continue }
            if case .none = values[position], parameters[position].isOptional { continue }
            if !valueMatches(values[position], annotation: type) {
                throw Mistake.wrongType(
                    argument: parameters[position].name, of: name, expected: prelude.type(type), found: values[position])
            }
            if !parameters[position].words.isEmpty { values[position] = try word(values[position], position) }
        }
        return values
    }

    /// The word of the signature that a text names; upper and lower case are one.
    private func word(_ value: Value, _ position: Int) throws -> Value {
        guard let text = value.object as? StringObject else { return value }
        let parameter = parameters[position]
        guard let word = PrimitiveParameter.word(text.string, among: parameter.words) else {
            throw Mistake.wrongWord(text, argument: parameter.name, of: name, words: parameter.words)
        }
        return word == text.string ? value : .string(word)
    }

    /// A default list or map is made anew for each call, so that no call sees another's changes.
    private func fresh(_ value: Value) -> Value {
        if case .object(let list as ListObject) = value { return .list(list.items) }
        return value
    }
}
