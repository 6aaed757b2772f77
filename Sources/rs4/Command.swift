import ArgumentParser
import Builtins
import Foundation
import Session

@main
struct Command: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rs4",
        abstract: "A small language for semi-supervised segmentation taught by registration.",
        discussion: "Without a command it opens the prompt.",
        version: "rs4 \(Versions.rs4)",
        subcommands: [
            RunCommand.self, CheckCommand.self, FormatCommand.self, TestCommand.self, DocCommand.self, NotebookCommand.self,
            KernelCommand.self,
        ])

    @Option(name: .customShort("e"), parsing: .unconditional, help: "Run one line and print its value.")
    var code: String?

    func run() throws {
        let code = code
        OnLargeStack.end { code.map(Evaluation.line) ?? Evaluation.prompt() }
    }
}
