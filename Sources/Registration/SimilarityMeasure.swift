import Tensors
import Volumes

/// How alike two images are, as a printed transform tells it: normalised cross-correlation over the part that both cover,
/// or normalised mutual information where contrasts are mixed. 0 where they do not meet.
struct SimilarityMeasure {
    let fixed: FramedImage
    let moving: FramedImage
    let mask: FramedImage?
    let similarity: Similarity

    /// With the moving image seen at `points` [X, Y, Z, 3] in its frame (mm), one for each voxel of the fixed image.
    func value(at points: Tensor) throws -> Double {
        let channels = try Tensor.stack([moving.data, Tensor.ones(moving.shape)])
        let values = try sample(channels, extent: moving.extent, at: points, padding: .zeros)
        let cover = try aten("select.int", .tensor(values), 0, 1)
        var covered = try cover.applying(.greater, 0.5)
        if let mask {
            let chosen = try average(mask.data.unsqueezed(0), to: fixed.shape).squeezed(0).applying(.greater, 0.5)
            covered = try aten("logical_and", .tensor(covered), .tensor(chosen))
        }
        // At the faces of the moving image what is sampled is mixed with the 0 beyond them.
        let seen = try aten("select.int", .tensor(values), 0, 0).dividing(cover)
        let a = try aten("masked_select", .tensor(fixed.data), .tensor(covered))
        let b = try aten("masked_select", .tensor(seen), .tensor(covered))
        guard a.count > 1 else { return 0 }
        return similarity == .mutualInformation
            ? try IntensityTable.normalisedInformation(a, b) : correlation(try a.floats(), try b.floats())
    }
}

/// Normalised cross-correlation, from −1 to 1; 0 where one of the two is the same everywhere.
private func correlation(_ a: [Float], _ b: [Float]) -> Double {
    func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } / Double(values.count) }
    let (middleA, middleB) = (mean(a), mean(b))
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
        let (x, y) = (Double(x) - middleA, Double(y) - middleB)
        aa += x * x
        bb += y * y
        ab += x * y
    }
    let scale = (aa * bb).squareRoot()
    return scale > 0 ? min(1, max(-1, ab / scale)) : 0
}
