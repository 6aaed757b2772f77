import Base
import Foundation
import Tensors
import Volumes

/// Finds the transform that brings `moving` onto the grid of `fixed`: an affine map (or a rigid one) first, then, for
/// kind `deformable`, a smooth displacement on top.
///
/// The displacement comes from a search over a window of coarse shifts and is refined by Gauss-Newton steps; all stages
/// compare what `options.similarity` says. Spacing is respected throughout: stacks of thick slices are not cut finer
/// across their slices. The same input and seed give the same transform. Errors: code `value` for a volume with nothing in
/// it, `type` for complex numbers, `grid` for a mask on another grid than its volume; what `options.check` throws ends the work.
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
    try options.validate(fixed: fixed.grid, moving: moving.grid)
    let start = Date()
    return try withoutGradients {
        let axes = WorkingAxes(fixed: fixed.grid, moving: moving.grid)
        let still = try preparedFixed.framed(fixed.grid.orientation, "`onto`").image
        let (other, turnedGrid) = try preparedMoving.framed(axes.orientation, "`moving`")
        let mask = try options.mask.map { try framedMask($0, "mask") }
        let (fixedFrame, movingFrame) = (frame(of: fixed.grid), frame(of: turnedGrid))
        guard let fromFixed = fixedFrame.inverse, let toMoving = movingFrame.inverse else {
            throw Failure("grid", "the grids of register must span space, but one does not")
        }
        let stated = toMoving * fixedFrame
        let movingMask = try options.movingMask.map { try framedMask($0.reoriented(to: axes.orientation), "moving_mask") }
        let poses = try poses(still, other, stated: stated, ends: axes.ends, mask: mask, movingMask: movingMask, options: options)

        var (pose, displacement): (Affine, Tensor?) = (poses.first ?? stated, nil)
        // The similarity before and after is told of smaller images.
        let image = try still.averaged(to: still.spacing(forVoxels: 30_000))
        let points = try image.points()
        var places = points
        if options.kind == .deformable {
            func work(_ voxels: Double) throws -> DeformableAlignment {
                let spacing = still.spacing(forVoxels: voxels)
                return try DeformableAlignment(
                    fixed: still.averaged(to: spacing), moving: other.averaged(to: spacing), mask: mask,
                    movingMask: movingMask, options: options)
            }
            if poses.count > 1 {
                let candidates = try work(60_000).candidates(from: poses)
                pose = candidates.min { $0.energy < $1.energy }?.pose ?? pose
            }
            let found = try work(still.thickAxis == nil ? 150_000 : 450_000).run(from: [pose], sizes: still.shape, spacing: still.spacing)
            pose = found.pose
            places = try points.adding(interpolated(found.displacement, to: image.shape).permuted([1, 2, 3, 0]))
            let full = try interpolated(found.displacement, to: still.shape).permuted([1, 2, 3, 0])
            displacement = try fixedFrame.linear.mapping(full).permuted([3, 0, 1, 2]).contiguous()
        }
        let measure = try SimilarityMeasure(
            fixed: image, moving: other.averaged(to: image.finest), mask: mask, similarity: options.similarity)
        let similarity = (
            before: try measure.value(at: stated.mapping(points)), after: try measure.value(at: pose.mapping(places))
        )
        return try Transform(
            kind: Transform.Kind(rawValue: options.kind.rawValue) ?? .composed, fixed: fixed.grid, moving: moving.grid,
            affine: movingFrame * pose * fromFixed, displacement: displacement,
            similarity: similarity, seconds: Date().timeIntervalSince(start))
    }
}

/// Poses from the fixed frame to the moving one, best first. With a mask of the moving image alone, the part that it
/// leaves is looked for in the fixed image, and the poses are turned round; with both, the part that the mask of the fixed
/// image leaves is looked for within what that of the moving image leaves.
func poses(
    _ still: FramedImage, _ other: FramedImage, stated: Affine, ends: [Affine], mask: FramedImage?, movingMask: FramedImage?,
    options: RegistrationOptions
) throws -> [Affine] {
    if mask == nil, let movingMask, let back = stated.inverse {
        return try poses(
            other, still, stated: back, ends: ends.compactMap(\.inverse), mask: movingMask, movingMask: nil, options: options
        ).compactMap(\.inverse)
    }
    guard let mask else {
        return try AffineAlignment(
            fixed: still, moving: other, stated: stated, ends: ends, mask: nil, movingMask: nil, extent: still.extent, options: options
        ).run().map(\.pose)
    }
    var box = try mask.box(margin: 3 * (still.finest))
    if let thick = still.thickAxis { box[thick] = 0..<still.shape[thick] }
    let (part, centre) = try still.cropped(to: box)
    let there = Affine(scale: [1, 1, 1], translation: centre)
    let back = Affine(scale: [1, 1, 1], translation: centre.map { -$0 })
    return try AffineAlignment(
        fixed: part, moving: other, stated: stated * there, ends: ends, mask: mask.cropped(to: box).image,
        movingMask: movingMask, extent: still.extent, options: options
    ).run().map { $0.pose * back }
}
