import Testing

@testable import Syntax

@Suite struct StringTests {
    @Test(arguments: [
        Example(#""a b""#, #""a b""#),
        Example(#""""#, #""""#),
        Example(#""dice {d:.3f} after {i:>5}""#, #"(string "dice " (value d ".3f") " after " (value i ">5"))"#),
        Example(#""{a}{b}""#, "(string (value a) (value b))"),
        Example(#""{{}} {{x}}""#, #""{} {x}""#),
        Example(#""{f("x", {a: 1})}""#, #"(string (value (call f "x" (map (a 1)))))"#),
        Example(#""{x[1:2]:>3}""#, #"(string (value (index x (: 1 2 _)) ">3"))"#),
        Example(#""{"in {y}"}""#, #"(string (value (string "in " (value y))))"#),
        Example(#""\n\t\"\\\u{e9}""#, "\"\\n\\t\\\"\\\\é\""),
        Example(#""%{x:.2%}""#, #"(string "%" (value x ".2%"))"#),
        Example("\"\"\"a\nb\"\"\"", #""a\nb""#),
        Example("\"\"\"\n  a\n    b\n  \"\"\"", #""a\n  b""#),
        Example("\"\"\"\na \"quoted\" {x}\n\n\"\"\"", #"(string "a \"quoted\" " (value x) "\n")"#),
        Example("\"\"\"{f(\n1)}\"\"\" + 1", "(+ (string (value (call f 1))) 1)"),
        Example("let a = \"\"\"\nx\n\"\"\"\n## doc\nfn f() = 1", "(let a \"x\")\n(doc \"doc\" (fn f () 1))"),
    ])
    func strings(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("\"abc", "a string must end on its line"),
        Example("\"abc {x\"", "the `{` in this string must be closed with `}`"),
        Example("\"abc {x", "the `{` in this string must be closed with `}`"),
        Example("\"abc {x:3\"", "the `{` in this string must be closed with `}`"),
        Example("\"a } b\"", "a literal `}` in a string must be doubled"),
        Example("\"{}\"", "a `{ }` in a string must hold a value, but is empty"),
        Example("\"{a b}\"", "a `{ }` in a string must hold one value, but `b` follows"),
        Example("\"{a + }\"", "a value must stand after `+`, but `}` stands here"),
        Example("\"{f(}\"", "the `{` in this string must be closed with `}`"),
        Example("\"{let}\"", "a value must stand, but `let` stands here"),
        Example(#""\q""#, #"`\q` is not an escape"#),
        Example(#""\u{d800}""#, #"`\u{…}` must hold the number of a Unicode character, but is `d800`"#),
        Example("9223372036854775808", "an integer must be at most 9223372036854775807, but is 9223372036854775808"),
        Example("0xg", "`0x` must be followed by hexadecimal digits, but is `g`"),
        Example("12abc", "a number must not run into a name, but `abc` follows `12`"),
        Example("1e999", "a float must be below 1.8e308, but is 1e999"),
        Example("a\u{0}b", "a script must be text, but has a NUL byte here"),
        Example("a $ b", "`$` means nothing here"),
        Example("a..b", "a range must be written `..<` or `...`, but is `..`"),
    ])
    func mistakesInWords(_ example: Example) {
        #expect(mistakes(example.text).first?.message == example.expected)
    }

    @Test func encoding() {
        for bytes: [UInt8] in [[0x61, 0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0x22, 0xC3, 0x22], [0xF5, 0x80, 0x80, 0x80]] {
            guard case .failed(let diagnostics) = Parser.parse(SourceFile(name: "t", bytes: bytes)) else {
                Issue.record("must fail")
                continue
            }
            #expect(diagnostics.first?.message.contains("must be UTF-8") == true)
        }
    }
}
