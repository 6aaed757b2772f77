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
        var covered = try aten("select.int", .tensor(values), 0, 1).applying(.greater, 0.5)
        if let mask {
            let chosen = try average(mask.data.unsqueezed(0), to: fixed.shape).squeezed(0).applying(.greater, 0.5)
            covered = try aten("logical_and", .tensor(covered), .tensor(chosen))
        }
        let a = try aten("masked_select", .tensor(fixed.data), .tensor(covered))
        let b = try aten("masked_select", .tensor(aten("select.int", .tensor(values), 0, 0)), .tensor(covered))
        guard a.count > 1 else { return 0 }
        if similarity == .mutualInformation { return try IntensityTable.normalisedInformation(a, b) }
        let (x, y) = (try a.subtracting(aten("mean", .tensor(a))), try b.subtracting(aten("mean", .tensor(b))))
        func sum(_ left: Tensor, _ right: Tensor) throws -> Double {
            try aten("sum", .tensor(left.multiplying(right))).item()
        }
        let scale = (try sum(x, x) * sum(y, y)).squareRoot()
        return scale > 0 ? try sum(x, y) / scale : 0
    }
}
