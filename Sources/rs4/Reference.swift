import Builtins
import Foundation
import Machine
import Session
import Syntax

/// `rs4 doc`: the reference, from the table that `help` reads.
enum Reference {
    static func show(_ name: String?) -> Int32 {
        guard let name else {
            for module in Library.modules {
                print("\(module.name): \(module.summary)")
                for primitive in module.primitives { print("  \(primitive.signature)\n      \(primitive.summary)") }
            }
            return 0
        }
        if let code = errorCode(name) { return showPage(code) }
        if let documentation = documentation(of: name) {
            print(documentation)
            return 0
        }
        let names = Library.modules.flatMap { $0.primitives.map(\.name) } + Library.modules.map(\.name)
        return Evaluation.report([
            Diagnostic(
                code: "name", message: "`\(name)` must be a name of the library, but is not",
                help: Suggestion.help(for: name, among: names))
        ])
    }

    /// The code in `error:shape`, `error[shape]` and the same with `warning`.
    private static func errorCode(_ name: String) -> String? {
        for head in ["error", "warning"] where name.hasPrefix(head) {
            let rest = name.dropFirst(head.count)
            if rest.hasPrefix(":") { return String(rest.dropFirst()) }
            if rest.hasPrefix("["), rest.hasSuffix("]") { return String(rest.dropFirst().dropLast()) }
        }
        return nil
    }

    private static func showPage(_ code: String) -> Int32 {
        if let page = ErrorPages.page(code) {
            print(page, terminator: "")
            return 0
        }
        return Evaluation.report([
            Diagnostic(
                code: "name", message: "`\(code)` must be the code of an error, but is not",
                help: Suggestion.help(for: code, among: ErrorPages.codes) ?? "the codes are \(ErrorPages.codes.joined(separator: ", "))")
        ])
    }

    /// A primitive, a table of primitives, or a name or module of the library written in RS4.
    private static func documentation(of name: String) -> String? {
        if let module = Library.modules.first(where: { $0.name == name }), EmbeddedLibrary.file(name) == nil {
            return ([module.summary, ""] + module.primitives.map { "\($0.signature)\n    \($0.summary)" }).joined(separator: "\n")
        }
        for module in Library.modules {
            if let primitive = module.primitives.first(where: { $0.name == name }) { return primitive.documentation }
        }
        for module in EmbeddedLibrary.names {
            let session = Evaluation.makeSession()
            guard case .value = session.evaluate("use \(module)") else { continue }
            if module == name {
                let values = session.evaluate("use \(module) as the_module; the_module")
                guard case .value(.object(let object), _) = values else { continue }
                return object.fieldNames.compactMap { field in
                    ((try? object.field(field)) ?? nil)?.object?.documentation
                }.joined(separator: "\n\n")
            }
            if case .value(.object(let object), _) = session.evaluate(name), let text = object.documentation { return text }
        }
        return nil
    }
}
