"""Reads a page of rs4 notebook as a browser would, and says what a page must not hold."""

from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input"}
OWN_LINE = {"p", "h1", "h2", "h3", "h4", "pre", "ul", "ol", "table", "blockquote", "section", "figure"}
TAGS = VOID | OWN_LINE | {
    "html", "head", "body", "title", "style", "nav", "main", "footer", "div", "span", "code", "li", "a", "strong", "em", "del",
    "thead", "tbody", "tr", "th", "td", "caption", "h5", "h6"}
ATTRIBUTES = {
    "lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "src", "alt", "title", "width", "tabindex", "scope",
    "aria-label", "type", "checked", "disabled", "start", "align"}
SEAL = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# Characters that turn the order of their neighbours, or command a terminal.
ACTING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x1b\x00\x07\x08\x7f\x9b")


class Page(HTMLParser):
    """The text of a page's parts by class, its pictures, and complaints about its form and safety."""

    def __init__(self, text, is_whole=True):
        super().__init__(convert_charrefs=True)
        self.open, self.complaints, self.names, self.links, self.pictures = [], [], [], [], []
        self.text, self.parts, self.styles = [], {}, []
        self.seal = None
        self.feed(text)
        self.close()
        if self.open:
            self.complaints.append(f"never closed: {self.open}")
        if is_whole and not text.startswith("<!DOCTYPE html>\n"):
            self.complaints.append("no <!DOCTYPE html>")
        if is_whole and self.seal != SEAL:
            self.complaints.append(f"the page is not sealed: {self.seal}")
        if len(self.names) != len(set(self.names)):
            self.complaints.append("an id twice")
        for link in self.links:
            if link.startswith("#") and link[1:] not in self.names:
                self.complaints.append(f"{link} leads nowhere")
        acting = ACTING & set("".join(self.text))
        if acting:
            self.complaints.append(f"characters that act: {acting}")

    def handle_starttag(self, tag, attributes):
        from urllib.parse import unquote

        values = dict(attributes)
        if len(values) != len(attributes):
            self.complaints.append(f"an attribute twice in <{tag}>")
        if tag not in TAGS:
            self.complaints.append(f"<{tag}>")
        if tag in OWN_LINE and any(name == "p" for name, _ in self.open):
            self.complaints.append(f"<{tag}> inside <p>")
        for name, value in attributes:
            address = "".join(letter for letter in value or "" if letter > " ").lower()
            if name not in ATTRIBUTES:
                self.complaints.append(f"the attribute {name} of <{tag}>")
            if name in ("href", "src") and address.startswith(("javascript:", "vbscript:", "file:")):
                self.complaints.append(f"an address that acts: {value}")
            if ACTING & set(value or ""):
                self.complaints.append(f"an attribute with characters that act: {name}")
        if values.get("http-equiv"):
            self.seal = values.get("content") if values["http-equiv"] == "Content-Security-Policy" else "another http-equiv"
        if "id" in values:
            self.names.append(values["id"])
        if "href" in values:
            self.links.append(unquote(values["href"]))
        if tag == "img":
            self.pictures.append(values)
            if not (values.get("src") or "").startswith("data:image/"):
                self.complaints.append(f"a picture from elsewhere: {values.get('src')}")
            if not values.get("alt"):
                self.complaints.append("a picture without words")
        if tag not in VOID:
            self.open.append((tag, values.get("class") or tag))
            self.parts.setdefault(self.open[-1][1], []).append("")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID or not self.open or self.open[-1][0] != tag:
            self.complaints.append(f"</{tag}> while {self.open[-3:]} are open")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "style":
            self.styles.append(data)
            return
        self.text.append(data)
        for _, kind in self.open:
            self.parts[kind][-1] += data

    def handle_comment(self, data):
        if data.strip() != "raw HTML omitted":
            self.complaints.append(f"a comment: {data}")

    def unknown_decl(self, data):
        self.complaints.append(f"a declaration: {data}")

    handle_pi = unknown_decl
