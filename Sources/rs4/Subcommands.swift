import ArgumentParser
import Builtins
import Foundation
import Session

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run a script.")

    @Argument(help: "The script.")
    var file: String

    @Option(name: .customLong("set"), parsing: .singleValue, help: "Give a param of the script a value: NAME=VALUE.")
    var values: [String] = []

    func run() throws {
        let (file, values) = (file, try RunCommand.settings(values))
        OnLargeStack.end { Evaluation.script(file, values: values) }
    }

    /// What `--set` gives, by the names of params.
    static func settings(_ values: [String]) throws -> [String: String] {
        var named: [String: String] = [:]
        for value in values {
            guard let equals = value.firstIndex(of: "="), equals != value.startIndex else {
                throw ValidationError("--set must be NAME=VALUE, but is \(value)")
            }
            named[String(value[..<equals])] = String(value[value.index(after: equals)...])
        }
        return named
    }
}

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run tests and documented examples.",
        discussion: "A line `x  # => text` states what is shown for x; `x  # error: code` states the error.")

    @Argument(help: "Scripts, markdown pages, or folders of both.")
    var paths: [String] = []

    @Flag(help: "Run the example of every primitive as well.")
    var primitives = false

    func validate() throws {
        if paths.isEmpty, !primitives { throw ValidationError("name at least one path, or --primitives") }
    }

    func run() throws {
        let (paths, primitives) = (paths, primitives)
        OnLargeStack.end {
            let test = ScriptTest { print($0) }
            for path in paths { test.run(path: path) }
            if primitives { test.runExamples(Library.modules.flatMap(\.primitives)) }
            for skip in test.skipped { print("skipped: \(skip)") }
            if test.passed + test.failed + test.skipped.count == 0 { print("there are no tests here") }
            print("\(test.passed) passed, \(test.failed) failed, \(test.skipped.count) skipped")
            return test.failed == 0 ? 0 : 1
        }
    }
}
