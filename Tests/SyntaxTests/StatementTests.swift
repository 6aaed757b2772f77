import Testing

@testable import Syntax

@Suite struct StatementTests {
    @Test(arguments: [
        Example("let x = 1\nx = 2", "(let x 1)\n(= x 2)"),
        Example("x += 1; y -= 2; z *= 3; w /= 4", "(+= x 1)\n(-= y 2)\n(*= z 3)\n(/= w 4)"),
        Example("x[0] = 1\nx.rate = 2", "(= (index x 0) 1)\n(= (. x rate) 2)"),
        Example("let [a, b] = pair", "(let [a b] pair)"),
        Example("let {dice, hd95: h} = scores", "(let {dice: dice hd95: h} scores)"),
        Example("let n: Int? = nil", "(let n :Int? nil)"),
        Example("x = 1;", "(silent (= x 1))"),
        Example("f(); g();", "(call f)\n(silent (call g))"),
        Example("f() ; # why\ng()", "(silent (call f))\n(call g)"),
        Example("{ f(); }", "(do (silent (call f)))"),
    ])
    func bindings(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("fn blend(a, b, weight = 0.5) = (1 - weight) * a + weight * b", "(fn blend (a b (weight = 0.5)) (+ (* (- 1 weight) a) (* weight b)))"),
        Example("fn f(x: Tensor[B, 3, ..., W]) -> Int { x }", "(fn f ((x :Tensor[B 3 ... W])) :Int (do x))"),
        Example("## Doc.\n## More.\nfn f() = 1", "(doc \"Doc.\\nMore.\" (fn f () 1))"),
        Example("## Not this.\n\nfn f() = 1", "(fn f () 1)"),
        Example("## Doc.\n;fn f() = 1", "(doc \"Doc.\" (fn f () 1))"),
        Example("## Doc.\na; fn f() = 1", "(doc \"Doc.\" a)\n(fn f () 1)"),
        Example("fn f(\n  a,\n) = 1", "(fn f (a) 1)"),
        Example("let [a, [b, c,],] = x", "(let [a [b c]] x)"),
        Example("let [...all] = x", "(let [...all] x)"),
        Example("use a.{\n  b,\n}", "(use a b)"),
        Example("if any(xs, x => { x > 1 }) { 1 }", "(if (call any xs (=> (x) (do (> x 1)))) (do 1))"),
        Example("record Case(id, image, labels = nil)", "(record Case (id image (labels = nil)))"),
        Example("record Pair(a, b) {\n  fn sum() = a + b\n}", "(record Pair (a b) (fn sum () (+ a b)))"),
        Example("model Net(n) {\n  let c = conv(n)\n  fn forward(x) = c(x)\n}", "(model Net (n) (let c (call conv n)) (fn forward (x) (call c x)))"),
        Example("model Net { fn forward(x) = x }", "(model Net () (fn forward (x) x))"),
        Example("use registration", "(use registration)"),
        Example("use \"./helpers.rs4\" as h", "(use \"./helpers.rs4\" as h)"),
        Example("use losses.{dice_loss, other as o}", "(use losses dice_loss other=o)"),
        Example("param data = \"cases\"", "(param data \"cases\")"),
        Example("param n: Int = 3", "(param n :Int 3)"),
        Example("let param = 1\nparam + 1", "(let param 1)\n(+ param 1)"),
        Example("model(x)\nrecord.use", "(call model x)\n(. record use)"),
        Example("model = net()\nuse[0] = 1", "(= model (call net))\n(= (index use 0) 1)"),
        Example("x.match.in", "(. (. x match) in)"),
    ])
    func declarations(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("a\nb", "a\nb"),
        Example("a +\nb", "(+ a b)"),
        Example("a\n+ b", "a\n(+ b)"),
        Example("a\n  |> f\n  # then\n  |> g", "(|> (|> a f) g)"),
        Example("a\n  .f()\n\n  .g", "(. (call (. a f)) g)"),
        Example("a and\n not\n b", "(and a (not b))"),
        Example("let x =\n  1", "(let x 1)"),
        Example("x =>\n  1", "(=> (x) 1)"),
        Example("f(a\n  + b)", "(call f (+ a b))"),
        Example("f(a, x => {\n  b\n  c\n})", "(call f a (=> (x) (do b c)))"),
        Example("f\n(1)", "f\n1"),
        Example("x\n[1]", "x\n(list 1)"),
        Example("f(1)\n{ 2 }", "(call f 1)\n(do 2)"),
        Example("\n\n# c\na # d\n\n", "a"),
        Example("a\r\nb\r\n", "a\nb"),
        Example("\u{FEFF}a", "a"),
        Example("", ""),
    ])
    func newlines(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        "f(", "f(1,", "[1, 2", "{a: 1", "if a {", "if a {\n  b", "fn f(a) {", "fn f(a) =", "a +", "a and", "let x =", "x =>",
        "a |>", "f(x => {\n g(", "match v {", "match v {\n 0 =>", "\"\"\"text", "\"\"\"\nmore {x}\n", "x = [\n", "try {", "not",
        "# c\nf(\n# d\n", "model M(a) {\n  let b = 1\n", "for x in xs {", "f { x =>", "f { x =>\n x\n", "use losses.{", "x.",
        "let f = (a,", "map(xs, (a, b", "(a: Int", "(a = 1,\n b",
    ])
    func incomplete(_ text: String) {
        #expect(isIncomplete(text), "\(dump(text))")
        #expect(isIncomplete(text + "\n"), "\(dump(text))")
    }

    @Test(arguments: [
        "f)", "let x", "if a", "\"open", "let = 1", "a b", "f(1 2)", "f(]", "let x = )", "a b\nf(", "else", "1 = x\nf(", "try { }", "'a",
        "x.\u{0}", "(1, 2)", "[1; 2]",
    ])
    func failed(_ text: String) {
        #expect(!isIncomplete(text))
        #expect(!mistakes(text).isEmpty)
    }

    @Test func cells() throws {
        let text = """
            # a script
            let zero = 0
            # %% [markdown]
            # # Title
            #
            # words
            # %% Read it
            let a = 1
            let b = {
            # %% not here
              2
            }
              # %% Look
            a

            """
        guard case .complete(let program) = Parser.parse(SourceFile(name: "t", text: text)) else {
            Issue.record("must parse")
            return
        }
        #expect(program.cells.map(\.title) == ["", "", "Read it", "Look"])
        #expect(program.cells.map(\.kind) == [.code, .markdown, .code, .code])
        #expect(program.cells.map(\.statements) == [0..<1, 1..<1, 1..<3, 3..<4])
        #expect(program.cells[1].body == "# Title\n\nwords")
        #expect(program.cells[2].body == "let a = 1\nlet b = {\n# %% not here\n  2\n}\n")
        #expect(program.cells[3].body == "a\n")
        #expect(Cell.divide(SourceFile(name: "t", text: "# %% one\n1 +\n# %% two\n(")).map(\.title) == ["one", "two"])
        let broken = "# %% one\nfn f() {\n  # %% not here\n  1\n}\n# %% two\nlet = 3\n# %% three\nf()\n"
        #expect(Cell.divide(SourceFile(name: "t", text: broken)).map(\.title) == ["one", "two", "three"])
    }
}
