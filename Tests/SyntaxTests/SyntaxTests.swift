import Testing

@testable import Syntax

/// Parses a text and gives its dump, or a line that says why not.
func dump(_ text: String) -> String {
    switch Parser.parse(SourceFile(name: "test.rs4", text: text)) {
    case .complete(let program): return TreeDump.dump(program)
    case .incomplete(let diagnostic): return "incomplete: \(diagnostic.message)"
    case .failed(let diagnostics): return "failed: " + diagnostics.map(\.message).joined(separator: " / ")
    }
}

/// The diagnostics of a text that must not parse.
func mistakes(_ text: String) -> [Diagnostic] {
    switch Parser.parse(SourceFile(name: "test.rs4", text: text)) {
    case .complete: return []
    case .incomplete(let diagnostic): return [diagnostic]
    case .failed(let diagnostics): return diagnostics
    }
}

func isIncomplete(_ text: String) -> Bool {
    if case .incomplete = Parser.parse(SourceFile(name: "test.rs4", text: text)) { return true }
    return false
}

/// One row of a table of examples.
struct Example: CustomTestStringConvertible, Sendable {
    var text: String
    var expected: String
    init(_ text: String, _ expected: String) {
        self.text = text
        self.expected = expected
    }
    var testDescription: String { text }
}
