import Testing

@testable import Syntax

@Suite struct MistakeTests {
    @Test(arguments: [
        Example("a < b < c", "write `a < b and b < …`"),
        Example("if x = 3 { }", "to compare, write `x == …`"),
        Example("while (x = 3) { }", "to compare, write `==`"),
        Example("def f(x): x", "write `fn name(a, b) = … or fn name(a, b) { … }`"),
        Example("function f(x) { x }", "write `fn name(a, b) { … }`"),
        Example("lambda x: x", "write `x => …` or `(a, b) => …`"),
        Example("var x = 1", "write `let name = value`"),
        Example("a && b", "write `and`"),
        Example("a || b", "write `or`"),
        Example("!x", "`not` is written out: `not ready`"),
        Example("x = True", "write `true`"),
        Example("x == None", "write `nil`"),
        Example("f(null)", "write `nil`"),
        Example("if a { } elif b { }", "write `} else if condition {`"),
        Example("if a { }\nelse { }", "write `} else {`"),
        Example("import numpy", "write `use name`"),
        Example("print x", "a call has parentheses: `print(x)`"),
        Example("f(x = 1)", "write `x: …`"),
        Example("x ? a : b", "a choice is written `if condition { a } else { b }`"),
        Example("let y = a if b else c", "write `if b { a } else { c }`"),
        Example("f(x, 5 if a[0] > 1 else g(6, 7))", "write `if a[0] > 1 { 5 } else { g(6, 7) }`"),
        Example("let y = a if b", "a choice is written `if condition { a } else { b }`"),
        Example("assert(1 == 2, \"msg\")", "write `assert 1 == 2, \"msg\"`"),
        Example("x = Nil", "write `nil`"),
        Example("match x { Null => 1 }", "write `nil`"),
        Example("with no_grad() { 1 }", "a block follows what runs it: `no_grad { … }`"),
        Example("x //= 2", "there is no `//=`; write `x = x // …`"),
        Example("x %= 2", "there is no `%=`; write `x = x % …`"),
        Example("match 3 { case 3: 1 }", "an arm is written `3 => …`"),
        Example("use ./parts/helpers.rs4", "write `use \"./parts/helpers.rs4\"`"),
        Example("use helpers.rs4", "write `use \"./helpers.rs4\"`"),
        Example("[x for x in xs]", "write `map(things, x => …)`"),
        Example("for i, x in xs { }", "take pairs apart with `for [a, b] in pairs { }`"),
        Example("for (x in xs) { }", "write `for x in things { }`, without parentheses"),
        Example("if a: b", "a block stands between braces: `{ … }`, without `:`"),
        Example("x := 1", "write `let x = 1`"),
        Example("x++", "write `x += 1`"),
        Example("// comment", "a comment begins with `#`"),
        Example("'text'", "strings stand between straight double quotes: \"text\""),
        Example("f\"{x}\"", "every string takes values in: \"{x}\""),
        Example("let a, b = c", "take a list apart with `let [a, b] = pair`"),
        Example("(a, b)", "a list is written `[a, b]`, and a function `(a, b) => …`"),
        Example("let for = 1", "try `for_`"),
        Example("a === b", "equality is `==`, and its opposite `!=`"),
        Example("a == not b", "write `(not …)`"),
        Example("x |> f + 1", "`x |> f(a)` is `f(x, a)`; put the pipe in parentheses to compute with its result"),
        Example("use losses.dice", "write `.{dice}`"),
        Example("f(a: 1, 2)", "put it before `a:`"),
        Example("fn f(a = 1, b) = 2", "put `b` before `a`"),
        Example("try { }\ncatch e { }", "write `} catch problem {` on one line"),
        Example("fn f x = 2", "write `fn f(…) = …`"),
        Example("throw \"x\"", "write `raise \"why\"`"),
        Example("let a = 1 let b = 2", "between two statements stands a newline or a `;`"),
        Example("x = 1 y = 2", "between two statements stands a newline or a `;`"),
        Example("x = a y = b", "between two statements stands a newline or a `;`"),
        Example("print(x) print(y)", "between two statements stands a newline or a `;`"),
        Example("let a = b print(a)", "between two statements stands a newline or a `;`"),
        Example("x = 1 for i in 0..<3 { print(i) }", "between two statements stands a newline or a `;`"),
        Example("x = 1 if x > 0 { print(x) }", "between two statements stands a newline or a `;`"),
        Example("if a { b } print(c)", "between two statements stands a newline or a `;`"),
        Example("fn f(x) = 2 * x f(2)", "between two statements stands a newline or a `;`"),
        Example("use losses use unet", "between two statements stands a newline or a `;`"),
        Example("print f(x)", "a call has parentheses: `print(f(x))`"),
        Example("a mod (b)", "write `%`"),
        Example("let a = 1, 2", "a list is written `[a, b]`"),
        Example("let a = 1, b = 2", "between two statements stands a newline or a `;`"),
    ])
    func advice(_ example: Example) {
        #expect(mistakes(example.text).first?.help == example.expected, "\(dump(example.text))")
    }

    @Test func missingBracketPointsToItsOpener() {
        let inside = mistakes("let x = f(1, [2, 3\nlet y = 4\n")
        #expect(inside.count == 1)
        #expect(inside.first?.labels.map(\.location.span) == [Span(19, 22), Span(13, 14)])
        let atEnd = mistakes("if a {\n  b\n")
        #expect(atEnd.first?.labels.map(\.location.span) == [Span(5, 6)])
        // The `}` in the first column is not under the `if` whose block it ends, so that one may be open.
        let indented = mistakes("fn f(x) {\n  for i in x {\n    if i {\n      1\n    }\n  let y = 2\n}\nlet z = {\n  1\n}\n")
        #expect(indented.first?.labels.map(\.location.span) == [Span(8, 9), Span(23, 24)])
        #expect(dump("f(1 2)") == "failed: `(` must be closed with `)`, but `2` follows")
    }

    @Test func severalMistakesAreReported() {
        let found = mistakes("let = 1\nlet ok = 2\nf(1 2)\nif a {\n  b c\n  d e\n}\ng h\n")
        #expect(found.map { $0.labels[0].location.file.position(of: $0.offset).line } == [1, 3, 5, 6, 8])
        #expect(mistakes((0..<200).map { "a\($0) b" }.joined(separator: "\n")).count == Parser.diagnosticLimit)
        #expect(mistakes("}\n}\nlet x = 1").count == 2)
    }

    @Test func deepNestingIsAMistake() {
        for (open, close) in [("(", ")"), ("[", "]"), ("{ ", " }"), ("-", ""), ("not ", ""), ("x => ", ""), ("f(", ")"), ("if a { ", " }"), ("[a, ", "]"), ("2 ** ", "")] {
            for count in [300, 20_000] {
                let text = String(repeating: open, count: count) + "x" + String(repeating: close, count: count)
                #expect(mistakes(text).first?.message == "code must be nested at most 250 deep", "\(open)")
            }
            let text = String(repeating: open, count: 100) + "x" + String(repeating: close, count: 100)
            #expect(mistakes(text).isEmpty, "\(open)")
        }
        let patterns = "let " + String(repeating: "[", count: 400) + "a" + String(repeating: "]", count: 400) + " = x"
        #expect(mistakes(patterns).first?.message == "code must be nested at most 250 deep")
        let strings = String(repeating: "\"{", count: 400) + "x" + String(repeating: "}\"", count: 400)
        #expect(!mistakes(strings).isEmpty)
        let choices = String(repeating: "if a { } else ", count: 400) + "{ }"
        #expect(mistakes(choices).first?.message == "code must be nested at most 250 deep")
    }

    @Test func longChainsAreAMistake() {
        for link in ["+ 1", "|> f", ".f", "(1)", "[0]", "and x", "{ 1 }.x"] {
            let text = "x" + String(repeating: " " + link, count: 20_000)
            #expect(mistakes(text).first?.message == "an expression must chain at most 1000 steps", "\(link)")
            #expect(mistakes("x" + String(repeating: " " + link, count: 400)).isEmpty, "\(link)")
        }
        var tower = "x"
        for _ in 0..<20 { tower = "(\(tower)" + String(repeating: " + 1", count: 90) + ")" }
        #expect(mistakes(tower).first?.message == "an expression must chain at most 1000 steps")
        let list = "[" + (0..<20_000).map { "-a.b + \($0)" }.joined(separator: ", ") + "]"
        #expect(mistakes(list).isEmpty)
        #expect(mistakes((0..<20_000).map { "let a\($0) = x.y + 1" }.joined(separator: "\n")).isEmpty)
    }
}
