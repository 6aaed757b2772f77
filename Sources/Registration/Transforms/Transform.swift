import Base
import Foundation
import Tensors
import Volumes

/// A map of points from the world of a fixed volume to the world of a moving one, with both grids.
///
/// A point x (mm, RAS+) goes to `affine(x + displacement(x))`. To bring the moving volume onto the fixed grid, every
/// fixed voxel takes the moving value at the place that its own position maps to: `warp(volume, transform)`.
public final class Transform {
    public enum Kind: String, CaseIterable, Sendable {
        case rigid, affine, deformable
        /// Read from a file of another program, or composed.
        case composed
    }

    public let kind: Kind
    /// The grid that volumes are warped onto.
    public let fixed: Grid
    /// The grid of the volumes that can be warped.
    public let moving: Grid
    /// World to world (mm, RAS+), applied after the displacement.
    public let affine: Affine
    /// Displacement in mm (RAS+ components) on the fixed grid, shape [3, X, Y, Z]; nil when there is none.
    public let displacement: Tensor?
    /// How alike the two images are before and after (`SimilarityMeasure`), where they were known.
    public let similarity: (before: Double, after: Double)?
    /// Seconds that finding the transform took; nil when it was read or composed.
    public let seconds: Double?

    private var knownFolding: Double?

    /// Throws code `grid` unless the displacement has shape [3, X, Y, Z] of the fixed grid.
    public init(
        kind: Kind, fixed: Grid, moving: Grid, affine: Affine = .identity, displacement: Tensor? = nil,
        similarity: (before: Double, after: Double)? = nil, seconds: Double? = nil
    ) throws {
        if let displacement, displacement.shape != [3] + fixed.shape {
            throw Failure(
                "grid", "a displacement must have shape \([3] + fixed.shape), one vector a voxel of the fixed grid, but has \(displacement.shape)")
        }
        self.kind = kind
        self.fixed = fixed
        self.moving = moving
        self.affine = affine
        self.displacement = displacement
        self.similarity = similarity
        self.seconds = seconds
    }

    /// The transform that leaves every point where it is.
    public static func identity(fixed: Grid, moving: Grid) throws -> Transform {
        try Transform(kind: .rigid, fixed: fixed, moving: moving)
    }

    /// The same transform, between grids that are laid out as those of two volumes are.
    public func laidOut(moving: Grid?, fixed: Grid?) throws -> Transform {
        try Transform(
            kind: kind, fixed: self.fixed.taking(layoutOf: fixed), moving: self.moving.taking(layoutOf: moving), affine: affine,
            displacement: displacement, similarity: similarity, seconds: seconds)
    }

    /// Fraction of the fixed grid's voxels where the map turns space inside out; worked out at first use.
    public func folding() throws -> Double {
        if let knownFolding { return knownFolding }
        let fraction = try foldingFraction(of: self)
        knownFolding = fraction
        return fraction
    }

    /// Throws code `grid` unless `grid` is the moving grid. `call` is how the caller was asked, for the help line.
    func requireMoving(_ grid: Grid, call: String) throws {
        guard let difference = grid.difference(from: moving) else { return }
        if grid.isSame(as: fixed) {
            throw Failure(
                "grid",
                "\(call) takes a volume on the moving grid of the transform, but this one lies on the fixed grid: the transform goes the other way",
                help: "register the other way round, register(fixed, onto: moving), or use inverse(transform)")
        }
        throw Failure(
            "grid",
            "\(call) takes a volume on the moving grid of the transform, but this one lies on another grid: \(difference)",
            help: "the transform carries volumes on \(describe(moving)) onto \(describe(fixed)); bring the volume there first: resample(volume, like: moving)")
    }
}

/// A grid in a few words: `35×51×35 voxels of 1×1×1 mm`.
public func describe(_ grid: Grid) -> String {
    let sizes = grid.shape.map(String.init).joined(separator: "×")
    let spacing = grid.spacing.map { String(format: "%.3g", $0) }.joined(separator: "×")
    return "\(sizes) voxels of \(spacing) mm"
}
