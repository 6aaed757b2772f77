import Fuzzing
import Syntax
import Testing

/// Texts that once broke a promise, each with what went wrong.
@Suite struct RegressionTests {
    @Test(arguments: [
        "let a = \"one\rtwo\"",  // a carriage return inside a string was dropped
        "nil() { }",  // `()` before a block was dropped where the block alone cannot follow
        "f()() { 1 }",
        "f { () => x => 1 }",  // a function at the start of a block became the block's parameter
        "f { ; (x) => 1 }",
        "x  # %% no cell",  // `# %%` behind three bytes of code became a cell, as if behind a byte-order mark
        "pri# %% no cell",
        "\u{FEFF}# %% A cell\nx",
        "\u{FEFF}",
        ";# %% t\nuse a;",
        ";\n# %% [markdown]\n# text\n",
        "f {## no documentation\n x\n}",  // a comment behind code became documentation
        "f { (\n## told\n) => param x = 1 }",  // a comment between parameters became documentation
        "match x { n if n |> f => 1, _ => 2 }",  // the arm's `=>` was taken for a function's
        "{ a\n : 1 }",  // a key and its `:` on two lines
        "f(a\n: 1)",
        "[x\n=> 1]",
        "{a: assert x, \"k\": 1}",  // a key was taken for the reason
        "match v { 0 => assert x, \"k\" if y => 1 }",
        "x = \"\"\"{ if a {\n let b = 1\n b\n} else { 2 } }\"\"\"",  // lines of a block inside a string's value ran together
        "-9223372036854775808",
        "- -9223372036854775808 - 1",
        "-(-9223372036854775808)",
        // A carriage return is a blank: a marker behind one is alone on its line (inputs 217973, 245927, 293873 of seed 1).
        "# %% t\n\r\r\r\r\r\r# %% t\n# %% t\n",
        "# %% t\n\r# %% t\n# %% %% t\n# t\n",
        "\r# %% t\n",
        "\u{FEFF}\r# %% t\n1\r\n",
        "1\n \r\t;\r# %% [markdown] t\r\n# text\r\n",
        "\r## told\n\r## more\nfn f() = 1",
        // Several of them before a line feed all belong to the line's end (inputs 238686, 335487 of seed 1).
        "x = (a +  # why\r\r\r\n\r\r\r\r\n b)",
        "f(x + # why\r\r\r\n\r\r\r\n  y\r\r\n)",
        "let x = \"\"\"one\r\r\ntwo\r\r\r\n  \"\"\"",
        "let x = \"\"\"\r\r\n  {y}\r\r\n  z\r\r\"\"\"",
        "1  # a\rb\r\r\n2 # c\r",
        "x\r\r\n\r\r\n\r\r\n\r\r\ny",
        "let i = 0; i + \r\n 1",
        // Other ends of lines and blanks of Unicode are characters of comments and strings.
        "1  # a\u{2028}b\u{85}c\u{B}d\u{C}e\n\"\u{2028}\u{85}\u{B}\u{C}\"  # f",
        "# %% one\u{2028}two\n# \u{A0}\n#\u{A0}%% no cell\n#\t%% no cell\n# %%\tno cell",
    ])
    func holds(_ text: String) {
        let finding = SyntaxInvariants.check(Array(text.utf8))
        #expect(finding.program != nil, "\(finding.diagnostics.first?.message ?? "")")
        #expect(finding.broken.isEmpty, "\(finding.broken.joined(separator: "\n"))")
    }

    @Test(arguments: ["(f) { 1 }", "(x) = 1", "1 - 9223372036854775808", "-9223372036854775808 ** 2", "match x { 0.5...1 => 1 }"])
    func isRefused(_ text: String) {
        let finding = SyntaxInvariants.check(Array(text.utf8))
        #expect(finding.program == nil)
        #expect(finding.broken.isEmpty)
    }
}
