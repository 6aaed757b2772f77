import Tensors

/// A stationary velocity field: following it for one unit of time moves every point, and no two points ever meet, so the
/// map that it gives is invertible (Arsigny et al., MICCAI 2006).
struct Velocity {
    /// mm along the image's axes, [3, X, Y, Z].
    private var vectors: Tensor
    private let spacing: [Double]
    private let radius: [Int]
    private let base: Tensor
    private let toSampler: Tensor

    /// The velocity whose map is nearest to a displacement: steps of v ← v + (u − map of v), smoothed a little.
    init(of displacement: CoarseDisplacement, extent: [Double]) throws {
        (spacing, radius) = (displacement.spacing, displacement.radius)
        toSampler = try samplerMatrix(extent)
        base = try centredPoints(displacement.sizes, spacing).matmul(toSampler).unsqueezed(0)
        vectors = displacement.vectors
        for _ in 0..<6 {
            let change = try displacement.vectors.subtracting(mapped())
            vectors = try vectors.adding(boxMean(change, radius: radius))
        }
    }

    /// Displacement after one unit of time, by scaling and squaring.
    func mapped() throws -> Tensor {
        let squarings = 6
        var map = try vectors.multiplying(1 / Double(1 << squarings))
        for _ in 0..<squarings {
            let coordinates = try base.adding(map.permuted([1, 2, 3, 0]).matmul(toSampler).unsqueezed(0))
            map = try map.adding(sample(map, at: coordinates, padding: .border))
        }
        return map
    }

    /// The displacement on a grid of `sizes` over the same field of view, without folding there: where interpolation
    /// between nodes would fold, or space shrinks or swells more than tenfold, the velocity is smoothed, and in the end
    /// slowed, until nothing does.
    func unfolded(sizes: [Int], spacing fine: [Double]) throws -> CoarseDisplacement {
        var velocity = self
        for round in 0..<100 {
            let full = CoarseDisplacement(
                vectors: try interpolated(velocity.mapped(), to: sizes), spacing: fine, radius: radius)
            let determinant = try full.determinant()
            let (least, most) = (try aten("min", .tensor(determinant)).item(), try aten("max", .tensor(determinant)).item())
            if least > 0.1, most < 10 { return full }
            velocity.vectors = try boxMean(velocity.vectors, radius: radius)
            if round > 20 { velocity.vectors = try velocity.vectors.multiplying(0.8) }
        }
        return CoarseDisplacement(vectors: try Tensor.zeros([3] + sizes), spacing: fine, radius: radius)
    }
}
