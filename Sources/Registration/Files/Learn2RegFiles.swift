import Base
import Foundation
import Tensors
import Volumes

/// Displacements in voxels as the Learn2Reg challenge keeps them: shape [X, Y, Z, 3], or [3, X, Y, Z], on the fixed
/// image's voxels in the order of its file; voxel v of the fixed image shows voxel v + u(v) of the moving one. Fields of
/// half the size, as earlier years had them, are enlarged.
enum Learn2RegFile {
    /// `moving` and `fixed` are the two images; their files' own orientation gives the order of the voxels.
    static func read(_ values: Tensor, _ path: String, moving: Volume, fixed: Volume) throws -> Transform {
        let (still, other) = (try stored(fixed), try stored(moving))
        var field = try values.to(dtype: .float32)
        if field.rank == 4, field.shape[3] == 3, field.shape[0] != 3 || Array(field.shape.prefix(3)) == still.shape {
            field = try field.permuted([3, 0, 1, 2])
        }
        guard field.rank == 4, field.shape[0] == 3 else {
            throw FileAccess.failure(
                path, mustBe: "a Learn2Reg displacement of shape [X, Y, Z, 3] or [3, X, Y, Z]", but: "its shape is \(values.shape)")
        }
        let sizes = Array(field.shape.dropFirst())
        if sizes != still.shape {
            guard zip(sizes, still.shape).allSatisfy({ $0 == $1 / 2 || $0 == ($1 + 1) / 2 }) else {
                throw Failure(
                    "grid", "the displacement in \(path) must have the fixed image's size, \(still.shape), or half of it, but has \(sizes)",
                    help: "`onto` must be the image that was held still", argument: "path")
            }
            field = try aten(
                "upsample_trilinear3d", .tensor(field.unsqueezed(0)), .ints(still.shape), false, .none, .none, .none
            ).squeezed(0)
        }
        try requireFinite(field, path)
        // Voxel v goes to A_m(v + u) = (A_m A_f⁻¹)(A_f v + A_f u).
        let world = try still.affine.linear.mapping(field.permuted([1, 2, 3, 0]).contiguous())
        let turned = try Volume(data: world, grid: still).reoriented(to: fixed.grid.orientation)
        return try Transform(
            kind: .composed, fixed: turned.grid, moving: moving.grid, affine: other.affine * still.inverse,
            displacement: turned.data.permuted([3, 0, 1, 2]).contiguous())
    }

    /// The displacement in voxels, shape [X, Y, Z, 3], and the fixed grid, both in the order of the files: that which
    /// `moving` and `fixed` say, else that which the grids know.
    static func values(_ transform: Transform, moving: Orientation?, fixed: Orientation?) throws -> Volume {
        try withoutGradients {
            let mapped = try Volume(data: transform.mappedPoints(dtype: .float64), grid: transform.fixed)
            let still = try fixed.map(mapped.reoriented) ?? mapped.asStored()
            let empty = try Volume(data: Tensor.zeros(transform.moving.shape, dtype: .bool), grid: transform.moving)
            let other = try (moving.map(empty.reoriented) ?? empty.asStored()).grid
            let voxels = try other.inverse.mapping(still.data)
            let field = try voxels.subtracting(voxelIndices(still.grid.shape, dtype: .float64)).to(dtype: .float32)
            // Written as it is: the vectors run along these axes.
            var grid = still.grid
            grid.layout = nil
            return try Volume(data: field.contiguous(), grid: grid)
        }
    }

    private static func stored(_ volume: Volume) throws -> Grid {
        try volume.asStored().grid
    }
}
