import Base
import Tensors
import Volumes

/// The transform that goes the other way: what `transform` carries onto its fixed grid, the inverse carries back onto its
/// moving grid.
///
/// The displacement is inverted at every voxel of the moving grid by Newton's steps, halved where they lead away. A map
/// that folds has no inverse where it does; `cycleError` tells how near the two come. Throws code `value` when
/// the affine part cannot be inverted.
public func inverse(_ transform: Transform) throws -> Transform {
    guard let undo = transform.affine.inverse else {
        throw Failure("value", "a transform that is inverted must have an affine part that spans space, but has not")
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
        func reached(_ points: Tensor) throws -> Tensor { try undo.mapping(transform.apply(to: points)) }
        func dot(_ a: Tensor, _ b: Tensor) throws -> Tensor {
            try aten("sum.dim_IntList", .tensor(a.multiplying(b)), [1], true)
        }
        func crossed(_ a: Tensor, _ b: Tensor) throws -> Tensor { try aten("linalg_cross", .tensor(a), .tensor(b)) }
        var rest = try wanted.subtracting(reached(points))
        var squares = try dot(rest, rest)
        var step = try Tensor.ones([grid.count, 1], dtype: .float64)
        for _ in 0..<20 {
            if try aten("max", .tensor(squares)).item().squareRoot() < 1e-3 * finest { break }
            // Newton: J⁻¹ · rest, with the columns of J from differences over a twentieth of a voxel.
            let here = try wanted.subtracting(rest)
            let columns = try (0..<3).map { axis -> Tensor in
                let little = try Tensor((0..<3).map { $0 == axis ? 0.05 * finest : 0 }, shape: [3])
                return try reached(points.adding(little)).subtracting(here).dividing(0.05 * finest)
            }
            let faces = try (0..<3).map { try crossed(columns[($0 + 1) % 3], columns[($0 + 2) % 3]) }
            let determinant = try aten("clamp_min", .tensor(dot(columns[0], faces[0])), 0.02)
            let wish = try Tensor.cat(faces.map { try dot($0, rest) }, dimension: 1).dividing(determinant)
            let change = try aten("clamp", .tensor(wish), .float(-2 * finest), .float(2 * finest))
            // A step that leads away is taken back and halved.
            let tried = try points.adding(change.multiplying(step))
            let left = try wanted.subtracting(reached(tried))
            let leftSquares = try dot(left, left)
            let isNearer = try leftSquares.applying(.less, squares)
            func chosen(_ new: Tensor, _ old: Tensor) throws -> Tensor {
                try aten("where.self", .tensor(isNearer), .tensor(new), .tensor(old))
            }
            points = try chosen(tried, points)
            (rest, squares) = (try chosen(left, rest), try chosen(leftSquares, squares))
            step = try chosen(aten("clamp_max", .tensor(step.multiplying(2)), 1.0), step.multiplying(0.5))
        }
        // The inverse is A⁻¹(y + d(y)), so d = A(x) − y.
        let places = try grid.affine.mapping(voxelIndices(grid.shape, dtype: .float64)).reshaped([grid.count, 3])
        let vectors = try transform.affine.mapping(points).subtracting(places).to(dtype: .float32)
        return try Transform(
            kind: transform.kind, fixed: grid, moving: transform.fixed, affine: undo,
            displacement: vectors.transposed(0, 1).reshaped([3] + grid.shape).contiguous())
    }
}
