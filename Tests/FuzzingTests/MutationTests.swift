import Fuzzing
import Syntax
import Testing

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

    @Test func theScriptIsWhole() {
        let finding = SyntaxInvariants.check(Array(MutationTests.script.utf8))
        #expect(finding.program != nil)
        #expect(finding.broken.isEmpty)
    }

    /// Every input must end in a tree or in diagnostics that can be shown, and what parses must survive the formatter.
    @Test func spoiltScriptsKeepEveryPromise() {
        let mutation = Mutation(corpus: [Array(MutationTests.script.utf8)])
        var programs = 0
        for number in 0..<3000 {
            var dice = Dice(seed: 1, number: number)
            let input = mutation.input(&dice)
            let finding = SyntaxInvariants.check(input)
            if finding.program != nil { programs += 1 }
            #expect(finding.broken.isEmpty, "input \(number): \(String(decoding: input, as: UTF8.self))")
        }
        #expect(programs > 300)
    }

    @Test func everyBeginningOfAScriptIsReadable() {
        let bytes = Array(MutationTests.script.utf8)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(SyntaxInvariants.check(Array(bytes.prefix(count))).broken.isEmpty, "\(count) bytes")
        }
    }
}
