import Builtins
import Foundation
import Pages
import Syntax

extension Notebook {
    /// One page that needs no other file: it loads nothing, and nothing in it runs.
    public func html() -> String {
        var writer = NotebookHTML(self)
        return writer.page()
    }
}

private struct NotebookHTML {
    private let notebook: Notebook
    private let identifiers = Identifiers()
    private let markdown: Markdown
    private var contents: [Markdown.Heading] = []
    /// The first heading of level 1, where no other cell has a heading before it.
    private var title: String?
    /// The level of the last heading of a text cell.
    private var level = 1

    init(_ notebook: Notebook) {
        self.notebook = notebook
        var markdown = Markdown()
        let pictures = MarkdownPictures(folder: notebook.folder)
        markdown.image = pictures.html
        self.markdown = markdown
        for cell in notebook.cells { _ = identifiers.add("cell-\(cell.number)") }
    }

    mutating func page() -> String {
        var cells = ""
        for (place, cell) in notebook.cells.enumerated() {
            if case .failed(let last) = notebook.ending, place > last { break }
            if cell.kind == .code, cell.seconds == nil { break }
            cells += cell.kind == .markdown ? text(cell) : code(cell)
        }
        let title = self.title
        if title == nil { cells = "<h1>\(HTML.escaped(notebook.name))</h1>\n" + cells }
        // The contents stand below the title, wherever in the first cell that is.
        let place = cells.range(of: "</h1>\n")?.upperBound ?? cells.startIndex
        cells.insert(contentsOf: list(), at: place)
        var page = Page(title: title ?? notebook.name, body: cells + ending(), style: .text(NotebookStyle.text))
        page.isSealed = true
        page.language = language
        return page.html
    }

    // MARK: cells

    private mutating func text(_ cell: NotebookCell) -> String {
        let (html, headings) = markdown.html(cell.text, identifiers: identifiers)
        if contents.isEmpty { title = headings.first { $0.level == 1 }?.text }
        contents += headings
        if let last = headings.last { level = last.level }
        return "<section class=\"cell text\" id=\"cell-\(cell.number)\">\n\(html)</section>\n"
    }

    private mutating func code(_ cell: NotebookCell) -> String {
        var html = "<section class=\"cell code\" id=\"cell-\(cell.number)\">\n"
        if !cell.title.isEmpty {
            let heading = Markdown.Heading(level: Notebook.titleLevel(below: level), text: cell.title, identifier: identifiers.add(cell.title))
            contents.append(heading)
            let tag = "h\(heading.level)"
            html += "<\(tag)><span id=\"\(HTML.escaped(heading.identifier))\">\(HTML.escaped(cell.title))</span></\(tag)>\n"
        }
        if !cell.text.isEmpty { html += CodeHTML.block(cell.text) }
        html += cell.outputs.map(output).joined()
        if let seconds = cell.seconds, !cell.text.isEmpty {
            html += "<p class=\"seconds\" title=\"cell \(cell.number)\">\(Notebook.shown(seconds: seconds))</p>\n"
        }
        return html + "</section>\n"
    }

    private func output(_ output: NotebookOutput) -> String {
        switch output {
        case .printed(let text):
            let settled = PrintedText.settled(text).withoutLastNewline
            return CodeHTML.plain(settled, class: NotebookHTML.holdsColumns(settled) ? "output columns" : "output")
        case .shown(let forms), .value(let forms):
            let value = ShownValue(forms: forms)
            if let html = value.html { return "<div class=\"output table\" tabindex=\"0\">\n\(html)</div>\n" }
            if let picture = value.picture {
                let image = FigureHTML.image(
                    picture.bytes, type: picture.type, alternative: value.alternative, width: picture.width)
                return "<figure class=\"output\">\(image)</figure>\n"
            }
            return CodeHTML.plain(value.text, class: NotebookHTML.holdsColumns(value.text) ? "output value columns" : "output value")
        case .failed(let diagnostics): return diagnostics.map(NotebookHTML.diagnostic).joined()
        }
    }

    /// Whether lines hold columns or a drawing, which fall apart where a narrow page breaks them.
    private static func holdsColumns(_ text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            let words = line.drop { $0 == " " }
            return words.contains("  ") || words.unicodeScalars.contains { (0x2500...0x28FF).contains($0.value) }
        }
    }

    private static func diagnostic(_ diagnostic: Diagnostic) -> String {
        let parts = DiagnosticRenderer(width: 100).painted(diagnostic).parts.map { part in
            part.role.map { "<span class=\"\($0.rawValue)\">\(HTML.escaped(part.text))</span>" } ?? HTML.escaped(part.text)
        }
        return "<pre class=\"diagnostic\">\(parts.joined())</pre>\n"
    }

    // MARK: around the cells

    /// That of the text cells: Japanese where every tenth of their letters is kana, else English.
    private var language: String {
        var (letters, kana) = (0, 0)
        for cell in notebook.cells where cell.kind == .markdown {
            for scalar in cell.text.unicodeScalars where scalar.properties.isAlphabetic {
                letters += 1
                if (0x3040...0x30FF).contains(scalar.value) { kana += 1 }
            }
        }
        return kana * 10 > letters ? "ja" : "en"
    }

    /// The list of contents; nothing for a page that has no two headings.
    private func list() -> String {
        let shown = contents.filter { $0.level <= 3 }
        guard shown.count > 1 else { return "" }
        let lines = shown.map { heading in
            "<li class=\"level-\(heading.level)\">\(HTML.link(heading.text, to: "#" + HTML.address(heading.identifier)))</li>\n"
        }
        let heading = language == "ja" ? "目次" : "Contents"
        return "<nav class=\"contents\" aria-label=\"\(heading)\">\n<p>\(heading)</p>\n<ul>\n\(lines.joined())</ul>\n</nav>\n"
    }

    private func ending() -> String {
        var html = ""
        if let words = notebook.stopped { html += "<p class=\"note stopped\">\(HTML.escaped(words))</p>\n" }
        return html + "<footer class=\"note\">\(HTML.escaped(notebook.made))</footer>\n"
    }
}

extension String {
    /// Without the end of its last line.
    var withoutLastNewline: String { utf8.last == 0x0A ? String(decoding: utf8.dropLast(), as: UTF8.self) : self }
}
