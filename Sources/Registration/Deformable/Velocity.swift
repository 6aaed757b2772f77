import Tensors

/// A stationary velocity field: following it for one unit of time moves every point, and no two points ever meet, so the
/// map that it gives is invertible (Arsigny et al., MICCAI 2006).
struct Velocity {
    /// mm along the image's axes, [3, X, Y, Z].
    private var vectors: Tensor
    private let spacing: [Double]
    private let radius: [Int]
    private let base: Tensor
    private let extent: [Double]

    /// The velocity whose map is nearest to a displacement: steps of v ← v + (u − map of v), smoothed a little.
    init(of displacement: CoarseDisplacement, extent: [Double]) throws {
        (spacing, radius) = (displacement.spacing, displacement.radius)
        self.extent = extent
        base = try samplerVectors(centredPoints(displacement.sizes, spacing), extent).unsqueezed(0)
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
            let coordinates = try base.adding(samplerVectors(map.permuted([1, 2, 3, 0]), extent).unsqueezed(0))
            map = try map.adding(sample(map, at: coordinates, padding: .border))
        }
        return map
    }

    /// The displacement on a grid of `sizes` over the same field of view, without folding there: where interpolation
    /// between nodes would fold, or space shrinks or swells more than tenfold, at a voxel or at a corner of a box between
    /// eight voxels, the velocity is smoothed, and in the end slowed, until nothing does.
    func unfolded(sizes: [Int], spacing fine: [Double]) throws -> CoarseDisplacement {
        var velocity = self
        for round in 0..<100 {
            let full = CoarseDisplacement(
                vectors: try interpolated(velocity.mapped(), to: sizes), spacing: fine, radius: radius)
            let determinants = try full.cornerDeterminants()
            if determinants.least > 0.1, determinants.most < 10 { return full }
            velocity.vectors = try boxMean(velocity.vectors, radius: radius)
            if round > 20 { velocity.vectors = try velocity.vectors.multiplying(0.8) }
        }
        return CoarseDisplacement(vectors: try Tensor.zeros([3] + sizes), spacing: fine, radius: radius)
    }
}

extension CoarseDisplacement {
    /// The least and the largest determinant of the identity plus the gradient of the displacement at the eight corners of
    /// every box between voxels, by the differences along its edges. Central differences at a voxel give the mean of the
    /// eight corners that meet there, because a determinant is linear in every column: they see no fold that these miss.
    func cornerDeterminants() throws -> (least: Float, most: Float) {
        let image = try ChannelImage(vectors)
        let sizes = sizes
        let cells = sizes.map { max(1, $0 - 1) }
        let (plane, row) = (sizes[1] * sizes[2], sizes[2])
        // No way to the next voxel along an axis that has but one.
        let (toX, toY, toZ) = (sizes[0] > 1 ? plane : 0, sizes[1] > 1 ? row : 0, sizes[2] > 1 ? 1 : 0)
        let (scaleX, scaleY, scaleZ) = (Float(1 / spacing[0]), Float(1 / spacing[1]), Float(1 / spacing[2]))
        let found = UnsafeMutablePointer<SIMD2<Float>>.allocate(capacity: cells[0])
        defer { found.deallocate() }
        inParallel(cells[0]) { x in
            var (least, most) = (Float.infinity, -Float.infinity)
            for y in 0..<cells[1] {
                for z in 0..<cells[2] {
                    let box = image.values + (x &* plane &+ y &* row &+ z)
                    for corner in 0..<8 {
                        let (a, b, c) = ((corner & 1) &* toX, (corner >> 1 & 1) &* toY, (corner >> 2) &* toZ)
                        var alongX = (box[toX &+ b &+ c] - box[b &+ c]) * scaleX
                        var alongY = (box[a &+ toY &+ c] - box[a &+ c]) * scaleY
                        var alongZ = (box[a &+ b &+ toZ] - box[a &+ b]) * scaleZ
                        alongX[0] += 1
                        alongY[1] += 1
                        alongZ[2] += 1
                        let first = alongX[0] * (alongY[1] * alongZ[2] - alongY[2] * alongZ[1])
                        let second = alongX[1] * (alongY[2] * alongZ[0] - alongY[0] * alongZ[2])
                        let third = alongX[2] * (alongY[0] * alongZ[1] - alongY[1] * alongZ[0])
                        least = min(least, first + second + third)
                        most = max(most, first + second + third)
                    }
                }
            }
            found[x] = [least, most]
        }
        return (0..<cells[0]).reduce(into: (least: .infinity, most: -.infinity)) {
            $0 = (min($0.least, found[$1][0]), max($0.most, found[$1][1]))
        }
    }
}
