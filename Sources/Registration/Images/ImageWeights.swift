import Foundation
import Tensors

/// Weights [X, Y, Z] that are 1 in the middle of the field of view and fall along `axes` as a Gaussian with a standard
/// deviation of a quarter of the field of view.
func middleWeights(_ sizes: [Int], axes: [Int]) throws -> Tensor {
    return try axes.reduce(Tensor.ones(sizes)) { weights, axis in
        let count = sizes[axis]
        let values = (0..<count).map { index -> Float in
            let place = (Double(index) + 0.5) / Double(count) - 0.5
            return Float(exp(-place * place / (2 * 0.25 * 0.25)))
        }
        var shape = [1, 1, 1]
        shape[axis] = count
        return try weights.multiplying(Tensor(values, shape: shape))
    }
}

/// 1 where all voxels within `reach` lie on the grid, 0 nearer to its faces; [X, Y, Z].
func interior(_ sizes: [Int], reach: [Int]) throws -> Tensor {
    if reach == [0, 0, 0] { return try Tensor.ones(sizes) }
    let padding = [reach[2], reach[2], reach[1], reach[1], reach[0], reach[0]]
    let inner = try Tensor.ones(zip(sizes, reach).map { $0 - 2 * $1 })
    return try aten("constant_pad_nd", .tensor(inner), .ints(padding))
}
