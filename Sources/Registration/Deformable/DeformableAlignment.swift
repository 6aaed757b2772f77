import Base
import Tensors
import Volumes

/// The displacement on top of an affine pose, and the pose it goes with when there are several: that whose descriptors
/// agree best with the least bending once both are in place.
struct DeformableAlignment {
    let fixed: FramedImage
    let moving: FramedImage
    let mask: FramedImage?
    /// Of the moving image: tells what counts where poses are compared.
    var movingMask: FramedImage?
    let options: RegistrationOptions

    private var descriptor: Descriptor {
        fixed.thickAxis == nil
            ? Descriptor(similarity: options.similarity, distance: 2, intensity: 2)
            : Descriptor(similarity: options.similarity, distance: 3, intensity: 1)
    }

    /// Gives the pose, and the displacement before it in mm along the fixed image's axes, [3, …] over its field of view; a
    /// map that must not fold is worked out at `sizes` and `spacing`, those of the grid where it will be used.
    func run(
        from poses: [Affine], sizes: [Int], spacing: [Double]
    ) throws -> (pose: Affine, displacement: Tensor) {
        let candidates = try candidates(from: poses)
        guard var best = candidates.min(by: { $0.energy < $1.energy }) else {
            throw Failure("value", "a registration must have a pose to begin with, but has none")
        }
        best.field = try best.refinement.run(
            from: best.field, iterations: options.iterations - best.iterations, check: options.check)
        let field = try best.field.unfolded()
        guard options.isInvertible else { return (best.pose, field.vectors) }
        let velocity = try Velocity(of: field, extent: fixed.extent)
        return (best.pose, try velocity.unfolded(sizes: sizes, spacing: spacing).vectors)
    }

    /// How much each voxel of the fixed image counts where poses are compared: where the moving mask lies, or else the
    /// middle of slices, as for the affine map.
    private func importance(_ pose: Affine) throws -> Tensor {
        if let movingMask { return try movingMask.seen(through: pose, fixed.shape, fixed.spacing).data.adding(1e-3) }
        guard let thick = fixed.thickAxis else { return try Tensor.ones(fixed.shape) }
        return try middleWeights(fixed.shape, axes: (0..<3).filter { $0 != thick })
    }

    /// A pose with the first steps from it, and what is left between the images there.
    struct Candidate {
        var energy: Double
        var pose: Affine
        var field: CoarseDisplacement
        var refinement: DisplacementRefinement
        var iterations: Int
    }

    /// A few steps from each pose tell which leads further.
    func candidates(from poses: [Affine]) throws -> [Candidate] {
        let weights = try mask.map { try average($0.data.unsqueezed(0), to: fixed.shape).squeezed(0) } ?? Tensor.ones(fixed.shape)
        let still = try descriptor.fixed(fixed)
        // A slice of a thick stack tells less than a block of voxels, so its displacements need more holding.
        let smoothness = (fixed.thickAxis == nil ? 0.02 : 0.1) * options.smoothness
        let holds = Evidence(fixed: fixed.shape, moving: moving.shape).holds
        let iterations = poses.count > 1 ? min(3, options.iterations) : 0
        return try poses.map { pose in
            let brought = try moving.seen(through: pose, fixed.shape, fixed.spacing)
            let other = try descriptor.moving(like: brought, over: fixed, weights: weights)(brought)
            let coarse = try searchDisplacement(
                fixed, fixed: still, moving: other, weights: mask == nil ? nil : weights, check: options.check)
            let refinement = try DisplacementRefinement(
                fixed, step: 2, fixed: still, moving: other, weights: mask == nil ? nil : weights,
                smoothness: smoothness, holds: holds)
            let field = try refinement.run(from: coarse, iterations: iterations, check: options.check)
            let energy = poses.count > 1 ? try refinement.energy(of: field, importance: importance(pose)) : 0
            return Candidate(energy: energy, pose: pose, field: field, refinement: refinement, iterations: iterations)
        }
    }
}
