/// Random choices that can be made again: the same seed and number give the same rolls (splitmix64, Steele et al. 2014).
public struct Dice {
    private var state: UInt64

    /// The rolls for one input of a run.
    public init(seed: UInt64, number: Int = 0) {
        state = seed &* 0xD134_2543_DE82_EF95 &+ UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        _ = next()
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from 0 to `sides - 1`; 0 when there are no sides.
    public mutating func roll(_ sides: Int) -> Int {
        sides > 1 ? Int(next() % UInt64(sides)) : 0
    }

    /// True once in `rounds`.
    public mutating func once(in rounds: Int) -> Bool { roll(rounds) == 0 }

    /// One of several; nil when there are none.
    public mutating func pick<Element>(_ choices: [Element]) -> Element? {
        choices.isEmpty ? nil : choices[roll(choices.count)]
    }
}
