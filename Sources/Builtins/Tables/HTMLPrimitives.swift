import Machine
import Pages
import Plotting

/// Pages of HTML: what the library module `pages` builds on.
enum HTMLPrimitives {
    static let module = PrimitiveModule(
        "html", "Text and figures as parts of a page; the library module `pages` puts whole pages together.",
        [
            Primitive("escape_html(text: String) -> String", "The text as it may stand between tags and in quoted attributes: it brings no markup.",
                example: "escape_html(\"a < b & c\")  # => \"a &lt; b &amp; c\"") { (text: String) in
                HTML.escaped(text)
            },
            Primitive("html_figure(figure: Figure, alternative: String) -> String",
                "The figure as an `<img>` that carries its own bytes.",
                details: """
                    `alternative` says in words what it shows, for those who do not see it. Drawings are SVG, figures with
                    images PNG. Nothing that a figure's labels hold can act in the page.
                    """,
                example: "html_figure(plot([1, 4, 9]), \"squares\") |> starts_with(\"<img src=\\\"data:image/svg+xml;base64,\")  # => true") { (figure: Figure, alternative: String) in
                // A bitmap has twice as many pixels as the page shows, for fine screens and print.
                return figure.hasImage
                    ? FigureHTML.image(
                        try figure.render(as: .png, scale: 2), type: "image/png", alternative: alternative, width: figure.drawnWidth)
                    : FigureHTML.image(try figure.render(as: .svg), type: "image/svg+xml", alternative: alternative)
            },
            Primitive("html_page(title: String, body: String, description: String = \"\") -> String",
                "A whole page that needs no other file, light and dark as the reader's system asks.",
                details: "`body` is HTML already; `title` and `description` are text.",
                example: "html_page(\"A & B\", \"<p>text</p>\") |> contains(\"<title>A &amp; B</title>\")  # => true") { (title: String, body: String, description: String) in
                var page = Page(title: title, body: body + "\n")
                page.description = description
                return page.html
            },
        ])
}
