import Tensors

/// Means over boxes of an image [C, X, Y, Z] so that it gets the given sizes.
func average(_ channels: Tensor, to sizes: [Int]) throws -> Tensor {
    if Array(channels.shape.dropFirst()) == sizes { return channels }
    return try aten("adaptive_avg_pool3d", .tensor(channels), .ints(sizes))
}

/// Mean of the neighbours within `radius` voxels an axis, the border repeated; `channels` is [C, X, Y, Z].
func boxMean(_ channels: Tensor, radius: [Int]) throws -> Tensor {
    if radius == [0, 0, 0] { return channels }
    let padding = [radius[2], radius[2], radius[1], radius[1], radius[0], radius[0]]
    let padded = try aten("replication_pad3d", .tensor(channels), .ints(padding))
    func pooled(_ values: Tensor, _ radius: [Int]) throws -> Tensor {
        try aten("avg_pool3d", .tensor(values), .ints(radius.map { 2 * $0 + 1 }), [1, 1, 1])
    }
    guard (radius.max() ?? 0) > 1 else { return try pooled(padded, radius) }
    // One axis at a time: far fewer additions for wide boxes.
    return try (0..<3).reduce(padded) { values, axis in
        var along = [0, 0, 0]
        along[axis] = radius[axis]
        return radius[axis] == 0 ? values : try pooled(values, along)
    }
}

/// The box mean over direct neighbours, several times: close to a Gaussian of variance ⅔ · times voxels².
func smoothed(_ channels: Tensor, radius: [Int], times: Int = 1) throws -> Tensor {
    try (0..<times).reduce(channels) { result, _ in try boxMean(result, radius: radius) }
}

/// Linear interpolation of [C, X, Y, Z] to other sizes over the same field of view.
func interpolated(_ channels: Tensor, to sizes: [Int]) throws -> Tensor {
    if Array(channels.shape.dropFirst()) == sizes { return channels }
    return try aten("upsample_trilinear3d", .tensor(channels.unsqueezed(0)), .ints(sizes), false).squeezed(0)
}
