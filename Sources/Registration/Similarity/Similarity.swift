import Tensors

/// By what two images are compared: channels whose squared differences the registration makes small. A new similarity is a
/// type of this kind in a file of its own, and a line in `similarities`; everything else asks it.
public protocol Similarity: CustomStringConvertible, Sendable {
    /// What `register` calls it.
    var word: String { get }
    /// For the help of `register`: what is compared, and in which images.
    var explanation: String { get }
    /// Part of the address of a kept registration, so that it stays as it is; `word` unless it says otherwise.
    var description: String { get }
    /// Whether tissues are as bright in one image as in the other, so that a first search may compare intensities.
    var comparesIntensities: Bool { get }

    /// What an image tells on its own, for looking far around: channels over its voxels.
    func alone(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage
    /// The fixed image beside a moving one that lies near it.
    func fixed(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage
    /// The same for moving images, of which `brought` lies over `fixed`, voxel by voxel; `weights` [X, Y, Z] tell how much
    /// each of them counts.
    func moving(
        like brought: FramedImage, over fixed: FramedImage, weights: Tensor, _ descriptor: Descriptor
    ) throws -> (FramedImage) throws -> ChannelImage
    /// How alike two images are whose intensities at the same places are these, 1 at most, for a printed transform.
    func measured(_ a: [Float], _ b: [Float]) throws -> Double
}

/// What there is to choose from; the first is taken where nothing is said.
public let similarities: [any Similarity] = [SelfSimilarity(), LocalCorrelation(), MutualInformation()]

/// What holds for images of one kind: each is described by itself, and intensities measure the fit.
extension Similarity {
    var description: String { word }
    var comparesIntensities: Bool { true }

    func fixed(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage { try descriptor.alone(image) }

    func moving(
        like brought: FramedImage, over fixed: FramedImage, weights: Tensor, _ descriptor: Descriptor
    ) throws -> (FramedImage) throws -> ChannelImage { descriptor.alone }

    func measured(_ a: [Float], _ b: [Float]) throws -> Double { correlation(a, b) }
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
