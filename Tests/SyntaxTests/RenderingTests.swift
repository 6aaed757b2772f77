import Testing

@testable import Syntax

@Suite struct RenderingTests {
    func span(_ file: SourceFile, _ text: String, from start: Int = 0) -> Span {
        let wanted = Array(text.utf8)
        for place in start...(file.bytes.count - wanted.count) where Array(file.bytes[place..<(place + wanted.count)]) == wanted {
            return Span(place, place + wanted.count)
        }
        return .none
    }

    @Test func theFormOfTheDesign() {
        let file = SourceFile(
            name: "cross_teaching.rs4",
            text: String(repeating: "\n", count: 40) + "  let loss = dice_loss(softmax(logits), labels)\n")
        let diagnostic = Diagnostic(
            code: "shape", message: "argument `y` of dice_loss: H must be 224, but is 256",
            labels: [
                .init(Location(file, span(file, "softmax(logits)")), "H = 224 here"),
                .init(Location(file, span(file, "labels")), "H = 256 here"),
            ],
            help: "resize the labels with `resize_labels(labels, [224, 224])`")
        #expect(
            DiagnosticRenderer().render(diagnostic) == """
                error[shape]: argument `y` of dice_loss: H must be 224, but is 256
                  --> cross_teaching.rs4:41:24
                   |
                41 |   let loss = dice_loss(softmax(logits), labels)
                   |                        ^^^^^^^^^^^^^^^  ^^^^^^ H = 256 here
                   |                        H = 224 here
                   = help: resize the labels with `resize_labels(labels, [224, 224])`
                """)
    }

    @Test func otherFilesNotesAndTrace() {
        let script = SourceFile(name: "a.rs4", text: "let x = 1\nf(x)\nlast\n")
        let library = SourceFile(name: "losses.rs4", text: "fn f(x) = g(x)\n")
        let diagnostic = Diagnostic(
            code: "type", message: "x must be a tensor, but is an integer",
            labels: [
                .init(Location(script, Span(12, 13)), "given here"), .init(Location(library, span(library, "g(x)"))),
                .init(Location(script, Span(15, 19))),
            ],
            notes: ["one\ntwo"],
            trace: [.init(function: "f", location: Location(library, span(library, "g(x)"))), .init(function: "script", location: Location(script, Span(10, 14)))])
        #expect(
            DiagnosticRenderer().render(diagnostic) == """
                error[type]: x must be a tensor, but is an integer
                 --> a.rs4:2:3
                  |
                2 | f(x)
                  |   ^ given here
                3 | last
                  | ^^^^
                 ::: losses.rs4:1:11
                  |
                1 | fn f(x) = g(x)
                  |           ^^^^
                  = note: one
                          two
                  = trace:
                    in f at losses.rs4:1:11
                    in script at a.rs4:2:1
                """)
    }

    @Test func tabsAndWideCharactersAlign() {
        let file = SourceFile(name: "t", text: "\tlet 名前 = \"é👍\" + zz")
        let diagnostic = Diagnostic(code: "name", message: "m", labels: [.init(Location(file, span(file, "zz")), "here")])
        #expect(DiagnosticRenderer().render(diagnostic).split(separator: "\n").suffix(2) == ["1 |     let 名前 = \"é👍\" + zz", "  |                        ^^ here"])
    }

    @Test func longLinesAreCut() {
        let file = SourceFile(name: "t", text: String(repeating: "a", count: 500) + " ZZ " + String(repeating: "b", count: 500))
        let lines = DiagnosticRenderer().render(Diagnostic(code: "c", message: "m", labels: [.init(Location(file, span(file, "ZZ")), "here")])).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 170 })
        let source = Array(lines[3])
        let mark = Array(lines[4]).firstIndex(of: "^") ?? 0
        #expect(source[mark] == "Z" && source[mark - 1] == " ")
        #expect(lines[3].contains("…"))
    }

    @Test func aPartOfAFileKeepsItsLineNumbers() {
        let file = SourceFile(name: "t", text: "one\ntwo", firstLine: 41)
        let diagnostic = Diagnostic(code: "c", message: "m", labels: [.init(Location(file, Span(4, 7)), "here")])
        #expect(DiagnosticRenderer().render(diagnostic) == "error[c]: m\n  --> t:42:1\n   |\n42 | two\n   | ^^^ here")
        #expect(file.line(40) == "" && file.line(41) == "one" && file.line(43) == "")
        let parts = DiagnosticRenderer().painted(diagnostic).parts
        #expect(parts.first?.text == "error[c]" && parts.first?.role == .error)
        #expect(parts.last?.text == "^^^ here" && parts.last?.role == .mark)
    }

    @Test func placesAtTheEdges() {
        let file = SourceFile(name: "t", text: "a\n")
        for place in [Span(0, 0), Span(1, 1), Span(2, 2), Span(0, 2), Span(7, 9), Span(2, 0)] {
            #expect(!DiagnosticRenderer().render(Diagnostic(code: "c", message: "m", labels: [.init(Location(file, place), "x")])).isEmpty)
        }
        let empty = SourceFile(name: "t", text: "")
        #expect(!DiagnosticRenderer().render(Diagnostic(code: "c", message: "m", labels: [.init(Location(empty, .none))])).isEmpty)
        #expect(DiagnosticRenderer().render(Diagnostic(code: "c", message: "m", help: "h")) == "error[c]: m\n  = help: h")
    }

    @Test func colour() {
        let text = DiagnosticRenderer(usesColour: true).render(Diagnostic(code: "c", message: "m"))
        #expect(text == "\u{1B}[1;31merror[c]\u{1B}[0m\u{1B}[1m: m\u{1B}[0m")
    }

    @Test func severalLabelsOnOneLine() {
        let file = SourceFile(name: "t", text: "f(alpha, beta, gamma)")
        let labels = ["alpha", "beta", "gamma"].map { Diagnostic.Label(Location(file, span(file, $0)), "\($0) stands here") }
        #expect(
            DiagnosticRenderer().render(Diagnostic(code: "c", message: "m", labels: labels)) == """
                error[c]: m
                 --> t:1:3
                  |
                1 | f(alpha, beta, gamma)
                  |   ^^^^^  ^^^^  ^^^^^ gamma stands here
                  |          beta stands here
                  |   alpha stands here
                """)
    }

    @Test func nearMisses() {
        let names = ["dice_loss", "dice_curves", "print", "len", "labels", "sum", "map", "read_volume"]
        #expect(Suggestion.nearest(to: "dice_los", among: names) == "dice_loss")
        #expect(Suggestion.nearest(to: "pritn", among: names) == "print")
        #expect(Suggestion.nearest(to: "Labels", among: names) == "labels")
        #expect(Suggestion.nearest(to: "lne", among: names) == "len")
        #expect(Suggestion.nearest(to: "readvolume", among: names) == "read_volume")
        #expect(Suggestion.nearest(to: "x", among: names) == nil)
        #expect(Suggestion.nearest(to: "x", among: ["y", "z"]) == nil)
        #expect(Suggestion.nearest(to: "completely_else", among: names) == nil)
        #expect(Suggestion.nearest(to: "i", among: ["pi"]) == nil)
        #expect(Suggestion.nearest(to: "np", among: ["Up", "sup"]) == nil)
        #expect(Suggestion.help(for: "summ", among: names) == "did you mean `sum`?")
    }
}
