import Foundation
import Tensors

/// Self-similarity, and how well the intensities of one image tell those of the other, whatever they are: for mixed
/// contrasts, such as T1 with T2.
struct MutualInformation: Similarity {
    let word = "mi"
    let explanation = "mutual information, for mixed contrasts such as T1 and T2"
    let description = "mutualInformation"
    let comparesIntensities = false

    func alone(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage {
        try selfSimilarity(image, distance: descriptor.distance, intensity: 0)
    }

    func fixed(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage {
        try joined(image, IntensityTable.memberships(image.data), descriptor)
    }

    func moving(
        like brought: FramedImage, over fixed: FramedImage, weights: Tensor, _ descriptor: Descriptor
    ) throws -> (FramedImage) throws -> ChannelImage {
        let table = try IntensityTable(fixed: fixed.data, moving: brought.data, weights: weights)
        return { image in try joined(image, table.predicted(from: image.data), descriptor) }
    }

    /// What the image tells on its own, and memberships in the bins of the fixed image.
    private func joined(_ image: FramedImage, _ bins: Tensor, _ descriptor: Descriptor) throws -> ChannelImage {
        let weighted = try bins.multiplying((descriptor.intensity / 2).squareRoot())
        return try ChannelImage(Tensor.cat([descriptor.alone(image).tensor(), weighted]))
    }

    /// Normalised mutual information, from 0.
    func measured(_ a: [Float], _ b: [Float]) throws -> Double {
        try IntensityTable.normalisedInformation(Tensor(a, shape: [a.count]), Tensor(b, shape: [b.count]))
    }
}

/// How the intensities of one image tell those of another that lies over it: the table P(fixed bin | moving bin).
///
/// The memberships of the fixed intensities in the bins are compared with what the moving intensities predict. The mean
/// squared difference is the part of the fixed image that the moving one does not explain, which is mutual information
/// with the Gini impurity in the place of the entropy; squares are what Gauss-Newton steps need.
struct IntensityTable: Sendable {
    private static let bins = 8
    /// P(fixed bin | moving bin), row by row for the moving bins.
    private let table: [Float]

    /// `weights` tell how much each voxel counts; all of one shape [X, Y, Z].
    init(fixed: Tensor, moving: Tensor, weights: Tensor) throws {
        let joint = try Self.joint(moving, fixed, weights: weights)
        let totals = (0..<Self.bins).map { row in joint[(row * Self.bins)..<((row + 1) * Self.bins)].reduce(1e-6, +) }
        table = joint.enumerated().map { Float($1 / totals[$0 / Self.bins]) }
    }

    /// The bin below an intensity, and how far it is to the next: memberships are linear between the bins' centres, which
    /// lie over 0 … 1.2.
    @inline(__always)
    private static func place(_ value: Float) -> (bin: Int, share: Float) {
        let place = min(max(value, 0), 1.2) * (Float(bins - 1) / 1.2)
        let bin = min(Int(place), bins - 2)
        return (bin, place - Float(bin))
    }

    /// Memberships [8, X, Y, Z] of intensities in the bins.
    static func memberships(_ data: Tensor) throws -> Tensor {
        let centres = try Tensor((0..<bins).map { Float($0) }, shape: [bins, 1, 1, 1])
        let places = try aten("clamp", .tensor(data), 0.0, 1.2).multiplying(Double(bins - 1) / 1.2).unsqueezed(0)
        let far = try aten("abs", .tensor(places.subtracting(centres)))
        return try aten("clamp_min", .tensor(far.negated().adding(1)), 0.0)
    }

    /// How often the bins of two images of one shape meet, row by row for the bins of the first. Parts of fixed size are
    /// added up in their order, so that the sums do not depend on the number of threads.
    private static func joint(_ a: Tensor, _ b: Tensor, weights: Tensor? = nil) throws -> [Double] {
        let (count, bins) = (a.count, bins)
        let parts = (count + sumPartSize - 1) / sumPartSize
        let sums = UnsafeMutablePointer<Double>.allocate(capacity: max(1, parts * bins * bins))
        sums.initialize(repeating: 0, count: parts * bins * bins)
        defer { sums.deallocate() }
        let counted = try weights?.floats()
        try a.contiguous().withUnsafeElements(as: Float.self) { first in
            try b.contiguous().withUnsafeElements(as: Float.self) { second in
                guard let first = first.baseAddress, let second = second.baseAddress else { return }
                inParallel(parts) { part in
                    let cells = sums + part &* bins &* bins
                    for voxel in (part &* sumPartSize)..<min((part &+ 1) &* sumPartSize, count) {
                        let (row, above) = place(first[voxel])
                        let (column, right) = place(second[voxel])
                        let weight = counted?[voxel] ?? 1
                        let cell = cells + (row &* bins &+ column)
                        cell[0] += Double(weight * (1 - above) * (1 - right))
                        cell[1] += Double(weight * (1 - above) * right)
                        cell[bins] += Double(weight * above * (1 - right))
                        cell[bins &+ 1] += Double(weight * above * right)
                    }
                }
            }
        }
        return (0..<(bins * bins)).map { cell in (0..<parts).reduce(0) { $0 + sums[$1 * bins * bins + cell] } }
    }

    /// What moving intensities predict, [8, X, Y, Z].
    func predicted(from data: Tensor) throws -> Tensor {
        let (count, bins, table) = (data.count, Self.bins, table)
        let result = try Tensor.zeros([bins] + data.shape)
        try data.contiguous().withUnsafeElements(as: Float.self) { source in
            try result.withUnsafeMutableElements(as: Float.self) { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                inParallel((count + sumPartSize - 1) / sumPartSize) { part in
                    for voxel in (part &* sumPartSize)..<min((part &+ 1) &* sumPartSize, count) {
                        let (row, share) = Self.place(from[voxel])
                        for bin in 0..<bins {
                            let (below, above) = (table[row &* bins &+ bin], table[(row &+ 1) &* bins &+ bin])
                            to[bin &* count &+ voxel] = below + (above - below) * share
                        }
                    }
                }
            }
        }
        return result
    }

    /// Normalised mutual information of two images of one shape, (H(a) + H(b)) / H(a, b) − 1: 0 for images that tell
    /// nothing about each other, 1 for images that tell each other (Studholme et al., Pattern Recognition 1999).
    static func normalisedInformation(_ a: Tensor, _ b: Tensor) throws -> Double {
        let joint = try joint(a, b)
        let total = joint.reduce(0, +)
        guard total > 0 else { return 0 }
        func entropy(_ parts: [Double]) -> Double { parts.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 } }
        let rows = (0..<bins).map { row in joint[(row * bins)..<((row + 1) * bins)].reduce(0, +) }
        let columns = (0..<bins).map { column in (0..<bins).reduce(0) { $0 + joint[$1 * bins + column] } }
        let together = entropy(joint)
        return together > 0 ? min(1, max(0, (entropy(rows) + entropy(columns)) / together - 1)) : 0
    }
}
