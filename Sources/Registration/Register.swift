import Foundation
import Tensors
import Volumes

/// Finds the transform that brings `moving` onto the grid of `fixed`: an affine map (or a rigid one) first, then, for
/// kind `deformable`, a smooth displacement on top.
///
/// The displacement comes from a search over a window of coarse shifts and is refined by Gauss-Newton steps; both compare
/// self-similarity and intensity. Spacing is respected throughout: stacks of thick slices are not cut finer across
/// their slices. The same input gives the same transform. Errors: code `value` for a volume with nothing in it; what
/// `options.check` throws ends the work.
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
    guard options.smoothness > 0, options.smoothness.isFinite else {
        throw TensorError("value", "`smoothness` of register must be a finite number above 0, but is \(options.smoothness)")
    }
    guard options.iterations >= 0 else {
        throw TensorError("value", "`iterations` of register must be 0 or more, but is \(options.iterations)")
    }
    let start = Date()
    return try withoutGradients {
        let orientation = fixed.grid.orientation
        let still = try preparedFixed.framed(orientation, "`onto`").image
        let (other, turnedGrid) = try preparedMoving.framed(orientation, "`moving`")
        let (fixedFrame, movingFrame) = (frame(of: fixed.grid), frame(of: turnedGrid))
        guard let fromFixed = fixedFrame.inverse, let toMoving = movingFrame.inverse else {
            throw TensorError("grid", "the grids of register must span space, but one does not")
        }
        let stated = toMoving * fixedFrame
        let pose = try AffineAlignment(
            fixed: still, moving: other, stated: stated, isRigid: options.kind == .rigid, check: options.check
        ).run()

        let spacing = still.spacing(forVoxels: 150_000)
        let image = try still.averaged(to: spacing)
        let source = try other.averaged(to: spacing)
        let before = try similarity(image, source, at: stated.mapping(image.points()))
        let placed = try pose.mapping(image.points())
        var displacement: Tensor?
        var after = placed
        if options.kind == .deformable {
            let brought = FramedImage(
                data: try sample(source.data.unsqueezed(0), extent: source.extent, at: placed, padding: .border)
                    .squeezed(0),
                spacing: image.spacing)
            let fixedFeatures = try image.descriptors(distance: 2, radius: 1, intensity: 2)
            let movingFeatures = try brought.descriptors(distance: 2, radius: 1, intensity: 2)
            let coarse = try searchDisplacement(image, fixed: fixedFeatures, moving: movingFeatures, check: options.check)
            // A slice of a thick stack tells less than a block of voxels, so its displacements need more holding.
            let smoothness = (image.thickAxis == nil ? 0.015 : 0.08) * options.smoothness
            let field = try DisplacementRefinement(image, fixed: fixedFeatures, moving: movingFeatures, smoothness: smoothness)
                .run(from: coarse, iterations: options.iterations, check: options.check).unfolded()
            let vectors = try interpolated(field.vectors, to: image.shape).permuted([1, 2, 3, 0])
            after = try pose.mapping(image.points().adding(vectors))
            let full = try interpolated(field.vectors, to: still.shape).permuted([1, 2, 3, 0])
            displacement = try fixedFrame.linear.mapping(full).permuted([3, 0, 1, 2]).contiguous()
        }
        return try Transform(
            kind: Transform.Kind(rawValue: options.kind.rawValue) ?? .composed, fixed: fixed.grid, moving: moving.grid,
            affine: movingFrame * pose * fromFixed, displacement: displacement,
            similarity: (before, try similarity(image, source, at: after)), seconds: Date().timeIntervalSince(start))
    }
}

/// Normalised cross-correlation of an image with another at the given points, over the part that both cover; 0 where
/// they do not meet.
private func similarity(_ image: FramedImage, _ other: FramedImage, at points: Tensor) throws -> Double {
    try withoutGradients {
        let channels = try Tensor.stack([other.data, Tensor.ones(other.shape)])
        let values = try sample(channels, extent: other.extent, at: points, padding: .zeros)
        let covered = try aten("select.int", .tensor(values), 0, 1).applying(.greater, 0.5)
        let a = try aten("masked_select", .tensor(image.data), .tensor(covered))
        let b = try aten("masked_select", .tensor(aten("select.int", .tensor(values), 0, 0)), .tensor(covered))
        guard a.count > 1 else { return 0 }
        let (x, y) = (try a.subtracting(aten("mean", .tensor(a))), try b.subtracting(aten("mean", .tensor(b))))
        func sum(_ left: Tensor, _ right: Tensor) throws -> Double {
            try aten("sum", .tensor(left.multiplying(right))).item()
        }
        let scale = (try sum(x, x) * sum(y, y)).squareRoot()
        return scale > 0 ? try sum(x, y) / scale : 0
    }
}
