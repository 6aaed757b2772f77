import Base
import Foundation
import Tensors

/// Distances between the surfaces of two masks: for each surface voxel of one, the distance to the nearest surface
/// voxel of the other. Definitions of medpy (`medpy.metric.binary`): surfaces by erosion with connectivity 1, distances
/// between voxel centres times `spacing` (mm; voxels when all are 1), or in the world of a grid, whose axes need not stand
/// at right angles.
///
/// Every summary is NaN when one of the masks is empty: there is no surface to measure from or to.
public struct SurfaceDistances {
    /// From each surface voxel of the first mask to the second mask's surface.
    public let there: [Double]
    /// From each surface voxel of the second mask to the first mask's surface.
    public let back: [Double]

    /// Masks of one shape, of one to three dimensions; every nonzero element belongs to the mask.
    public init(_ first: Tensor, _ second: Tensor, spacing: [Double]? = nil) throws {
        let (a, b) = try maskPair(first, second)
        try self.init(a, b, rank: first.rank, shape: first.shape, spacing: spacing)
    }

    /// Masks on a grid: distances in mm, by its affine where its axes are sheared.
    public init(_ first: Tensor, _ second: Tensor, grid: Grid) throws {
        let (a, b) = try maskPair(first, second)
        try self.init(a, b, rank: first.rank, shape: first.shape, spacing: grid.spacing, affine: grid.isOrthogonal ? nil : grid.affine)
    }

    /// `affine` takes the place of `spacing` where there is one, for masks of three dimensions.
    init(_ first: [Bool], _ second: [Bool], rank: Int, shape: [Int], spacing: [Double]?, affine: Affine? = nil) throws {
        guard (1...3).contains(rank) else {
            throw Failure(
                "shape", "masks for surface distances must have 1 to 3 dimensions, but have shape \(shape)",
                help: "choose one channel or time first")
        }
        let spacing = spacing ?? [Double](repeating: 1, count: rank)
        guard spacing.count == rank, spacing.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw Failure(
                "value", "`spacing` must be \(rank) positive numbers for masks of shape \(shape), but is \(spacing)")
        }
        let missing = 3 - rank
        let fullShape = [Int](repeating: 1, count: missing) + shape
        let fullSpacing = [Double](repeating: 1, count: missing) + spacing
        // Nothing outside the box around both masks can be a surface voxel, and distances never leave it.
        guard first.contains(true), second.contains(true),
            let box = boundingBox(first, second, shape: fullShape)
        else {
            there = []
            back = []
            return
        }
        let boxShape = zip(box.end, box.start).map { $0 - $1 }
        let a = Mask(bits: cut(first, fullShape, box), shape: boxShape, rank: rank).surface()
        let b = Mask(bits: cut(second, fullShape, box), shape: boxShape, rank: rank).surface()
        if let affine, rank == 3 {
            let (here, other) = (places(of: a, shape: boxShape, affine), places(of: b, shape: boxShape, affine))
            there = try NearestPoints(other).distances(from: here)
            back = try NearestPoints(here).distances(from: other)
            return
        }
        func distances(from surface: [Bool], to other: [Bool]) throws -> [Double] {
            let squared = try squaredDistances(to: other, shape: boxShape, spacing: fullSpacing)
            return zip(surface, squared).compactMap { $0 ? $1.squareRoot() : nil }
        }
        there = try distances(from: a, to: b)
        back = try distances(from: b, to: a)
    }

    private func mean(_ numbers: [Double]) -> Double {
        numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
    }

    /// The largest distance either way (Hausdorff distance).
    public var hausdorff: Double { max(there.max() ?? .nan, back.max() ?? .nan) }
    /// The 95th percentile of the distances both ways together, linear between ranks as NumPy's default.
    public var hausdorff95: Double { percentile(there + back, 95) }
    /// Mean distance from the first surface to the second.
    public var averageDistance: Double { mean(there) }
    /// Mean of the distances both ways together.
    public var averageSymmetricDistance: Double { mean(there + back) }
}

/// The value below which `percent` of the numbers lie, linear between ranks (NumPy's default); NaN for none.
func percentile(_ numbers: [Double], _ percent: Double) -> Double {
    guard !numbers.isEmpty else { return .nan }
    let sorted = numbers.sorted()
    let rank = percent / 100 * Double(sorted.count - 1)
    let below = min(max(0, Int(rank.rounded(.down))), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (rank - Double(below))
}

/// Two tensors of one shape as masks of their nonzero elements.
func maskPair(_ first: Tensor, _ second: Tensor) throws -> ([Bool], [Bool]) {
    guard first.shape == second.shape else {
        throw Failure(
            "shape", "two masks must have one shape, but have \(first.shape) and \(second.shape)",
            help: "bring one onto the grid of the other with resample(labels, like: other)")
    }
    return (try first.detached().bools(), try second.detached().bools())
}

/// Where the set voxels lie in the world, but for a shift that is the same for all of a box.
private func places(of bits: [Bool], shape: [Int], _ affine: Affine) -> [SIMD3<Double>] {
    let axes = (0..<3).map { axis in SIMD3(affine.column(axis)[0], affine.column(axis)[1], affine.column(axis)[2]) }
    var found: [SIMD3<Double>] = []
    for i in 0..<shape[0] {
        for j in 0..<shape[1] {
            let row = (i * shape[1] + j) * shape[2]
            for k in 0..<shape[2] where bits[row + k] { found.append(Double(i) * axes[0] + Double(j) * axes[1] + Double(k) * axes[2]) }
        }
    }
    return found
}

struct Box {
    var start: [Int]
    var end: [Int]
}

/// The smallest box that holds every set voxel of both masks; nil when there is none.
func boundingBox(_ first: [Bool], _ second: [Bool], shape: [Int]) -> Box? {
    var box = Box(start: shape, end: [0, 0, 0])
    let (a, b, c) = (shape[0], shape[1], shape[2])
    first.withUnsafeBufferPointer { first in
        second.withUnsafeBufferPointer { second in
            for i in 0..<a {
                for j in 0..<b {
                    let row = (i * b + j) * c
                    var low = 0
                    while low < c, !first[row + low], !second[row + low] { low += 1 }
                    guard low < c else { continue }
                    var high = c - 1
                    while !first[row + high], !second[row + high] { high -= 1 }
                    box.start = [min(box.start[0], i), min(box.start[1], j), min(box.start[2], low)]
                    box.end = [max(box.end[0], i + 1), max(box.end[1], j + 1), max(box.end[2], high + 1)]
                }
            }
        }
    }
    return box.end[0] > 0 ? box : nil
}

private func cut(_ bits: [Bool], _ shape: [Int], _ box: Box) -> [Bool] {
    var result: [Bool] = []
    result.reserveCapacity((0..<3).reduce(1) { $0 * (box.end[$1] - box.start[$1]) })
    for i in box.start[0]..<box.end[0] {
        for j in box.start[1]..<box.end[1] {
            let row = (i * shape[1] + j) * shape[2]
            result += bits[(row + box.start[2])..<(row + box.end[2])]
        }
    }
    return result
}
