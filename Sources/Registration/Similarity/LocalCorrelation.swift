import Tensors

/// The intensity less its local mean, divided by its local spread: the squared difference is 2 − 2 · the local normalised
/// cross-correlation. For images of one kind whose brightness drifts across the volume.
struct LocalCorrelation: Similarity {
    let word = "ncc"
    let explanation = "local normalised cross-correlation"
    let description = "correlation"

    func alone(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage {
        try ChannelImage(Tensor.cat(descriptor.windows.map { try locallyNormalised(image, reach: $0) }).multiplying(0.25))
    }
}

/// Intensity less its mean within `reach` voxels, divided by its spread there, [1, X, Y, Z].
private func locallyNormalised(_ image: FramedImage, reach: Int) throws -> Tensor {
    let radius = image.shape.enumerated().map { axis, size in axis == image.thickAxis ? 0 : min(reach, (size - 1) / 2) }
    let data = try image.data.unsqueezed(0)
    let mean = try boxMean(data, radius: radius)
    let square = try boxMean(data.multiplying(data), radius: radius)
    let variance = try aten("clamp_min", .tensor(square.subtracting(mean.multiplying(mean))), 0.0)
    let typical = try wholeMean(variance)
    return try data.subtracting(mean).dividing(aten("sqrt", .tensor(variance.adding(0.05 * typical + 1e-8))))
}
