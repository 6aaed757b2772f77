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
