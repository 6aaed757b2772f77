import Builtins
import Machine
import Syntax

extension Session {
    /// What is known of a name or a chain such as `case.image`, markdown: a function's documentation, a value's type and
    /// fields, a module's contents, the module that a name could be used from. nil when nothing has the name.
    public func help(for name: String) -> String? {
        if let value = value(ofChain: name) {
            if let module = value.object as? ModuleScope { return contents(of: name, module.publicNames.map { ($0, module.field($0)) }) }
            if let text = value.object?.documentation { return text }
            let fields = (value.object?.fieldNames ?? []).filter { !$0.hasPrefix("_") }
            return "`\(name)` is a value of type `\(value.typeName)`\n\n\(value.representation)"
                + (fields.isEmpty ? "" : "\n\nfields: \(fields.map { "`\($0)`" }.joined(separator: ", "))")
        }
        if let module = Library.modules.first(where: { $0.name == name }), EmbeddedLibrary.file(name) == nil {
            return "`\(name)`: \(module.summary)\n\n" + module.primitives.map { "`\($0.signature)`\n    \($0.summary)" }.joined(separator: "\n")
        }
        if EmbeddedLibrary.names.contains(name) {
            return contents(of: name, Session.publicNames(ofModule: name).map { ($0, nil) })
                + "\n\n`use \(name)` makes these names known; then `?\(Session.publicNames(ofModule: name).first ?? "name")` tells more."
        }
        if let use = Session.words[name] { return "`\(name)` is a word of the language:\n\n    \(use)" }
        if let code = ErrorPages.code(in: name) { return ErrorPages.page(code) }
        return machine.prelude.directory.placeHelp(for: name).map { "\($0), then `?\(name)`; `??\(name)` shows its source" }
    }

    /// A help line for a name that nothing has; nil where there is nothing to say.
    public func advice(for name: String) -> String? { machine.prelude.directory.help(for: name, visible: everyName) }

    /// The words of the language.
    public static let keywords = Array(words.keys)

    /// Each of them as it is written.
    private static let words = [
        "let": "let name = value", "fn": "fn name(a, b = 1) = value, or fn name(a, b = 1) { … }",
        "record": "record Name(first, second = nil) { fn … }", "model": "model Name(inputs) { let … fn forward(x) = … }",
        "use": "use losses, use losses.{dice_loss}, use losses as l, use \"./file.rs4\"", "param": "param name = value, which `--set name=…` changes",
        "if": "if condition { a } else if other { b } else { c }", "else": "if condition { a } else { b }",
        "for": "for x in things { … }", "while": "while condition { … }",
        "match": "match value { 0 => \"none\", [a, b] => a + b, x if x > 9 => \"many\", _ => \"other\" }",
        "try": "try { … } catch problem { … }", "catch": "try { … } catch problem { … }", "raise": "raise \"why\"",
        "assert": "assert condition, \"why\"", "return": "return value", "break": "break, which leaves the loop around it",
        "continue": "continue, which begins the loop's next round", "true": "true", "false": "false",
        "nil": "nil, which is no value", "and": "a and b", "or": "a or b", "not": "not a, a not in b",
        "in": "a in b, for x in things { … }",
    ]

    private func contents(of module: String, _ names: [(String, Value?)]) -> String {
        let lines = names.map { name, value -> String in
            let signature = (value?.object as? ClosureObject)?.signature ?? (value?.object as? RecordType)?.signature ?? name
            return "  `\(signature)`"
        }
        return "module `\(module)`\n\n" + lines.joined(separator: "\n")
    }
}
