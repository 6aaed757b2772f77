import Machine
import Tensors

extension Library {
    /// Every primitive under its name, with the constants `pi`, `inf` and `nan`.
    public static func prelude() -> Prelude {
        Interruption.flag = Machine.interruptFlag
        var values: [String: Value] = [
            "pi": .float(.pi), "inf": .float(.infinity), "nan": .float(.nan),
        ]
        for module in modules {
            for primitive in module.primitives { values[primitive.name] = .object(primitive) }
        }
        return Prelude(values)
    }

    /// A failure of the machine's form from what the libraries throw; nil for errors of other kinds.
    public static func failure(_ error: Error) -> Failure? {
        guard let error = error as? TensorError else { return nil }
        var failure = Failure(error.code, error.message, help: error.help)
        failure.isForeign = error.isForeign
        return failure
    }
}
