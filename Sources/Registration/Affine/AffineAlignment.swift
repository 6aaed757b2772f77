import Foundation
import Tensors
import Volumes

/// The affine map between the frames of two images (mm from the centres of their fields of view), fixed to moving.
///
/// Starts (`AffineStarts.swift`) are refined as rigid maps at a coarse spacing, and the best with all parameters at a
/// finer one. The measure is the mean squared difference of descriptors over the overlap. In a stack of thick slices the
/// middle of the slices counts more: stacks are planned on an organ, and what lies around it differs from person to person.
struct AffineAlignment {
    let fixed: FramedImage
    let moving: FramedImage
    /// The map that the headers state, between the frames.
    let stated: Affine
    /// Ways to lay the moving image's own axes along the fixed one's, the likeliest first.
    let ends: [Affine]
    /// How much each voxel of the fixed image counts, between 0 and 1; nil: all the same.
    let mask: FramedImage?
    /// What of the moving image may lie over the fixed one, between 0 and 1; nil: all of it.
    let movingMask: FramedImage?
    /// mm from face to face of the whole fixed image, of which `fixed` may be a part.
    let extent: [Double]
    let options: RegistrationOptions

    /// Voxels of the coarse image that starts are searched on, and points that each step looks at.
    private static let voxels = 10_000.0
    private static let samples = 2_500.0

    var thickAxis: Int? { fixed.thickAxis }
    /// The part of the smaller field of view that the other should cover at least.
    var leastOverlap: Double { thickAxis == nil ? 0.4 : 0.6 }
    var isRigid: Bool { options.kind == .rigid }
    var descriptor: Descriptor { Descriptor(similarity: options.similarity, distance: 1, intensity: 0.1) }

    /// Half a typical radius: turns and stretches are counted in mm at this distance.
    private var lever: Double { extent.sorted().suffix(2).reduce(0, +) / 8 }

    private var evidence: Evidence { Evidence(fixed: fixed.shape, moving: moving.shape) }

    /// The best poses, best first: one, but up to three of a stack of thick slices, where a short look does not tell.
    func run() throws -> [Pose] {
        func spacing(for voxels: Double, over extent: [Double]) -> Double {
            let volume = extent.reduce(1, *)
            return thickAxis.map { sqrt(volume / (voxels * fixed.spacing[$0])) } ?? cbrt(volume / voxels)
        }
        let wanted = min(spacing(for: Self.voxels, over: extent), spacing(for: Self.voxels / 2.5, over: fixed.extent))
        let coarse = max(wanted, fixed.finest)
        let still = try fixed.averaged(to: coarse)
        let other = try moving.averaged(to: coarse)
        let features = try descriptor.alone(still)
        let importance = try weights(of: still)
        let rigid = try AffineRefinement(
            fixed: still, features: features, weights: importance, lever: lever, evidence: evidence, samples: Self.samples)
        // Starts are searched on smaller images yet.
        let afar = searchable(1.5 * coarse)
        let far = try fixed.averaged(to: afar)
        let begins = try starts(far, moving.averaged(to: afar), weights(of: far))
        try options.check()
        // A few steps tell which starts lead somewhere; the best go on.
        var rough = try mapInParallel(begins) { start in
            try rigid.run(
                moving: other, within: movingMask, describe: descriptor.alone, from: Pose(loss: .infinity, pose: start),
                AffineSteps(parameters: 6, count: 15, margin: 0.25, overlap: overlap(start), prior: prior(start.linear)))
        }
        rough.sort { $0.loss < $1.loss }
        var kept: [Pose] = []
        let most = thickAxis == nil ? 1 : 3
        for candidate in rough where candidate.loss < rough[0].loss * 1.2 && kept.count < most {
            if !kept.contains(where: { isNear($0.pose, candidate.pose) }) { kept.append(candidate) }
        }
        var found = try refined(kept, spacing: coarse / 1.4, samples: Self.samples, steps: 25, isLast: false)
        if options.kind != .deformable {
            found.sort { $0.loss < $1.loss }
            // Twice, because descriptors are taken along the axes that the pose before gave.
            for _ in 0..<2 {
                found = try refined(
                    Array(found.prefix(1)), spacing: fixed.spacing(forVoxels: 400_000), samples: 4 * Self.samples,
                    steps: 20, isLast: true)
            }
        }
        return found.sorted { $0.loss < $1.loss }
    }

    /// Poses after steps on an image of this spacing (mm). The last steps hold on to nothing but the images, and to what
    /// few voxels leave in doubt (`Evidence`).
    private func refined(_ poses: [Pose], spacing: Double, samples: Double, steps: Int, isLast: Bool) throws -> [Pose] {
        let still = try fixed.averaged(to: max(spacing, fixed.finest))
        let other = try moving.averaged(to: still.finest)
        // In the end the intensities tell most, and nothing that borders take part in.
        let descriptor = isLast
            ? Descriptor(similarity: options.similarity, distance: 1, intensity: 2, windows: [2]) : descriptor
        let reach = isLast ? still.shape.map { $0 > 12 ? 2 : 0 } : [0, 0, 0]
        let importance = try weights(of: still).multiplying(interior(still.shape, reach: reach))
        let refinement = try AffineRefinement(
            fixed: still, features: descriptor.fixed(still), weights: importance, lever: lever, evidence: evidence, samples: samples)
        try options.check()
        return try mapInParallel(poses) { pose in
            let brought = try other.seen(through: pose.pose, still.shape, still.spacing)
            let describe = try descriptor.moving(like: brought, over: still, weights: importance)
            return try refinement.run(
                moving: other, within: movingMask, describe: describe, from: pose,
                AffineSteps(
                    parameters: isRigid ? 6 : 12, count: steps, margin: 0.15, overlap: isLast ? 0 : overlap(pose.pose),
                    isFree: isLast, reach: reach))
        }
    }

    /// How much each voxel of an image on the fixed field of view counts, [X, Y, Z].
    private func weights(of image: FramedImage) throws -> Tensor {
        if let mask { return try average(mask.data.unsqueezed(0), to: image.shape).squeezed(0) }
        guard let thickAxis else { return try Tensor.ones(image.shape) }
        return try middleWeights(image.shape, axes: (0..<3).filter { $0 != thickAxis }).adding(0.05)
    }

    /// The part of the fixed field of view that the moving image should cover at least.
    private func overlap(_ start: Affine) throws -> Double {
        let parts = try parts()
        let there = moving.extent.reduce(1, *) * parts.moving / abs(start.determinant)
        return leastOverlap * min(1, there / (fixed.extent.reduce(1, *) * parts.fixed))
    }

    /// Which part of the two fields of view counts, where both have a mask.
    func parts() throws -> (fixed: Double, moving: Double) {
        guard let mask, let movingMask else { return (1, 1) }
        func part(_ mask: FramedImage) throws -> Double { try wholeMean(mask.data) }
        return (try part(mask), try part(movingMask))
    }

    /// Whether two poses are one but for a few mm.
    private func isNear(_ a: Affine, _ b: Affine) -> Bool {
        let corners = [[lever, 0, 0], [0, lever, 0], [0, 0, lever], [0, 0, 0]]
        return corners.allSatisfy { corner in
            zip(a(corner), b(corner)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } < lever * lever / 25
        }
    }
}
