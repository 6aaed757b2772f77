/// One HTML document. `body` and `navigation` are HTML already; everything else is text.
public struct Page {
    public var title: String
    /// Of the body's words, as BCP 47 names it: readers aloud speak it, and letters that Chinese and Japanese share look as they do there.
    public var language = "en"
    public var description = ""
    /// What stands above the body, between `<nav class="top">` and `</nav>`; empty leaves it out.
    public var navigation = ""
    public var body: String
    public var style: Resource
    public var script: Resource?
    /// Forbids the page to run anything and to load anything but pictures that it carries itself, whatever its body holds.
    public var isSealed = false

    /// A style sheet or script: a file beside the page, or a text inside it, for a page that must stand alone.
    public enum Resource {
        case file(String)
        case text(String)
    }

    public init(title: String, body: String, style: Resource = .text(StyleSheet.text)) {
        self.title = title
        self.body = body
        self.style = style
    }

    /// The whole document.
    public var html: String {
        var head = """
            <!DOCTYPE html>
            <html lang="\(HTML.escaped(language))">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTML.escaped(title))</title>

            """
        if isSealed {
            head += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
                + "base-uri 'none'; form-action 'none'\">\n"
        }
        if !description.isEmpty { head += "<meta name=\"description\" content=\"\(HTML.escaped(description))\">\n" }
        switch style {
        case .file(let address): head += "<link rel=\"stylesheet\" href=\"\(HTML.escaped(address))\">\n"
        case .text(let text): head += "<style>\n\(Page.inside(text))</style>\n"
        }
        switch script {
        case .file(let address): head += "<script src=\"\(HTML.escaped(address))\" defer></script>\n"
        case .text(let text): head += "<script>\n\(Page.inside(text))</script>\n"
        case nil: break
        }
        let top = navigation.isEmpty ? "" : "<nav class=\"top\">\n\(navigation)</nav>\n"
        return head + "</head>\n<body>\n\(top)<main>\n\(body)</main>\n</body>\n</html>\n"
    }

    /// A text between tags whose content is not read as HTML: it must not hold its own end.
    private static func inside(_ text: String) -> String {
        text.replacing("</", with: "<\\/")
    }
}
