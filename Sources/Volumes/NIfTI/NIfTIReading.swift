import Base
import CFiles
import Foundation
import Tensors

/// Reads a NIfTI-1 or NIfTI-2 image: `.nii`, `.nii.gz`, or a `.hdr` / `.img` pair (either name).
///
/// Gives a volume of shape [X, Y, Z] or [X, Y, Z, T, …] whose values have the header's scaling applied. The axes are
/// turned to the closest `orientation` (nil leaves them as stored). `dtype` nil keeps the stored type: float32 when
/// scaled, unsigned types widened to the next signed one. A 2-D image becomes a single slice. Metres and micrometres
/// become mm.
/// Errors have code `file`: missing, truncated, not NIfTI, impossible sizes, spacing or orientation.
public func readVolume(
    _ path: String, dtype: DType? = .float32, orientation: Orientation? = .ras
) throws -> Volume {
    let (headerPath, dataPath) = pairNames(path)
    try FileAccess.requireFile(headerPath)
    let stream = try ImageStream(headerPath)
    let first = try stream.read(Int(CF_NIFTI2_SIZE))
    let header = try NIfTIHeader(first, path: headerPath)
    let byteCount = header.shape.reduce(header.type.size, *)

    let bytes: [UInt8]
    if header.isPair {
        guard dataPath != headerPath else {
            throw FileAccess.failure(
                path, mustBe: "named .hdr or .img", but: "its header says that the data lie in another file")
        }
        try FileAccess.requireFile(dataPath)
        bytes = try ImageStream(dataPath).data(at: header.offset, count: byteCount, alreadyRead: [], shape: header.shape)
    } else {
        bytes = try stream.data(at: header.offset, count: byteCount, alreadyRead: first, shape: header.shape)
    }
    let tensor = try header.tensor(bytes, dtype: dtype)
    var grid = try Grid(shape: Array(header.shape.prefix(3)), affine: header.affine)
    grid.layout = .own
    if let itk = header.itk, try !grid.isSame(as: Grid(shape: grid.shape, affine: itk.affine)) {
        grid.itkFrame = itk.affine * grid.inverse
        grid.itkDifference = itk.difference
    }
    var volume = try Volume(data: tensor, grid: grid, path: path)
    if let orientation { volume = try volume.reoriented(to: orientation) }
    return volume
}

/// What the header of a NIfTI image says about its values; the errors of `readVolume`.
public func readIntent(_ path: String) throws -> NIfTIIntent {
    let header = pairNames(path).header
    try FileAccess.requireFile(header)
    return try NIfTIHeader(ImageStream(header).read(Int(CF_NIFTI2_SIZE)), path: header).intent
}

/// Reads a label map: as `readVolume`, with int64 elements, the file's own values. Files that hold floats are accepted when
/// every value is a whole number (to 0.001, as scaling rounds); else code `value`.
public func readLabels(_ path: String, orientation: Orientation? = .ras) throws -> Volume {
    try readVolume(path, dtype: nil, orientation: orientation).asLabels(
        path,
        help: "an image is read with read_volume, and compared to make a mask: read_volume(path) > 0.5; were labels resampled linearly?")
}

/// Where header and data of an image lie: the same file unless it is a pair.
func pairNames(_ path: String) -> (header: String, data: String) {
    for suffix in ["", ".gz"] {
        for (from, to) in [(".hdr", ".img"), (".img", ".hdr")] where path.lowercased().hasSuffix(from + suffix) {
            let stem = String(path.dropLast(from.count + suffix.count))
            let wanted = stem + to + suffix
            let other =
                FileManager.default.fileExists(atPath: wanted)
                ? wanted : [stem + to, stem + to + ".gz"].first { FileManager.default.fileExists(atPath: $0) } ?? wanted
            return from == ".hdr" ? (path, other) : (other, path)
        }
    }
    return (path, path)
}

/// The bytes of an image file, decompressed when it is gzip.
private final class ImageStream {
    private let path: String
    private let handle: OpaquePointer
    private let fileSize: Int

    init(_ path: String) throws {
        fileSize = try FileAccess.size(of: path)
        let (opened, message) = FileAccess.withMessage { cf_stream_open(path, $0, $1) }
        guard let opened else { throw FileAccess.failure(path, mustBe: "readable", but: message) }
        self.path = path
        handle = opened
    }

    deinit { cf_stream_close(handle) }

    /// The next bytes, fewer at the end of the file.
    func read(_ count: Int) throws -> [UInt8] {
        var failed: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(1, count)) { buffer, initialized in
            let (got, message) = FileAccess.withMessage { cf_stream_read(handle, buffer.baseAddress, count, $0, $1) }
            if got < 0 { failed = message } else { initialized = Int(got) }
        }
        if let failed {
            throw FileAccess.failure(
                path, mustBe: "an intact image", but: "its compressed data are damaged: \(failed)",
                help: "the file is truncated or damaged; copy it again")
        }
        return bytes
    }

    /// `count` bytes from `offset`; `alreadyRead` are the bytes read so far. Sizes are checked before memory is asked
    /// for: gzip expands at most 1032 times, and a plain file holds what its size says.
    func data(at offset: Int, count: Int, alreadyRead: [UInt8], shape: [Int]) throws -> [UInt8] {
        func truncated(_ found: Int) -> Failure {
            FileAccess.failure(
                path, mustBe: "a complete image",
                but: "it holds \(max(0, found)) of the \(count) bytes that its shape \(shape) needs",
                help: "the file is truncated; copy it again")
        }
        if cf_stream_is_plain(handle) != 0 {
            guard fileSize - offset >= count else { throw truncated(fileSize - offset) }
        } else if fileSize > Int.max / 2000 || (offset + count) / 1033 > fileSize + 64 {
            throw truncated(0)
        }
        try FileAccess.requireMemory(3 * count, for: "the image of shape \(shape)", in: path)
        var have = alreadyRead
        if have.count < offset {
            var skip = offset - have.count
            while skip > 0 {
                let block = try read(min(skip, 1 << 20))
                guard !block.isEmpty else { throw truncated(0) }
                skip -= block.count
            }
            have = []
        } else {
            have.removeFirst(offset)
        }
        if have.isEmpty {
            have = try read(count)
        } else if have.count < count {
            have += try read(count - have.count)
        }
        guard have.count >= count else { throw truncated(have.count) }
        // Reaching the end of the compressed data makes zlib compare the checksum.
        if cf_stream_is_plain(handle) == 0 {
            _ = try read(1)
            guard cf_stream_is_cut(handle) == 0 else {
                throw FileAccess.failure(
                    path, mustBe: "a complete image", but: "its last bytes, which hold the checksum, are missing",
                    help: "the file is truncated; copy it again")
            }
        }
        return have.count == count ? have : Array(have.prefix(count))
    }
}

extension NIfTIHeader {
    /// The data as a contiguous tensor of shape [X, Y, Z, …]; files hold the first axis fastest.
    fileprivate func tensor(_ stored: [UInt8], dtype: DType?) throws -> Tensor {
        var bytes = stored
        if isSwapped, type.size > 1 {
            let (count, size) = (Int64(bytes.count / type.size), Int32(type.size))
            bytes.withUnsafeMutableBytes { cf_swap_bytes($0.baseAddress, count, size) }
        }
        let reversed = Array(shape.reversed())
        func direct(_ dtype: DType) throws -> Tensor {
            try bytes.withUnsafeBytes { try Tensor(bytes: $0, shape: reversed, dtype: dtype) }
        }
        func widened<Source, Target: TensorElement>(_: Source.Type, _ convert: (Source) -> Target) throws -> Tensor {
            try Tensor(bytes.withUnsafeBytes { $0.bindMemory(to: Source.self).map(convert) }, shape: reversed)
        }
        var tensor: Tensor
        switch type {
        case .uint8: tensor = try direct(.uint8)
        case .int8: tensor = try direct(.int8)
        case .int16: tensor = try direct(.int16)
        case .int32: tensor = try direct(.int32)
        case .int64: tensor = try direct(.int64)
        case .float32: tensor = try direct(.float32)
        case .float64: tensor = try direct(.float64)
        case .uint16: tensor = try widened(UInt16.self) { Int32($0) }
        case .uint32: tensor = try widened(UInt32.self) { Int64($0) }
        case .uint64: tensor = try widened(UInt64.self) { Double($0) }
        }
        if let scaling {
            // In double precision, as nibabel scales.
            tensor = try tensor.to(dtype: .float64).multiplying(scaling.slope).adding(scaling.intercept)
            tensor = try tensor.to(dtype: dtype ?? .float32)
        } else if let dtype {
            tensor = try tensor.to(dtype: dtype)
        }
        return try tensor.permuted(Array((0..<shape.count).reversed())).contiguous()
    }
}
