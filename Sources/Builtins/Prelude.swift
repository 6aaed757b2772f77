import Machine

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
        var values = Dictionary(uniqueKeysWithValues: constants.map { ($0.name, Value.float($0.value)) })
        for module in modules {
            for primitive in module.primitives { values[primitive.name] = .object(primitive) }
        }
        return Prelude(values, kinds: modules.flatMap(\.kinds), richForms: RichForms.of)
    }
}
