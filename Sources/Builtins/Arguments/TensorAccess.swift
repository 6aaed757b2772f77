import Base
import Machine
import Tensors

/// An argument that may be a tensor or a number.
public enum TensorOrNumber {
    case tensor(Tensor)
    case int(Int)
    case float(Double)
    case truth(Bool)

    /// As an argument of a libtorch operator; numbers keep the other operand's dtype.
    public var argument: AtenArgument {
        switch self {
        case .tensor(let tensor): return .tensor(tensor)
        case .int(let number): return .int(number)
        case .float(let number): return .float(number)
        case .truth(let truth): return .int(truth ? 1 : 0)
        }
    }
}

extension PrimitiveCall {
    /// The tensor given for parameter `position`.
    public func tensor(_ position: Int) throws -> Tensor {
        if case .object(let object as TensorObject) = values[position] { return object.tensor }
        throw mismatch(position, expected: "a tensor")
    }

    /// A tensor, or something that one can be made of: a number or nested lists.
    public func tensorLike(_ position: Int, dtype: DType? = nil, device: Device = .cpu) throws -> Tensor {
        if case .object(let object as TensorObject) = values[position], dtype == nil { return object.tensor }
        if let made = try TensorLiteral.read(values[position], dtype: dtype, device: device) { return made }
        throw mismatch(position, expected: "a tensor, a number or a list of numbers")
    }

    public func tensorOrNumber(_ position: Int) throws -> TensorOrNumber {
        switch values[position] {
        case .integer(let number): return .int(number)
        case .float(let number): return .float(number)
        case .boolean(let truth): return .truth(truth)
        case .object(let object as TensorObject): return .tensor(object.tensor)
        default: throw mismatch(position, expected: "a tensor or a number")
        }
    }

    /// A list of tensors; one tensor counts as a list of one.
    public func tensors(_ position: Int) throws -> [Tensor] {
        if case .object(let object as TensorObject) = values[position] { return [object.tensor] }
        return try list(position).map { item in
            if case .object(let object as TensorObject) = item { return object.tensor }
            throw mismatch(position, expected: "a list of tensors", found: "a list that holds \(item.typeName)")
        }
    }

    /// A dtype by its name, `"float32"`; nil for `nil`.
    public func dtype(_ position: Int) throws -> DType? {
        isNone(position) ? nil : try DType(name: string(position))
    }

    /// A device, or its name; the CPU for `nil`.
    public func device(_ position: Int) throws -> Device {
        if isNone(position) { return .cpu }
        if case .object(let object as DeviceObject) = values[position] { return object.device }
        return try Device(name: string(position))
    }

    /// Dimensions of a tensor of `rank`, counted from 0; nil for `nil`, which means all of them.
    public func dimensions(_ position: Int, rank: Int) throws -> [Int]? {
        isNone(position) ? nil : try ints(position).map { try ShapeCheck.dimension($0, rank: rank) }
    }

    /// Sizes given one by one, `zeros(2, 3)`, or as a list, `zeros([2, 3])`.
    public func sizes(_ position: Int) throws -> [Int] {
        let items = try list(position)
        if items.count == 1, let inner = items[0].object as? ListObject { return try integers(inner.items, position) }
        return try integers(items, position)
    }

    private func integers(_ items: [Value], _ position: Int) throws -> [Int] {
        try items.map { item in
            if case .integer(let number) = item { return number }
            if case .object(let object as TensorObject) = item, object.tensor.dtype.isInteger, object.tensor.count == 1 {
                return try object.tensor.itemInt()
            }
            throw mismatch(position, expected: "integers or a list of integers", found: item.typeName)
        }
    }
}

extension Failure {
    /// One of code `shape` that points at an argument.
    static func shape(_ argument: String, _ message: String, help: String? = nil) -> Failure {
        Failure("shape", message, help: help, argument: argument)
    }
}

extension ShapeCheck {
    /// Dimensions of a tensor of `rank`, counted from 0.
    static func dimensions(_ numbers: [Int], rank: Int) throws -> [Int] { try numbers.map { try dimension($0, rank: rank) } }

    /// The same; nil for nil, which means all of them.
    static func dimensions(_ numbers: [Int]?, rank: Int) throws -> [Int]? {
        guard let numbers else { return nil }
        return try numbers.map { try dimension($0, rank: rank) }
    }
}
