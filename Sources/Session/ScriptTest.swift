import Base
import Foundation
import Machine
import Syntax

/// Tests written in the language: a line `x  # => text` states what the prompt shows for `x` (or what it prints), a line
/// `x  # error: code, words` states the error. In markdown pages and doc comments the blocks marked `rs4` are such tests.
public final class ScriptTest {
    public private(set) var passed = 0
    public private(set) var failed = 0
    /// Files left out because something optional is missing, with the reason.
    public private(set) var skipped: [String] = []
    private let report: (String) -> Void

    public init(report: @escaping (String) -> Void) { self.report = report }

    /// Runs a `.rs4` script, a `.md` page, or every one of both below a folder (not those in a folder `modules`).
    public func run(path: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return fail("\(path): it must be there, but is not")
        }
        guard isFolder.boolValue else { return runFile(path) }
        for file in FileAccess.files(at: path, endings: ["rs4", "md"]) where !file.dropFirst(path.count).contains("/modules/") { runFile(file) }
    }

    /// Runs the examples of primitives, each in a session of its own.
    public func runExamples(_ primitives: [Primitive]) {
        for primitive in primitives where !primitive.example.isEmpty {
            let session = Session(host: host)
            runChunks(lines(of: primitive.example), in: session, name: "example of \(primitive.name)")
        }
    }

    private func runFile(_ path: String) {
        let file: SourceFile
        do { file = try SourceFile(reading: path) } catch {
            return fail((error as? Diagnostic).map { DiagnosticRenderer().render($0) } ?? "\(path): \(error)")
        }
        let all = lines(of: file.text)
        if let needed = all.first(where: { $0.hasPrefix("# needs: ") }).map({ String($0.dropFirst(9)) }),
            !FileManager.default.fileExists(atPath: needed)
        {
            skipped.append("\(path): \(needed) is not here")
            return
        }
        let session = Session(host: host)
        session.folder = file.folder
        if path.hasSuffix(".md") {
            for block in FencedBlock.all(in: all) { runChunks(block.lines, in: session, name: path, from: block.first) }
            return
        }
        runChunks(all, in: session, name: path)
        let comments = all.map { $0.hasPrefix("##") ? String($0.dropFirst($0.hasPrefix("## ") ? 3 : 2)) : "" }
        for block in FencedBlock.all(in: comments) { runChunks(block.lines, in: session, name: path, from: block.first) }
    }

    /// What the session that runs prints; nobody is there to be asked.
    private let host = TextHost()

    private func lines(of text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    /// Feeds lines to the session as the prompt would.
    private func runChunks(_ lines: [String], in session: Session, name: String, from first: Int = 0) {
        for piece in ScriptPiece.pieces(of: lines, name: name) {
            runPiece(piece, in: session, place: "\(name):\(first + piece.line + 1)")
        }
    }

    private func runPiece(_ piece: ScriptPiece, in session: Session, place: String) {
        host.text = ""
        let outcome = session.evaluate(piece.text, name: place)
        switch (piece.expectation, outcome) {
        case (.shows(let wanted), .value(let value, _)):
            var shown = value.representation
            if case .none = value, !host.text.isEmpty { shown = host.text.trimmingCharacters(in: .whitespacesAndNewlines) }
            if shown == wanted { return pass() }
            fail("\(place): must show `\(wanted)`, but shows `\(shown)`")
        case (.nothing, .value): break
        case (.error(let code, let words), .failed(let diagnostics)):
            let whole = diagnostics.map { "\($0.message) \($0.help ?? "")" }.joined(separator: " ")
            guard diagnostics.contains(where: { $0.code == code }) else {
                return fail("\(place): the error must be \(code), but is \(diagnostics[0].code): \(diagnostics[0].message)")
            }
            if let missing = words.first(where: { !whole.contains($0) }) {
                return fail("\(place): the error must say `\(missing)`, but says `\(whole)`")
            }
            pass()
        case (.error(let code, _), .incomplete(let diagnostic)):
            diagnostic.code == code ? pass() : fail("\(place): the error must be \(code), but is \(diagnostic.code)")
        case (.error(let code, _), .value(let value, _)):
            fail("\(place): must end in error \(code), but gives `\(value.representation)`")
        case (_, .failed(let diagnostics)):
            fail("\(place): \(DiagnosticRenderer().render(diagnostics[0]))")
        case (_, .incomplete(let diagnostic)):
            fail("\(place): \(DiagnosticRenderer().render(diagnostic))")
        }
    }

    private func pass() { passed += 1 }

    private func fail(_ message: String) {
        failed += 1
        report("failed: \(message)")
    }
}
