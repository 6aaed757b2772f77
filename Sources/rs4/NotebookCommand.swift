import ArgumentParser
import Base
import Builtins
import Foundation
import Machine
import Notebook
import REPL
import Session
import Syntax

struct NotebookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notebook", abstract: "Run a script's cells and write a page.",
        discussion: """
            The cells run in order; a page holds their text, values, tables, figures, errors and seconds. FILE.ipynb with \
            -o FILE.rs4 goes back to a script, and nothing runs. A cell that fails ends the page there, and the exit status is 1.
            """)

    @ArgumentParser.Argument(help: "The script, or a Jupyter notebook.")
    var file: String

    @Option(name: .shortAndLong, parsing: .singleValue, help: "Where to write; .html, .ipynb or .md. Several take the same run.")
    var output: [String] = []

    @Option(name: .customLong("set"), parsing: .singleValue, help: "Give a param of the script a value: NAME=VALUE.")
    var values: [String] = []

    @Option(help: "Run these cells alone: 3, 3-5, 4-, or several with commas.")
    var cells: String?

    @Option(help: "Seconds that each cell may take.")
    var timeout: Double?

    @Flag(help: "Go on behind a cell that fails.")
    var allowErrors = false

    func validate() throws {
        if output.isEmpty { throw ValidationError("name a file to write: -o \(file).html") }
        if let cells, CellSelection(cells) == nil { throw ValidationError("--cells must be like 3, 3-5 or 1,4-, but is \(cells)") }
        if let timeout, !(timeout > 0 && timeout <= 1e9) { throw ValidationError("--timeout must be seconds above 0, but is \(timeout)") }
    }

    func run() throws {
        let settings = try RunCommand.settings(values)
        let command = self
        OnLargeStack.end { command.write(settings) }
    }

    private func write(_ settings: [String: String]) -> Int32 {
        do {
            if FileAccess.ending(of: file).lowercased() == "ipynb" { return try writeScript() }
            let pages = try output.map(PageFile.init)
            var notebook = try Notebook(reading: file, settings: settings, cells: cells.flatMap { CellSelection($0) })
            try requireOthers(than: file)
            for page in pages { try page.requireRoom() }
            return try write(&notebook, to: pages)
        } catch {
            return Evaluation.report([Diagnostic(of: error)])
        }
    }

    private func write(_ notebook: inout Notebook, to pages: [PageFile]) throws -> Int32 {
        let session = Evaluation.makeSession()
        Interruption.heedInterrupts()
        Interruption.heedHeldStops()
        var run = NotebookRun()
        run.timeout = timeout
        run.allowsErrors = allowErrors
        let count = notebook.cells.last?.number ?? 0
        let draws: ((String?) -> Void)? = Terminal.isInteractive(STDOUT_FILENO) ? Terminal.drawProgress : nil
        var place = ""
        run.willRun = { cell in
            // A title may hold what commands a terminal.
            let title = String(cell.title.unicodeScalars.filter { $0.properties.generalCategory != .control })
            place = "cell \(cell.number) of \(count)\(title.isEmpty ? "" : ": \(title)")"
            draws?(place)
        }
        run.drawsProgress = { line in draws?(line.map { "\(place)   \($0)" } ?? place) }
        let problems = run.run(&notebook, in: session)
        draws?(nil)
        var status = problems.isEmpty ? 0 : Evaluation.report(problems)
        if status == 1, allowErrors { status = 0 }
        // A page that cannot be written does not take the others along.
        for page in pages {
            do {
                try page.write(notebook)
                print("wrote \(page.path)\(notebook.isWhole ? "" : ", up to where the script ended")")
            } catch {
                status = max(status, Evaluation.report([Diagnostic(of: error)]))
            }
        }
        return status
    }

    private func writeScript() throws -> Int32 {
        if cells != nil || timeout != nil || allowErrors || !values.isEmpty {
            throw Diagnostic(
                code: "argument", message: "--set, --cells, --timeout and --allow-errors must stand with a script, but \(file) is a notebook of Jupyter",
                help: "`rs4 notebook \(file) -o FILE.rs4` makes a script of it")
        }
        for path in output where FileAccess.ending(of: path) != "rs4" {
            throw Diagnostic(
                code: "file", message: "a notebook of Jupyter must become a script, FILE.rs4, but -o names `\(path)`",
                help: "then `rs4 notebook FILE.rs4 -o \(path)` runs it")
        }
        try requireOthers(than: file)
        let script = try JupyterReader.script(reading: file)
        for path in output {
            try FileAccess.write(Array(script.utf8), to: path)
            print("wrote \(path)")
        }
        return 0
    }

    /// Throws when two outputs are one file, or one is what is read.
    private func requireOthers(than file: String) throws {
        var taken = [NotebookCommand.place(of: file)]
        for path in output {
            let place = NotebookCommand.place(of: path)
            guard !taken.contains(place) else {
                throw Diagnostic(code: "file", message: "every -o must name another file, but `\(path)` is named twice")
            }
            taken.append(place)
        }
    }

    private static func place(of path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path }
}
