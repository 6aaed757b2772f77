import Base
import Foundation
import Tensors
import Volumes

/// An image prepared for registration: intensities scaled by percentiles, and positions in mm along its own voxel
/// axes, counted from the centre of its field of view.
public struct FramedImage {
    /// Shape [X, Y, Z], float32.
    let data: Tensor
    /// mm along each axis.
    let spacing: [Double]
    /// Coarser images and descriptors of this one. What a pair asks for depends on the other image's grid as well, so that
    /// only some are kept.
    private let coarser = Memo<[Int], FramedImage>(limit: 12)
    private let described = Memo<String, ChannelImage>(limit: 8)

    init(data: Tensor, spacing: [Double]) { (self.data, self.spacing) = (data, spacing) }

    var shape: [Int] { data.shape }
    /// What is held of the image, with the coarser ones and descriptors.
    var bytes: Int {
        4 * data.count + coarser.values.reduce(0) { $0 + $1.bytes }
            + described.values.reduce(0) { $0 + 16 * $1.groups * $1.voxels }
    }
    /// mm from face to face along each axis.
    var extent: [Double] { zip(shape, spacing).map { Double($0) * $1 } }

    /// The finest spacing (mm) along the axes that have more than one voxel.
    var finest: Double { finestSpacing(shape, spacing) }

    /// The axis of a stack of thick slices, or of a single slice.
    var thickAxis: Int? { Registration.thickAxis(shape, spacing) }

    /// The image averaged to voxels of about `spacing` mm; axes that are coarser already stay.
    func averaged(to wanted: Double) throws -> FramedImage {
        let sizes = (0..<3).map { max(1, Int((extent[$0] / max(wanted, spacing[$0])).rounded())) }
        if sizes == shape { return self }
        return try coarser.value(sizes) {
            let pooled = try average(data.unsqueezed(0), to: sizes).squeezed(0)
            return FramedImage(data: pooled, spacing: (0..<3).map { extent[$0] / Double(sizes[$0]) })
        }
    }

    /// What `make` works out of this image under a name, once.
    func described(as name: String, _ make: () throws -> ChannelImage) throws -> ChannelImage { try described.value(name, make) }

    /// The spacing (mm) at which the image has about `count` voxels.
    func spacing(forVoxels count: Double) -> Double {
        var wanted = finest
        func size(_ mm: Double) -> Double {
            (0..<3).reduce(1) { $0 * max(1, (extent[$1] / max(mm, spacing[$1])).rounded()) }
        }
        while size(wanted) > count { wanted *= 1.04 }
        return wanted
    }

    /// The image seen through a pose on a grid of these sizes around the centre, borders repeated.
    func seen(through pose: Affine, _ sizes: [Int], _ spacing: [Double]) throws -> FramedImage {
        let map = voxelMap(of: pose, sizes, spacing)
        let result = try Tensor.zeros(sizes)
        let shape = shape
        try data.withUnsafeElements(as: Float.self) { source in
            try result.withUnsafeMutableElements(as: Float.self) { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                forPlaces(sizes, map) { voxel, place in to[voxel] = linearValue(from, shape, place) }
            }
        }
        return FramedImage(data: result, spacing: spacing)
    }

    /// How much of a voxel lies within the image seen through a pose, from 1 to 0, falling off over half a voxel around
    /// its faces; for a grid of these sizes around the centre, voxel by voxel.
    func cover(through pose: Affine, _ sizes: [Int], _ spacing: [Double]) -> [Float] {
        let last = SIMD4(Float(shape[0]), Float(shape[1]), Float(shape[2]), 1)
        return [Float](unsafeUninitializedCapacity: sizes.reduce(1, *)) { target, count in
            guard let to = target.baseAddress else { return }
            forPlaces(sizes, voxelMap(of: pose, sizes, spacing)) { voxel, place in
                var near = place + 1
                let far = last - place
                near.replace(with: far, where: far .< near)
                near.clamp(lowerBound: .zero, upperBound: .one)
                to[voxel] = near[0] * near[1] * near[2]
            }
            count = sizes.reduce(1, *)
        }
    }

    /// The same, where a mask of this image leaves something.
    func cover(through pose: Affine, _ sizes: [Int], _ spacing: [Double], within mask: FramedImage?) throws -> [Float] {
        let covered = cover(through: pose, sizes, spacing)
        guard let mask else { return covered }
        let left = try mask.averaged(to: spacing.min() ?? 1).seen(through: pose, sizes, spacing).data.floats()
        return zip(covered, left).map { $0 * $1 }
    }

    /// The map from voxels of a grid around the centre through a pose to voxels of this image.
    private func voxelMap(of pose: Affine, _ sizes: [Int], _ spacing: [Double]) -> Affine {
        let toMillimetres = Affine(scale: spacing, translation: (0..<3).map { -Double(sizes[$0] - 1) / 2 * spacing[$0] })
        let toVoxels = Affine(scale: self.spacing.map { 1 / $0 }, translation: shape.map { Double($0 - 1) / 2 })
        return toVoxels * pose * toMillimetres
    }

    /// The part within a range of voxels along each axis, and the centre of its field of view in this frame (mm).
    func cropped(to box: [Range<Int>]) throws -> (image: FramedImage, centre: [Double]) {
        let part = try box.enumerated().reduce(data) { result, axis in
            try aten(
                "narrow", .tensor(result), .int(axis.offset), .int(axis.element.lowerBound), .int(axis.element.count))
        }
        let centre = (0..<3).map { Double(box[$0].lowerBound + box[$0].upperBound - shape[$0]) / 2 * spacing[$0] }
        return (FramedImage(data: try part.contiguous(), spacing: spacing), centre)
    }

    /// The smallest range of voxels along each axis that holds everything above 0, with `margin` mm around it.
    func box(margin: Double) throws -> [Range<Int>] {
        try (0..<3).map { axis in
            let others = (0..<3).filter { $0 != axis }
            let along = try aten("amax", .tensor(data), .ints(others)).floats()
            let (first, last) = (along.firstIndex { $0 > 0 } ?? 0, along.lastIndex { $0 > 0 } ?? along.count - 1)
            let more = Int((margin / spacing[axis]).rounded(.up))
            return max(0, first - more)..<min(along.count, last + 1 + more)
        }
    }

    /// Centres of the voxels, shape [X, Y, Z, 3].
    func points() throws -> Tensor { try centredPoints(shape, spacing) }
}

/// Voxel centres in mm from the centre of the grid, shape [X, Y, Z, 3].
func centredPoints(_ shape: [Int], _ spacing: [Double]) throws -> Tensor {
    let shift = (0..<3).map { -Double(shape[$0] - 1) / 2 * spacing[$0] }
    return try Affine(scale: spacing, translation: shift).mapping(voxelIndices(shape))
}

/// The map from centred mm along the voxel axes to world mm.
func frame(of grid: Grid) -> Affine {
    let spacing = grid.spacing
    let centre = grid.world(of: grid.shape.map { Double($0 - 1) / 2 })
    return Affine(
        columns: (0..<3).map { axis in grid.affine.column(axis).map { $0 / spacing[axis] } }, translation: centre)
}

/// Vectors in mm of the frame of an image of this extent, […, 3], in the sampler's coordinates, whose last axis comes first.
func samplerVectors(_ vectors: Tensor, _ extent: [Double]) throws -> Tensor {
    try aten("flip", .tensor(Affine(scale: extent.map { 2 / $0 }).mapping(vectors)), [-1])
}

/// A mask as an image: 1 where the volume is not 0. Throws code `value` for a mask that leaves nothing.
func framedMask(_ volume: Volume, _ name: String) throws -> FramedImage {
    let chosen = try volume.data.applying(.notEqual, 0).to(dtype: .float32).contiguous()
    guard try aten("sum", .tensor(chosen)).item() > 0 else {
        throw Failure("value", "`\(name)` of register must hold voxels that are not 0, but every one is")
    }
    return FramedImage(data: chosen, spacing: volume.grid.spacing)
}

/// Checks a volume and prepares it. Errors have code `value` when there is nothing to register.
func framed(_ volume: Volume, _ name: String) throws -> FramedImage {
    var data = volume.data
    if data.rank > 3, data.count == volume.grid.count { data = try data.reshaped(volume.grid.shape) }
    guard data.rank == 3 else {
        throw Failure(
            "value", "\(name) of register must be one image of shape [X, Y, Z], but has shape \(data.shape)",
            help: "choose one time or component: volume(v.data[:, :, :, 0], like: v)")
    }
    guard data.count > 0 else {
        throw Failure("value", "\(name) of register must hold voxels, but is empty: shape \(data.shape)")
    }
    guard !data.dtype.isComplex else {
        throw Failure(
            "type", "\(name) of register must hold real numbers, but holds \(data.dtype.name)",
            help: "take the magnitude: volume(abs(v.data), like: v)")
    }
    let values = try comparable(data.detached())
    let finite = try aten("isfinite", .tensor(values.to(dtype: .float32)))
    if data.dtype == .float64 { try refuseBeyondFloat(data.detached(), finite, name) }
    let flat = try aten("masked_select", .tensor(values), .tensor(finite))
    guard flat.count > 0 else {
        throw Failure("value", "\(name) of register must hold finite values, but holds none")
    }
    // Every n-th value is enough for percentiles of a large image.
    let step = max(1, flat.count / 20_000)
    let thinned = try aten("slice.Tensor", .tensor(flat), 0, 0, .int(flat.count), .int(step))
    let sorted = try atenMany("sort", .tensor(thinned))[0].doubles()
    var (low, high) = (sorted[Int(0.01 * Double(sorted.count - 1))], sorted[Int(0.99 * Double(sorted.count - 1))])
    if !(high > low) {
        low = try aten("min", .tensor(flat)).item()
        high = try aten("max", .tensor(flat)).item()
    }
    guard high > low else {
        throw Failure(
            "value", "\(name) of register must hold an image, but every voxel is \(try data.detached().doubles().first { $0.isFinite } ?? low)",
            help: "an empty or constant volume shows nothing to align")
    }
    let filled = try aten("nan_to_num", .tensor(values), .float(low), .float(high), .float(low))
    let range = high - low
    // Differences of the largest numbers do not fit into float32.
    let wide = range < 1e38 ? filled : try filled.to(dtype: .float64)
    let scaled = try wide.subtracting(low).dividing(range).to(dtype: .float32)
    return FramedImage(data: try aten("clamp", .tensor(scaled), 0.0, 1.2), spacing: volume.grid.spacing)
}

/// Intensities as numbers in which neighbouring values stay apart: float32, or float64 where the image has more digits
/// than float32 holds. Whole numbers are counted from their middle, because even float64 holds no more than 53 bits.
private func comparable(_ data: Tensor) throws -> Tensor {
    switch data.dtype {
    case .float64: return try data.contiguous()
    case .int32: return try data.to(dtype: .float64).contiguous()
    case .int64:
        let (low, high) = (try aten("min", .tensor(data)).ints()[0], try aten("max", .tensor(data)).ints()[0])
        let middle = low / 2 + high / 2
        guard middle.magnitude > 1 << 53 else { return try data.to(dtype: .float64).contiguous() }
        return try aten("sub.Scalar", .tensor(data), .int(middle)).to(dtype: .float64).contiguous()
    default: return try data.to(dtype: .float32).contiguous()
    }
}

/// Throws code `value` for an image that holds finite numbers which are none as float32: images are compared, and known
/// again, as float32.
private func refuseBeyondFloat(_ data: Tensor, _ finite: Tensor, _ name: String) throws {
    let lost = try aten(
        "masked_select", .tensor(data),
        .tensor(aten("logical_and", .tensor(aten("isfinite", .tensor(data))), .tensor(aten("logical_not", .tensor(finite))))))
    guard lost.count > 0 else { return }
    throw Failure(
        "value", "\(name) of register must hold numbers up to 3.4e38, but holds \(try lost.doubles()[0])",
        help: "divide the image by a number: intensities are scaled anyway")
}

/// Does something at every voxel of a grid with the place that `map` gives it.
func forPlaces(_ sizes: [Int], _ map: Affine, _ work: @escaping (Int, SIMD4<Float>) -> Void) {
    let columns = (0..<4).map { column in
        SIMD4(Float(map[0, column]), Float(map[1, column]), Float(map[2, column]), 0)
    }
    inParallel(sizes[0]) { x in
        for y in 0..<sizes[1] {
            let start = columns[3] + columns[0] * Float(x) + columns[1] * Float(y)
            let voxel = (x &* sizes[1] &+ y) &* sizes[2]
            for z in 0..<sizes[2] { work(voxel &+ z, start + columns[2] * Float(z)) }
        }
    }
}

/// The value of an image [X, Y, Z] between voxels, linear; the border holds beyond it.
@inline(__always)
func linearValue(_ data: UnsafePointer<Float>, _ sizes: [Int], _ place: SIMD4<Float>) -> Float {
    TrilinearCell(place, sizes, stride: 1).value(in: data)
}

/// The finest spacing (mm) along the axes that have more than one voxel.
func finestSpacing(_ shape: [Int], _ spacing: [Double]) -> Double {
    let seen = spacing.indices.filter { shape[$0] > 1 }.map { spacing[$0] }
    return (seen.isEmpty ? spacing : seen).min() ?? 1
}

/// The axis whose spacing is more than twice the finest, or that has but one voxel, when there is exactly one: a stack of
/// thick slices, or a single slice.
func thickAxis(_ shape: [Int], _ spacing: [Double]) -> Int? {
    let finest = finestSpacing(shape, spacing)
    let thick = spacing.indices.filter { spacing[$0] > 2 * finest || shape[$0] == 1 }
    return thick.count == 1 ? thick[0] : nil
}
