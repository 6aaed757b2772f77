import Base

/// A function written in Swift, with everything that `help`, completion, `rs4 check`, the reference pages and the
/// tests read. Primitives stand in tables, one a module, in `Builtins`.
///
///     Primitive("relu(x: Tensor) -> Tensor", "Rectified linear unit, max(x, 0) element by element.",
///               example: "relu(tensor([-1.0, 2.0]))  # => tensor([0.0, 2.0])") { call in
///         .tensor(try aten("relu", .tensor(call.tensor(0))))
///     }
///
/// The signature is text in the language's own form: `name(a: Int, b = 0.5, items...)`. Annotations are checked
/// before the function runs (`Int`, `Float` takes integers too, `Tensor`, `Volume?`, `List`, `Function`, …); defaults
/// must be literals; `items...` collects further positional arguments into a list.
public final class Primitive: Object {
    public let name: String
    public let signature: String
    public let summary: String
    /// Markdown beyond the summary: shapes, units, formula, source. May be empty.
    public let details: String
    /// Lines that run as a test; `# => text` states what a line shows.
    public let example: String
    public let function: (PrimitiveCall) throws -> Value
    /// Where its entry stands in RS4's own source.
    public var place: (file: String, line: Int) {
        let steps = "\(filePath)".split(separator: "/")
        return (steps[(steps.lastIndex(of: "Sources") ?? 0)...].joined(separator: "/"), entryLine)
    }
    private let filePath: StaticString
    private let entryLine: Int
    let quick: QuickForm?
    /// The parsed signature; parsed at first use so that start-up stays short.
    public private(set) lazy var parameters: [PrimitiveParameter] = PrimitiveParameter.parse(signature)
    private(set) lazy var variadicPosition: Int? = parameters.lastIndex { $0.isVariadic }

    /// The type of its value, where the signature states one that is never nil.
    public private(set) lazy var resultType: String? = PrimitiveParameter.result(signature)

    public init(
        _ signature: String, _ summary: String, details: String = "", example: String = "",
        quick: QuickForm? = nil, file: StaticString = #filePath, line: Int = #line,
        _ function: @escaping (PrimitiveCall) throws -> Value
    ) {
        (filePath, entryLine) = (file, line)
        name = String(signature.prefix { $0 != "(" })
        self.signature = signature
        self.summary = summary
        self.details = details
        self.example = example
        self.function = function
        self.quick = quick
        super.init()
        kind = .primitive
    }

    public override var typeName: String { "Function" }
    public override var text: String { "<function \(signature)>" }
    public override var isCallable: Bool { true }
    public override var documentation: String? {
        var parts = ["`\(signature)`", summary]
        if !details.isEmpty { parts.append(details) }
        if !example.isEmpty { parts.append("```rs4\n\(example)\n```") }
        return parts.joined(separator: "\n\n")
    }

    public override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        try run(try bind(arguments), machine)
    }

    /// Runs the function on bound arguments. Where a library under it refuses them in words of its own, the failure says which
    /// function that was and what it got.
    func run(_ values: [Value], _ machine: Machine) throws -> Value {
        do {
            return try function(PrimitiveCall(self, values, machine))
        } catch {
            guard var failure = error as? Failure, failure.isForeign else { throw error }
            failure.message = "\(name) cannot work on this: \(failure.message)"
            let given = zip(parameters, values).compactMap { parameter, value in
                PrimitiveParameter.brief(value).map { "\(parameter.name): \($0)" }
            }
            failure.help = (failure.help.map { $0 + "; " } ?? "")
                + "it got \(given.joined(separator: ", ")); `help(\(name))` tells what it takes"
            throw failure
        }
    }
}

/// One parameter of a primitive's signature.
public struct PrimitiveParameter {
    public var name: String
    /// nil when any value is accepted.
    public var type: String?
    public var isOptional: Bool
    /// nil when the argument is required.
    public var defaultValue: Value?
    public var isVariadic: Bool

    /// A value in few words: sizes and type of what has a shape, numbers and short texts themselves; nil for nil.
    static func brief(_ value: Value) -> String? {
        guard case .object(let object) = value else {
            if case .none = value { return nil }
            return value.text
        }
        if let extent = object.extent { return "\(object.typeName) of \(extent)" }
        switch object {
        case let string as StringObject where string.string.utf8.count <= 40: return string.representation
        case let list as ListObject where list.items.count <= 6:
            return "[" + list.items.map { brief($0) ?? "nil" }.joined(separator: ", ") + "]"
        default: return object.typeName
        }
    }
}

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
        let name = primitive.parameters[position].name
        return Failure(
            "type", "`\(name)` of \(primitive.name) must be \(expected), but is \(found ?? values[position].typeName)",
            help: help ?? (PrimitiveCall.numbers.contains(expected) ? values[position].tensorHelp : nil), argument: name)
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
