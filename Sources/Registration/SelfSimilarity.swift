import Tensors

/// Self-similarity of small patches, which does not mind how bright a scanner draws a tissue.
///
/// Self-similarity context (Heinrich et al., MICCAI 2013): for pairs of neighbours u, v of a voxel on different axes,
/// exp(−D(u, v) / V) with D the mean squared difference of the patches around them, less the smallest D of the voxel,
/// and V the mean over the voxel's pairs. Axes of thick slices have no neighbours: twelve channels become four.
///
/// Gives [C, X, Y, Z], scaled so that squared differences of all channels add up to 1 at most; the intensity itself where
/// no two axes have neighbours.
func selfSimilarity(_ image: FramedImage, distance: Int, radius: Int) throws -> Tensor {
    let finest = image.spacing.min() ?? 1
    let thin = (0..<3).map { image.spacing[$0] > 2 * finest }
    var neighbours: [(axis: Int, shift: [Int])] = []
    for axis in 0..<3 where !thin[axis] {
        for step in [-distance, distance] {
            var shift = [0, 0, 0]
            shift[axis] = step
            neighbours.append((axis, shift))
        }
    }
    let shape = image.shape
    let padding = [Int](repeating: distance, count: 6)
    let padded = try aten("replication_pad3d", .tensor(image.data.unsqueezed(0)), .ints(padding)).squeezed(0)
    func shifted(_ shift: [Int]) throws -> Tensor {
        try (0..<3).reduce(padded) { result, axis in
            try aten("narrow", .tensor(result), .int(axis), .int(distance + shift[axis]), .int(shape[axis]))
        }
    }
    var differences: [Tensor] = []
    for (place, first) in neighbours.enumerated() {
        for second in neighbours[(place + 1)...] where second.axis != first.axis {
            differences.append(try aten("square", .tensor(shifted(first.shift).subtracting(shifted(second.shift)))))
        }
    }
    guard !differences.isEmpty else { return try image.data.unsqueezed(0) }
    let patches = try boxMean(Tensor.stack(differences), radius: thin.map { $0 ? 0 : radius })
    let lowest = try aten("amin", .tensor(patches), [0], true)
    let above = try patches.subtracting(lowest)
    let variance = try aten("mean.dim", .tensor(above), [0], true)
    let typical = try aten("mean", .tensor(variance)).item()
    let bounded = try aten(
        "clamp", .tensor(variance), .float(0.001 * typical + 1e-8), .float(1000 * typical + 1e-7))
    let similarity = try aten("exp", .tensor(try above.dividing(bounded).negated()))
    return try similarity.multiplying((1 / Double(differences.count)).squareRoot())
}
