import Base
import CTorch

/// The operators that two tensors, or a tensor and a number, take.
public enum TensorOperation: Int32, Sendable {
    case add, subtract, multiply, divide, floorDivide, remainder, power, matmul
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case bitAnd, bitOr, bitXor
}

extension Tensor {
    /// `self operation other`, with broadcasting. Throws code `shape` with both shapes when they do not fit.
    public func applying(_ operation: TensorOperation, _ other: Tensor) throws -> Tensor {
        try Interruption.check()
        var result: ct_tensor?
        let status = ct_binary(operation.rawValue, handle, other.handle, &result)
        if status != CT_OK {
            let failure = lastFailure(status)
            try explainBinaryFailure(operation, self, other)
            throw failure
        }
        return try Tensor(result: result)
    }

    /// `self operation number`; the dtype stays unless the number is of a higher kind.
    public func applying(_ operation: TensorOperation, _ number: Double) throws -> Tensor {
        try applying(operation, isLeft: false, integer: nil, number)
    }

    /// `self operation number` for an integer.
    public func applying(_ operation: TensorOperation, _ number: Int) throws -> Tensor {
        try applying(operation, isLeft: false, integer: number, 0)
    }

    /// `number operation self`.
    public func applyingReversed(_ operation: TensorOperation, _ number: Double) throws -> Tensor {
        try applying(operation, isLeft: true, integer: nil, number)
    }

    /// `number operation self` for an integer.
    public func applyingReversed(_ operation: TensorOperation, _ number: Int) throws -> Tensor {
        try applying(operation, isLeft: true, integer: number, 0)
    }

    private func applying(_ operation: TensorOperation, isLeft: Bool, integer: Int?, _ number: Double) throws -> Tensor {
        try Interruption.check()
        var result: ct_tensor?
        try check(
            ct_binary_number(operation.rawValue, handle, isLeft, integer != nil, Int64(integer ?? 0), number, &result))
        return try Tensor(result: result)
    }

    public func adding(_ other: Tensor) throws -> Tensor { try applying(.add, other) }
    public func adding(_ number: Double) throws -> Tensor { try applying(.add, number) }
    public func subtracting(_ other: Tensor) throws -> Tensor { try applying(.subtract, other) }
    public func subtracting(_ number: Double) throws -> Tensor { try applying(.subtract, number) }
    public func multiplying(_ other: Tensor) throws -> Tensor { try applying(.multiply, other) }
    public func multiplying(_ number: Double) throws -> Tensor { try applying(.multiply, number) }
    /// Division that always gives floats.
    public func dividing(_ other: Tensor) throws -> Tensor { try applying(.divide, other) }
    public func dividing(_ number: Double) throws -> Tensor { try applying(.divide, number) }
    /// Matrix product over the last two dimensions, the others broadcast.
    public func matmul(_ other: Tensor) throws -> Tensor { try applying(.matmul, other) }
    public func negated() throws -> Tensor { try aten("neg", .tensor(self)) }
}

/// Throws a message with both shapes when these are what is wrong; returns when the cause is another.
private func explainBinaryFailure(_ operation: TensorOperation, _ left: Tensor, _ right: Tensor) throws {
    if left.device != right.device {
        throw Failure(
            "device", "both tensors must be on one device, but are on \(left.device) and \(right.device)",
            help: "move one with `to(x, \"\(left.device)\")`")
    }
    if operation == .matmul {
        try ShapeCheck.matmul(left.shape, right.shape)
        if left.dtype != right.dtype {
            throw Failure(
                "type", "both sides of @ must hold the same dtype, but hold \(left.dtype.name) and \(right.dtype.name)")
        }
    } else {
        try ShapeCheck.broadcast(left.shape, right.shape)
        let divides = operation == .floorDivide || operation == .remainder
        if divides, !left.dtype.isFloatingPoint, !right.dtype.isFloatingPoint {
            throw Failure(
                "value", "integer tensors must not be divided by 0, but the divisor has a 0 in it",
                help: "divide floats, which give inf or nan there: `to(x, \"float32\")`")
        }
    }
}
