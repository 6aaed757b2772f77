import Fuzzing

/// The inputs of a run, each made from the seed and its number alone.
struct Inputs {
    enum Kind: String, CaseIterable {
        /// Lines of shipped scripts, spoilt.
        case mutated
        /// A program derived from the grammar; it must parse.
        case derived
        /// The same, spoilt.
        case spoilt
        /// A derived program over names that mean something, which is run.
        case run
    }

    struct Input {
        var kind: Kind
        var bytes: [UInt8]
    }

    let seed: UInt64
    private let mutation: Mutation
    private let maker: ProgramMaker
    private let runnable: ProgramMaker

    init(grammar: Grammar, corpus: [[UInt8]], seed: UInt64) {
        self.seed = seed
        mutation = Mutation(corpus: corpus)
        maker = ProgramMaker(grammar)
        runnable = ProgramMaker(grammar, names: Execution.names)
    }

    func input(_ number: Int) -> Input {
        var dice = Dice(seed: seed, number: number)
        switch dice.roll(100) {
        case 0..<50: return Input(kind: .mutated, bytes: mutation.input(&dice))
        case 50..<78: return Input(kind: .derived, bytes: Array(derived(maker, &dice).utf8))
        case 78..<98:
            var bytes = Array(derived(maker, &dice).utf8)
            for _ in 0..<(1 + dice.roll(3)) { mutation.change(&bytes, &dice) }
            return Input(kind: .spoilt, bytes: bytes)
        default:
            return Input(kind: .run, bytes: Array((Execution.start + derived(runnable, &dice)).utf8))
        }
    }

    /// Small programs mostly, some large ones.
    private func derived(_ maker: ProgramMaker, _ dice: inout Dice) -> String {
        var maker = maker
        maker.depth = 20 + dice.roll(50)
        maker.size = dice.once(in: 200) ? 50_000 : 20 + dice.roll(1500)
        return maker.program(&dice)
    }
}
