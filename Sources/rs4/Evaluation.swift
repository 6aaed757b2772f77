import Base
import Builtins
import Foundation
import Machine
import REPL
import Session
import Syntax
import Tensors

/// What the commands do, each giving the exit status.
enum Evaluation {
    /// `rs4`: the prompt.
    static func prompt() -> Int32 {
        if Terminal.isInteractive(STDIN_FILENO) { Engine.prepare() }
        defer { Engine.settle() }
        Interruption.heedHeldStops()
        return Repl(host, makeSession, version: Versions.rs4).run()
    }

    /// `rs4 -e CODE`: one text, its value printed.
    static func line(_ code: String) -> Int32 {
        let session = makeSession()
        Interruption.heedInterrupts()
        Interruption.heedHeldStops()
        if let question = Question(code) {
            do { print(try session.answer(question)) } catch { return report([Diagnostic(of: error)]) }
            return success()
        }
        switch session.evaluate(code, name: "<-e>") {
        case .value(let value, let isSilenced):
            if case .none = value { return success() }
            host.leaveLine()
            if !isSilenced { print(value.representation) }
            return success()
        case .incomplete(let diagnostic): return report([diagnostic])
        case .failed(let diagnostics): return report(diagnostics)
        }
    }

    /// `rs4 run FILE`.
    static func script(_ path: String, values: [String: String]) -> Int32 {
        let session = makeSession()
        Interruption.heedInterrupts()
        Interruption.heedHeldStops()
        switch session.run(path: path, values: values) {
        case .value: return success()
        case .incomplete(let diagnostic): return report([diagnostic])
        case .failed(let diagnostics): return report(diagnostics)
        }
    }

    /// The process's own streams.
    nonisolated(unsafe) private static let host = TerminalHost()

    /// 0, or 1 with a message when something that was printed got lost.
    private static func success() -> Int32 {
        host.leaveLine()
        guard !host.flush(), let problem = host.problem else { return 0 }
        return report([Diagnostic(code: "file", message: "standard output must be writable, but is not: \(problem)")])
    }

    static func makeSession() -> Session {
        let session = Session(host: host)
        session.machine.nativeDepthLimit = 3000
        // A file that grows beyond a limit is then an error of the write and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        return session
    }

    /// Writes diagnostics to standard error; 130 after an interruption, as shells expect, else 1.
    static func report(_ diagnostics: [Diagnostic]) -> Int32 {
        let renderer = DiagnosticRenderer(usesColour: Terminal.hasColors(STDERR_FILENO))
        host.leaveLine()
        fflush(stdout)
        for diagnostic in diagnostics { fputs(renderer.render(diagnostic) + "\n", stderr) }
        return diagnostics.contains { $0.code == "interrupted" } ? 130 : 1
    }
}
