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
        let homes = EmbeddedLibrary.names.filter { Session.publicNames(ofModule: $0).contains(name) }
        guard let home = homes.first else { return nil }
        return "`\(name)` is in the library's module `\(home)`: say `use \(home)`, then `?\(name)`"
    }

    private func contents(of module: String, _ names: [(String, Value?)]) -> String {
        let lines = names.map { name, value -> String in
            let signature = (value?.object as? ClosureObject)?.signature ?? (value?.object as? RecordType)?.signature ?? name
            return "  `\(signature)`"
        }
        return "module `\(module)`\n\n" + lines.joined(separator: "\n")
    }
}
