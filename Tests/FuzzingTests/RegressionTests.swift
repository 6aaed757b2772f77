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
