/// One argument of a libtorch operator.
public enum AtenArgument {
    case none
    case tensor(Tensor)
    case int(Int)
    case float(Double)
    case bool(Bool)
    case string(String)
    case ints([Int])
    case floats([Double])
    case bools([Bool])
    case tensors([Tensor])
    case optionalTensors([Tensor?])
    case dtype(DType)
    case device(Device)

    /// `.none` for nil.
    public static func optional(_ tensor: Tensor?) -> AtenArgument { tensor.map { .tensor($0) } ?? .none }
    public static func optional(_ number: Int?) -> AtenArgument { number.map { .int($0) } ?? .none }
    public static func optional(_ number: Double?) -> AtenArgument { number.map { .float($0) } ?? .none }
    public static func optional(_ numbers: [Int]?) -> AtenArgument { numbers.map { .ints($0) } ?? .none }
    public static func optional(_ dtype: DType?) -> AtenArgument { dtype.map { .dtype($0) } ?? .none }
}

extension AtenArgument: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .float(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: Int...) { self = .ints(elements) }
    public init(nilLiteral: ()) { self = .none }
}
