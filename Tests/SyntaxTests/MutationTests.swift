import Testing

@testable import Syntax

/// A small generator, so that a failing input can be made again from its number.
struct Dice {
    var state: UInt64
    mutating func roll(_ sides: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(1, sides)))
    }
}

@Suite struct MutationTests {
    static let script = """
        # %% [markdown]
        # # One labelled case
        # %% Read and register
        use registration
        use losses.{dice_loss, other as o}
        param data = "cases"                       # rs4 run file.rs4 --set data=elsewhere

        let atlas  = read_volume("{data}/case_01.nii.gz")
        let there = register(atlas, onto: target)
        print("folding {folding(there):.2%}   cycle Dice {cycle_dice(labels, there, back):.3f}")

        # %% Look
        overlay(target, labels |> warp_labels(there));
        ## Blends two things.
        fn blend(a, b, weight = 0.5) = (1 - weight) * a + weight * b
        record Case(id, image, labels = nil) {
          fn name() = "case {id:>3}"
        }
        model ConvBlock(inputs, outputs, drop = 0.0) {
          let conv = conv2d(inputs, outputs, kernel: 3, padding: 1)
          fn forward(x: Tensor[B, inputs, H, W]) -> Tensor[B, outputs, H, W] = dropout(leaky_relu(norm(conv(x))), drop)
        }
        let {dice, hd95: h} = {dice: [1, 2e-3, -3], "two words": {}}
        for [i, x] in enumerate(xs[1:3, :, ...]) {
          if i % 2 == 0 and not (x in 0..<n) { continue } else if x is_ok { break }
          total += x ** 2 // 3
        }
        let kind = match value { 0 => "none", [a, ...rest] if a > 1 => rest, Case(id, _) => id, 1...5 => nil, _ => raise "other" }
        try { no_grad { net(x) } } catch problem { assert false, "why {problem}" }
        while true { xs |> map(x => x + 1)
          |> filter((a) => { a.b.c(1) }) }
        let text = \"\"\"
          lines {a + "{b}"}
          \"\"\"
        """.replacing("x is_ok", with: "x.is_ok")

    static let words = [
        "(", ")", "[", "]", "{", "}", ",", ":", ";", "\n", "=", "=>", "|>", ".", "..<", "...", "+", "-", "**", "not", "and", "in", "let", "fn",
        "if", "else", "match", "return", "\"", "\"\"\"", "x", "1", "1.5", "# c\n", "## d\n", "# %% t\n", "\\", "@", "?", "use", "model", "record",
        "param", "try", "catch", "é", "\u{0}", "'", "->", "nil", "assert", " ", "{x}", "for", "while",
    ]

    @Test func theScriptIsStable() {
        #expect(mistakes(MutationTests.script).isEmpty)
        checkStable(MutationTests.script)
    }

    /// Cuts, doubles, swaps and inserts pieces: every input must end in a tree or in diagnostics that can be shown,
    /// and what parses must survive the formatter.
    @Test func mutatedScriptsNeverCrash() {
        let lexer = Lexer(SourceFile(name: "t", text: MutationTests.script))
        lexer.run()
        let pieces = lexer.tokens.map { lexer.file.text(of: $0.span) }
        let starts = [0] + lexer.tokens.indices.filter { lexer.tokens[$0].kind == .newline }.map { $0 + 1 }
        var dice = Dice(state: 0x9E37_79B9_7F4A_7C15)
        var complete = 0
        for round in 0..<3000 {
            let first = dice.roll(4) == 0 ? dice.roll(pieces.count) : starts[dice.roll(starts.count)]
            let end = dice.roll(2) == 0 ? first + 5 + dice.roll(60) : starts.first { $0 > first } ?? pieces.count
            var text = Array(pieces[first..<min(pieces.count, end)])
            for _ in 0..<dice.roll(4) {
                let place = dice.roll(text.count)
                switch dice.roll(4) {
                case 0: text.insert(MutationTests.words[dice.roll(MutationTests.words.count)], at: place)
                case 1 where text.count > 1: text.remove(at: place)
                case 2: text.insert(text[dice.roll(text.count)], at: place)
                default: text.swapAt(place, dice.roll(text.count))
                }
            }
            let input = text.joined(separator: dice.roll(3) == 0 ? "" : " ")
            let file = SourceFile(name: "t", text: input)
            switch Parser.parse(file) {
            case .complete(let program):
                complete += 1
                let formatted = SourceFormatter.format(program)
                #expect(dump(formatted) == TreeDump.dump(program), "round \(round): \(input)\n→\n\(formatted)")
                #expect(format(formatted) == formatted, "round \(round): \(input)")
            case .incomplete(let diagnostic):
                #expect(!DiagnosticRenderer().render(diagnostic).isEmpty)
            case .failed(let diagnostics):
                #expect(!diagnostics.isEmpty)
                #expect(!DiagnosticRenderer().render(diagnostics).isEmpty)
            }
        }
        #expect(complete > 300)
    }

    @Test func everyBeginningOfAScriptIsReadable() {
        let bytes = Array(MutationTests.script.utf8)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            switch Parser.parse(SourceFile(name: "t", bytes: Array(bytes.prefix(count)))) {
            case .complete(let program): #expect(SourceFormatter.format(program).isEmpty == program.statements.isEmpty || count > 0)
            case .incomplete(let diagnostic): #expect(!diagnostic.message.isEmpty)
            case .failed(let diagnostics): #expect(!diagnostics.isEmpty)
            }
        }
    }
}
