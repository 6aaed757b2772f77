import Base
import Foundation
import Tensors

/// Where the voxels of a volume lie in space: how many along each axis, and the map from voxel indices [i, j, k] to
/// world coordinates in millimetres (x to the right, y to the front, z up: RAS+, as in NIfTI).
public struct Grid: Equatable, Sendable {
    /// Voxels along each of the three axes.
    public private(set) var shape: [Int]
    /// Voxel index to world position (mm, RAS+); index [0, 0, 0] is the centre of the first voxel.
    public private(set) var affine: Affine
    /// World position to voxel index.
    public private(set) var inverse: Affine
    /// How the file that the grid comes from orders its voxels; nil where it comes from none. It travels with the grid: what
    /// is brought onto a volume is written as that volume's file is.
    public var layout: FileLayout?
    /// The map from this world to the one in which ITK sees the same voxels (both in mm, RAS+), where the header that the
    /// grid comes from means another place to ITK; nil where they are one. Transforms that ITK made live in its world.
    public var itkFrame: Affine?
    /// Why there is an `itkFrame`; known right after reading.
    var itkDifference: ITKFrame.Difference?

    /// Throws code `grid` unless there are three sizes of at least 1 and the affine is finite and can be inverted.
    public init(shape: [Int], affine: Affine, itkFrame: Affine? = nil) throws {
        guard shape.count == 3, shape.allSatisfy({ $0 >= 1 }) else {
            throw Failure("grid", "a grid must have three sizes of at least 1, but has \(shape)")
        }
        guard affine.isFinite else {
            throw Failure("grid", "a grid's affine must hold finite numbers, but is \(affine.rows)", argument: "affine")
        }
        guard let inverse = affine.inverse else {
            throw Failure(
                "grid", "a grid's affine must be invertible, but its axes do not span space: \(affine.rows)",
                help: "check the spacing and the direction of the axes")
        }
        self.shape = shape
        self.affine = affine
        self.inverse = inverse
        self.itkFrame = itkFrame
    }

    /// Puts the voxels elsewhere; all else that is known of them stays.
    mutating func place(shape: [Int], affine: Affine) throws {
        let placed = try Grid(shape: shape, affine: affine)
        (self.shape, self.affine, inverse) = (shape, affine, placed.inverse)
    }

    /// A grid with its axes along the world's, the first voxel at `origin`.
    public init(shape: [Int], spacing: [Double] = [1, 1, 1], origin: [Double] = [0, 0, 0]) throws {
        guard spacing.count == 3, spacing.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw Failure("grid", "spacing must be three positive numbers (mm), but is \(spacing)", argument: "spacing")
        }
        guard origin.count == 3 else {
            throw Failure("grid", "an origin must be three numbers (mm), but is \(origin)", argument: "origin")
        }
        try self.init(shape: shape, affine: Affine(scale: spacing, translation: origin))
    }

    /// Distance between neighbouring voxels along each voxel axis, in mm.
    public var spacing: [Double] { (0..<3).map { affine.column($0).reduce(0) { $0 + $1 * $1 }.squareRoot() } }
    /// World position of the first voxel's centre, in mm.
    public var origin: [Double] { affine.translation }
    /// Three rows; column j is the unit vector along voxel axis j in world coordinates.
    public var direction: [[Double]] {
        let spacing = self.spacing
        return (0..<3).map { row in (0..<3).map { affine[row, $0] / spacing[$0] } }
    }
    /// The closest axis codes, such as `RAS`.
    public var orientation: Orientation { Orientation(of: affine) ?? .ras }
    /// True when the voxel axes stand at right angles.
    public var isOrthogonal: Bool {
        let direction = self.direction
        return [(0, 1), (0, 2), (1, 2)].allSatisfy { first, second in
            abs(direction.reduce(0) { $0 + $1[first] * $1[second] }) <= 1e-5
        }
    }
    /// The same voxels in ITK's world.
    public func inITKFrame() throws -> Grid {
        guard let itkFrame else { return self }
        var grid = self
        try grid.place(shape: shape, affine: itkFrame * affine)
        (grid.itkFrame, grid.itkDifference) = (nil, nil)
        return grid
    }
    /// Number of voxels.
    public var count: Int { shape.reduce(1, *) }

    /// World position (mm) of a voxel index, which may be fractional.
    public func world(of voxel: [Double]) -> [Double] { affine(voxel) }
    /// Voxel index (fractional) of a world position (mm).
    public func voxel(at world: [Double]) -> [Double] { inverse(world) }

    /// True when the shapes agree and no corner of the grid lies farther than `tolerance` voxels from the other's.
    /// The default forgives the rounding of headers that hold their orientation as a quaternion in single precision.
    public func isSame(as other: Grid, tolerance: Double = 0.01) -> Bool {
        guard shape == other.shape else { return false }
        let limit = tolerance * (spacing.min() ?? 1)
        for corner in 0..<8 {
            let index = (0..<3).map { corner >> $0 & 1 == 0 ? 0 : Double(shape[$0] - 1) }
            let distance = zip(world(of: index), other.world(of: index)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            if distance.squareRoot() > limit { return false }
        }
        return true
    }

    /// How two grids differ, in words: `shape [35, 51, 35] and [36, 50, 34]`; nil when they are the same.
    public func difference(from other: Grid) -> String? {
        func rounded(_ numbers: [Double]) -> String {
            "[" + numbers.map { String(format: "%.3g", $0) }.joined(separator: ", ") + "]"
        }
        if isSame(as: other) { return nil }
        if shape != other.shape { return "shape \(shape) and \(other.shape)" }
        if zip(spacing, other.spacing).contains(where: { abs($0 - $1) > 1e-3 * $0 }) {
            return "spacing \(rounded(spacing)) mm and \(rounded(other.spacing)) mm"
        }
        if orientation != other.orientation { return "orientation \(orientation.codes) and \(other.orientation.codes)" }
        return "origin \(rounded(origin)) mm and \(rounded(other.origin)) mm"
    }

    /// The grid of the part that starts at `start` (which may lie outside), takes every `steps`-th voxel along each axis,
    /// backwards where that is negative, and has another shape.
    public func part(start: [Int], steps: [Int] = [1, 1, 1], shape: [Int]) throws -> Grid {
        let columns = (0..<3).map { axis in affine.column(axis).map { $0 * Double(steps[axis]) } }
        var grid = self
        try grid.place(shape: shape, affine: Affine(columns: columns, translation: world(of: start.map(Double.init))))
        let order = FileLayout(axes: (0..<3).map { FileLayout.Axis($0, isReversed: steps[$0] < 0) })
        grid.layout = layout?.turned(by: order)
        return grid
    }

    /// The grid over the same field of view (the outer faces of the first voxels stay) with another spacing in mm.
    public func with(spacing wanted: [Double]) throws -> Grid {
        guard wanted.count == 3, wanted.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw Failure("grid", "spacing must be three positive numbers (mm), but is \(wanted)", argument: "spacing")
        }
        let sizes = zip(zip(shape, spacing), wanted).map { (Double($0.0) * $0.1 / $1).rounded() }
        guard sizes.allSatisfy({ $0 < 1e9 }) else {
            throw Failure("grid", "spacing must give a grid that fits in memory, but \(wanted) mm does not", argument: "spacing")
        }
        return try with(spacing: wanted, shape: sizes.map { max(1, Int($0)) })
    }

    /// The grid over the same field of view with another number of voxels.
    public func with(shape wanted: [Int]) throws -> Grid {
        guard wanted.count == 3, wanted.allSatisfy({ $0 >= 1 }) else {
            throw Failure("grid", "a grid must have three sizes of at least 1, but is to have \(wanted)", argument: "shape")
        }
        return try with(spacing: (0..<3).map { spacing[$0] * Double(shape[$0]) / Double(wanted[$0]) }, shape: wanted)
    }

    /// The same voxels with another spacing in mm, where the header's is wrong: the first voxel's place, the directions and
    /// the layout of the file stay.
    public func respaced(_ wanted: [Double]) throws -> Grid {
        let ratio = zip(try Grid(shape: shape, spacing: wanted).spacing, spacing).map { $0 / $1 }
        let columns = (0..<3).map { axis in affine.column(axis).map { $0 * ratio[axis] } }
        var grid = self
        try grid.place(shape: shape, affine: Affine(columns: columns, translation: origin))
        grid.itkFrame = nil
        return grid
    }

    private func with(spacing wanted: [Double], shape: [Int]) throws -> Grid {
        let ratio = zip(wanted, spacing).map { $0 / $1 }
        let columns = (0..<3).map { axis in affine.column(axis).map { $0 * ratio[axis] } }
        let origin = world(of: ratio.map { ($0 - 1) / 2 })
        var grid = self
        try grid.place(shape: shape, affine: Affine(columns: columns, translation: origin))
        return grid
    }
}
