import Foundation
import Pages
import Session

extension Site {
    /// A page of docs, with the way to the chapters before and after it.
    func page(of document: SiteDocument, _ number: Int) -> String {
        let body = markdown(at: document.address, document: document).html(document.text).html
        var turn = ""
        if document.isChapter {
            let root = Site.root(from: document.address)
            func neighbour(_ place: Int, _ before: String, _ after: String) -> String {
                guard documents.indices.contains(place), documents[place].isChapter else { return "<span></span>\n" }
                let title = before + documents[place].title + after
                return HTML.link(title, to: root + documents[place].address) + "\n"
            }
            turn = "<nav class=\"turn\">\n\(neighbour(number - 1, "← ", ""))\(neighbour(number + 1, "", " →"))</nav>\n"
        }
        return framed(document.title, at: document.address, body + turn)
    }

    /// What a table or a module of the library offers.
    func page(of module: Reference.Module) -> String {
        let address = Site.address(of: module)
        let root = Site.root(from: address)
        var body = "<h1>\(HTML.escaped(module.name))</h1>\n"
        if module.isLibrary { body += CodeHTML.block("use \(module.name)") }
        if !module.summary.isEmpty { body += "<p>\(inline(module.summary, at: address))</p>\n" }
        let rows = module.entries.map { entry in
            "<tr><td><code>\(HTML.link(entry.name, to: root + Site.address(of: entry)))</code></td>"
                + "<td>\(inline(entry.summary, at: address, entry: entry))</td></tr>\n"
        }
        if !rows.isEmpty { body += "<table>\n<tbody>\n\(rows.joined())</tbody>\n</table>\n" }
        return framed(module.name, at: address, description: module.summary, body)
    }

    /// One name: signature, words, arguments, errors, example with what it shows, and what to see beside it.
    func page(of entry: ReferenceEntry, in module: Reference.Module) -> String {
        let address = Site.address(of: entry)
        let root = Site.root(from: address)
        let home = HTML.link(module.name, to: root + Site.address(of: module))
        var body = "<h1>\(HTML.escaped(entry.name))</h1>\n"
        body += "<p class=\"home-of\">\(kindWords(entry)) of \(home)</p>\n"
        if !entry.isEverywhere { body += CodeHTML.block("use \(entry.module).{\(entry.name)}") }
        if entry.kind != .constant, entry.kind != .value {
            body += "<h2>Signature</h2>\n<div class=\"signature\">\n\(CodeHTML.block(entry.signature))</div>\n"
        }
        if !entry.summary.isEmpty { body += "<p>\(inline(entry.summary, at: address, entry: entry))</p>\n" }
        if !entry.details.isEmpty { body += markdown(at: address, entry: entry).html(entry.details).html }
        body += parameterTable(entry)
        body += methodList(entry, at: address)
        body += shapeNote(entry, root: root)
        body += errorList(entry, root: root)
        if !entry.example.isEmpty {
            body += "<h2>Example</h2>\n" + ExampleHTML.html(entry.example) { self.address(ofName: $0).map { root + $0 } }
        }
        let others = related.names(beside: entry)
        if !others.isEmpty {
            body += "<h2>See also</h2>\n<ul class=\"names\">\n"
            body += others.map { "<li>\(HTML.link($0.name, to: root + Site.address(of: $0)))</li>\n" }.joined() + "</ul>\n"
        }
        let chapters = entry.isEverywhere ? mentions.documents(using: entry.name).map { documents[$0] } : []
        if !chapters.isEmpty {
            let links = chapters.map { HTML.link($0.title, to: root + $0.address) }
            body += "<h2>In use</h2>\n<p>\(links.joined(separator: " · "))</p>\n"
        }
        return framed(entry.name, at: address, description: entry.summary, body)
    }

    private func kindWords(_ entry: ReferenceEntry) -> String {
        switch entry.kind {
        case .primitive, .function: return "A function"
        case .constant: return "A constant"
        case .record: return "A record"
        case .model: return "A model"
        case .value: return "A value"
        }
    }

    private func parameterTable(_ entry: ReferenceEntry) -> String {
        guard !entry.parameters.isEmpty else { return "" }
        let rows = entry.parameters.map { parameter -> String in
            let given = parameter.isVariadic ? "any number of values"
                : parameter.defaultText.map { $0.isEmpty ? "may be left out" : "<code>\(HTML.escaped($0))</code>" } ?? "must be given"
            let type = parameter.type.map { "<code>\(HTML.escaped($0))</code>" } ?? "any"
            return "<tr><td><code>\(HTML.escaped(parameter.name))</code></td><td>\(type)</td><td>\(given)</td></tr>\n"
        }
        return """
            <h2>Arguments</h2>
            <table>
            <thead><tr><th>name</th><th>type</th><th>default</th></tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table>

            """
    }

    private func methodList(_ entry: ReferenceEntry, at address: String) -> String {
        guard !entry.methods.isEmpty else { return "" }
        let items = entry.methods.map { method in
            "<dt><code>\(HTML.escaped(method.signature))</code></dt><dd>\(inline(method.documentation, at: address, entry: entry))</dd>\n"
        }
        return "<h2>Its functions</h2>\n<dl>\n\(items.joined())</dl>\n"
    }

    /// How to read the dimensions in a signature.
    private func shapeNote(_ entry: ReferenceEntry, root: String) -> String {
        let types = entry.parameters.compactMap(\.type).filter { $0.hasPrefix("Tensor[") }
        guard !types.isEmpty else { return "" }
        let list = types.map { "<code>\(HTML.escaped($0))</code>" }.joined(separator: ", ")
        return "<h2>Shapes</h2>\n<p>\(list): a dimension of one name has one size in all of them "
            + "(\(HTML.link("shape contracts", to: root + "language/contracts.html"))).</p>\n"
    }

    /// The errors that the signature alone says of.
    private func errorList(_ entry: ReferenceEntry, root: String) -> String {
        func code(_ name: String) -> String { "<code>\(HTML.link("error[\(name)]", to: "\(root)errors/\(name).html"))</code>" }
        guard entry.kind != .constant, entry.kind != .value else { return "" }
        var items = ["\(code("argument")): an argument too many, too few, given twice or misnamed"]
        let typed = entry.parameters.filter { $0.type != nil }.map { "<code>\(HTML.escaped($0.name))</code>" }
        if !typed.isEmpty { items.append("\(code("type")): a value of another type for \(typed.joined(separator: ", "))") }
        let worded = entry.parameters.filter { $0.type?.hasPrefix("\"") ?? false }.map { "<code>\(HTML.escaped($0.name))</code>" }
        if !worded.isEmpty { items.append("\(code("value")): none of the words for \(worded.joined(separator: ", "))") }
        if entry.parameters.contains(where: { $0.type?.hasPrefix("Tensor[") ?? false }) {
            items.append("\(code("shape")): shapes that do not agree with the signature")
        }
        // Names that scripts define for themselves in examples could be taken for the library's; those of the tables cannot.
        for failing in mentions.failing(entry.name) where entry.isEverywhere {
            let words = failing.words.isEmpty ? "" : ": … \(HTML.escaped(failing.words))"
            items.append("\(code(failing.code))\(words), as in \(CodeHTML.span(failing.call))")
        }
        return "<h2>Errors</h2>\n<ul>\n" + items.map { "<li>\($0)</li>\n" }.joined() + "</ul>\n"
    }
}
