import Foundation
import Volumes

/// How the voxel axes of a moving image are laid along those of a fixed one, before anything is compared.
///
/// Which way the two point is asked of them alone, not of the world: of two oblique stacks, one may be nearer to sagittal
/// and the other to coronal, while their own axes are a few degrees apart. Slices are laid upon slices.
struct WorkingAxes {
    /// What the moving image is turned to. Its axes keep the handedness that the headers state.
    let orientation: Orientation
    /// Ways to lay its axes so turned along the fixed image's, as maps between the frames, the likeliest first; a second
    /// one, with the other end of the stack up, where headers leave open which is the same end.
    let ends: [Affine]

    /// Stacks whose axes are stated to be further apart than this (radians) may be of either end.
    private static let open = 70 * Double.pi / 180

    init(fixed: Grid, moving: Grid) {
        guard let still = fixed.affine.rotation, let other = moving.affine.rotation else {
            (orientation, ends) = (fixed.orientation, [.identity])
            return
        }
        // How far moving axis b points along fixed axis a.
        let along = (0..<3).map { a in (0..<3).map { b in (0..<3).reduce(0) { $0 + still[$1][a] * other[$1][b] } } }
        let isMirrored = Affine(columns: (0..<3).map { b in along.map { $0[b] } }, translation: [0, 0, 0]).determinant < 0
        let stacks = zipped(
            thickAxis(fixed.shape, fixed.spacing), thickAxis(moving.shape, moving.spacing))
        let candidates = Laying.all.filter { laying in
            laying.isMirrored == isMirrored && stacks.map { laying.axes[$0.0] == $0.1 } ?? true
        }
        func fit(_ laying: Laying) -> Double {
            (0..<3).reduce(0) { $0 + laying.signs[$1] * along[$1][laying.axes[$1]] }
        }
        func best(_ candidates: [Laying]) -> Laying? {
            candidates.reduce(nil) { $0.map(fit) ?? -.infinity < fit($1) - 1e-9 ? $1 : $0 }
        }
        guard let first = best(candidates) else {
            (orientation, ends) = (fixed.orientation, [.identity])
            return
        }
        let own = moving.orientation
        orientation = Orientation(axes: (0..<3).map { axis in
            var turned = own.axes[first.axes[axis]]
            if first.signs[axis] < 0 { turned.isReversed.toggle() }
            return turned
        })
        guard let stacks, abs(along[stacks.0][stacks.1]) < cos(Self.open),
            let second = best(candidates.filter { $0.signs[stacks.0] != first.signs[stacks.0] })
        else {
            ends = [.identity]
            return
        }
        ends = [.identity, Affine(
            columns: (0..<3).map { axis in
                (0..<3).map { row in
                    first.axes[row] == second.axes[axis] ? first.signs[row] * second.signs[axis] : 0
                }
            }, translation: [0, 0, 0])]
    }
}

/// One of the 48 ways to lay three axes along three others: for each of these, which lies along it, and which way it runs.
private struct Laying {
    var axes: [Int]
    var signs: [Double]
    var isMirrored: Bool

    static let all: [Laying] = {
        let orders: [(axes: [Int], isOdd: Bool)] = [
            ([0, 1, 2], false), ([0, 2, 1], true), ([1, 0, 2], true), ([1, 2, 0], false), ([2, 0, 1], false), ([2, 1, 0], true),
        ]
        return orders.flatMap { order in
            (0..<8).map { bits in
                let signs = (0..<3).map { bits >> $0 & 1 == 0 ? 1.0 : -1 }
                return Laying(axes: order.axes, signs: signs, isMirrored: order.isOdd != (signs.reduce(1, *) < 0))
            }
        }
    }()
}

private func zipped(_ a: Int?, _ b: Int?) -> (Int, Int)? {
    guard let a, let b else { return nil }
    return (a, b)
}
