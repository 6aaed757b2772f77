import Base
import Machine
import Tensors

/// Reductions over all elements or over some dimensions.
enum Reduction {
    static func sum(_ x: Tensor, _ dimensions: [Int]?, keep: Bool) throws -> Tensor {
        guard let dimensions else { return try aten("sum", .tensor(x)) }
        return try aten("sum.dim_IntList", .tensor(x), .ints(dimensions), .bool(keep))
    }

    /// Integers and truth values are averaged as float32.
    static func mean(_ x: Tensor, _ dimensions: [Int]?, keep: Bool) throws -> Tensor {
        let numbers = try floating(x)
        guard let dimensions else { return try aten("mean", .tensor(numbers)) }
        return try aten("mean.dim", .tensor(numbers), .ints(dimensions), .bool(keep))
    }

    static func extreme(_ x: Tensor, _ dimensions: [Int]?, keep: Bool, isMinimum: Bool) throws -> Tensor {
        guard x.count > 0 || dimensions != nil else {
            throw Failure("value", "an empty tensor of shape \(x.shape) has no \(isMinimum ? "smallest" : "largest") element")
        }
        guard let dimensions else { return try aten(isMinimum ? "min" : "max", .tensor(x)) }
        return try aten(isMinimum ? "amin" : "amax", .tensor(x), .ints(dimensions), .bool(keep))
    }

    /// The tensor itself when it holds floats, else as float32.
    static func floating(_ x: Tensor) throws -> Tensor {
        x.dtype.isFloatingPoint || x.dtype.isComplex ? x : try x.to(dtype: .float32)
    }
}
