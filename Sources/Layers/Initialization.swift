import Base
import Tensors

/// A new parameter drawn evenly from ±bound; gradients reach it.
func uniformParameter(_ shape: [Int], bound: Double) throws -> Tensor {
    let drawn = try aten("mul.Scalar", .tensor(try Tensor.rand(shape)), .float(2 * bound))
    return try trainable(try aten("sub.Scalar", .tensor(drawn), .float(bound)))
}

/// A copy of `tensor`, cut off from its history, that gathers gradients and that optimisers may change.
public func trainable(_ tensor: Tensor) throws -> Tensor {
    try aten("clone", .tensor(try aten("detach", .tensor(tensor)))).setRequiresGrad()
}

/// PyTorch's default for weights and biases of convolutions and linear layers, Kaiming-uniform with slope √5, which
/// comes to ±1/√(inputs of one output).
func defaultBound(inputsPerOutput: Int) -> Double {
    inputsPerOutput > 0 ? 1 / Double(inputsPerOutput).squareRoot() : 0
}

/// The size of one argument that may be written as one number for all directions.
func directions(_ sizes: [Int], _ rank: Int, _ name: String, of kind: String, from least: Int = 1) throws -> [Int] {
    try NumberCheck.sizes(sizes, name, of: kind, from: least)
    if sizes.count == 1 { return [Int](repeating: sizes[0], count: rank) }
    guard sizes.count == rank else {
        throw Failure(
                "value", "`\(name)` of \(kind) must be one number or \(rank), but has \(sizes.count)")
    }
    return sizes
}

/// Fails unless every named size is from 1 to 2³¹ - 1.
func requirePositive(_ sizes: [(name: String, size: Int)], of kind: String) throws {
    for (name, size) in sizes { try NumberCheck.sizes([size], name, of: kind) }
}
