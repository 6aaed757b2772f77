import Tensors
import Volumes

/// The transform that goes the other way: what `transform` carries onto its fixed grid, the inverse carries back onto its
/// moving grid.
///
/// The displacement is inverted at every voxel of the moving grid by damped fixed-point steps (after Chen et al., Medical
/// Physics 2008). A map that folds has no inverse where it does; `cycleError` tells how near the two come. Throws code
/// `value` when the affine part cannot be inverted.
public func inverse(_ transform: Transform) throws -> Transform {
    guard let undo = transform.affine.inverse else {
        throw TensorError("value", "a transform that is inverted must have an affine part that spans space, but has not")
    }
    guard transform.displacement != nil else {
        return try Transform(kind: transform.kind, fixed: transform.moving, moving: transform.fixed, affine: undo)
    }
    return try withoutGradients {
        let grid = transform.moving
        // y = A(x + u(x)) at every voxel y of the moving grid: x = A⁻¹y − u(x).
        let wanted = try undo.mapping(grid.affine.mapping(voxelIndices(grid.shape, dtype: .float64)).reshaped([grid.count, 3]))
        var points = wanted
        let finest = transform.fixed.spacing.min() ?? 1
        for _ in 0..<60 {
            let reached = try undo.mapping(transform.apply(to: points))
            let change = try wanted.subtracting(reached)
            points = try points.adding(change.multiplying(0.7))
            if try aten("max", .tensor(aten("abs", .tensor(change)))).item() < 1e-3 * finest { break }
        }
        // The inverse is A⁻¹(y + d(y)), so d = A(x) − y.
        let places = try grid.affine.mapping(voxelIndices(grid.shape, dtype: .float64)).reshaped([grid.count, 3])
        let vectors = try transform.affine.mapping(points).subtracting(places).to(dtype: .float32)
        return try Transform(
            kind: transform.kind, fixed: grid, moving: transform.fixed, affine: undo,
            displacement: vectors.transposed(0, 1).reshaped([3] + grid.shape).contiguous())
    }
}
