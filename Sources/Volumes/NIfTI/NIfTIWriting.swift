import Base
import CFiles
import Foundation
import Tensors

/// Writes a volume as NIfTI: `.nii`, `.nii.gz`, `.hdr` or `.img` (a pair); NIfTI-2 when a size passes 32767.
///
/// The axes are turned to `orientation`, or to the layout of the file that the volume's grid comes from, or stay. Element types: floats as
/// they are (half floats widened), whole numbers in the smallest of uint8, int16, int32 and int64 that holds them all,
/// truths as uint8. Labels are written as the file's own values. sform and qform are both set, in mm (two different ones
/// where the grid has another place for ITK), and `intent` says what the values mean. Written under a temporary name and
/// renamed. Errors have code `file`.
public func writeVolume(
    _ volume: Volume, to path: String, orientation: Orientation? = nil, intent: NIfTIIntent = NIfTIIntent()
) throws {
    try FileAccess.requirePath(path)
    let lower = path.lowercased()
    let isCompressed = lower.hasSuffix(".gz")
    let stem = isCompressed ? String(lower.dropLast(3)) : lower
    let isPair = stem.hasSuffix(".hdr") || stem.hasSuffix(".img")
    guard isPair || stem.hasSuffix(".nii") else {
        throw FileAccess.failure(
            path, mustBe: "a name that ends in .nii, .nii.gz, .hdr or .img",
            but: "it ends in .\(FileAccess.ending(of: path))")
    }
    let meant = volume.labels == nil ? volume : try volume.ownLabels()
    let turned = try orientation.map { try meant.reoriented(to: $0) } ?? meant.asStored()
    let shape = turned.data.shape
    guard shape.count <= 7 else {
        throw Failure("shape", "a NIfTI image must have at most 7 dimensions, but the volume has shape \(shape)", argument: "volume")
    }
    let (stored, datatype, bits) = try storedForm(try turned.data.detached().onCPU())
    let header = header(turned.grid, shape: shape, datatype: datatype, bits: bits, isPair: isPair, intent: intent)
    let data = try stored.permuted(Array((0..<shape.count).reversed())).contiguous()

    let level: Int32 = isCompressed ? 5 : 0
    func write(_ parts: [UnsafeRawBufferPointer], to target: String) throws {
        try FileAccess.replace(target) { temporary in
            let (status, message) = FileAccess.withMessage {
                cf_stream_write_file(temporary, level, parts.map(\.baseAddress), parts.map(\.count), parts.count, $0, $1)
            }
            if status != 0 { throw FileAccess.failure(target, mustBe: "writable", but: message) }
        }
    }
    try header.withUnsafeBytes { headerBytes in
        try data.withUnsafeBytes { dataBytes in
            guard isPair else { return try write([headerBytes, dataBytes], to: path) }
            let suffix = isCompressed ? ".gz" : ""
            let bare = String(path.dropLast(4 + suffix.count))
            try write([dataBytes], to: bare + ".img" + suffix)
            try write([headerBytes], to: bare + ".hdr" + suffix)
        }
    }
}

/// The tensor in a type that NIfTI has, with its code and bits.
private func storedForm(_ data: Tensor) throws -> (Tensor, Int32, Int32) {
    switch data.dtype {
    case .float64: return (data, 64, 64)
    case .float32: return (data, 16, 32)
    case .float16, .bfloat16: return (try data.to(dtype: .float32), 16, 32)
    case .bool, .uint8: return (try data.to(dtype: .uint8), 2, 8)
    case .complex64, .complex128:
        throw Failure("type", "a volume to write must hold real numbers, but holds \(data.dtype.name)", argument: "volume")
    case .int8, .int16, .int32, .int64:
        guard data.count > 0 else { return (try data.to(dtype: .uint8), 2, 8) }
        let least = try aten("min", .tensor(data)).itemInt()
        let most = try aten("max", .tensor(data)).itemInt()
        if least >= 0, most <= 255 { return (try data.to(dtype: .uint8), 2, 8) }
        if least >= Int(Int16.min), most <= Int(Int16.max) { return (try data.to(dtype: .int16), 4, 16) }
        if least >= Int(Int32.min), most <= Int(Int32.max) { return (try data.to(dtype: .int32), 8, 32) }
        return (try data.to(dtype: .int64), 1024, 64)
    }
}

private func header(
    _ grid: Grid, shape: [Int], datatype: Int32, bits: Int32, isPair: Bool, intent: NIfTIIntent
) -> [UInt8] {
    var raw = cf_nifti_header()
    intent.put(into: &raw)
    raw.version = shape.contains { $0 > Int(Int16.max) } ? 2 : 1
    raw.is_pair = isPair ? 1 : 0
    withUnsafeMutableBytes(of: &raw.dim) { memory in
        let sizes = memory.bindMemory(to: Int64.self)
        sizes[0] = Int64(shape.count)
        for axis in 1..<8 { sizes[axis] = axis <= shape.count ? Int64(shape[axis - 1]) : 1 }
    }
    withUnsafeMutableBytes(of: &raw.pixdim) { memory in
        let distances = memory.bindMemory(to: Double.self)
        for axis in 0..<8 { distances[axis] = 1 }
    }
    // Where ITK is to see the voxels elsewhere, as in the file that the grid comes from, the qform says it: ITK takes it
    // beside a sform whose code is 2, nibabel and RS4 take the sform.
    let other = grid.itkFrame.map { $0 * grid.affine }
    cf_nifti_matrix_to_quaternion((other ?? grid.affine).elements, &raw)
    // nifti_clib measures the spacing on the orthogonalised matrix; the columns' own lengths are what readers expect.
    let spacing = (0..<3).map { axis in (other ?? grid.affine).column(axis).reduce(0) { $0 + $1 * $1 }.squareRoot() }
    (raw.pixdim.1, raw.pixdim.2, raw.pixdim.3) = (spacing[0], spacing[1], spacing[2])
    withUnsafeMutableBytes(of: &raw.srow) { memory in
        let rows = memory.bindMemory(to: Double.self)
        for index in 0..<12 { rows[index] = grid.affine.elements[index] }
    }
    // A quaternion cannot hold shear; then the sform alone says where the voxels lie.
    raw.qform_code = other != nil || grid.isOrthogonal ? 1 : 0
    raw.sform_code = other == nil ? 1 : 2
    raw.datatype = datatype
    raw.bitpix = bits
    raw.scl_slope = 1
    raw.vox_offset = isPair ? 0 : Int64(cf_nifti_header_size(raw.version)) + 4
    raw.xyzt_units = 2 | 8  // millimetres, seconds
    withUnsafeMutableBytes(of: &raw.description) { memory in
        for (index, byte) in "RS4".utf8.enumerated() { memory[index] = byte }
    }
    var bytes = [UInt8](repeating: 0, count: Int(cf_nifti_header_size(raw.version)) + 4)
    cf_nifti_format(&raw, &bytes)
    return bytes
}
