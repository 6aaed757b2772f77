import Tensors
import Volumes

/// The displacement on top of an affine pose, and the pose it goes with when there are several: that whose descriptors
/// agree best with the least bending once both are in place.
struct DeformableAlignment {
    let fixed: FramedImage
    let moving: FramedImage
    let mask: FramedImage?
    let options: RegistrationOptions

    private var description: Description {
        Description(similarity: options.similarity, distance: 2, intensity: 2)
    }

    /// Gives the pose, and the displacement before it in mm along the fixed image's axes, [3, …] over its field of view; a
    /// map that must not fold is worked out at `sizes` and `spacing`, those of the grid where it will be used.
    func run(
        from poses: [Affine], sizes: [Int], spacing: [Double]
    ) throws -> (pose: Affine, displacement: Tensor) {
        let weights = try mask.map { try average($0.data.unsqueezed(0), to: fixed.shape).squeezed(0) } ?? Tensor.ones(fixed.shape)
        let still = try description.fixed(fixed)
        // A slice of a thick stack tells less than a block of voxels, so its displacements need more holding.
        let smoothness = (fixed.thickAxis == nil ? 0.015 : 0.08) * options.smoothness
        // A few steps tell which pose leads further; the best goes on.
        let look = poses.count > 1 ? min(3, options.iterations) : 0
        var best: (energy: Double, pose: Affine, field: CoarseDisplacement, refinement: DisplacementRefinement)?
        for pose in poses {
            let brought = try moving.seen(through: pose, fixed.shape, fixed.spacing)
            let other = try description.moving(like: brought, over: fixed, weights: weights)(brought)
            let coarse = try searchDisplacement(
                fixed, fixed: still, moving: other, weights: mask == nil ? nil : weights, check: options.check)
            let refinement = try DisplacementRefinement(
                fixed, step: 2, fixed: still, moving: other, weights: mask == nil ? nil : weights,
                smoothness: smoothness)
            let field = try refinement.run(from: coarse, iterations: look, check: options.check)
            let energy = poses.count > 1 ? try refinement.energy(of: field) : 0
            if energy < best?.energy ?? .infinity { best = (energy, pose, field, refinement) }
        }
        guard var best else { throw TensorError("value", "a registration must have a pose to begin with, but has none") }
        best.field = try best.refinement.run(
            from: best.field, iterations: options.iterations - look, check: options.check)
        let field = try best.field.unfolded()
        guard options.isInvertible else { return (best.pose, field.vectors) }
        let velocity = try Velocity(of: field, extent: fixed.extent)
        return (best.pose, try velocity.unfolded(sizes: sizes, spacing: spacing).vectors)
    }
}
