import Tensors

/// How images are described at one stage of the work: channels [C, X, Y, Z] whose squared differences are made small.
public struct Descriptor {
    let similarity: any Similarity
    /// Voxels between the patches of the self-similarity.
    let distance: Int
    /// Weight of the intensity beside the self-similarity.
    let intensity: Double
    /// Voxels that local means reach: a wide window is seen from afar, a narrow one tells where exactly.
    var windows = [2, 5]

    /// What an image tells on its own, for looking far around; kept with the image.
    func alone(_ image: FramedImage) throws -> ChannelImage {
        try image.described(as: "\(similarity) \(distance) \(intensity) \(windows)") { try similarity.alone(image, self) }
    }

    /// The fixed image beside a moving one that lies near it.
    func fixed(_ image: FramedImage) throws -> ChannelImage { try similarity.fixed(image, self) }

    /// The same for moving images, of which `brought` lies over `fixed`, voxel by voxel.
    func moving(like brought: FramedImage, over fixed: FramedImage, weights: Tensor) throws -> (FramedImage) throws -> ChannelImage {
        try similarity.moving(like: brought, over: fixed, weights: weights, self)
    }
}
