import ArgumentParser
import Foundation
import Fuzzing
import Session

/// Drives the lexer, parser, formatter, compiler and machine over inputs that nobody would write.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rs4-fuzz",
        abstract: "Feed spoilt and random programs to the language, and report what must not happen.",
        discussion: "Every input is made from the seed and its number, so `--only NUMBER` makes it again.")

    @Option(help: "How many inputs.")
    var count = 10_000

    @Option(help: "The number of the first input.")
    var first = 0

    @Option(help: "Which inputs: another seed makes others.")
    var seed: UInt64 = 1

    @Option(help: "Check this input alone, and show it.")
    var only: Int?

    @Option(help: "Check this file alone.")
    var file: String?

    @Option(help: "The page that holds the grammar.")
    var grammar = "docs/language/grammar.md"

    @ArgumentParser.Argument(help: "Scripts, pages, and folders of both, to spoil.")
    var corpus: [String] = []

    func run() throws {
        guard count >= 0, first >= 0 else { throw ValidationError("--count and --first must be 0 or more") }
        guard let page = try? String(contentsOfFile: grammar, encoding: .utf8) else {
            throw ValidationError("--grammar must name a page that can be read, but is \(grammar)")
        }
        let language = Grammar(page: page)
        guard language.problems.isEmpty, !language.names.isEmpty else {
            throw ValidationError("the page must hold a grammar, but \(language.problems.first ?? "has none"): \(grammar)")
        }
        let texts = Corpus.read(corpus)
        guard !texts.isEmpty else { throw ValidationError("name at least one script or page to spoil") }
        let inputs = Inputs(grammar: language, corpus: texts.map(\.bytes), seed: seed)
        let (count, first, only) = (count, first, only)
        let bytes = try file.map { path -> [UInt8] in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ValidationError("--file must name a file that can be read, but is \(path)")
            }
            return [UInt8](data)
        }
        OnLargeStack.end {
            let run = FuzzRun(inputs)
            if let bytes { return run.show(Inputs.Input(kind: .mutated, bytes: bytes)) }
            if let only { return run.show(inputs.input(only), number: only) }
            return run.check(from: first, count)
        }
    }
}
