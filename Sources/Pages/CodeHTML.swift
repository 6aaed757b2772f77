import Syntax

/// RS4 code as HTML, coloured by the language's own lexer.
public enum CodeHTML {
    /// A block of code: `<pre class="code">` with a `<span class="KIND">` for each part of it that has a colour.
    ///
    /// - Parameter address: where a called name leads to; nil leaves the name without a link.
    public static func block(_ code: String, address: (String) -> String? = { _ in nil }) -> String {
        "<pre class=\"code\"><code>\(inline(code, address: address))</code></pre>\n"
    }

    /// Code in a line: `<code>` with its colours.
    public static func span(_ code: String) -> String { "<code>\(inline(code))</code>" }

    /// The same without the block around it.
    public static func inline(_ code: String, address: (String) -> String? = { _ in nil }) -> String {
        let file = SourceFile(name: "", text: code)
        var html = ""
        var end = 0
        for part in SourcePart.parts(of: file) {
            html += HTML.escaped(file.text(of: Span(end, part.span.start)))
            let text = file.text(of: part.span)
            if part.isCall, let address = address(text) {
                html += "<a class=\"\(part.kind.rawValue)\" href=\"\(HTML.escaped(address))\">\(HTML.escaped(text))</a>"
            } else if part.kind == .name || part.kind == .symbol {
                html += HTML.escaped(text)
            } else {
                html += "<span class=\"\(part.kind.rawValue)\">\(HTML.escaped(text))</span>"
            }
            end = part.span.end
        }
        return html + HTML.escaped(file.text(of: Span(end, file.bytes.count)))
    }

    /// A block of text that is no code: output, a diagnostic, a shell's dialogue.
    public static func plain(_ text: String, class name: String = "plain") -> String {
        "<pre class=\"\(HTML.escaped(name))\">\(HTML.escaped(text))</pre>\n"
    }
}
