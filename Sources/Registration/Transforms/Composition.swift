import Base
import Tensors
import Volumes

/// One transform that warps as `first` and then `second` would: `first` carries A onto B, `second` B onto C, and the
/// result A onto C. Interpolates the displacement once instead of the image twice. Throws code `grid` unless the fixed
/// grid of `first` is the moving grid of `second`.
public func compose(_ first: Transform, _ second: Transform) throws -> Transform {
    guard first.fixed.isSame(as: second.moving) else {
        throw Failure(
            "grid",
            "the second transform must start where the first ends, on \(describe(first.fixed)), but starts on \(describe(second.moving))",
            help: "compose(register(a, onto: b), register(b, onto: c)) carries a onto c", argument: "then")
    }
    return try chain(first, second)
}

/// `compose` for parts whose grids need not meet, as the files of other programs do not state them.
func chain(_ first: Transform, _ second: Transform) throws -> Transform {
    let affine = first.affine * second.affine
    guard first.displacement != nil || second.displacement != nil else {
        return try Transform(kind: .affine, fixed: second.fixed, moving: first.moving, affine: affine)
    }
    guard let undo = affine.inverse else {
        throw Failure("value", "an affine part that is composed must be invertible, but is not")
    }
    return try withoutGradients {
        // Points run against the images: from C through `second` to B, then through `first` to A.
        let count = second.fixed.count
        let start = try second.fixed.affine.mapping(voxelIndices(second.fixed.shape, dtype: .float64)).reshaped([count, 3])
        let end = try first.apply(to: try second.mappedPoints(dtype: .float64).reshaped([count, 3]))
        let moved = try undo.mapping(end).subtracting(start).to(dtype: .float32)
        return try Transform(
            kind: .composed, fixed: second.fixed, moving: first.moving, affine: affine,
            displacement: moved.transposed(0, 1).reshaped([3] + second.fixed.shape).contiguous())
    }
}
