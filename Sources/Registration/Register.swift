import Foundation
import Tensors
import Volumes

/// Finds the transform that brings `moving` onto the grid of `fixed`: an affine map (or a rigid one) first, then, for
/// kind `deformable`, a smooth displacement on top.
///
/// The displacement comes from a search over a window of coarse shifts and is refined by Gauss-Newton steps; all stages
/// compare what `options.similarity` says. Spacing is respected throughout: stacks of thick slices are not cut finer
/// across their slices. The same input and seed give the same transform. Errors: code `value` for a volume with nothing in
/// it, code `grid` for a mask on another grid than `fixed`; what `options.check` throws ends the work.
public func register(
    moving: Volume, onto fixed: Volume, options: RegistrationOptions = RegistrationOptions()
) throws -> Transform {
    try register(PreparedImage(moving), onto: PreparedImage(fixed), options: options)
}

/// `register` for images that take part in several registrations: what is worked out from one alone is done once.
func register(
    _ preparedMoving: PreparedImage, onto preparedFixed: PreparedImage, options: RegistrationOptions
) throws -> Transform {
    let (moving, fixed) = (preparedMoving.volume, preparedFixed.volume)
    try options.validate(for: fixed.grid)
    let start = Date()
    return try withoutGradients {
        let orientation = fixed.grid.orientation
        let still = try preparedFixed.framed(orientation, "`onto`").image
        let (other, turnedGrid) = try preparedMoving.framed(orientation, "`moving`")
        let mask = try options.mask.map { try framedMask($0) }
        let (fixedFrame, movingFrame) = (frame(of: fixed.grid), frame(of: turnedGrid))
        guard let fromFixed = fixedFrame.inverse, let toMoving = movingFrame.inverse else {
            throw TensorError("grid", "the grids of register must span space, but one does not")
        }
        let stated = toMoving * fixedFrame
        let poses = try AffineAlignment(
            fixed: still, moving: other, stated: stated, mask: mask, options: options
        ).run()

        var (pose, displacement): (Affine, Tensor?) = (poses.first?.pose ?? stated, nil)
        // The similarity before and after is told of smaller images.
        let image = try still.averaged(to: still.spacing(forVoxels: 30_000))
        let points = try image.points()
        var places = points
        if options.kind == .deformable {
            let spacing = still.spacing(forVoxels: 150_000)
            let work = try DeformableAlignment(
                fixed: still.averaged(to: spacing), moving: other.averaged(to: spacing), mask: mask, options: options)
            let found = try work.run(from: poses.map(\.pose), sizes: still.shape, spacing: still.spacing)
            pose = found.pose
            places = try points.adding(interpolated(found.displacement, to: image.shape).permuted([1, 2, 3, 0]))
            let full = try interpolated(found.displacement, to: still.shape).permuted([1, 2, 3, 0])
            displacement = try fixedFrame.linear.mapping(full).permuted([3, 0, 1, 2]).contiguous()
        }
        let measure = try SimilarityMeasure(
            fixed: image, moving: other.averaged(to: image.spacing.min() ?? 1), mask: mask, similarity: options.similarity)
        let similarity = (
            before: try measure.value(at: stated.mapping(points)), after: try measure.value(at: pose.mapping(places))
        )
        return try Transform(
            kind: Transform.Kind(rawValue: options.kind.rawValue) ?? .composed, fixed: fixed.grid, moving: moving.grid,
            affine: movingFrame * pose * fromFixed, displacement: displacement,
            similarity: similarity, seconds: Date().timeIntervalSince(start))
    }
}
