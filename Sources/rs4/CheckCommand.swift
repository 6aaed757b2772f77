import ArgumentParser
import Foundation
import REPL
import Session
import Syntax

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find mistakes without running.",
        discussion: """
            Errors are what would end a run that comes to their place; warnings mark what is never read or never reached. \
            The exit status is 1 after an error, 0 after warnings alone unless --strict says otherwise.
            """)

    @ArgumentParser.Argument(help: "The scripts.")
    var files: [String]

    @Flag(help: "Print one JSON document, for editors.")
    var json = false

    @Flag(help: "Warnings count as errors for the exit status.")
    var strict = false

    func run() throws {
        let (files, json, strict) = (files, json, strict)
        OnLargeStack.end { CheckCommand.check(files, asJSON: json, isStrict: strict) }
    }

    private static func check(_ paths: [String], asJSON: Bool, isStrict: Bool) -> Int32 {
        var found: [(path: String, diagnostic: Diagnostic)] = []
        for path in paths { found += Session().check(path: path).map { (path, $0) } }
        if asJSON {
            do { print(try DiagnosticDocument(found).text) } catch {
                return Evaluation.report([Diagnostic(code: "internal", message: "\(error)")])
            }
        } else if !found.isEmpty {
            _ = Evaluation.report(found.map(\.diagnostic))
        } else if Terminal.isInteractive(STDOUT_FILENO) {
            print("nothing found in \(paths.count == 1 ? paths[0] : "\(paths.count) scripts")")
        }
        return found.contains { isStrict || $0.diagnostic.severity == .error } ? 1 : 0
    }
}
