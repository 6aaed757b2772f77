import Foundation
import Tensors
import Volumes

/// A map between two frames, and how far from a perfect fit it is.
struct Pose {
    var loss: Double
    var pose: Affine
    /// How far it has come from where it started, in `AffineParameters`.
    var moved = [Double](repeating: 0, count: 12)
}

/// Refines an affine map by Gauss-Newton steps over the descriptors of two images.
///
/// Inverse compositional (Baker and Matthews, IJCV 2004): each step moves the fixed descriptors a little, and the
/// opposite of that small map joins the pose. So the gradients are those of the fixed image, taken once, and a step
/// costs one sampling and a 12×12 system for the `AffineParameters` of the small map.
final class AffineRefinement: @unchecked Sendable {
    let fixed: FramedImage
    private let parameters: AffineParameters
    /// What the parameters cost, for want of evidence: shares of the misfit.
    private let doubts: [Double]
    private let groups: Int
    /// The channel that tells how much of a place the moving image covers; it follows those of the descriptors.
    private let cover: Int
    /// The points that are looked at, in mm, and how much each counts as the last of its four numbers.
    private let points: [SIMD4<Float>]
    /// At each point the fixed descriptors, and their slopes along the three axes. The cover stands among the fixed
    /// descriptors as 1.
    private let targets: ChannelImage
    private let slopes: ChannelImage
    /// How much all points count.
    private let total: Double
    /// How the squared differences answer to pairs of parameters.
    private let normal: [[Double]]

    /// `weights` [X, Y, Z] tell how much each voxel of the fixed image counts.
    init(fixed: FramedImage, features: ChannelImage, weights: Tensor, lever: Double, evidence: Evidence, samples: Double) throws {
        self.fixed = fixed
        parameters = AffineParameters(lever: lever)
        doubts = evidence.weights(lever: lever, extent: fixed.extent)
        let shape = fixed.shape
        let excess = Double(fixed.data.count) / samples
        let step = max(1, Int((fixed.thickAxis == nil ? cbrt(excess) : sqrt(excess)).rounded()))
        let looked = (0..<3).map { axis in
            axis == fixed.thickAxis
                ? Array(0..<shape[axis]) : Array(stride(from: min(step / 2, shape[axis] - 1), to: shape[axis], by: step))
        }
        let count = looked.reduce(1) { $0 * $1.count }
        cover = features.channels
        let groups = cover / 4 + 1
        self.groups = groups
        let (targets, slopes) = (
            ChannelImage(sizes: [count, 1, 1], channels: 4 * groups), ChannelImage(sizes: [3 * count, 1, 1], channels: 4 * groups)
        )
        let counted = try weights.floats()
        let scale = fixed.spacing.map { Float(1 / $0) }
        var points: [SIMD4<Float>] = []
        points.reserveCapacity(count)
        for x in looked[0] {
            for y in looked[1] {
                for z in looked[2] {
                    let voxel = (x * shape[1] + y) * shape[2] + z
                    let place = zip([x, y, z], 0..<3).map { Float((Double($0) - Double(shape[$1] - 1) / 2) * fixed.spacing[$1]) }
                    let number = points.count
                    points.append(SIMD4(place[0], place[1], place[2], counted[voxel]))
                    for group in 0..<features.groups {
                        targets.values[number * groups + group] = features.values[voxel * features.groups + group]
                        for (axis, index) in [x, y, z].enumerated() {
                            slopes.values[(3 * number + axis) * groups + group]
                                = features.slope(voxel, axis, index, group: group) * scale[axis]
                        }
                    }
                    targets.values[number * groups + cover / 4][cover % 4] = 1
                }
            }
        }
        (self.points, self.targets, self.slopes) = (points, targets, slopes)
        total = points.reduce(0) { $0 + Double($1[3]) }
        normal = Self.normal(points, slopes, groups, self.parameters)
    }

    /// The sum over points of Mᵀ · S · M, with S the products of the slopes and M where each parameter moves the point.
    private static func normal(
        _ points: [SIMD4<Float>], _ slopes: ChannelImage, _ groups: Int, _ parameters: AffineParameters
    ) -> [[Double]] {
        // Sums of S[i, j] · p[a] · p[b], with p = (1, x, y, z).
        var sums = [SIMD4<Double>](repeating: .zero, count: 36)
        for (number, point) in points.enumerated() {
            let place = SIMD4<Double>(1, Double(point[0]), Double(point[1]), Double(point[2]))
            for i in 0..<3 {
                for j in i..<3 {
                    var product = SIMD4<Float>.zero
                    for group in 0..<groups {
                        product += slopes.values[(3 * number + i) * groups + group]
                            * slopes.values[(3 * number + j) * groups + group]
                    }
                    let weighted = place * Double(product.sum() * point[3])
                    for a in 0..<4 { sums[(3 * i + j) * 4 + a] += weighted * place[a] }
                }
            }
        }
        let moves = parameters.moves
        return (0..<12).map { row in
            (0..<12).map { column in
                var sum = 0.0
                for i in 0..<3 {
                    for j in 0..<3 {
                        let part = i <= j ? 3 * i + j : 3 * j + i
                        for a in 0..<4 where moves[row][i][a] != 0 {
                            for b in 0..<4 where moves[column][j][b] != 0 {
                                sum += moves[row][i][a] * moves[column][j][b] * sums[part * 4 + a][b]
                            }
                        }
                    }
                }
                return sum
            }
        }
    }

    /// Sums over the points, seen through a pose.
    private struct Sums {
        var squares = 0.0
        var area = 0.0
        /// Differences times slopes, and those times x, y, z.
        var pulls = [SIMD4<Double>](repeating: .zero, count: 4)
    }

    /// `map` leads from mm to voxels of `seen`.
    private func sums(of seen: ChannelImage, through map: Affine) -> Sums {
        let columns = (0..<4).map { column in
            SIMD4(Float(map[0, column]), Float(map[1, column]), Float(map[2, column]), 0)
        }
        let chunk = 256
        let chunks = (points.count + chunk - 1) / chunk
        let parts = UnsafeMutablePointer<Sums>.allocate(capacity: max(1, chunks))
        parts.initialize(repeating: Sums(), count: chunks)
        defer {
            parts.deinitialize(count: chunks)
            parts.deallocate()
        }
        let (groups, cover) = (groups, cover)
        inParallel(chunks) { [self] part in
            let there = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: groups)
            defer { there.deallocate() }
            var (squares, area) = (Float(0), Float(0))
            var (p0, p1, p2, p3) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
            points.withUnsafeBufferPointer { points in
                for number in (part &* chunk)..<min((part &+ 1) &* chunk, points.count) {
                    let point = points[number]
                    let place = columns[0] * point[0] + columns[1] * point[1] + columns[2] * point[2] + columns[3]
                    seen.sample(at: place, into: there)
                    let covered = there[cover / 4][cover % 4]
                    guard covered > 0 else { continue }
                    let target = targets.values + number &* groups
                    let slope = slopes.values + 3 &* number &* groups
                    var (square, a, b, c) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
                    for group in 0..<groups {
                        let difference = there[group] - target[group] * covered
                        square += difference * difference
                        a += slope[group] * difference
                        b += slope[groups &+ group] * difference
                        c += slope[2 &* groups &+ group] * difference
                    }
                    let weight = point[3]
                    squares += square.sum() * weight
                    area += covered * weight
                    let pull = SIMD4(a.sum(), b.sum(), c.sum(), 0) * weight
                    p0 += pull
                    p1 += pull * point[0]
                    p2 += pull * point[1]
                    p3 += pull * point[2]
                }
            }
            parts[part] = Sums(
                squares: Double(squares), area: Double(area),
                pulls: [p0, p1, p2, p3].map { SIMD4(Double($0[0]), Double($0[1]), Double($0[2]), 0) })
        }
        return (0..<chunks).reduce(into: Sums()) { sum, part in
            sum.squares += parts[part].squares
            sum.area += parts[part].area
            for place in 0..<4 { sum.pulls[place] += parts[part].pulls[place] }
        }
    }

    /// Descriptors times how much of each voxel is covered, and the cover after them, with a border of nothing one voxel
    /// wide.
    private func bordered(_ described: ChannelImage, _ inside: [Float]) -> ChannelImage {
        let sizes = described.sizes
        let result = ChannelImage(sizes: sizes.map { $0 + 2 }, channels: cover + 1)
        let (from, to) = (described.groups, result.groups)
        for x in 0..<sizes[0] {
            for y in 0..<sizes[1] {
                var source = (x &* sizes[1] &+ y) &* sizes[2]
                var target = result.values + (((x &+ 1) &* (sizes[1] &+ 2) &+ y &+ 1) &* (sizes[2] &+ 2) &+ 1) &* to
                for _ in 0..<sizes[2] {
                    let covered = inside[source]
                    for group in 0..<from { target[group] = described.values[source &* from &+ group] * covered }
                    target[cover / 4][cover % 4] = covered
                    source &+= 1
                    target += to
                }
            }
        }
        return result
    }

    /// Steps from `begin` and gives the best pose met. What `mask` of the moving image does not leave counts as not covered.
    func run(
        moving: FramedImage, within mask: FramedImage? = nil, describe: (FramedImage) throws -> ChannelImage, from begin: Pose,
        _ steps: AffineSteps
    ) throws -> Pose {
        let start = begin.pose
        // The moving image is brought over by the start first, so that descriptors are taken along the fixed image's
        // axes, with a margin, so that the map can look beyond the field of view.
        let sizes = fixed.shape.enumerated().map { axis, size in
            size + 2 * Int((Double(size) * steps.margin).rounded(.up)) + (axis == fixed.thickAxis ? 4 : 0)
        }
        let seen = try moving.seen(through: start, sizes, fixed.spacing)
        var inside = try moving.cover(through: start, sizes, fixed.spacing, within: mask)
        if steps.reach != [0, 0, 0] {
            let outside = try aten(
                "max_pool3d", .tensor(Tensor(inside, shape: [1] + sizes).negated()), .ints(steps.reach.map { 2 * $0 + 1 }), [1, 1, 1],
                .ints(steps.reach))
            inside = try outside.negated().floats()
        }
        let channels = bordered(try describe(seen), inside)
        // From mm to voxels of the bordered image.
        let toVoxels = Affine(
            scale: fixed.spacing.map { 1 / $0 }, translation: sizes.map { Double($0 - 1) / 2 + 1 })
        let (count, isFree, prior) = (steps.parameters, steps.isFree, steps.prior)
        let weights = isFree ? [Double](repeating: 0, count: 12) : parameters.prior
        var holds = doubts
        // What the first look finds.
        var (misfit, first) = (0.0, 0.0)
        let turn = start.linear

        var pose = Affine.identity
        var sum = [Double](repeating: 0, count: 12)
        var best: (loss: Double, pose: Affine, sum: [Double]) = (.infinity, pose, sum)
        var system: (matrix: [[Double]], right: [Double], firmness: Double) = ([], [], 0)
        var damping = 1e-3
        let finest = fixed.finest
        for step in 0...steps.count {
            let found = sums(of: channels, through: toVoxels * pose)
            let area = found.area
            let shift = zip(start.translation, turn(pose.translation)).map { $0 + $1 }
            let wish = prior?.nearest(to: shift)
            if step == 0 {
                (misfit, first) = (found.squares / (area + 1e-3 * total), area)
                holds = doubts.map { $0 * misfit }
            }
            // In the last steps, what leaves the moving image fits no better than the mean did.
            let lost = isFree ? max(0, first - area) : 0
            let moved = zip(begin.moved, sum).map { $0 + $1 }
            let loss = (found.squares + misfit * lost) / (area + lost + 1e-3 * total) + 0.2 * max(0, steps.overlap - area / total) + (wish?.cost ?? 0)
                + zip(weights, sum).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
                + zip(holds, moved).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
            if loss < best.loss {
                best = (loss, pose, sum)
                damping = max(1e-4, damping / 4)
                let share = area / total / (area + 1e-3 * total)
                system.matrix = (0..<count).map { row in (0..<count).map { normal[row][$0] * share } }
                system.firmness = (0..<count).reduce(0) { max($0, system.matrix[$1][$1]) }
                system.right = (0..<count).map { parameters.answer($0, found.pulls) / (area + 1e-3 * total) + weights[$0] * sum[$0] + holds[$0] * moved[$0] }
                if let prior, let wish {
                    // The shift is counted along the start's axes.
                    let away = zip(shift, wish.anchor).map { $0 - $1 }
                    for row in 0..<3 {
                        system.right[row] += prior.weight * zip(turn.column(row), away).reduce(0) { $0 + $1.0 * $1.1 }
                        system.matrix[row][row] += prior.weight
                    }
                }
                for row in 0..<count { system.matrix[row][row] += weights[row] + holds[row] }
            } else {
                // Back to the best, and more carefully from there.
                damping *= 16
                (pose, sum) = (best.pose, best.sum)
            }
            if step == steps.count || damping > 1e3 { break }
            var matrix = system.matrix
            for row in 0..<count { matrix[row][row] *= 1 + damping }
            let change = solved(matrix, system.right, firmness: system.firmness)
            let length = change.reduce(0) { max($0, abs($1)) }
            // No further than two voxels at once: beyond that the gradients mean nothing.
            let factor = length > 2 * finest ? 2 * finest / length : 1
            var small = [Double](repeating: 0, count: 12)
            for row in 0..<count { small[row] = -factor * change[row] }
            pose = pose * parameters.map(small)
            for row in 0..<count { sum[row] += small[row] }
            if length < 0.01 * finest { break }
        }
        return Pose(loss: best.loss, pose: start * best.pose, moved: zip(begin.moved, best.sum).map { $0 + $1 })
    }
}
