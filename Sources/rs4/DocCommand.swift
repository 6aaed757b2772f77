import ArgumentParser
import Foundation
import Session
import Site
import Syntax

struct DocCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "doc", abstract: "Show the reference.")

    @ArgumentParser.Argument(help: "A primitive, a name of the library, or error:CODE; without one, every name in a line.")
    var name: String?

    @Flag(help: "Show the source of the name in place of its documentation.")
    var source = false

    @Option(name: .customLong("html"), help: "Write the book and the reference as HTML pages into this folder.")
    var folder: String?

    func validate() throws {
        if folder != nil, name != nil { throw ValidationError("--html writes all pages, so it takes no name") }
        if source, name == nil { throw ValidationError("--source must stand with a name") }
    }

    func run() throws {
        let (name, folder, source) = (name, folder, source)
        OnLargeStack.end { folder.map(DocCommand.write) ?? name.map(source ? DocCommand.showSource : DocCommand.show) ?? DocCommand.list() }
    }

    private static func write(_ folder: String) -> Int32 {
        do {
            let count = try Site().write(to: folder)
            print("\(count) files in \(folder); begin with \(folder.hasSuffix("/") ? folder : folder + "/")index.html")
            return 0
        } catch let diagnostic as Diagnostic {
            return Evaluation.report([diagnostic])
        } catch {
            return Evaluation.report([Diagnostic(code: "internal", message: "\(error)")])
        }
    }

    private static func list() -> Int32 {
        for module in Reference.tables + Reference.library() {
            let summary = module.summary.isEmpty ? "" : ": \(module.summary)"
            print("\(module.isLibrary ? "use \(module.name)" : module.name)\(summary)")
            for entry in module.entries {
                print("  \(entry.signature)")
                if !entry.summary.isEmpty { print("      \(entry.summary)") }
            }
        }
        return 0
    }

    private static func show(_ name: String) -> Int32 {
        if let code = ErrorPages.code(in: name) { return showPage(code) }
        let tables = Reference.tables
        if let entry = tables.flatMap(\.entries).first(where: { $0.name == name }) { return show([entry]) }
        let library = Reference.library()
        let entries = library.flatMap(\.entries).filter { $0.name == name }
        if !entries.isEmpty { return show(entries) }
        if let module = library.first(where: { $0.name == name }) ?? tables.first(where: { $0.name == name }) {
            if module.isLibrary {
                if !module.summary.isEmpty { print(module.summary + "\n") }
                print(module.entries.map(Reference.markdown).joined(separator: "\n\n"))
                print("\nIn \(EmbeddedLibrary.path(of: name) ?? "stdlib"); `rs4 doc --source \(name)` shows it.")
                return 0
            }
            print(([module.summary, ""] + module.entries.map { "\($0.signature)\n    \($0.summary)" }).joined(separator: "\n"))
            return 0
        }
        let names = (tables + library).flatMap { [$0.name] + $0.entries.map(\.name) }
        return Evaluation.report([
            Diagnostic(
                code: "name", message: "`\(name)` must be a name of the library, but is not",
                help: Suggestion.help(for: name, among: names))
        ])
    }

    private static func show(_ entries: [ReferenceEntry]) -> Int32 {
        print(entries.map(Reference.markdown).joined(separator: "\n\n"))
        guard let entry = entries.first, entries.allSatisfy({ $0.name == entry.name }), let source = Session().source(of: entry.name) else { return 0 }
        print("\n" + (source.text == nil ? source.markdown : "In \(source.place), of `use \(entry.module)`; `rs4 doc --source \(entry.name)` shows it."))
        return 0
    }

    private static func showSource(_ name: String) -> Int32 {
        guard let source = Session().source(of: name) else { return show(name) }
        print(source.text.map { "# \(source.place)\n\n\($0)" } ?? source.markdown)
        return 0
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
}
