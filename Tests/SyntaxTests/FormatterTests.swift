import Testing

@testable import Syntax

/// Formats a text; an empty string when it does not parse.
func format(_ text: String) -> String {
    guard case .complete(let program) = Parser.parse(SourceFile(name: "test.rs4", text: text)) else { return "" }
    return SourceFormatter.format(program)
}

/// Checks that formatting keeps the tree and is at rest after one pass.
func checkStable(_ text: String) {
    let once = format(text)
    #expect(dump(once) == dump(text), "\(text)\n→\n\(once)")
    #expect(format(once) == once, "\(text)")
}

@Suite struct FormatterTests {
    @Test(arguments: [
        Example("let   x=1+2*3", "let x = 1 + 2 * 3\n"),
        Example("(a+b) * -c ** 2", "(a + b) * -c ** 2\n"),
        Example("- -x", "- -x\n"),
        Example("f( a,b , name : c )", "f(a, b, name: c)\n"),
        Example("a;b;", "a\nb;\n"),
        Example("a\n\n\n\nb # why\n# end\n\n\n", "a\n\nb  # why\n# end\n"),
        Example("fn f(a,b=1)->Int{a}", "fn f(a, b = 1) -> Int { a }\n"),
        Example("if a {\nb} else if c {d}\nelse_ = 1", "if a {\n  b\n} else if c {\n  d\n}\nelse_ = 1\n"),
        Example("if a {b} else {c}", "if a { b } else { c }\n"),
        Example("for x in 0 ..< n {\n    # first\n    f(x)\n\n    g(x)\n    # last\n}", "for x in 0..<n {\n  # first\n  f(x)\n\n  g(x)\n  # last\n}\n"),
        Example("x|>f|>g(1)", "x |> f |> g(1)\n"),
        Example("x\n|>f\n|>g(1)", "x\n  |> f\n  |> g(1)\n"),
        Example("no_grad{net(x)}", "no_grad { net(x) }\n"),
        Example("each(xs){x=>\nprint(x)}", "each(xs) { x =>\n  print(x)\n}\n"),
        Example("f(a, x=>{\nb\n})", "f(a, x => {\n  b\n})\n"),
        Example("f([\n1,2])", "f([\n  1, 2,\n])\n"),
        Example("f(\n[1,2])", "f(\n  [1, 2],\n)\n"),
        Example("[\n1, # one\n# two\n2]", "[\n  1,  # one\n  # two\n  2,\n]\n"),
        Example("[\n1,2,\n3]", "[\n  1, 2,\n  3,\n]\n"),
        Example("{a:1,\"b c\":2,[d]:3}", "{a: 1, \"b c\": 2, [d]: 3}\n"),
        Example("match v{0=>a,_=>b}", "match v { 0 => a, _ => b }\n"),
        Example("match v{\n0=>a # c\n[x,...y] if x=>b}", "match v {\n  0 => a  # c\n  [x, ...y] if x => b\n}\n"),
        Example("## Doc.\nrecord Case(id,labels=nil)", "## Doc.\nrecord Case(id, labels = nil)\n"),
        Example("model Net(n){let c=conv(n)\nfn forward(x)=c(x)}", "model Net(n) {\n  let c = conv(n)\n  fn forward(x) = c(x)\n}\n"),
        Example("use a.{b,c as d}", "use a.{b, c as d}\n"),
        Example("a + # odd place\n  b", "a + # odd place\n  b\n"),
        Example("\n\n# %% One\na\n\n\n\n# %% Two\nb", "# %% One\na\n\n\n# %% Two\nb\n"),
        Example("x[1:3,:,...]", "x[1:3, :, ...]\n"),
        Example("let {dice,hd95:h}=scores", "let {dice, hd95: h} = scores\n"),
        Example("param n:Int=3", "param n: Int = 3\n"),
        Example("try{f()}catch p{g()}", "try { f() } catch p { g() }\n"),
        Example("(x)=>x", "x => x\n"),
        Example("f ()  { 1 }", "f { 1 }\n"),
        Example("(f(x))(y)", "(f(x))(y)\n"),
        Example("# only a comment", "# only a comment\n"),
        Example("fn f() = { a }", "fn f() = { a }\n"),
        Example("if a { # why\n}", "if a {\n  # why\n}\n"),
        Example("", ""),
    ])
    func style(_ example: Example) {
        #expect(format(example.text) == example.expected)
        checkStable(example.text)
    }

    @Test func longLinesBreak() {
        let call = "let result = some_function(first_argument_value, second_argument_value, third: third_argument_value, fourth: fourth_value, fifth: 5)"
        #expect(
            format(call) == """
                let result = some_function(
                  first_argument_value, second_argument_value, third: third_argument_value, fourth: fourth_value, fifth: 5,
                )

                """)
        let sum = "let total = " + (1...15).map { "number_\($0)" }.joined(separator: " + ")
        #expect(format(sum).split(separator: "\n").count == 15)
        let declaration = "fn forward(x: Tensor[B, inputs, H, W]) -> Tensor[B, outputs, H, W] = dropout(leaky_relu(norm(conv(x))), drop_rate_after_the_norm)"
        #expect(
            format(declaration) == """
                fn forward(x: Tensor[B, inputs, H, W]) -> Tensor[B, outputs, H, W] =
                  dropout(leaky_relu(norm(conv(x))), drop_rate_after_the_norm)

                """)
        for text in [call, sum, declaration, "if \(sum.dropFirst(12)) { a } else { b }", "f(\(sum.dropFirst(12)), x => { a })", "x |> \(call.dropFirst(13)) |> g"] {
            checkStable(text)
            #expect(format(text).split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(format(text))")
        }
    }

    @Test func longestTreeIsFormatted() {
        checkStable("x" + String(repeating: " + 1", count: 900))
        checkStable("x" + String(repeating: ".f", count: 900))
        checkStable("x" + String(repeating: " |> f", count: 900))
        checkStable(String(repeating: "(", count: 200) + "x" + String(repeating: ")", count: 200))
        checkStable(String(repeating: "f(1, x => { ", count: 60) + "x" + String(repeating: " })", count: 60))
    }

    @Test func multilineStringsAreKept() {
        checkStable("if a {\n  let t = \"\"\"\n      x {y}\n    z\n    \"\"\"\n f(t)\n}")
        checkStable("f(\"\"\"\n  text\n  \"\"\", 1)")
        checkStable("let a = [\"\"\"x\ny\"\"\"]")
    }
}
