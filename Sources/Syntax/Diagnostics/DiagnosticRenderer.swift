/// Writes a diagnostic for people: the message, the source lines with marks under them, help, notes and trace.
public struct DiagnosticRenderer {
    /// Whether to use the terminal's colours.
    public var usesColour: Bool
    /// The widest excerpt of a source line, in columns.
    public var width: Int
    /// The file name to show for a source text; paths may be shortened here.
    public var fileName: (SourceFile) -> String

    public init(usesColour: Bool = false, width: Int = 160, fileName: @escaping (SourceFile) -> String = { $0.name }) {
        self.usesColour = usesColour
        self.width = max(20, width)
        self.fileName = fileName
    }

    /// The whole diagnostic, without a newline at its end.
    ///
    /// ```
    /// error[shape]: argument `y` of dice_loss: H must be 224, but is 256
    ///   --> cross_teaching.rs4:41:22
    ///    |
    /// 41 |   let loss = dice_loss(softmax(logits), labels)
    ///    |                        ^^^^^^^^^^^^^^^  ^^^^^^ H = 256 here
    ///    |                        H = 224 here
    ///    = help: resize the labels with `resize_labels(labels, [224, 224])`
    /// ```
    public func render(_ diagnostic: Diagnostic) -> String {
        let text = painted(diagnostic)
        return usesColour ? text.terminal : text.plain
    }

    /// The same with what each part is, for whoever colours it in another way.
    public func painted(_ diagnostic: Diagnostic) -> PaintedText {
        let kind = PaintedText("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", diagnostic.severity == .error ? .error : .warning)
        var lines: [PaintedText] = ["\(kind)\(PaintedText(": \(diagnostic.message)", .strong))"]
        let groups = grouped(diagnostic.labels)
        let lastLine = groups.flatMap { group in group.labels.map { $0.location.file.position(of: $0.location.span.start).line } }.max()
        let gutter = String(lastLine ?? 0).count
        for (number, group) in groups.enumerated() {
            lines += render(group, isFirst: number == 0, gutter: gutter)
        }
        let margin = String(repeating: " ", count: groups.isEmpty ? 2 : gutter + 1)
        if let help = diagnostic.help { lines += remark("help", help, margin) }
        for note in diagnostic.notes { lines += remark("note", note, margin) }
        if !diagnostic.trace.isEmpty {
            lines.append("\(margin)\(PaintedText("=", .gutter)) \(PaintedText("trace", .strong)):")
            lines += trace(diagnostic.trace).map { PaintedText(margin + $0) }
        }
        return PaintedText.joined(lines)
    }

    /// Several diagnostics, a blank line between them.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: "\n\n")
    }

    // MARK: Remarks

    private func remark(_ kind: String, _ text: String, _ margin: String) -> [PaintedText] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let indentation = String(repeating: " ", count: margin.count + kind.count + 4)
        return lines.enumerated().map { number, line in
            number == 0 ? "\(margin)\(PaintedText("=", .gutter)) \(PaintedText(kind, .strong)): \(line)" : PaintedText(indentation + line)
        }
    }

    /// One line a call, innermost first; the middle of a deep recursion is left out.
    private func trace(_ entries: [Diagnostic.TraceEntry]) -> [String] {
        let limit = 20
        func line(_ entry: Diagnostic.TraceEntry) -> String { "  in \(entry.function) at \(place(entry.location))" }
        guard entries.count > limit else { return entries.map(line) }
        let hidden = entries.count - limit
        return entries.prefix(limit / 2).map(line) + ["  … \(hidden) more calls …"] + entries.suffix(limit / 2).map(line)
    }

    func place(_ location: Location) -> String {
        let position = location.file.position(of: location.span.start)
        return "\(fileName(location.file)):\(position.line):\(position.column)"
    }

    // MARK: Labels by file

    private struct Group {
        var file: SourceFile
        var labels: [Diagnostic.Label]
    }

    /// The labels of each file together, files in the order of their first labels.
    private func grouped(_ labels: [Diagnostic.Label]) -> [Group] {
        var groups: [Group] = []
        for label in labels {
            if let known = groups.firstIndex(where: { $0.file === label.location.file }) {
                groups[known].labels.append(label)
            } else {
                groups.append(Group(file: label.location.file, labels: [label]))
            }
        }
        return groups
    }

    private func render(_ group: Group, isFirst: Bool, gutter: Int) -> [PaintedText] {
        let blank = String(repeating: " ", count: gutter)
        let bar = PaintedText("|", .gutter)
        var lines: [PaintedText] = ["\(blank)\(PaintedText(isFirst ? "-->" : ":::", .gutter)) \(place(group.labels[0].location))"]
        lines.append("\(blank) \(bar)")
        var byLine: [Int: [Diagnostic.Label]] = [:]
        for label in group.labels {
            byLine[group.file.position(of: label.location.span.start).line, default: []].append(label)
        }
        var previous: Int?
        for line in byLine.keys.sorted() {
            if let previous, line > previous + 1 { lines.append("\(blank) \(PaintedText("…", .gutter))") }
            previous = line
            let number = String(line)
            let padding = String(repeating: " ", count: gutter - number.count)
            let excerpt = MarkedLine(file: group.file, line: line, labels: byLine[line] ?? [], width: width)
            let shown: PaintedText = "\(padding)\(PaintedText(number, .gutter)) \(bar) \(excerpt.source)"
            lines.append(shown.trimmingTrailingBlanks)
            for marks in excerpt.marks { lines.append("\(blank) \(bar) \(PaintedText(marks, .mark))") }
        }
        return lines
    }
}

extension String {
    var trimmingTrailingBlanks: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
