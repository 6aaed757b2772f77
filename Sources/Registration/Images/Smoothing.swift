import Tensors

/// Means over boxes of an image [C, X, Y, Z] so that it gets the given sizes.
func average(_ channels: Tensor, to sizes: [Int]) throws -> Tensor {
    if Array(channels.shape.dropFirst()) == sizes { return channels }
    return try aten("adaptive_avg_pool3d", .tensor(channels), .ints(sizes))
}

/// Mean of the neighbours within `radius` voxels an axis, the border repeated; `channels` is [C, X, Y, Z]. Shifted
/// copies are added up one axis at a time, which is several times faster than libtorch's pooling in three dimensions.
func boxMean(_ channels: Tensor, radius: [Int]) throws -> Tensor {
    if radius == [0, 0, 0] { return channels }
    let padding = [radius[2], radius[2], radius[1], radius[1], radius[0], radius[0]]
    var values = try aten("replication_pad3d", .tensor(channels), .ints(padding))
    for axis in 0..<3 where radius[axis] > 0 {
        let length = channels.shape[axis + 1]
        func shifted(_ start: Int) throws -> Tensor {
            try aten("narrow", .tensor(values), .int(axis + 1), .int(start), .int(length))
        }
        let sum = try shifted(0).adding(shifted(1))
        for start in 2..<(2 * radius[axis] + 1) { try aten("add_.Tensor", .tensor(sum), .tensor(shifted(start))) }
        values = sum
    }
    return try values.multiplying(1 / radius.reduce(1.0) { $0 * Double(2 * $1 + 1) })
}

/// Linear interpolation of [C, X, Y, Z] to other sizes over the same field of view.
func interpolated(_ channels: Tensor, to sizes: [Int]) throws -> Tensor {
    if Array(channels.shape.dropFirst()) == sizes { return channels }
    return try aten("upsample_trilinear3d", .tensor(channels.unsqueezed(0)), .ints(sizes), false).squeezed(0)
}
