import Base
import Builtins
import Foundation
import Machine
import Session
import Syntax

/// Compiles and runs programs of the fuzzer.
final class Execution {
    /// Modules whose primitives leave files, pictures and clocks alone.
    private static let modules = Library.modules.filter { module in
        !["files", "volumes", "registration", "plot", "plots", "system"].contains(module.name)
    }

    /// Words of other languages that the parser refuses where a primitive of that name could be meant.
    private static let refused: Set<String> = ["var"]

    /// Names that a program which runs may use; those that take a path are left out.
    static let names: [String] = {
        let own = ["a", "b", "c", "d", "e", "f", "g", "h", "R", "k", "t"]
        let primitives = modules.flatMap(\.primitives).filter { !$0.signature.contains("path") && !$0.signature.contains("file") }
        return own + own + own + own + own + own + primitives.map(\.name).filter { !refused.contains($0) }
    }()

    /// What every program that runs begins with.
    static let start = """
        let a = 3
        let b = [1, 2.5, -7, a]
        let c = "text é 漢"
        let d = {x: 1, "two words": [nil, true]}
        let e = 2 ** 62
        let f = (x, y = 2) => [x, y]
        let k = 0..<4
        let t = nil
        fn g(n) { if type(n) == "Int" and n > 0 { g(n - 1) } else { n } }
        fn h(items...) = nil
        record R(x, y = 3) { fn twice() = [x, x] }

        """.replacing("fn h(items...) = nil", with: "fn h(x = nil, p0 = 1, p1 = 2) { p0 }")

    private let checking = Session()

    /// What `rs4 check` says of a program, and the mistakes that the compiler finds when it comes from the prompt.
    func check(_ program: Program) -> [Diagnostic] {
        let found = checking.check(program)
        switch checking.compile(program, into: ModuleScope(name: "main"), allowsLaterNames: true) {
        case .success: return found
        case .failure(let errors): return found + errors.diagnostics
        }
    }

    /// Runs a text until it ends or the watch interrupts it; gives what it had to say.
    func run(_ text: String) -> [Diagnostic] {
        let session = Session()
        Interruption.flag.pointee = 0
        Watch.mayRun = true
        defer { Watch.mayRun = false }
        switch session.evaluate(text, name: "input.rs4") {
        case .value(let value, _):
            _ = value.representation
            return []
        case .incomplete(let diagnostic): return [diagnostic]
        case .failed(let diagnostics): return diagnostics
        }
    }
}
