import Foundation
import Tensors

/// Refines a displacement u by Gauss-Newton steps on the mean squared difference of the descriptors plus `smoothness`
/// times the squared gradient of u (diffusion), on a grid of its own.
///
/// A step linearises the descriptors, with slopes averaged over both images, and solves
/// (A + α · L) · (u + du) = A · u − b at all nodes together: A sums the products of the slopes, b slopes times
/// differences, L is the Laplacian. Conjugate gradients solve it.
final class DisplacementRefinement: @unchecked Sendable {
    private let sizes: [Int]
    private let spacing: [Double]
    private let radius: [Int]
    private let smoothness: Double
    /// How firmly the displacement is drawn to 0 along each axis (`Evidence`).
    private let holds: [Double]
    private let still: ChannelImage
    private let other: ChannelImage
    /// How much each node counts.
    private let weights: [Float]?

    /// `weights` [X, Y, Z] tell how much each voxel of `image` counts; nil: all the same.
    init(
        _ image: FramedImage, step: Double, fixed: ChannelImage, moving: ChannelImage, weights: Tensor? = nil, smoothness: Double,
        holds: [Double]
    ) throws {
        self.holds = holds
        let grid = coarseGrid(image, step: step)
        (sizes, spacing, radius) = grid
        self.smoothness = smoothness
        still = fixed.averaged(to: sizes)
        other = moving.averaged(to: sizes)
        self.weights = try weights.map { try average($0.unsqueezed(0), to: grid.sizes).floats() }
    }

    func run(from start: CoarseDisplacement, iterations: Int, check: () throws -> Void) throws -> CoarseDisplacement {
        let vectors = try ChannelImage(interpolated(start.vectors, to: sizes))
        let system = DisplacementSystem(sizes: sizes, spacing: spacing, smoothness: smoothness)
        // No further than a node at once: beyond that the slopes mean nothing.
        let reach = Float(spacing.min() ?? 1)
        for _ in 0..<iterations {
            try check()
            linearise(around: vectors, into: system)
            system.hold(holds.map { Float($0) })
            system.solve(from: vectors, rounds: 8)
            let solution = system.solution
            for node in 0..<vectors.voxels {
                var change = solution.values[node] - vectors.values[node]
                change.clamp(lowerBound: SIMD4(repeating: -reach), upperBound: SIMD4(repeating: reach))
                vectors.values[node] += change
            }
        }
        return CoarseDisplacement(vectors: try vectors.tensor(), spacing: spacing, radius: radius)
    }

    /// What the steps make small, a node: squared differences of the descriptors and `smoothness` times squared slopes.
    /// `importance` [X, Y, Z] tells how much each voxel of the image counts.
    func energy(of field: CoarseDisplacement, importance: Tensor) throws -> Double {
        let vectors = try ChannelImage(field.vectors)
        let importance = try average(importance.unsqueezed(0), to: sizes).floats()
        let (sizes, groups) = (sizes, still.groups)
        let scale = inverseSpacing
        let sum = sumInParallel(sizes[0]) { [self] x in
            let seen = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: groups)
            defer { seen.deallocate() }
            var sum = 0.0
            for y in 0..<sizes[1] {
                for z in 0..<sizes[2] {
                    let node = (x &* sizes[1] &+ y) &* sizes[2] &+ z
                    let place = SIMD4(Float(x), Float(y), Float(z), 0) + vectors.values[node] * scale
                    other.sample(at: place, into: seen)
                    var squares = SIMD4<Float>.zero
                    for group in 0..<groups {
                        let difference = seen[group] - still.values[node &* groups &+ group]
                        squares += difference * difference
                    }
                    if let weights { squares *= weights[node] }
                    for (axis, index) in [x, y, z].enumerated() {
                        let slope = vectors.slope(node, axis, index, group: 0) * scale[axis]
                        squares += slope * slope * Float(smoothness)
                    }
                    sum += Double(importance[node] * squares.sum())
                }
            }
            return sum
        }
        return sum / importance.reduce(0) { $0 + Double($1) }
    }

    private var inverseSpacing: SIMD4<Float> {
        SIMD4(Float(1 / spacing[0]), Float(1 / spacing[1]), Float(1 / spacing[2]), 0)
    }

    private func linearise(around vectors: ChannelImage, into system: DisplacementSystem) {
        let (sizes, groups) = (sizes, still.groups)
        let scale = inverseSpacing
        // Of both images together, and how they differ.
        let sum = ChannelImage(sizes: sizes, channels: still.channels)
        let differences = ChannelImage(sizes: sizes, channels: still.channels)
        inParallel(sizes[0]) { [self] x in
            let seen = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: groups)
            defer { seen.deallocate() }
            for y in 0..<sizes[1] {
                for z in 0..<sizes[2] {
                    let node = (x &* sizes[1] &+ y) &* sizes[2] &+ z
                    let place = SIMD4(Float(x), Float(y), Float(z), 0) + vectors.values[node] * scale
                    other.sample(at: place, into: seen)
                    for group in 0..<groups {
                        let here = still.values[node &* groups &+ group]
                        sum.values[node &* groups &+ group] = seen[group] + here
                        differences.values[node &* groups &+ group] = seen[group] - here
                    }
                }
            }
        }
        inParallel(sizes[0]) { [self] x in
            for y in 0..<sizes[1] {
                for z in 0..<sizes[2] {
                    let node = (x &* sizes[1] &+ y) &* sizes[2] &+ z
                    var (xx, yy, zz) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
                    var (xy, xz, yz) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
                    var (bx, by, bz) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
                    let (rx, ry, rz) = (0.5 * scale[0], 0.5 * scale[1], 0.5 * scale[2])
                    for group in 0..<groups {
                        let a = sum.slope(node, 0, x, group: group) * rx
                        let b = sum.slope(node, 1, y, group: group) * ry
                        let c = sum.slope(node, 2, z, group: group) * rz
                        let difference = differences.values[node &* groups &+ group]
                        xx += a * a
                        yy += b * b
                        zz += c * c
                        xy += a * b
                        xz += a * c
                        yz += b * c
                        bx += a * difference
                        by += b * difference
                        bz += c * difference
                    }
                    let weight = weights?[node] ?? 1
                    let (pxy, pxz, pyz) = (xy.sum(), xz.sum(), yz.sum())
                    system.set(
                        node,
                        SIMD4(xx.sum(), pxy, pxz, 0) * weight, SIMD4(pxy, yy.sum(), pyz, 0) * weight,
                        SIMD4(pxz, pyz, zz.sum(), 0) * weight, pulled: SIMD4(bx.sum(), by.sum(), bz.sum(), 0) * weight,
                        around: vectors.values[node])
                }
            }
        }
    }
}
