import Base
import Tensors
import Volumes

extension Transform {
    /// World positions (mm) in the moving volume of every fixed voxel, shape [X, Y, Z, 3].
    public func mappedPoints(dtype: DType = .float32) throws -> Tensor {
        let start = try fixed.affine.mapping(voxelIndices(fixed.shape, dtype: dtype))
        guard let displacement else { return try affine.mapping(start) }
        return try affine.mapping(start.adding(try displacement.permuted([1, 2, 3, 0]).to(dtype: dtype)))
    }

    /// How far (mm, RAS+) every fixed voxel is moved, shape [X, Y, Z, 3]; with `localOnly` by the displacement alone,
    /// without the affine part.
    public func movement(localOnly: Bool = false) throws -> Tensor {
        if localOnly {
            return try displacement?.permuted([1, 2, 3, 0]) ?? Tensor.zeros(fixed.shape + [3])
        }
        let start = try fixed.affine.mapping(voxelIndices(fixed.shape, dtype: .float64))
        return try mappedPoints(dtype: .float64).subtracting(start)
    }

    /// Movements (mm, RAS+, [X, Y, Z, 3]) as mm along the voxel axes of the fixed grid.
    public func movementAlongAxes(_ movement: Tensor) throws -> Tensor {
        let inVoxels = try fixed.inverse.linear.mapping(movement)
        return try inVoxels.multiplying(try Tensor(fixed.spacing, shape: [3]).to(dtype: movement.dtype))
    }

    /// Voxel coordinates in the moving grid of every fixed voxel, shape [X, Y, Z, 3].
    public func movingVoxels(dtype: DType = .float32) throws -> Tensor {
        let toVoxel = moving.inverse * affine
        let start = try (displacement == nil ? toVoxel * fixed.affine : fixed.affine).mapping(
            voxelIndices(fixed.shape, dtype: dtype))
        guard let displacement else { return start }
        return try toVoxel.mapping(start.adding(try displacement.permuted([1, 2, 3, 0]).to(dtype: dtype)))
    }

    /// Images of points (mm, shape [N, 3]) anywhere; beyond the fixed grid the displacement of its border holds. Float64
    /// stays, other real numbers become float32.
    public func apply(to points: Tensor) throws -> Tensor {
        guard points.rank == 2, points.shape[1] == 3 else {
            throw Failure("shape", "points must have shape [N, 3], positions in mm, but have \(points.shape)", argument: "points")
        }
        guard !points.dtype.isComplex else {
            throw Failure("type", "points must be real numbers, positions in mm, but are \(points.dtype.name)", argument: "points")
        }
        let points = points.dtype == .float64 ? points : try points.to(dtype: .float32)
        guard let displacement else { return try affine.mapping(points) }
        let voxels = try fixed.inverse.mapping(points).reshaped([points.shape[0], 1, 1, 3])
        let coordinates = try samplerCoordinates(voxels, source: fixed.shape)
        let moved = try sample(try displacement.to(dtype: points.dtype), at: coordinates, padding: .border)
        return try affine.mapping(points.adding(try moved.reshaped([3, points.shape[0]]).transposed(0, 1)))
    }
}

/// Where each fixed voxel lies in the moving volume: voxel coordinates (fractional) in the moving grid, shape
/// [X, Y, Z, 3]. Coordinates outside 0 ... size − 1 have no counterpart there.
public func correspondence(_ transform: Transform) throws -> Tensor {
    try withoutGradients { try transform.movingVoxels() }
}
