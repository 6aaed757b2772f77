import Foundation
import Pages
import Session

/// One page of docs in the site.
struct SiteDocument {
    /// Its path in docs without `.md`.
    let name: String
    let text: String
    /// What its first heading says.
    let title: String
    /// Where it lies in the site.
    var address: String { SiteDocument.address(of: name) }
    var isChapter: Bool { name.hasPrefix("language/") }
    var isError: Bool { name.hasPrefix("errors/") && name != "errors/README" }
    var folder: String { name.split(separator: "/").dropLast().joined(separator: "/") }

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
        let heading = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("# ") }
        title = heading.map { String($0.dropFirst(2)) } ?? name
    }

    /// Every page: the chapters in the order in which the book's opening links to them, then the others.
    static let all: [SiteDocument] = {
        let documents = EmbeddedPages.names.compactMap { name in EmbeddedPages.page(name).map { SiteDocument(name, $0) } }
        let opening = documents.first { $0.name == "language/README" }?.text ?? ""
        func place(_ document: SiteDocument) -> Int {
            if document.name == "language/README" { return -1 }
            let link = "](\(document.name.dropFirst("language/".count)).md)"
            return opening.range(of: link).map { opening.utf8.distance(from: opening.startIndex, to: $0.lowerBound) } ?? Int.max
        }
        let chapters = documents.filter(\.isChapter).map { (place($0), $0) }.sorted { ($0.0, $0.1.name) < ($1.0, $1.1.name) }
        return chapters.map(\.1) + documents.filter { !$0.isChapter }
    }()

    static func address(of name: String) -> String {
        let path = name == "README" || name.hasSuffix("/README") ? String(name.dropLast("README".count)) + "index" : name
        return HTML.address(path) + ".html"
    }

    /// Where a link written on this page leads in the site; what lies outside docs has no page here, save the library.
    func target(_ written: String, root: String) -> Markdown.Target {
        if written.hasPrefix("#") || written.contains("://") || written.hasPrefix("mailto:") { return .unchanged }
        let parts = written.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let fragment = parts.count > 1 ? "#\(parts[1])" : ""
        var path = ["docs"] + folder.split(separator: "/").map(String.init)
        for step in parts[0].split(separator: "/") {
            if step == ".." {
                if path.isEmpty { return .none }
                path.removeLast()
            } else if step != "." {
                path.append(String(step))
            }
        }
        let full = path.joined(separator: "/")
        if full.hasPrefix("docs/"), full.hasSuffix(".md") {
            let name = String(full.dropFirst("docs/".count).dropLast(".md".count))
            return EmbeddedPages.names.contains(name) ? .address(root + SiteDocument.address(of: name) + fragment) : .none
        }
        if full.hasPrefix("stdlib/"), full.hasSuffix(".rs4") {
            let name = String(full.dropLast(".rs4".count).split(separator: "/").last ?? "")
            return EmbeddedLibrary.path(of: name) == full ? .address("\(root)library/\(HTML.address(name)).html") : .none
        }
        return .none
    }
}
