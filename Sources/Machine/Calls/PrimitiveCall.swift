import Base

/// The arguments of one call of a primitive, checked and in the order of its parameters, and typed access to them.
/// `Builtins` extends it with `tensor(_:)`, `volume(_:)` and so on.
public struct PrimitiveCall {
    public let primitive: Primitive
    /// One value a parameter, defaults filled in; a variadic parameter holds a list.
    public let values: [Value]
    public let machine: Machine

    public init(_ primitive: Primitive, _ values: [Value], _ machine: Machine) {
        self.primitive = primitive
        self.values = values
        self.machine = machine
    }

    /// The value of a parameter by its position.
    @inline(__always)
    public subscript(_ position: Int) -> Value { values[position] }

    /// A failure that points at the argument of parameter `position`: "`name` of f must be EXPECTED, but is FOUND".
    public func mismatch(_ position: Int, expected: String, found: String? = nil, help: String? = nil) -> Failure {
        .mismatch(
            primitive.parameters[position].name, of: primitive.name, expected: expected, found: found ?? values[position].typeName,
            help: help ?? (PrimitiveCall.numbers.contains(expected) ? values[position].tensorHelp : nil))
    }

    /// What is expected where a tensor would do.
    private static let numbers: Set<String> = ["a list", "a number", "a list of numbers", "a tensor", "a number or a tensor"]

    public func isNone(_ position: Int) -> Bool {
        if case .none = values[position] { return true }
        return false
    }

    public func int(_ position: Int) throws -> Int {
        if case .integer(let number) = values[position] { return number }
        throw mismatch(position, expected: "an integer")
    }

    /// A float; integers are accepted.
    public func float(_ position: Int) throws -> Double {
        switch values[position] {
        case .float(let number): return number
        case .integer(let number): return Double(number)
        default: throw mismatch(position, expected: "a number")
        }
    }

    public func bool(_ position: Int) throws -> Bool {
        if case .boolean(let truth) = values[position] { return truth }
        throw mismatch(position, expected: "true or false")
    }

    public func string(_ position: Int) throws -> String {
        if case .object(let object as StringObject) = values[position] { return object.string }
        throw mismatch(position, expected: "a string")
    }

    public func list(_ position: Int) throws -> [Value] {
        if case .object(let object as ListObject) = values[position] { return object.items }
        throw mismatch(position, expected: "a list")
    }

    /// A list of integers; a single integer counts as a list of one.
    public func ints(_ position: Int) throws -> [Int] {
        if case .integer(let number) = values[position] { return [number] }
        return try list(position).map { item in
            if case .integer(let number) = item { return number }
            throw mismatch(position, expected: "a list of integers", found: "a list that holds \(item.typeName)")
        }
    }

    /// A list of numbers; a single number counts as a list of one.
    public func floats(_ position: Int) throws -> [Double] {
        switch values[position] {
        case .integer(let number): return [Double(number)]
        case .float(let number): return [number]
        default:
            return try list(position).map { item in
                switch item {
                case .float(let number): return number
                case .integer(let number): return Double(number)
                default:
                    throw mismatch(
                        position, expected: "a list of numbers", found: "a list that holds \(item.typeName)")
                }
            }
        }
    }

    /// nil for `nil`, else the value read by `read`.
    public func optional<Result>(_ position: Int, _ read: (Int) throws -> Result) rethrows -> Result? {
        isNone(position) ? nil : try read(position)
    }
}

extension Failure {
    /// A failure that points at an argument: "`name` of f must be EXPECTED, but is FOUND".
    public static func mismatch(
        _ argument: String, of function: String, expected: String, found: String, help: String? = nil
    ) -> Failure {
        Failure("type", "`\(argument)` of \(function) must be \(expected), but is \(found)", help: help, argument: argument)
    }
}
