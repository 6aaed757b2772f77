import Tensors

/// A displacement on a coarse grid that covers an image, in mm along the image's axes, shape [3, X, Y, Z].
struct CoarseDisplacement {
    var vectors: Tensor
    /// mm between its nodes.
    var spacing: [Double]
    /// Neighbours that smoothing reaches along each axis: none across thick slices.
    var radius: [Int]

    var sizes: [Int] { Array(vectors.shape.dropFirst()) }
}

/// Sizes and spacing of a coarse grid of `step` voxels a node over an image; thick axes keep every slice.
func coarseGrid(_ image: FramedImage, step: Int) -> (sizes: [Int], spacing: [Double], radius: [Int]) {
    let thick = image.thickAxis
    let sizes = (0..<3).map { max(1, Int((Double(image.shape[$0]) / ($0 == thick ? 1 : Double(step))).rounded())) }
    return (
        sizes, (0..<3).map { image.extent[$0] / Double(sizes[$0]) },
        (0..<3).map { $0 == thick || sizes[$0] < 2 ? 0 : 1 }
    )
}

/// Tries every displacement of a window at every node of a coarse grid and keeps a smooth choice of the best: costs and
/// smoothness are coupled and the coupling is tightened in six rounds (Siebert, Hansen and Heinrich, "Fast 3D
/// registration with accurate optimisation and little learning for Learn2Reg 2021"; Heinrich et al., MICCAI 2014).
///
/// `fixed` and `moving` are descriptors [C, X, Y, Z] of `image` and of the moving image brought onto it; `weights`
/// [X, Y, Z] tell how much each voxel counts.
func searchDisplacement(
    _ image: FramedImage, fixed: Tensor, moving: Tensor, weights: Tensor? = nil, check: () throws -> Void
) throws -> CoarseDisplacement {
    let (sizes, spacing, radius) = coarseGrid(image, step: 3)
    let window = (0..<3).map { radius[$0] == 0 ? 0 : 3 }
    let still = try average(fixed, to: sizes)
    let padding = [window[2], window[2], window[1], window[1], window[0], window[0]]
    let wide = try aten("replication_pad3d", .tensor(average(moving, to: sizes)), .ints(padding))

    var steps: [Float] = []
    for a in 0...(2 * window[0]) {
        for b in 0...(2 * window[1]) {
            for c in 0...(2 * window[2]) {
                for (place, axis) in zip([a, b, c], 0...) { steps.append(Float(Double(place - window[axis]) * spacing[axis])) }
            }
        }
    }
    // All shifts along Y and Z at once, [C, X, b, Y, c, Z].
    let count = steps.count / 3
    let wanted = try still.unsqueezed(2).unsqueezed(4)
    let costs = try (0...(2 * window[0])).map { a -> Tensor in
        try check()
        let alongX = try aten("narrow", .tensor(wide), 1, .int(a), .int(sizes[0]))
        let views = try aten("unfold", .tensor(aten("unfold", .tensor(alongX), 2, .int(sizes[1]), 1)), 3, .int(sizes[2]), 1)
            .permuted([0, 1, 2, 4, 3, 5])
        let difference = try views.subtracting(wanted)
        let squared = try aten("square_", .tensor(difference))
        return try aten("sum.dim_IntList", .tensor(squared), [0]).permuted([1, 3, 0, 2, 4]).reshaped([-1] + sizes)
    }
    let nodes = sizes.reduce(1, *)
    var joined = try Tensor.cat(costs)
    if let weights { joined = try joined.multiplying(average(weights.unsqueezed(0), to: sizes)) }
    let cost = try boxMean(joined, radius: radius).reshaped([count, nodes])
    let candidates = try Tensor(steps, shape: [count, 3])
    let lengths = try aten("sum.dim_IntList", .tensor(aten("square", .tensor(candidates))), [1], true)

    func chosen(_ total: Tensor) throws -> Tensor {
        let best = try aten("argmin", .tensor(total), 0)
        let vectors = try aten("index_select", .tensor(candidates), 0, .tensor(best))
        return try boxMean(vectors.transposed(0, 1).reshaped([3] + sizes).contiguous(), radius: radius)
    }
    let finest = 3 * (image.spacing.min() ?? 1)
    var vectors = try chosen(cost)
    for weight in [0.003, 0.01, 0.03, 0.1, 0.3, 1] {
        // |d − u|² without |u|², which is the same for every candidate of a node.
        let pull = try lengths.subtracting(candidates.matmul(vectors.reshaped([3, nodes])).multiplying(2))
        vectors = try chosen(cost.adding(pull.multiplying(weight / (finest * finest))))
    }
    return CoarseDisplacement(vectors: vectors, spacing: spacing, radius: radius)
}
