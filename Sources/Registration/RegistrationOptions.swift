import Base
import Foundation
import Tensors
import Volumes

/// How `register` works. The defaults fit organs at 1 to 3 mm and stacks of thick slices alike.
public struct RegistrationOptions {
    public enum Kind: String, CaseIterable, Sendable {
        case rigid, affine, deformable
    }

    public var kind: Kind
    /// Weight of the displacement's smoothness; 1 is usual, larger values bend less.
    public var smoothness: Double
    /// Gauss-Newton steps that refine the displacement; 0 leaves the coarse search as it is.
    public var iterations: Int
    /// One of `similarities`.
    public var similarity: any Similarity
    /// On the fixed grid: where it is 0 the images are not compared.
    public var mask: Volume?
    /// On the moving grid: where it is 0 the moving image is not looked for in the fixed one. It finds the affine map and
    /// chooses among poses; the displacement is not told of it. With `mask` as well, what `mask` leaves is looked for within
    /// what this leaves.
    public var movingMask: Volume?
    /// Draws the turns that are tried as starts.
    public var seed: UInt64
    /// Gives a map that never folds, neither at voxels nor between them: it follows a stationary velocity.
    public var isInvertible: Bool
    /// Called between steps; what it throws ends the registration.
    public var check: () throws -> Void

    public init(
        kind: Kind = .deformable, smoothness: Double = 1, iterations: Int = 5,
        similarity: any Similarity = similarities[0], mask: Volume? = nil, movingMask: Volume? = nil, seed: UInt64 = 0, isInvertible: Bool = false,
        check: @escaping () throws -> Void = {}
    ) {
        self.kind = kind
        self.smoothness = smoothness
        self.iterations = iterations
        self.similarity = similarity
        self.mask = mask
        self.movingMask = movingMask
        self.seed = seed
        self.isInvertible = isInvertible
        self.check = check
    }

    /// Throws code `value` for numbers out of range, and `grid` for a mask on another grid than its volume, voxels of no
    /// usable size, and axes that a rigid map cannot have.
    func validate(fixed: Grid, moving: Grid) throws {
        guard smoothness > 0, smoothness <= 1e9 else {
            throw Failure(
                "value", "`smoothness` of register must be a finite number above 0, and 1e9 at most, but is \(smoothness)",
                help: "kind: \"affine\" bends nothing at all")
        }
        guard iterations >= 0 else {
            throw Failure("value", "`iterations` of register must be 0 or more, but is \(iterations)")
        }
        for (name, grid) in [("onto", fixed), ("moving", moving)] {
            for spacing in grid.spacing where !(1e-9...1e9).contains(spacing) {
                throw Failure(
                    "grid", "voxels of `\(name)` of register must be from 1e-9 to 1e9 mm apart, but are \(spacing) mm apart",
                    help: "volume(v.data, spacing: [1.0, 1.0, 1.0]) states other distances")
            }
            if kind == .rigid { try Self.checkAngles(grid, name) }
        }
        try Self.check(mask, "mask", lies: "onto", fixed)
        try Self.check(movingMask, "moving_mask", lies: "moving", moving)
    }

    /// A rigid map of sheared axes would not be rigid in space. Rounding in a header is let pass.
    private static func checkAngles(_ grid: Grid, _ name: String) throws {
        let spacing = grid.spacing
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let product = zip(grid.affine.column(a), grid.affine.column(b)).reduce(0) { $0 + $1.0 * $1.1 }
            let cosine = product / (spacing[a] * spacing[b])
            guard abs(cosine) > 1e-3 else { continue }
            let degrees = String(format: "%.1f", acos(min(1, max(-1, cosine))) * 180 / .pi)
            throw Failure(
                "grid",
                "axes of `\(name)` of register must stand at right angles for kind \"rigid\", but axes \(a) and \(b) stand at \(degrees)°",
                help: "resample the volume onto a grid that is not sheared, or ask for kind: \"affine\"")
        }
    }

    private static func check(_ mask: Volume?, _ name: String, lies volume: String, _ grid: Grid) throws {
        guard let mask, !mask.grid.isSame(as: grid) || mask.data.rank != 3 else { return }
        throw Failure(
            "grid",
            "`\(name)` of register must lie on the grid of `\(volume)`, \(describe(grid)), but lies on \(describe(mask.grid))",
            help: "the mask tells where that volume counts; bring it there with resample(mask, like: \(volume), mode: \"nearest\")")
    }
}
