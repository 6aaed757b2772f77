import Foundation
import Syntax

/// Diagnostics as the JSON document of `rs4 check --json`; docs/check.md describes it.
struct DiagnosticDocument: Encodable {
    struct Place: Encodable {
        /// Both count from 1; a column is a character.
        var line: Int
        var column: Int
        /// Bytes from the start of the file.
        var offset: Int
    }
    struct Label: Encodable {
        var file: String
        var start: Place
        var end: Place
        var text: String
    }
    struct Entry: Encodable {
        var file: String
        var severity: String
        var code: String
        var message: String
        var help: String?
        var notes: [String]
        var labels: [Label]
    }

    var version = 1
    var errors: Int
    var warnings: Int
    var diagnostics: [Entry]

    init(_ found: [(path: String, diagnostic: Diagnostic)]) {
        errors = found.count { $0.diagnostic.severity == .error }
        warnings = found.count - errors
        diagnostics = found.map { path, diagnostic in
            Entry(
                file: diagnostic.labels.first?.location.file.name ?? path, severity: diagnostic.severity.rawValue,
                code: diagnostic.code, message: diagnostic.message, help: diagnostic.help, notes: diagnostic.notes,
                labels: diagnostic.labels.map { label in
                    let (file, span) = (label.location.file, label.location.span)
                    return Label(
                        file: file.name, start: DiagnosticDocument.place(span.start, in: file),
                        end: DiagnosticDocument.place(span.end, in: file), text: label.text)
                })
        }
    }

    private static func place(_ offset: Int, in file: SourceFile) -> Place {
        let position = file.position(of: offset)
        return Place(line: position.line, column: position.column, offset: offset)
    }

    /// The document, its keys in alphabetical order.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
