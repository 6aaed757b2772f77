import CMarkdown
import Foundation

/// Markdown to HTML: blocks of RS4 code coloured, headings with identifiers, links led where the caller says.
///
/// HTML inside the text is left out, and so are addresses that could run a script.
public struct Markdown {
    /// What becomes of a link's address.
    public enum Target {
        case unchanged
        case address(String)
        /// The link goes, its text stays.
        case none
    }
    /// One heading of a text.
    public struct Heading {
        public let level: Int
        public let text: String
        public let identifier: String
        public init(level: Int, text: String, identifier: String) {
            self.level = level
            self.text = text
            self.identifier = identifier
        }
    }

    /// Where links lead.
    public var link: (String) -> Target
    /// Where the name of a called function leads, in blocks of code.
    public var function: (String) -> String?
    /// Where code inside a line leads, when it is nothing but a name, or a name and `(…)`: then the second value is true.
    public var mention: (_ name: String, _ isCall: Bool) -> String? = { _, _ in nil }

    /// HTML in place of an image; nil leaves it to `link`. The third value is true where the image is what a link shows.
    public var image: (_ address: String, _ alternative: String, _ isInLink: Bool) -> String? = { _, _, _ in nil }

    public init(link: @escaping (String) -> Target = { _ in .unchanged }, function: @escaping (String) -> String? = { _ in nil }) {
        self.link = link
        self.function = function
    }

    /// The HTML of a text, and its headings in order.
    ///
    /// - Parameter identifiers: those of the page that the text becomes a part of; its headings are added.
    public func html(_ text: String, identifiers: Identifiers = Identifiers()) -> (html: String, headings: [Heading]) {
        let visit = Visit(self, identifiers)
        var visitor = rs4_markdown_visitor(
            context: Unmanaged.passUnretained(visit).toOpaque(),
            code: { Visit.at($0)?.code(Visit.text($1), Visit.text($2)) },
            span: { Visit.at($0)?.span(Visit.text($1)) },
            link: { Visit.at($0)?.link(Visit.text($1)) },
            image: { Visit.at($0)?.image(Visit.text($1), Visit.text($2), $3 != 0) },
            heading: { Visit.at($0)?.heading(Int($1), Visit.text($2)) })
        let bytes = Array(HTML.visible(text).utf8)
        let result = withExtendedLifetime(visit) {
            bytes.withUnsafeBufferPointer { buffer in
                buffer.withMemoryRebound(to: CChar.self) { rs4_markdown_html($0.baseAddress, $0.count, &visitor) }
            }
        }
        guard let result else { return (CodeHTML.plain(text), []) }
        defer { free(result) }
        return (String(cString: result), visit.headings)
    }

    /// What one text's parts become.
    private final class Visit {
        let markdown: Markdown
        let identifiers: Identifiers
        var headings: [Heading] = []

        init(_ markdown: Markdown, _ identifiers: Identifiers) {
            self.markdown = markdown
            self.identifiers = identifiers
        }

        static func at(_ context: UnsafeMutableRawPointer?) -> Visit? {
            context.map { Unmanaged<Visit>.fromOpaque($0).takeUnretainedValue() }
        }

        static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

        func code(_ language: String, _ text: String) -> UnsafeMutablePointer<CChar>? {
            let isRS4 = language == "rs4" || language.hasPrefix("rs4 ")
            return strdup(isRS4 ? CodeHTML.block(text, address: markdown.function) : CodeHTML.plain(text))
        }

        func span(_ text: String) -> UnsafeMutablePointer<CChar>? {
            let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let rest = text[name.endIndex...]
            let isCall = rest.hasPrefix("(") && rest.hasSuffix(")")
            guard rest.isEmpty || isCall, let address = markdown.mention(String(name), isCall) else { return nil }
            return strdup("<a href=\"\(HTML.escaped(address))\"><code>\(HTML.escaped(text))</code></a>")
        }

        func link(_ address: String) -> UnsafeMutablePointer<CChar>? {
            switch markdown.link(address) {
            case .unchanged: return nil
            case .address(let address): return strdup(address)
            case .none: return strdup("")
            }
        }

        func image(_ address: String, _ alternative: String, _ isInLink: Bool) -> UnsafeMutablePointer<CChar>? {
            markdown.image(address, alternative, isInLink).flatMap { strdup($0) }
        }

        func heading(_ level: Int, _ text: String) -> UnsafeMutablePointer<CChar>? {
            let identifier = identifiers.add(text)
            headings.append(Heading(level: level, text: text, identifier: identifier))
            return strdup(identifier)
        }
    }

    /// The same markdown without what a page could run: raw HTML is shown as text, addresses such as `javascript:…` go, and
    /// nothing reaches into a text that follows. nil where no markdown says that.
    public static func tame(_ text: String) -> String? {
        let bytes = Array(HTML.visible(text).utf8)
        let result = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { rs4_markdown_tame($0.baseAddress, $0.count) }
        }
        guard let result else { return nil }
        defer { free(result) }
        return String(cString: result)
    }

    /// A heading's identifier as GitHub makes it: small letters, blanks as `-`, no punctuation.
    public static func identifier(_ heading: String) -> String {
        String(
            String.UnicodeScalarView(
                heading.lowercased().unicodeScalars.compactMap { scalar in
                    if scalar == " " { return "-" }
                    return scalar == "-" || scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        ? scalar : nil
                }))
    }
}
