import Machine
import Syntax

/// Which module of the library written in RS4 offers which name. Worked out when it is first asked for: it parses every module.
enum LibraryNames {
    private struct Index {
        /// By name, the modules that declare it as a function, record or model, then those that hand it on.
        var homes: [String: [String]] = [:]
        var names: [String] = []
    }

    private static let index: Index = {
        var index = Index()
        var handedOn: [String: [String]] = [:]
        for module in EmbeddedLibrary.names {
            guard let file = EmbeddedLibrary.file(module), case .complete(let program) = Parser.parse(file) else { continue }
            for statement in program.statements {
                for name in statement.declaredNames.map(\.text) where !name.hasPrefix("_") {
                    if case .binding = statement.kind { handedOn[name, default: []].append(module) } else { index.homes[name, default: []].append(module) }
                }
            }
        }
        // A module that hands a name on is worth naming only where no other declares it: `let undone = "…"`.
        index.homes.merge(handedOn) { declared, _ in declared }
        index.names = index.homes.keys.sorted()
        return index
    }()

    static func homes(of name: String) -> [String] { index.homes[name] ?? [] }

    static var all: [String] { index.names }
}
