import Base
import Foundation
import Tensors

/// How values between voxels are found.
public enum Interpolation: String, CaseIterable, Sendable {
    case linear, nearest
}

/// The volume on another grid: each voxel of `grid` takes the value at its world position, and `outside` beyond the
/// volume's voxels. Nil `interpolation` takes the nearest for labels and linear for all else. Linear sampling does not
/// smooth before it makes a grid coarser. Times and components after the third axis are carried along. Throws code `value`
/// for linear sampling of a label map, whose classes have nothing between them, and for an `outside` that is no class.
public func resample(
    _ volume: Volume, onto grid: Grid, interpolation: Interpolation? = nil, outside: Double = 0
) throws -> Volume {
    let mode = interpolation ?? (volume.isLabels ? .nearest : .linear)
    if volume.labels != nil {
        guard mode == .nearest else {
            throw Failure(
                "value", "labels must be resampled by the nearest voxel, but `mode` is \"linear\": there is nothing between two classes",
                help: "leave `mode` out, or make an image of them first: volume(to(labels.data, \"float32\"), like: labels)", argument: "mode")
        }
    }
    try volume.requireElement(outside, "`outside`")
    let dtype = volume.data.dtype
    let map = volume.grid.inverse * grid.affine
    // Channels first: libtorch samples [1, C, X, Y, Z] at points [1, x, y, z, 3], whose last axis runs Z, Y, X.
    let channels = volume.data.shape.dropFirst(3).reduce(1, *)
    // Single precision holds label numbers and voxel positions well below 2^24; larger ones go through double.
    let working: DType = dtype == .float64 || dtype == .int64 || dtype == .int32 ? .float64 : .float32
    let source = try volume.data.to(dtype: working)
        .reshaped(volume.grid.shape + [channels]).permuted([3, 0, 1, 2]).contiguous().unsqueezed(0)
    let points = try samplingPoints(map, source: volume.grid.shape, target: grid.shape, dtype: working)
    // Modes by libtorch's numbers: 0 linear, 1 nearest; padding 0 zeros; corners not aligned, so that one voxel works.
    func at(_ image: Tensor) throws -> Tensor {
        try aten("grid_sampler", .tensor(image), .tensor(points), .int(mode == .linear ? 0 : 1), 0, false)
    }
    var sampled = try at(source)
    if outside != 0 {
        // What share of a voxel comes from the volume. Where it is all, to rounding, `outside` has no part, be it vast or NaN.
        let share = try at(Tensor.zeros([1, 1] + volume.grid.shape, dtype: working).adding(1))
        let rest = try share.multiplying(-1).adding(1)
        sampled = try aten(
            "where.self", .tensor(rest.applying(.less, 1e-6)), .tensor(sampled), .tensor(sampled.adding(rest.multiplying(outside))))
    }
    if !dtype.isFloatingPoint { sampled = try aten("round", .tensor(sampled)) }
    let shaped = try sampled.squeezed(0).permuted([1, 2, 3, 0]).reshaped(grid.shape + volume.data.shape.dropFirst(3))
    return try Volume(
        data: try shaped.to(dtype: dtype).contiguous(), grid: grid, labels: volume.labels)
}

/// The volume over the same field of view with another spacing (mm along its three axes).
public func resample(
    _ volume: Volume, spacing: [Double], interpolation: Interpolation? = nil
) throws -> Volume {
    try resampleWithin(volume, onto: try volume.grid.with(spacing: spacing), interpolation: interpolation)
}

/// The volume over the same field of view with another number of voxels.
public func resample(_ volume: Volume, shape: [Int], interpolation: Interpolation? = nil) throws -> Volume {
    try resampleWithin(volume, onto: try volume.grid.with(shape: shape), interpolation: interpolation)
}

private func resampleWithin(_ volume: Volume, onto grid: Grid, interpolation: Interpolation?) throws -> Volume {
    try Memory.check(shape: grid.shape + volume.data.shape.dropFirst(3), dtype: .float64)
    // Outer voxels of the new grid may have centres up to half a voxel outside; they repeat the nearest.
    return try resample(try volume.repeatingEdges(), onto: grid, interpolation: interpolation)
}

extension Volume {
    /// One more voxel on every side, equal to its neighbour.
    fileprivate func repeatingEdges() throws -> Volume {
        var data = self.data
        for axis in 0..<3 {
            let size = data.shape[axis]
            let first = try aten("narrow", .tensor(data), .int(axis), 0, 1)
            let last = try aten("narrow", .tensor(data), .int(axis), .int(size - 1), 1)
            data = try Tensor.cat([first, data, last], dimension: axis)
        }
        return try Volume(
            data: data, grid: try grid.part(start: [-1, -1, -1], shape: grid.shape.map { $0 + 2 }),
            labels: labels)
    }
}

/// Points [1, x, y, z, 3] in libtorch's coordinates (−1 and 1 at the outer faces, last axis Z, Y, X) where `map` sends
/// the voxels of a grid of shape `target` into one of shape `source`.
func samplingPoints(_ map: Affine, source: [Int], target: [Int], dtype: DType) throws -> Tensor {
    try Memory.check(shape: target + [3], dtype: .float64)
    let (a, b, c) = (target[0], target[1], target[2])
    // index·scale + offset turns a voxel index into libtorch's coordinate.
    let scale = source.map { 2 / Double($0) }
    let offset = source.map { 1 / Double($0) - 1 }
    func column(_ axis: Int) -> [Double] { (0..<3).map { map[$0, axis] * scale[$0] } }
    let (dx, dy, dz) = (column(0), column(1), column(2))
    let start = (0..<3).map { map[$0, 3] * scale[$0] + offset[$0] }
    let points = [Double](unsafeUninitializedCapacity: a * b * c * 3) { buffer, initialized in
        var place = 0
        for i in 0..<a {
            for j in 0..<b {
                let (x, y) = (Double(i), Double(j))
                let p0 = start[0] + dx[0] * x + dy[0] * y
                let p1 = start[1] + dx[1] * x + dy[1] * y
                let p2 = start[2] + dx[2] * x + dy[2] * y
                for k in 0..<c {
                    let z = Double(k)
                    buffer[place] = p2 + dz[2] * z
                    buffer[place + 1] = p1 + dz[1] * z
                    buffer[place + 2] = p0 + dz[0] * z
                    place += 3
                }
            }
        }
        initialized = place
    }
    return try Tensor(points, shape: [1, a, b, c, 3]).to(dtype: dtype)
}
