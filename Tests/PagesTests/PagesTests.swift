import Foundation
import Pages
import Syntax
import Testing

/// No text, name or markdown brings markup of its own into a page.
@Suite struct PagesTests {
    @Test func escapesEverywhere() {
        #expect(HTML.escaped("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;")
        #expect(HTML.escaped("a\u{0}b\rc") == "a\u{FFFD}bc")
        #expect(HTML.link("<b>", to: "x\" onclick=\"y") == "<a href=\"x&quot; onclick=&quot;y\">&lt;b&gt;</a>")
        #expect(HTML.address("a b/ä<>.html") == "a%20b/%C3%A4%3C%3E.html")
    }

    @Test func picturesCarryTheirBytesAndNothingElse() {
        let html = FigureHTML.image(Array("<svg onload=\"x\">".utf8), type: "image/svg+xml\"", alternative: "\"><script>", width: 12.6)
        #expect(html == "<img src=\"data:image/svg+xml&quot;;base64,PHN2ZyBvbmxvYWQ9IngiPg==\" alt=\"&quot;&gt;&lt;script&gt;\" width=\"13\">")
        #expect(!FigureHTML.image([1], type: "image/png", alternative: "").contains("width"))
    }

    @Test func coloursCodeAndKeepsItsText() {
        let html = CodeHTML.inline("let a = f(1, \"x < {b}\") # <i>") { $0 == "f" ? "f.html" : nil }
        #expect(html.hasPrefix("<span class=\"keyword\">let</span> a = <a class=\"function\" href=\"f.html\">f</a>("))
        #expect(html.contains("<span class=\"number\">1</span>"))
        #expect(html.contains("x &lt; "))
        #expect(html.hasSuffix("<span class=\"comment\"># &lt;i&gt;</span>"))
    }

    @Test(arguments: [
        "let s = \"open", "{ [ (", "\u{0}\u{1}", "\"a {b", "x = 5 # é漢😀", "\"\"\"\n one {a + \"{b}\"}\n \"\"\"", "1a $ ` ~", "",
        "use losses.{dice_loss} as d", "record Case(id)\nf(in: 1).if",
    ])
    func keepsEveryCharacterOfCode(_ code: String) {
        let html = CodeHTML.inline(code)
        let text = html.replacing(#/<[^>]*>/#, with: "").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        let wanted = String(String.UnicodeScalarView(code.unicodeScalars.map { $0.value < 0x20 && $0 != "\n" ? "\u{FFFD}" : $0 }))
        #expect(text == wanted)
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "[x](javascript:alert(1))", "![x](data:text/html,<b>)",
        "<https://x/\"onclick=\"alert(1)>", "```rs4\n</code><script>alert(1)</script>\n```", "```<script>\nx\n```", "# <script>\n",
        "[x](<a\" onclick=\"alert(1)>)", "| a |\n| --- |\n| <script>x</script> |\n", "`<script>`", "[a]: javascript:alert(1)\n[a]",
        "<svg onload=alert(1)>\n\ntext", "<!-- --><script>alert(1)</script>",
    ])
    func leavesOutMarkupOfMarkdown(_ text: String) {
        let html = Markdown(link: { _ in .unchanged }, function: { _ in "\" onclick=\"x" }).html(text).html.lowercased()
        #expect(!html.contains("<script"))
        #expect(!html.contains("<svg"))
        #expect(!html.contains("=\"javascript:"))
        #expect(!html.contains("=\"data:text"))
        // Attributes are what stands outside quotes.
        #expect(html.replacing(#/"[^"]*"/#, with: "\"\"").firstMatch(of: #/<[^>]*\son[a-z]+=/#) == nil)
    }

    @Test func leadsLinksAndNamesHeadings() {
        let markdown = Markdown(link: { $0 == "a.md" ? .address("a.html") : $0 == "b" ? .none : .unchanged })
        let (html, headings) = markdown.html("# One *two* `three`!\n\n[x](a.md) [y **z**](b) [w](#one)\n\n## Ärger, 2\n\n## Ärger, 2")
        #expect(headings.map(\.identifier) == ["one-two-three", "ärger-2", "ärger-2-1"])
        #expect(headings.map(\.level) == [1, 2, 2])
        #expect(html.contains("<h1><span id=\"one-two-three\">One <em>two</em> <code>three</code>!</span></h1>"))
        #expect(html.contains("<a href=\"a.html\">x</a> y <strong>z</strong> <a href=\"#one\">w</a>"))
    }

    @Test func leadsNamesInLines() {
        var markdown = Markdown(link: { _ in .unchanged })
        markdown.mention = { name, isCall in name == "len" || name == "f" && isCall ? "\(name).html" : nil }
        let html = markdown.html("`len` `len(<x>)` `len x` `other` [`len`](x)").html
        #expect(html.contains("<a href=\"len.html\"><code>len</code></a> <a href=\"len.html\"><code>len(&lt;x&gt;)</code></a>"))
        #expect(markdown.html("`f` `f(1)`").html.contains("<code>f</code> <a href=\"f.html\"><code>f(1)</code></a>"))
        #expect(html.contains("<code>len x</code> <code>other</code> <a href=\"x\"><code>len</code></a>"))
    }

    /// A browser shows the end of a line as a space, which Japanese and Chinese have not between words; where one side is Latin
    /// or code, and in Korean, it stays.
    @Test(arguments: [
        ("得られる変換は\n両方の格子", "得られる変換は両方の格子"), ("終わり。\n「はじめ」", "終わり。「はじめ」"), ("**太い**\n字", "<strong>太い</strong>字"),
        ("[鎖](a)\n*斜*\nめ", "<a href=\"a\">鎖</a><em>斜</em>め"), ("Dice は\nいくつ", "Dice はいくつ"), ("値は\nDice", "値は\nDice"),
        ("`x`\nは", "<code>x</code>\nは"), ("한국\n말", "한국\n말"), ("a\nb", "a\nb"), ("は\n2", "は\n2"), ("𠀀\n𠀁", "𠀀𠀁"), ("は  \nが", "は<br />\nが"),
    ])
    func joinsLinesOfWritingWithoutSpaces(_ text: String, _ wanted: String) {
        #expect(Markdown().html(text).html == "<p>\(wanted)</p>\n")
    }

    @Test func makesTablesAndMarksCode() {
        let html = Markdown().html("| a | b |\n| --- | --- |\n| 1 | ~~2~~ |\n\n```rs4\nlet x = 1\n```\n\n```\n<x>\n```\n").html
        #expect(html.contains("<td><del>2</del></td>"))
        #expect(html.contains("<pre class=\"code\"><code><span class=\"keyword\">let</span> x = "))
        #expect(html.contains("<pre class=\"plain\">&lt;x&gt;\n</pre>"))
    }

    @Test func aPageStandsAlone() {
        var page = Page(title: "a < b", body: "<p>x</p>\n")
        page.script = .text("let s = \"</script>\"")
        let html = page.html
        #expect(html.contains("<title>a &lt; b</title>"))
        #expect(html.contains("prefers-color-scheme: dark"))
        #expect(html.components(separatedBy: "</script>").count == 2)
        #expect(!html.contains("http:") && !html.contains("https:"))
    }

    @Test func partsCoverNamesAndCalls() {
        let file = SourceFile(name: "", text: "fn f(a: Tensor[B]) = x |> g(b: nil)\nc.h(1)")
        let parts = SourcePart.parts(of: file).map { "\(file.text(of: $0.span)) \($0.kind.rawValue)\($0.isCall ? "!" : "")" }
        #expect(parts.contains("fn keyword") && parts.contains("f function") && parts.contains("Tensor type"))
        #expect(parts.contains("g function!") && parts.contains("h function") && parts.contains("b label"))
        #expect(parts.contains("nil constant"))
    }

    @Test func replacesWhatTurnsTheOrderOfLetters() {
        #expect(HTML.escaped("a\u{202E}b\u{2066}\u{85}\u{FFFE}") == "a\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect(HTML.visible("<é👩‍🔬\u{200F}>\r\n\t") == "<é👩‍🔬\u{200F}>\n\t")
        #expect(!Markdown().html("a \u{202E} b").html.contains("\u{202E}"))
    }

    @Test func givesEveryHeadingOfAPageItsIdentifier() {
        let identifiers = Identifiers()
        let all = ["a", "a-1", "a", "a", "<>", "!"].map(identifiers.add)
        #expect(Set(all).count == all.count)
        #expect(all[0] == "a" && all[4] == "section")
        let more = Markdown().html("# a\n# a", identifiers: identifiers).headings.map(\.identifier)
        #expect(Set(all + more).count == 8)
    }

    @Test func putsPicturesWhereTheCallerSays() {
        var markdown = Markdown()
        markdown.image = { address, words, isInLink in "<i>\(HTML.escaped(address)) \(HTML.escaped(words)) \(isInLink)</i>" }
        let html = markdown.html("![a *b* `c` ![in](d)](e) [![f](g)](h)\n\n| ![i](j) |\n| --- |\n").html
        #expect(html.contains("<i>e a b c in false</i>"))
        #expect(html.contains("<a href=\"h\"><i>g f true</i></a>"))
        #expect(html.contains("<th>i</th>"))
    }

    @Test(arguments: [
        "text\n", "# a\n\n- b\n\n| c |\n| --- |\n| d[0]: 1 |\n\n```\nx = y[1]: 2\n```", "<https://example.org>", "[a](b.md) ![c](d.png)", "",
    ])
    func leavesHarmlessMarkdownAsItIs(_ text: String) {
        #expect(Markdown.tame(text) == text)
    }

    @Test(arguments: [
        "<b>", "a <i onclick=\"x\">b</i>", "<script>\nalert(1)\n</script>", "[a](javascript:b)", "![<b>x</b> `c` ![d](javascript:e)](javascript:f)",
        "```\nopen", "- ~~~~\n  open", "[a]: javascript:b", "[a][b]\n\n[b]: javascript:c", "> [a]:\n> javascript:b", "<!-- open", "1. a\n\n<b>\nc",
        "x[1]\n\n[b]: c\n\n<?php x", "&lt;b&gt; <b>", "\\<b>\\</b> <u>",
    ])
    func tamesMarkdown(_ text: String) {
        // What is written anew stays as it is, shows no markup, and leaves what follows alone.
        guard let tame = Markdown.tame(text) else { return }
        #expect(Markdown.tame(tame) == tame)
        let html = Markdown().html(tame + "\n\nbehind [a] [b]").html
        #expect(!html.contains("raw HTML omitted") || html.contains("end list"))
        #expect(html.contains("<p>behind [a] [b]</p>"))
        #expect(!html.contains("=\"javascript:"))
    }
}
