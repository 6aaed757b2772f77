import Tensors

/// Refines a displacement by gradient descent (Adam): mean squared difference of the descriptors plus `smoothness`
/// times the mean squared gradient of the displacement (diffusion), over smoothed displacements on a grid of two voxels
/// a node. Ends with local smoothing where space would fold.
func refineDisplacement(
    _ start: CoarseDisplacement, _ image: FramedImage, fixed: Tensor, moving: Tensor, smoothness: Double,
    iterations: Int, check: () throws -> Void
) throws -> CoarseDisplacement {
    let (sizes, spacing, radius) = coarseGrid(image, step: 2)
    let still = try average(fixed, to: sizes)
    let other = try average(moving, to: sizes)
    let scale = 2 * (image.spacing.min() ?? 1)
    let points = try centredPoints(sizes, spacing)
    let toSampler = try samplerMatrix(image.extent)
    let base = try points.matmul(toSampler).unsqueezed(0)
    let unknowns = try interpolated(start.vectors, to: sizes).dividing(scale).detached().cloned().setRequiresGrad()

    func field() throws -> Tensor { try smoothed(unknowns, radius: radius, times: 2).multiplying(scale) }
    if iterations > 0 {
        let optimizer = try TorchOptimizer.adam([unknowns], rate: 1)
        for step in 0..<iterations {
            try check()
            let vectors = try field()
            let coordinates = try base.adding(vectors.permuted([1, 2, 3, 0]).matmul(toSampler).unsqueezed(0))
            let difference = try sample(other, at: coordinates, padding: .border).subtracting(still)
            let channels = Double(still.shape[0])
            var loss = try aten("mean", .tensor(aten("square", .tensor(difference)))).multiplying(channels)
            for axis in 0..<3 where sizes[axis] > 1 {
                let length = sizes[axis] - 1
                let after = try aten("narrow", .tensor(vectors), .int(axis + 1), 1, .int(length))
                let before = try aten("narrow", .tensor(vectors), .int(axis + 1), 0, .int(length))
                let slope = try aten("mean", .tensor(aten("square", .tensor(after.subtracting(before)))))
                loss = try loss.adding(slope.multiplying(3 * smoothness / (spacing[axis] * spacing[axis])))
            }
            try optimizer.zeroGrad()
            try loss.backward()
            try optimizer.step()
            try optimizer.setRate(1 - 0.9 * Double(step) / Double(iterations))
        }
    }
    return try withoutGradients {
        try unfolded(CoarseDisplacement(vectors: field(), spacing: spacing, radius: radius))
    }
}

/// Smooths a displacement around the nodes where its Jacobian determinant is below 0.15, until none is left or twenty
/// rounds are over.
private func unfolded(_ start: CoarseDisplacement) throws -> CoarseDisplacement {
    var result = start
    for _ in 0..<20 {
        let low = try determinant(result).applying(.less, 0.15).to(dtype: .float32)
        guard try aten("sum", .tensor(low)).item() > 0 else { break }
        let reach = result.radius
        let wide = try aten(
            "max_pool3d", .tensor(low.unsqueezed(0)), .ints(reach.map { 2 * $0 + 1 }), [1, 1, 1], .ints(reach))
        let weight = try boxMean(wide, radius: reach)
        let radius = result.sizes.map { $0 > 1 ? 1 : 0 }
        let change = try boxMean(result.vectors, radius: radius).subtracting(result.vectors)
        result.vectors = try result.vectors.adding(change.multiplying(weight))
    }
    return result
}

/// Determinant of the identity plus the gradient of the displacement at every node, shape [X, Y, Z].
private func determinant(_ field: CoarseDisplacement) throws -> Tensor {
    var columns: [[Tensor]] = []
    for axis in 0..<3 {
        let slope = try gradient(field.vectors, along: axis + 1).dividing(field.spacing[axis])
        columns.append(
            try (0..<3).map { component in
                let part = try aten("select.int", .tensor(slope), 0, .int(component))
                return component == axis ? try part.adding(1) : part
            })
    }
    func minor(_ a: Int, _ b: Int) throws -> Tensor {
        try columns[1][a].multiplying(columns[2][b]).subtracting(columns[1][b].multiplying(columns[2][a]))
    }
    return try columns[0][0].multiplying(minor(1, 2))
        .subtracting(columns[0][1].multiplying(minor(0, 2)))
        .adding(columns[0][2].multiplying(minor(0, 1)))
}
