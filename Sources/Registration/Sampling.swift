import Tensors
import Volumes

/// Indices of a grid's voxels as floats, shape [X, Y, Z, 3].
func voxelIndices(_ shape: [Int], dtype: DType = .float32) throws -> Tensor {
    let axes = try (0..<3).map { axis -> Tensor in
        var sizes = [1, 1, 1]
        sizes[axis] = shape[axis]
        return try Tensor.arange(0, Double(shape[axis]), dtype: dtype).reshaped(sizes).expanded(shape)
    }
    return try Tensor.stack(axes, dimension: 3)
}

extension Affine {
    /// The images of points of floats, shape […, 3]. libtorch's products of matrices round otherwise with another number
    /// of threads, so they are used only where gradients are asked for, or on another device.
    func mapping(_ points: Tensor) throws -> Tensor {
        let dtype = points.dtype
        if !points.requiresGrad, points.device.kind == .cpu {
            if dtype == .float32 { return try mapped(points, as: Float.self) }
            if dtype == .float64 { return try mapped(points, as: Double.self) }
        }
        let linear = try Tensor((0..<3).flatMap { column in (0..<3).map { self[$0, column] } }, shape: [3, 3])
        let shift = try Tensor(translation, shape: [3])
        return try points.matmul(try linear.to(dtype: dtype)).adding(try shift.to(dtype: dtype))
    }

    private func mapped<Number: TensorElement & SIMDScalar & BinaryFloatingPoint>(
        _ points: Tensor, as number: Number.Type
    ) throws -> Tensor {
        let columns = (0..<4).map { column in
            SIMD3(Number(self[0, column]), Number(self[1, column]), Number(self[2, column]))
        }
        let (count, chunk) = (points.count / 3, 8192)
        let result = try Tensor.zeros(points.shape, dtype: points.dtype)
        try points.withUnsafeElements(as: Number.self) { source in
            try result.withUnsafeMutableElements(as: Number.self) { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                inParallel((count + chunk - 1) / chunk) { part in
                    for place in (part &* chunk)..<min((part &+ 1) &* chunk, count) {
                        let point = from + 3 &* place
                        let moved = columns[0] * point[0] + columns[1] * point[1] + columns[2] * point[2] + columns[3]
                        for row in 0..<3 { to[3 &* place &+ row] = moved[row] }
                    }
                }
            }
        }
        return result
    }

    /// The linear part alone.
    var linear: Affine { Affine(columns: (0..<3).map(column), translation: [0, 0, 0]) }
}

/// Turns voxel indices [X, Y, Z, 3] of a grid of shape `source` into the sampler's coordinates [1, X, Y, Z, 3]: −1 and
/// 1 are the outer faces, and the last dimension runs Z, Y, X.
func samplerCoordinates(_ voxels: Tensor, source: [Int]) throws -> Tensor {
    let scale = try Tensor(source.map { Float(2 / Double($0)) }, shape: [3]).to(dtype: voxels.dtype)
    let offset = try Tensor(source.map { Float(1 / Double($0) - 1) }, shape: [3]).to(dtype: voxels.dtype)
    let scaled = try voxels.multiplying(scale).adding(offset)
    return try aten("flip", .tensor(scaled), [-1]).unsqueezed(0)
}

enum Padding: Int {
    case zeros = 0
    case border = 1
}

/// Values of `channels` [C, A, B, D] at `coordinates` [1, X, Y, Z, 3], shape [C, X, Y, Z].
func sample(_ channels: Tensor, at coordinates: Tensor, padding: Padding = .zeros, nearest: Bool = false) throws -> Tensor {
    try aten(
        "grid_sampler", .tensor(channels.unsqueezed(0)), .tensor(coordinates), .int(nearest ? 1 : 0),
        .int(padding.rawValue), false
    ).squeezed(0)
}

/// True where coordinates [1, X, Y, Z, 3] lie inside the sampled grid's outer faces, shape [X, Y, Z].
func isInside(_ coordinates: Tensor) throws -> Tensor {
    let farthest = try aten("amax", .tensor(try aten("abs", .tensor(coordinates.squeezed(0)))), [-1])
    return try farthest.applying(.lessOrEqual, 1 + 1e-6)
}

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
            throw TensorError("shape", "points must have shape [N, 3], positions in mm, but have \(points.shape)")
        }
        guard !points.dtype.isComplex else {
            throw TensorError("type", "points must be real numbers, positions in mm, but are \(points.dtype.name)")
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
