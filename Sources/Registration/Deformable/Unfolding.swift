import Tensors

extension CoarseDisplacement {
    /// Smoothed around the nodes where its Jacobian determinant is below 0.15, until none is left or twenty rounds are
    /// over.
    func unfolded() throws -> CoarseDisplacement {
        var result = self
        for _ in 0..<20 {
            let low = try result.determinant().applying(.less, 0.15).to(dtype: .float32)
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
    func determinant() throws -> Tensor {
        var columns: [[Tensor]] = []
        for axis in 0..<3 {
            let slope = try gradient(vectors, along: axis + 1).dividing(spacing[axis])
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
}
