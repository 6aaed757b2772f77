import Base
import Foundation
import Pages
import Session
import Syntax

/// The book, the reference and the other pages of docs as HTML files that need no network.
public struct Site {
    let tables: [Reference.Module]
    let library: [Reference.Module]
    let documents: [SiteDocument]
    let related: RelatedNames
    let mentions: BookMentions
    /// The page of each name that is known everywhere, and of each library name that is no other.
    private let addresses: [String: String]

    public init() {
        tables = Reference.tables
        library = Reference.library()
        documents = SiteDocument.all
        related = RelatedNames(tables + library)
        mentions = BookMentions(documents)
        var found: [String: String] = [:]
        for entry in library.flatMap(\.entries) where entry.kind != .value { found[entry.name] = Site.address(of: entry) }
        for entry in tables.flatMap(\.entries) { found[entry.name] = Site.address(of: entry) }
        addresses = found
    }

    /// Writes every file, each under a temporary name first; gives their number. Throws a `Diagnostic`.
    public func write(to folder: String) throws -> Int {
        let files = try self.files()
        for file in files {
            let path = "\(folder)/\(file.path)"
            do {
                try FileManager.default.createDirectory(
                    atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
                try FileAccess.write(Array(file.text.utf8), to: path)
            } catch let error as Failure {
                throw Diagnostic(code: error.code, message: error.message, help: error.help)
            } catch {
                throw Diagnostic(
                    code: "file", message: "the folder must be possible to write to, but is not: \(folder)",
                    help: (error as NSError).localizedDescription)
            }
        }
        return files.count
    }

    /// Every file by its path in the site.
    public func files() throws -> [(path: String, text: String)] {
        var files = [("index.html", indexPage()), ("style.css", StyleSheet.text), ("search.js", try searchScript())]
        for (number, document) in documents.enumerated() { files.append((document.address, page(of: document, number))) }
        for module in tables + library {
            files.append((Site.address(of: module), page(of: module)))
            for entry in module.entries { files.append((Site.address(of: entry), page(of: entry, in: module))) }
        }
        return files
    }

    // MARK: Addresses

    /// Where a name's page lies.
    public static func address(of entry: ReferenceEntry) -> String {
        entry.isEverywhere ? "reference/\(HTML.address(entry.name)).html"
            : "library/\(HTML.address(entry.module)).\(HTML.address(entry.name)).html"
    }

    static func address(of module: Reference.Module) -> String {
        "\(module.isLibrary ? "library" : "modules")/\(HTML.address(module.name)).html"
    }

    /// The way from a page to the site's first folder.
    static func root(from address: String) -> String {
        String(repeating: "../", count: address.filter { $0 == "/" }.count)
    }

    /// Turns markdown on a page into HTML, with links that fit the site.
    ///
    /// - Parameter entry: whose page it is; its own name and those of its arguments lead nowhere.
    func markdown(at address: String, document: SiteDocument? = nil, entry: ReferenceEntry? = nil) -> Markdown {
        let root = Site.root(from: address)
        var markdown = Markdown(
            link: { target in
                guard let document else { return .unchanged }
                return document.target(target, root: root)
            },
            function: { name in addresses[name].map { root + $0 } })
        let own = Set((entry.map { [$0.name] } ?? []) + (entry?.parameters.map(\.name) ?? []))
        // In prose a word may be a function's name by chance; with brackets, or where functions are told of, it is meant.
        let isProse = document.map { $0.name != "language/library" } ?? false
        markdown.mention = { name, isCall in
            own.contains(name) || isProse && !isCall ? nil : addresses[name].map { root + $0 }
        }
        return markdown
    }

    /// The page of a name that text mentions; nil when nothing has it.
    func address(ofName name: String) -> String? { addresses[name] }

    // MARK: Frames

    /// A page with the site's navigation.
    func framed(_ title: String, at address: String, description: String = "", _ body: String) -> String {
        let root = Site.root(from: address)
        var page = Page(title: title == "RS4" ? title : "\(title) · RS4", body: body, style: .file(root + "style.css"))
        page.description = description
        page.script = .file(root + "search.js")
        page.navigation = """
            <a class="home" href="\(root)index.html">RS4</a>
            <a href="\(root)language/index.html">The language</a>
            <a href="\(root)index.html#names">Names</a>
            <a href="\(root)errors/index.html">Errors</a>
            <div class="search" hidden><input type="search" placeholder="Find a name  ( / )" aria-label="Find a name" autocomplete="off" data-root="\(root)"><ul class="found"></ul></div>

            """
        return page.html
    }

    /// The first page: chapters, other pages, every name.
    private func indexPage() -> String {
        func list(_ documents: [SiteDocument]) -> String {
            "<ul>\n" + documents.map { "<li>\(HTML.link($0.title, to: $0.address))</li>\n" }.joined() + "</ul>\n"
        }
        func names(_ module: Reference.Module, _ level: String = "h3") -> String {
            let heading = HTML.link(module.name, to: Site.address(of: module))
            let summary = module.summary.isEmpty ? "" : "<p class=\"home-of\">\(inline(module.summary, at: "index.html"))</p>\n"
            let items = module.entries.map { "<li>\(HTML.link($0.name, to: Site.address(of: $0)))</li>\n" }.joined()
            return "<\(level)>\(heading)</\(level)>\n\(summary)" + (items.isEmpty ? "" : "<ul class=\"names\">\n\(items)</ul>\n")
        }
        func rooms() -> String {
            EmbeddedLibrary.rooms.map { room in
                let modules = library.filter { $0.room == room }
                return "<h3 class=\"room\">stdlib/\(room)</h3>\n" + modules.map { names($0, "h4") }.joined()
            }.joined()
        }
        let codes = documents.filter(\.isError)
        return framed(
            "RS4", at: "index.html",
            description: "The language of RS4, its functions with examples, and what its errors mean.",
            """
            <h1>RS4</h1>
            <p>A small language for semi-supervised segmentation taught by registration. These pages hold the book of the \
            language, every function with an example, and every error with its mending. They are files like any other and \
            need no network.</p>
            <h2>The language</h2>
            \(list(documents.filter(\.isChapter)))<h2>Other pages</h2>
            \(list(documents.filter { !$0.isChapter && !$0.isError }))<h2 id="names">Names that are known everywhere</h2>
            \(tables.map { names($0) }.joined())<h2 id="library">The library, after <code>use</code></h2>
            \(rooms())<h2 id="errors">Errors</h2>
            <ul class="names">
            \(codes.map { "<li>\(HTML.link($0.title, to: $0.address))</li>\n" }.joined())</ul>

            """)
    }

    /// One line of markdown without the paragraph around it.
    func inline(_ text: String, at address: String, entry: ReferenceEntry? = nil) -> String {
        var html = markdown(at: address, entry: entry).html(text).html.trimmingCharacters(in: .whitespacesAndNewlines)
        if html.hasPrefix("<p>"), html.hasSuffix("</p>"), !html.dropFirst(3).contains("<p>") {
            html = String(html.dropFirst(3).dropLast(4))
        }
        return html
    }
}
