import Foundation
import Tensors
import Volumes

/// The affine map between the frames of two images (mm from the centres of their fields of view), fixed to moving.
///
/// Starts: the images' own world positions, their centres laid over each other, and the best shift of a search over all
/// of them; stacks of thick slices also try turns within the slice plane, because their planes are chosen by hand.
/// Starts are refined as rigid maps at a coarse spacing, and the best one with all parameters at a finer one. The
/// measure is the mean squared difference of self-similarity and intensity over the overlap.
struct AffineAlignment {
    let fixed: FramedImage
    let moving: FramedImage
    /// The map that the headers state, between the frames.
    let stated: Affine
    let isRigid: Bool
    let check: () throws -> Void

    private static let overlap = 0.6
    /// Voxels of the coarse image that starts are searched on, and points that each step looks at.
    private static let voxels = 10_000.0
    private static let samples = 2_500.0
    private static let turns: [Double] = [0, -90, -60, -30, 30, 60, 90]

    private var thickAxis: Int? { fixed.thickAxis }

    /// Half a typical radius: turns and stretches are counted in mm at this distance.
    private var lever: Double { fixed.extent.sorted().suffix(2).reduce(0, +) / 8 }

    func run() throws -> Affine {
        let volume = fixed.extent.reduce(1, *)
        let wanted = thickAxis.map { sqrt(volume / (Self.voxels * fixed.spacing[$0])) } ?? cbrt(volume / Self.voxels)
        let coarse = max(wanted, fixed.spacing.min() ?? 1)
        let still = try fixed.averaged(to: coarse)
        let other = try moving.averaged(to: coarse)
        let features = try describe(still)
        let rigid = try AffineRefinement(fixed: still, features: features, lever: lever, samples: Self.samples)
        // A few steps tell which start leads somewhere; the best goes on.
        var rough: (loss: Double, pose: Affine) = (.infinity, stated)
        for start in try starts(still, other, features) {
            let found = try rigid.run(
                moving: other, describe: describe, from: start, parameters: 6, steps: 15, margin: 0.25,
                overlap: overlap(start), pull: pull(start.linear), check: check)
            if found.loss < rough.loss { rough = found }
        }
        let fine = max(coarse / 1.4, fixed.spacing.min() ?? 1)
        let sharp = try fixed.averaged(to: fine)
        return try AffineRefinement(fixed: sharp, features: describe(sharp), lever: lever, samples: Self.samples).run(
            moving: moving.averaged(to: fine), describe: describe, from: rough.pose, parameters: isRigid ? 6 : 12, steps: 25,
            margin: 0.15, overlap: overlap(rough.pose), pull: nil, check: check
        ).pose
    }

    /// The part of the fixed field of view that the moving image should cover at least.
    private func overlap(_ start: Affine) -> Double {
        Self.overlap * min(1, moving.extent.reduce(1, *) / abs(start.determinant) / fixed.extent.reduce(1, *))
    }

    private func describe(_ image: FramedImage) throws -> Tensor {
        try image.descriptors(distance: 1, radius: 1, intensity: 0.1)
    }

    // MARK: Starts

    /// Far shifts must earn their place: 0.4 for a shift as long as the field of view, counted from the nearer of the
    /// centres laid over each other and the stated position.
    private func pull(_ base: Affine) -> AffineRefinement.Pull {
        let reach = thickAxis.map { axis in (0..<3).filter { $0 != axis }.map { fixed.extent[$0] }.min() ?? 1 }
            ?? (fixed.extent.min() ?? 1)
        var anchors = [[0.0, 0, 0]]
        if let inverse = base.inverse {
            let anchor = inverse.linear(stated.translation).map { -$0 }
            if anchor.allSatisfy({ abs($0) < reach / 2 }) { anchors.append(stated.translation) }
        }
        return AffineRefinement.Pull(weight: 0.4 / (reach * reach), anchors: anchors)
    }

    private func starts(_ still: FramedImage, _ other: FramedImage, _ features: Tensor) throws -> [Affine] {
        var bases: [Affine] = []
        if let axis = thickAxis {
            // Slices are taken to cover the organ from end to end in both stacks.
            var scale = [1.0, 1.0, 1.0]
            if !isRigid { scale[axis] = moving.extent[axis] / fixed.extent[axis] }
            bases = Self.turns.map { rotation($0, about: axis) * Affine(scale: scale) }
        } else {
            bases = [stated.linear]
            let trace = (0..<3).reduce(0) { $0 + stated[$1, $1] }
            if trace < 1 + 2 * cos(5 * Double.pi / 180) { bases.append(.identity) }
        }
        var found: [(score: Double, pose: Affine)] = []
        for (place, base) in bases.enumerated() {
            try check()
            guard let inverse = base.inverse else { continue }
            let extent = (0..<3).map { axis in
                (0..<3).reduce(0) { $0 + abs(inverse[axis, $1]) * moving.extent[$1] }
            }
            let sizes = (0..<3).map { max(1, Int((extent[$0] / still.spacing[$0]).rounded())) }
            let turned = try other.seen(through: base, sizes, still.spacing)
            let turnedFeatures = try describe(turned)
            let (shift, score) = try searchTranslation(
                fixed: features, moving: turnedFeatures, spacing: still.spacing, overlap: Self.overlap
            ) { shifts in
                let wish = pull(base.linear)
                let costs = try wish.anchors.map { anchor -> Tensor in
                    let wanted = inverse.linear(anchor).map { -$0 }
                    let squares = try (0..<3).map { try aten("square", .tensor(shifts[$0].subtracting(wanted[$0]))) }
                    return try squares[0].adding(squares[1]).adding(squares[2])
                }
                let nearest = try costs.dropFirst().reduce(costs[0]) { try aten("minimum", .tensor($0), .tensor($1)) }
                return try nearest.multiplying(wish.weight)
            }
            let turn = thickAxis == nil ? 0 : Self.turns[place] / 30
            found.append((score + 5e-4 * turn * turn, base * Affine(scale: [1, 1, 1], translation: shift.map { -$0 })))
        }
        found.sort { $0.score < $1.score }
        let near = thickAxis == nil && !isFar(stated) ? stated : bases[0]
        return [near] + found.prefix(thickAxis == nil ? 2 : 4).map(\.pose)
    }

    private func isFar(_ pose: Affine) -> Bool {
        zip(pose.translation, moving.extent).contains { abs($0) > $1 / 2 }
    }

    private func rotation(_ degrees: Double, about axis: Int) -> Affine {
        let angle = degrees * Double.pi / 180
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
        var columns = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]
        (columns[u][u], columns[u][v]) = (cos(angle), sin(angle))
        (columns[v][u], columns[v][v]) = (-sin(angle), cos(angle))
        return Affine(columns: columns, translation: [0, 0, 0])
    }
}
