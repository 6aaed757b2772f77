import Base
import Machine
import Syntax
import Tensors

/// A tensor as scripts hold it.
public final class TensorObject: Object {
    public let tensor: Tensor

    public init(_ tensor: Tensor) { self.tensor = tensor }

    public override var typeName: String { "Tensor" }
    public override class var typeNames: [TypeName] {
        [TypeName("Tensor") { given, function in given.object is ListObject ? ForeignNames.help(forList: function) : given.tensorHelp }]
    }
    public override var content: Content { .payload(tensor) }
    public override var text: String { TensorText.describe(tensor) }
    public override func terminalForm(_ display: TerminalDisplay) -> String {
        (try? withoutGradients { try TensorExcerpt(tensor: tensor, display: display).text() }) ?? text
    }
    public override var shape: [Int]? { tensor.shape }
    /// Size of the first dimension; a tensor of rank 0 has no length.
    public override var count: Int? { tensor.shape.first }
    public override var comparesByElement: Bool { true }

    // MARK: Fields

    public override var fieldNames: [String] { ["shape", "dtype", "device", "grad", "T", "rank", "needs_grad"] }

    public override func field(_ name: String) throws -> Value? {
        switch name {
        case "shape": return .list(tensor.shape.map { .integer($0) })
        case "dtype": return .string(tensor.dtype.name)
        case "device": return .object(DeviceObject(tensor.device))
        case "grad": return tensor.grad.map { Value.tensor($0) } ?? Value.none
        case "T":
            guard tensor.rank >= 2 else { return .object(self) }
            return .tensor(try tensor.permuted(Array((0..<tensor.rank).reversed())))
        case "rank": return .integer(tensor.rank)
        case "needs_grad": return .boolean(tensor.requiresGrad)
        default: return nil
        }
    }

    public override func setField(_ name: String, to value: Value) throws -> Bool {
        switch (name, value) {
        case ("grad", .none): try tensor.setGrad(nil)
        case ("grad", .object(let object as TensorObject)):
            guard object.tensor.shape == tensor.shape else {
                throw Failure("shape", "a gradient must have the tensor's shape \(tensor.shape), but has \(object.tensor.shape)")
            }
            try tensor.setGrad(object.tensor)
        default: return false
        }
        return true
    }

    // MARK: Indexing

    public override func element(at items: [Subscript], machine: Machine) throws -> Value? {
        .tensor(try tensor.indexed(items.map(index)))
    }

    public override func setElement(at items: [Subscript], to value: Value, machine: Machine) throws -> Bool {
        guard let source = try TensorLiteral.read(value, dtype: tensor.dtype, device: tensor.device) else { return false }
        try tensor.assign(source, at: items.map(index))
        return true
    }

    private func index(_ item: Subscript) throws -> TensorIndex {
        switch item {
        case .slice(let lower, let upper, let step): return .slice(lower, upper, step)
        case .ellipsis: return .ellipsis
        case .value(.integer(let place)): return .at(place)
        case .value(.none): return .newAxis
        case .value(.object(let object as TensorObject)):
            let picked = object.tensor
            return picked.rank == 0 && picked.dtype.isInteger ? .at(try picked.itemInt()) : .tensor(picked)
        case .value(.object(let range as RangeObject)): return .slice(range.lower, range.upper, nil)
        case .value(let value):
            if let list = value.object as? ListObject, list.items.isEmpty { return .tensor(try Tensor([Int]())) }
            guard value.object is ListObject, let tensor = try TensorLiteral.read(value), !tensor.dtype.isFloatingPoint else {
                throw Failure(
                    "type",
                    "an index into a tensor must be integers, slices, a mask or a list of integers, but is \(value.typeName)")
            }
            return .tensor(tensor)
        }
    }

    // MARK: Operators

    public override func binary(
        _ operation: BinaryOperator, with other: Value, side: OperandSide, machine: Machine
    ) throws -> Value? {
        guard let kind = TensorObject.operations[operation] else {
            guard operation == .contains || operation == .notContains, side == .right else { return nil }
            guard let equal = try binary(.equal, with: other, side: .right, machine: machine)?.object as? TensorObject else {
                return nil
            }
            return .boolean((try aten("any", .tensor(equal.tensor)).item() != 0) == (operation == .contains))
        }
        switch other {
        case .integer(let number):
            if kind == .matmul { return nil }
            if tensor.dtype.isInteger, number == 0, kind == .floorDivide || kind == .remainder, side == .left {
                throw Failure("value", "an integer tensor cannot be divided by 0 with `\(operation.rawValue)`")
            }
            return .tensor(
                try side == .left ? tensor.applying(kind, number) : tensor.applyingReversed(kind, number))
        case .float(let number):
            if kind == .matmul { return nil }
            return .tensor(
                try side == .left ? tensor.applying(kind, number) : tensor.applyingReversed(kind, number))
        case .boolean, .object(_ as ListObject):
            guard let operand = try? TensorLiteral.read(other, device: tensor.device) else { return nil }
            return .tensor(
                try side == .left ? tensor.applying(kind, operand) : operand.applying(kind, tensor))
        case .object(let object as TensorObject):
            return .tensor(
                try side == .left ? tensor.applying(kind, object.tensor) : object.tensor.applying(kind, tensor))
        default:
            return nil
        }
    }

    static let operations: [BinaryOperator: TensorOperation] = [
        .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .floorDivide: .floorDivide,
        .remainder: .remainder, .power: .power, .matrixProduct: .matmul, .equal: .equal, .notEqual: .notEqual,
        .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
        .bitAnd: .bitAnd, .bitOr: .bitOr, .bitXor: .bitXor,
    ]

    public override func unary(_ operation: UnaryOperator, machine: Machine) throws -> Value? {
        switch operation {
        case .negate:
            if tensor.dtype == .bool {
                throw Failure("type", "a bool tensor has no negative", help: "turn a mask around with `logical_not(mask)`")
            }
            return .tensor(try tensor.negated())
        case .plus: return .object(self)
        case .not: return nil
        }
    }

    public override func number() -> Value? { scalar }

    public override func truth() throws -> Bool? {
        guard tensor.count == 1 else {
            throw Failure(
                "type", "a tensor used as a condition must have one element, but has shape \(tensor.shape)",
                help: "ask `any(x)` or `all(x)`; `logical_not(x)` turns a mask around")
        }
        return try tensor.item() != 0
    }

    public override func isEqual(to other: Object) -> Bool {
        guard let other = (other as? TensorObject)?.tensor, other.shape == tensor.shape else { return false }
        guard let equal = try? tensor.applying(.equal, other), let all = try? aten("all", .tensor(equal)) else { return false }
        return (try? all.item()) == 1
    }

    // MARK: Iteration

    /// Draws `x[0]`, `x[1]`, … along the first dimension.
    public override func makeIterator(machine: Machine) throws -> ValueIterator? {
        guard let size = tensor.shape.first else {
            throw Failure("type", "a tensor to iterate must have rank 1 or more, but has rank 0")
        }
        let tensor = self.tensor
        var place = 0
        return ClosureIterator {
            guard place < size else { return nil }
            defer { place += 1 }
            return .tensor(try aten("select.int", .tensor(tensor), 0, .int(place)))
        }
    }
}

extension TensorObject {
    /// The one element as a value of the language, or nil when there is not exactly one.
    public var scalar: Value? {
        guard tensor.count == 1 else { return nil }
        if tensor.dtype == .bool { return (try? tensor.item()).map { .boolean($0 != 0) } }
        if tensor.dtype.isInteger { return (try? tensor.itemInt()).map { .integer($0) } }
        return (try? tensor.item()).map { .float($0) }
    }
}

extension Value {
    public static func tensor(_ tensor: Tensor) -> Value { .object(TensorObject(tensor)) }
}

/// A device as scripts hold it: `device("cuda")`, `x.device`.
public final class DeviceObject: Object {
    public let device: Device
    public init(_ device: Device) { self.device = device }
    public override var typeName: String { "Device" }
    public override class var typeNames: [TypeName] { [TypeName("Device")] }
    public override var text: String { device.description }
    public override var representation: String { "device(\"\(device)\")" }
    public override var keyHash: Int? { device.hashValue }
    public override func isEqual(to other: Object) -> Bool {
        if let other = other as? DeviceObject { return other.device == device }
        if let name = (other as? StringObject)?.string { return (try? Device(name: name)) == device }
        return false
    }
}
