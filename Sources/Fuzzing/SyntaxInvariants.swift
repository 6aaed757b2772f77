import Syntax

/// What must hold for every text, whatever it says.
public enum SyntaxInvariants {
    /// What came of one text.
    public struct Finding {
        /// The program, when the text is one.
        public var program: Program?
        /// What does not hold, one sentence each.
        public var broken: [String] = []
        /// What the parser had to say.
        public var diagnostics: [Diagnostic] = []
    }

    /// Parses a text; a program must survive the formatter, and a mistake must be one that can be shown.
    public static func check(_ bytes: [UInt8]) -> Finding {
        let file = SourceFile(name: "input.rs4", bytes: bytes)
        var finding = Finding()
        switch Parser.parse(file) {
        case .complete(let program):
            finding.program = program
            checkFormatting(program, &finding)
        case .incomplete(let diagnostic):
            finding.diagnostics = [diagnostic]
        case .failed(let diagnostics):
            finding.diagnostics = diagnostics
            if diagnostics.isEmpty { finding.broken.append("a failed text must have a diagnostic, but has none") }
        }
        for diagnostic in finding.diagnostics { finding.broken += check(diagnostic, in: file) }
        return finding
    }

    /// A diagnostic must say something, point into its text, and be fit to be shown.
    public static func check(_ diagnostic: Diagnostic, in file: SourceFile? = nil) -> [String] {
        var broken: [String] = []
        if diagnostic.code.isEmpty || diagnostic.message.isEmpty { broken.append("a diagnostic must say something, but is empty") }
        if file != nil, diagnostic.labels.isEmpty { broken.append("`\(diagnostic.message)` must have a place, but has none") }
        for label in diagnostic.labels {
            let span = label.location.span
            if span.start < 0 || span.end < span.start || span.end > label.location.file.bytes.count {
                broken.append(
                    "the span \(span.start)..<\(span.end) of `\(diagnostic.message)` must lie in a text of "
                        + "\(label.location.file.bytes.count) bytes, but does not")
            }
        }
        for renderer in [DiagnosticRenderer(), DiagnosticRenderer(usesColour: true, width: 20)] where renderer.render(diagnostic).isEmpty {
            broken.append("a shown diagnostic must not be empty, but is")
        }
        return broken
    }

    private static func checkFormatting(_ program: Program, _ finding: inout Finding) {
        let formatted = SourceFormatter.format(program)
        guard case .complete(let again) = Parser.parse(SourceFile(name: "formatted.rs4", text: formatted)) else {
            finding.broken.append("the formatted text must parse, but does not:\n\(formatted)")
            return
        }
        if TreeDump.dump(again) != TreeDump.dump(program) {
            finding.broken.append("the formatted text must have the same tree, but has another:\n\(formatted)")
        }
        let twice = SourceFormatter.format(again)
        if twice != formatted {
            finding.broken.append("formatting twice must change nothing, but does:\n\(formatted)\n→\n\(twice)")
        }
        if comments(again) != comments(program) {
            finding.broken.append("the formatted text must keep the comments, but does not:\n\(formatted)")
        }
        if cells(again) != cells(program) {
            finding.broken.append("the formatted text must keep the cells, but does not:\n\(formatted)")
        }
    }

    private static func comments(_ program: Program) -> [String] {
        program.comments.map { program.file.text(of: $0.span) }
    }

    /// Kind, title and statements; the text of a markdown cell is comments.
    private static func cells(_ program: Program) -> [String] {
        program.cells.map { "\($0.kind) \($0.title) \($0.statements)" }
    }
}
