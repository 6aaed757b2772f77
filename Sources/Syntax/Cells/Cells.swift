extension Cell {
    /// The cells of a text that need not parse: statements with a mistake hold no markers back, and the cells' statement
    /// ranges count those without one.
    ///
    /// A prompt uses this to show the cells of a script that has a mistake in one of them.
    public static func divide(_ file: SourceFile) -> [Cell] {
        let (comments, statements) = Parser.soundStatements(file)
        return divide(file, comments: comments, statements: statements)
    }

    /// Cuts a text at its markers; a marker inside a statement is an ordinary comment.
    static func divide(_ file: SourceFile, comments: [Comment], statements: [Statement]) -> [Cell] {
        var markers: [Comment] = []
        var place = 0
        for comment in comments where comment.kind == .cell {
            while place < statements.count, statements[place].span.end <= comment.span.start { place += 1 }
            if place < statements.count, statements[place].span.start < comment.span.start { continue }
            markers.append(comment)
        }
        var cells: [Cell] = []
        let firstStart = markers.first.map { file.startOfLine(at: $0.span.start) } ?? file.bytes.count
        if firstStart > 0, file.hasText(in: Span(0, firstStart)) {
            let span = Span(0, firstStart)
            cells.append(Cell(kind: .code, title: "", span: span, body: file.text(of: span), statements: 0..<0))
        }
        for (number, marker) in markers.enumerated() {
            let start = file.startOfLine(at: marker.span.start)
            let end = number + 1 < markers.count ? file.startOfLine(at: markers[number + 1].span.start) : file.bytes.count
            cells.append(cell(file, marker: marker, span: Span(start, end)))
        }
        return assign(statements, to: cells)
    }

    private static func cell(_ file: SourceFile, marker: Comment, span: Span) -> Cell {
        var title = Substring(file.text(of: marker.span)).drop { $0 == "#" || $0 == " " || $0 == "%" }
        let isMarkdown = title.hasPrefix("[markdown]")
        if isMarkdown { title = title.dropFirst("[markdown]".count).drop { $0 == " " } }
        let next = file.lineIndex(of: marker.span.start) + 1
        let start = next < file.lineStarts.count ? min(file.lineStarts[next], span.end) : span.end
        var text = String(decoding: file.bytes[start..<span.end].withPlainLineEnds(), as: UTF8.self)
        if isMarkdown {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
                guard line.hasPrefix("#") else { return line }
                return line.hasPrefix("# ") ? line.dropFirst(2) : line.dropFirst()
            }
            text = lines.joined(separator: "\n")
            while text.last == "\n" { text.removeLast() }
        }
        return Cell(kind: isMarkdown ? .markdown : .code, title: String(title), span: span, body: text, statements: 0..<0)
    }

    private static func assign(_ statements: [Statement], to cells: [Cell]) -> [Cell] {
        var result = cells
        var place = 0
        for number in result.indices {
            let first = place
            while place < statements.count, statements[place].span.start < result[number].span.end { place += 1 }
            result[number].statements = first..<place
        }
        return result
    }
}

extension SourceFile {
    /// The offset at which the line of an offset begins.
    func startOfLine(at offset: Int) -> Int {
        lineStarts[lineIndex(of: offset)]
    }

    /// The zero-based line of an offset.
    func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// True when a span holds more than blanks, separators, and the mark of UTF-8 at the start of a file.
    func hasText(in span: Span) -> Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? max(span.start, 3) : span.start
        return start < span.end && bytes[start..<span.end].contains { $0 > 0x20 && $0 != UInt8(ascii: ";") }
    }
}
