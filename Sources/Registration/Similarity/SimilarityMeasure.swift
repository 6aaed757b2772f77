import Tensors
import Volumes

/// How alike two images are, as a printed transform tells it: what the similarity measures over the part that both cover,
/// times the share of the fixed image's foreground that lies there. What a map leads out of the moving image counts as
/// unlike, so that losing it is no gain.
///
/// Sums are taken over parts of fixed size in a fixed order: they do not depend on the number of threads.
struct SimilarityMeasure {
    let fixed: FramedImage
    let moving: FramedImage
    let mask: FramedImage?
    let similarity: any Similarity

    /// Scaled intensities from here on belong to the foreground.
    private static let foreground: Float = 0.1

    /// With the moving image seen at `points` [X, Y, Z, 3] in its frame (mm), one for each voxel of the fixed image. 0 where
    /// the two do not meet.
    func value(at points: Tensor) throws -> Double {
        let chosen = try mask.map { try average($0.data.unsqueezed(0), to: fixed.shape).floats() }
        let seen = try seen(at: points)
        let still = try fixed.data.floats()
        var (a, b): ([Float], [Float]) = ([], [])
        var (counted, foreground, covered) = (0, 0, 0)
        for voxel in still.indices where chosen.map({ $0[voxel] > 0.5 }) ?? true {
            counted += 1
            let isForeground = still[voxel] >= Self.foreground
            if isForeground { foreground += 1 }
            guard let value = seen[voxel] else { continue }
            if isForeground { covered += 1 }
            a.append(still[voxel])
            b.append(value)
        }
        guard a.count > 1 else { return 0 }
        // Bright places smaller than a voxel of this coarse image, or a mask of dark ones, leave no foreground: all counts.
        let share = foreground > 0 ? Double(covered) / Double(foreground) : Double(a.count) / Double(counted)
        return share * (try similarity.measured(a, b))
    }

    /// The moving intensity at each of the points, nil where more than half of a voxel lies outside the field of view.
    private func seen(at points: Tensor) throws -> [Float?] {
        let (count, sizes, shape) = (fixed.data.count, fixed.shape, moving.shape)
        let scale = SIMD4((0..<3).map { Float(1 / moving.spacing[$0]) } + [0])
        let middle = SIMD4(shape.map { Float($0 - 1) / 2 } + [0])
        let last = SIMD4(shape.map { Float($0) } + [1])
        var result = [Float?](repeating: nil, count: count)
        let plane = count / max(1, sizes[0])
        try points.to(dtype: .float32).withUnsafeElements(as: Float.self) { places in
            try moving.data.withUnsafeElements(as: Float.self) { values in
                result.withUnsafeMutableBufferPointer { target in
                    guard let places = places.baseAddress, let from = values.baseAddress, let to = target.baseAddress else { return }
                    inParallel(sizes[0]) { x in
                        for voxel in (x &* plane)..<((x &+ 1) &* plane) {
                            let point = places + 3 &* voxel
                            let place = SIMD4(point[0], point[1], point[2], 0) * scale + middle
                            var near = place + 1
                            let far = last - place
                            near.replace(with: far, where: far .< near)
                            near.clamp(lowerBound: .zero, upperBound: .one)
                            guard near[0] * near[1] * near[2] > 0.5 else { continue }
                            to[voxel] = linearValue(from, shape, place)
                        }
                    }
                }
            }
        }
        return result
    }
}
