import ArgumentParser
import Base
import Foundation
import Session
import Syntax

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fmt", abstract: "Give scripts their one form.")

    @ArgumentParser.Argument(help: "The scripts.")
    var files: [String]

    @Flag(help: "Change nothing; fail when a script is not in its form.")
    var check = false

    func run() throws {
        let (files, check) = (files, check)
        OnLargeStack.end { files.map { FormatCommand.format($0, onlyCheck: check) }.max() ?? 0 }
    }

    private static func format(_ path: String, onlyCheck: Bool) -> Int32 {
        do {
            let file = try SourceFile(reading: path)
            switch Parser.parse(file) {
            case .incomplete(let diagnostic): return Evaluation.report([diagnostic])
            case .failed(let diagnostics): return Evaluation.report(diagnostics)
            case .complete(let program):
                let formatted = SourceFormatter.format(program)
                if formatted == file.text { return 0 }
                if onlyCheck {
                    print("\(path) is not in its form; `rs4 fmt \(path)` mends it")
                    return 1
                }
                try FileAccess.write(Array(formatted.utf8), to: path)
                return 0
            }
        } catch {
            return Evaluation.report([Diagnostic(of: error)])
        }
    }
}
