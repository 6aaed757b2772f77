import Foundation
import Tensors

/// Self-similarity of small patches, and the intensity: for images of one kind, drawn more or less brightly.
struct SelfSimilarity: Similarity {
    let word = "ssc"
    let explanation = "self-similarity and intensity, for images of one kind"
    let description = "selfSimilarity"

    func alone(_ image: FramedImage, _ descriptor: Descriptor) throws -> ChannelImage {
        try selfSimilarity(image, distance: descriptor.distance, intensity: descriptor.intensity)
    }
}

/// Self-similarity of small patches, which does not mind how bright a scanner draws a tissue, and the intensity beside it.
///
/// Self-similarity context (Heinrich et al., MICCAI 2013): for pairs of neighbours u, v of a voxel on different axes,
/// exp(−D(u, v) / V) with D the mean squared difference of the patches around them, less the smallest D of the voxel,
/// and V the mean over the voxel's pairs. Axes of thick slices have no neighbours: twelve channels become four.
///
/// The channels are scaled so that their squared differences add up to 1 at most. The last channel is the intensity times
/// the root of `intensity`; it is the only one where no two axes have neighbours.
func selfSimilarity(_ image: FramedImage, distance: Int, radius: Int = 1, intensity: Double) throws -> ChannelImage {
    let finest = image.spacing.min() ?? 1
    let thin = (0..<3).map { image.spacing[$0] > 2 * finest }
    let axes = (0..<3).filter { !thin[$0] }
    let pairs = axes.indices.flatMap { a in axes.indices.dropFirst(a + 1).map { (axes[a], axes[$0]) } }
    let sizes = image.shape
    let result = ChannelImage(sizes: sizes, channels: 4 * pairs.count + 1)
    let weight = Float(pairs.isEmpty ? 1 : intensity.squareRoot())
    try image.data.withUnsafeElements(as: Float.self) { elements in
        guard let data = elements.baseAddress else { return }
        let worker = PatchDifferences(
            data: data, sizes: sizes, pairs: pairs, reach: (0..<3).map { thin[$0] ? 0 : radius }, distance: distance,
            result: result)
        if !pairs.isEmpty { worker.run() }
        let (groups, last) = (result.groups, pairs.count)
        for voxel in 0..<result.voxels { result.values[voxel &* groups &+ last][0] = data[voxel] * weight }
    }
    return result
}

private struct PatchDifferences {
    let data: UnsafePointer<Float>
    let sizes: [Int]
    let pairs: [(Int, Int)]
    let reach: [Int]
    let distance: Int
    let result: ChannelImage

    func run() {
        let (count, groups) = (pairs.count, result.groups)
        let plane = sizes[1] * sizes[2]
        let planes = ChannelImage(sizes: [sizes[0], sizes[1], sizes[2]], channels: 4 * count)
        inParallel(sizes[0]) { differences(x: $0, into: planes.values + $0 &* plane &* count) }
        let variances = UnsafeMutablePointer<Float>.allocate(capacity: max(1, sizes[0] * plane))
        defer { variances.deallocate() }
        let (reach, size) = (reach[0], sizes[0])
        let share = 1 / Float(self.reach.reduce(1) { $0 * (2 * $1 + 1) })
        let total = sumInParallel(size) { x in
            var sum = 0.0
            let target = result.values + x &* plane &* groups
            for voxel in 0..<plane {
                let there = target + voxel &* groups
                var lowest = SIMD4<Float>(repeating: .infinity)
                for group in 0..<count {
                    var value = SIMD4<Float>.zero
                    for step in -reach...reach {
                        let from = min(max(x &+ step, 0), size &- 1)
                        value += planes.values[(from &* plane &+ voxel) &* count &+ group]
                    }
                    there[group] = value * share
                    lowest.replace(with: there[group], where: there[group] .< lowest)
                }
                let low = min(min(lowest[0], lowest[1]), min(lowest[2], lowest[3]))
                var mean = SIMD4<Float>.zero
                for group in 0..<count {
                    there[group] -= low
                    mean += there[group]
                }
                let variance = (mean[0] + mean[1] + mean[2] + mean[3]) / Float(4 &* count)
                variances[x &* plane &+ voxel] = variance
                sum += Double(variance)
            }
            return sum
        }
        let typical = Float(total / Double(sizes[0] * plane))
        let (least, most) = (0.001 * typical + 1e-8, 1000 * typical + 1e-7)
        let scale = (1 / Float(4 * count)).squareRoot()
        inParallel(size) { x in
            for voxel in (x &* plane)..<((x &+ 1) &* plane) {
                let factor = -1 / min(max(variances[voxel], least), most)
                let there = result.values + voxel &* groups
                for group in 0..<count { there[group] = exponential(there[group] * factor) * scale }
            }
        }
    }

    /// Squared differences of the neighbours of a plane's voxels, summed over the patch within the plane.
    private func differences(x: Int, into plane: UnsafeMutablePointer<SIMD4<Float>>) {
        let (ny, nz, count) = (sizes[1], sizes[2], pairs.count)
        let row = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: 2 * nz * count)
        let rows = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: ny * nz * count)
        defer {
            row.deallocate()
            rows.deallocate()
        }
        let d = distance
        let (before, after) = (data + max(x &- d, 0) &* ny &* nz, data + min(x &+ d, sizes[0] &- 1) &* ny &* nz)
        let here = data + x &* ny &* nz
        let (wide, narrow) = (reach[2], reach[1])
        for y in 0..<ny {
            let (above, below) = (here + max(y &- d, 0) &* nz, here + min(y &+ d, ny &- 1) &* nz)
            let middle = here + y &* nz
            for z in 0..<nz {
                let place = y &* nz &+ z
                var group = z &* count
                for (first, second) in pairs {
                    let a: SIMD2<Float>
                    let b: SIMD2<Float>
                    if first == 0 { a = [before[place], after[place]] } else { a = [above[z], below[z]] }
                    if second == 1 {
                        b = [above[z], below[z]]
                    } else {
                        b = [middle[max(z &- d, 0)], middle[min(z &+ d, nz &- 1)]]
                    }
                    let difference = SIMD4(a[0], a[0], a[1], a[1]) - SIMD4(b[0], b[1], b[0], b[1])
                    row[group] = difference * difference
                    group &+= 1
                }
            }
            let target = rows + y &* nz &* count
            for z in 0..<nz {
                for group in 0..<count {
                    var sum = SIMD4<Float>.zero
                    for step in -wide...wide { sum += row[min(max(z &+ step, 0), nz &- 1) &* count &+ group] }
                    target[z &* count &+ group] = sum
                }
            }
        }
        let width = nz &* count
        for y in 0..<ny {
            let target = plane + y &* width
            for step in -narrow...narrow {
                let source = rows + min(max(y &+ step, 0), ny &- 1) &* width
                if step == -narrow {
                    for place in 0..<width { target[place] = source[place] }
                } else {
                    for place in 0..<width { target[place] += source[place] }
                }
            }
        }
    }
}

/// e to the power of each of four numbers from −80 to 0, to 5 digits.
@inline(__always)
private func exponential(_ power: SIMD4<Float>) -> SIMD4<Float> {
    var binary = power * 1.442695
    binary.replace(with: -120, where: binary .< -120)
    // Adding 1.5 · 2²³ rounds to a whole number, whose bits then stand at the end of the mantissa.
    let rounder: Float = 12_582_912
    let shifted = binary + rounder
    let rest = binary - (shifted - rounder)
    let bits = unsafeBitCast(shifted, to: SIMD4<Int32>.self)
    let whole = unsafeBitCast((bits &<< 23) &+ 0x3F80_0000, to: SIMD4<Float>.self)
    let series = ((rest * 0.009618129 + 0.05550411) * rest + 0.2402265) * rest + 0.6931472
    return (series * rest + 1) * whole
}
