import Machine
import Tensors

extension Library {
    /// Numbers that have a name everywhere.
    public static let constants: [(name: String, value: Double, summary: String, example: String)] = [
        ("pi", .pi, "The ratio of a circle's circumference to its diameter.", "cos(pi)  # => -1.0"),
        ("inf", .infinity, "Infinity, above every number; `-inf` is below every number.", "1 / 0 == inf  # => true"),
        (
            "nan", .nan, "Not a number, what an undefined computation gives. It equals nothing, itself included.",
            "nan == nan  # => false"
        ),
    ]

    /// Every primitive under its name, with the constants `pi`, `inf` and `nan`.
    public static func prelude() -> Prelude {
        Interruption.flag = Machine.interruptFlag
        Interruption.memoryIsUsedUp = MemoryBudget.isUsedUp
        MemoryBudget.refusal = { bytes, what in Memory.refusal(bytes, for: what).map(worded) }
        MemoryBudget.usedUp = { worded(Memory.usedUp) }
        var values = Dictionary(uniqueKeysWithValues: constants.map { ($0.name, Value.float($0.value)) })
        for module in modules {
            for primitive in module.primitives { values[primitive.name] = .object(primitive) }
        }
        return Prelude(values, richForms: richForms)
    }

    /// A failure of the machine's form from what the libraries throw; nil for errors of other kinds.
    public static func failure(_ error: Error) -> Failure? {
        guard let error = error as? TensorError else { return nil }
        // Said once, it has been said; an operation leaves the flag as it is.
        if error.code == "memory", Machine.interruptFlag.pointee == MemoryBudget.isUsedUp { Machine.interruptFlag.pointee = 0 }
        return worded(error)
    }

    private static func worded(_ error: TensorError) -> Failure {
        var failure = Failure(error.code, error.message, help: error.help, argument: error.argument)
        failure.isForeign = error.isForeign
        return failure
    }
}
