import Foundation

/// What an array file holds: named arrays in the file's order, and what is no array of numbers, with the reason.
struct ArrayFileContents {
    var arrays: [(String, RawArray)] = []
    var leftOut: [LeftOutArray] = []
    /// True for formats of data rather than weights: few operations take half floats on a CPU.
    var widensHalf = false
    /// True for what torch.save wrote.
    var isTorch = false
}

/// The formats of named arrays that RS4 reads and writes.
public enum ArrayFileFormat: String, CaseIterable, Sendable {
    case npy, npz, safetensors, hdf5, torch

    /// The format that a file name's extension asks for.
    public init?(pathExtension: String) {
        switch pathExtension.lowercased() {
        case "npy": self = .npy
        case "npz": self = .npz
        case "safetensors": self = .safetensors
        case "h5", "hdf5", "hdf", "he5": self = .hdf5
        case "pth", "pt", "bin", "ckpt": self = .torch
        default: return nil
        }
    }

    /// What a message calls it.
    public var name: String {
        switch self {
        case .npy: return "NumPy"
        case .npz: return "npz"
        case .safetensors: return "safetensors"
        case .hdf5: return "HDF5"
        case .torch: return "PyTorch"
        }
    }

    /// The format that a file's first bytes show; nil when they show none. A zip archive is PyTorch's when its name says so.
    public init?(firstBytes first: [UInt8], path: String) {
        if first.starts(with: NPY.magic) {
            self = .npy
        } else if first.starts(with: [0x50, 0x4B]) {
            self = ArrayFileFormat(pathExtension: FileAccess.ending(of: path)) == .torch ? .torch : .npz
        } else if HDF5.starts(in: first) {
            self = .hdf5
        } else if Safetensors.recognizes(first, fileSize: (try? FileAccess.size(of: path)) ?? 0) {
            self = .safetensors
        } else {
            return nil
        }
    }
}

/// The arrays of a file as tensors, and what of it could not become one.
public struct ArrayFile {
    public var arrays: [(name: String, tensor: Tensor)]
    public var leftOut: [LeftOutArray]
}

/// Reads every array of numbers in a file: NumPy `.npy` and `.npz`, safetensors, HDF5 (nested groups as `group/name`)
/// and PyTorch state dicts (`torch.save`; nested maps joined by dots, plain numbers as tensors without dimensions).
///
/// The format is told from the content, not the name. A `.npy` file gives one array with the name `array`.
/// Types: NumPy's half floats are widened to float32, unsigned 16- and 32-bit integers to the next signed type, 64-bit
/// unsigned to int64 where the numbers fit; all else keeps its type. Entries that are no real numbers (text, objects) or
/// cannot be read are left out, and listed with the reason; a file that holds nothing else is an error. Errors have code
/// `file`.
public func readArrayFile(_ path: String) throws -> ArrayFile {
    let contents = try readContents(path)
    if contents.arrays.isEmpty, let first = contents.leftOut.first {
        let found = contents.leftOut.prefix(3).map { "\($0.name.isEmpty ? "the whole" : $0.name) (\($0.reason))" }
        throw FileAccess.failure(
            path, mustBe: "a file with arrays of numbers", but: "it holds only \(found.joined(separator: ", "))",
            help: contents.isTorch ? "a PyTorch model must be saved as torch.save(model.state_dict(), path)" : first.help)
    }
    var file = ArrayFile(arrays: [], leftOut: contents.leftOut)
    for (name, array) in contents.arrays {
        do {
            let tensor = try array.tensor()
            file.arrays.append((name, contents.widensHalf && tensor.dtype == .float16 ? try tensor.to(dtype: .float32) : tensor))
        } catch let unreadable as Unreadable {
            file.leftOut.append(LeftOutArray(name: name, unreadable))
        }
    }
    if file.arrays.isEmpty, let first = file.leftOut.first { throw first.failure(in: path) }
    return file
}

/// The arrays of `readArrayFile` alone, for who takes the file as one thing: it is refused when one of them is damaged.
public func readArrays(_ path: String) throws -> [(name: String, tensor: Tensor)] {
    let file = try readArrayFile(path)
    if let damaged = file.leftOut.first(where: \.isDamaged) { throw damaged.failure(in: path) }
    return file.arrays
}

private func readContents(_ path: String) throws -> ArrayFileContents {
    let first = try FileAccess.firstBytes(of: path, count: 4096)
    let known = "an array file (npz, npy, safetensors, HDF5 or PyTorch)"
    guard !first.isEmpty else {
        throw FileAccess.failure(path, mustBe: known, but: "it is empty", help: "copy or write the file again")
    }
    if first.starts(with: NPY.magic) {
        let size = try FileAccess.size(of: path)
        try FileAccess.requireMemory(2 * size, for: "the array", in: path)
        do {
            let bytes = try FileAccess.firstBytes(of: path, count: size)
            return ArrayFileContents(
                arrays: [("array", try NPY.array(bytes, path: path, name: ""))], widensHalf: true)
        } catch let unreadable as Unreadable {
            return ArrayFileContents(leftOut: [LeftOutArray(name: "array", unreadable)])
        }
    }
    if first.starts(with: [0x50, 0x4B]) {
        let archive = try ZipArchive(path, kind: "zip archive")
        if let folder = TorchArchive.folder(of: archive) { return try TorchArchive.read(archive, folder: folder) }
        if archive.entries.isEmpty || archive.entries.contains(where: { $0.name.hasSuffix(".npy") }) {
            return try NPZ.read(archive)
        }
        throw FileAccess.failure(
            path, mustBe: known, but: "it is a zip archive without arrays",
            help: "its first entry is \(archive.entries.first?.name ?? "missing")")
    }
    if HDF5.starts(in: first) { return try HDF5.read(path) }
    if Safetensors.recognizes(first, fileSize: try FileAccess.size(of: path)) { return try Safetensors.read(path) }
    if first.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46]) {
        throw FileAccess.failure(
            path, mustBe: "a PyTorch file of version 1.6 or later", but: "it has the older format without a zip archive",
            help: "in Python, save it again: torch.save(torch.load(path, map_location=\"cpu\"), path)")
    }
    if first[0] == 0x80, first.count > 1, (2...5).contains(first[1]) {
        throw FileAccess.failure(
            path, mustBe: known, but: "it is a plain Python pickle",
            help: "in Python, save the arrays with numpy.savez or torch.save")
    }
    if let foreign = ForeignFile(path: path) {
        throw FileAccess.failure(path, mustBe: known, but: "it is \(foreign.kind)", help: foreign.help)
    }
    let shown = first.prefix(8).map { String(format: "%02x", $0) }.joined(separator: " ")
    let isNamedSo = ArrayFileFormat(pathExtension: FileAccess.ending(of: path)) != nil
    throw FileAccess.failure(
        path, mustBe: known, but: "it starts with the bytes \(shown)",
        help: isNamedSo ? "the file is truncated or damaged; copy or write it again" : nil)
}

/// Writes named arrays in the format that the extension names: `.npz` (`.npy` for one array), `.safetensors`,
/// `.h5`, and `.pth` / `.pt`, which `torch.load(path, weights_only=True)` reads. Slashes in a name make HDF5 groups.
///
/// NumPy and HDF5 know no bfloat16, so it is widened to float32 there, as half floats are for HDF5. `compressed`
/// deflates npz and HDF5. The file is written under a temporary name and renamed. Errors have code `file`.
/// `isDurable` and `previous` are those of `FileAccess.replace`.
public func writeArrays(
    _ path: String, _ arrays: [(name: String, tensor: Tensor)], compressed: Bool = false, isDurable: Bool = false,
    previous: String? = nil
) throws {
    try FileAccess.requirePath(path)
    let pathExtension = FileAccess.ending(of: path)
    guard let format = ArrayFileFormat(pathExtension: pathExtension) else {
        throw FileAccess.failure(
            path, mustBe: "a name that ends in .npz, .safetensors, .h5 or .pth",
            but: pathExtension.isEmpty ? "it has no extension" : "it ends in .\(pathExtension)")
    }
    var seen = Set<String>()
    for (name, _) in arrays {
        guard !name.isEmpty, !name.contains("\0") else {
            throw TensorError("value", "an array's name must not be empty")
        }
        guard seen.insert(name).inserted else {
            throw TensorError("value", "array names must differ, but \"\(name)\" is there twice")
        }
    }
    let raw = try arrays.map { ($0.name, try RawArray($0.tensor, for: format)) }
    try FileAccess.replace(path, isDurable: isDurable, previous: previous) { temporary in
        switch format {
        case .npy:
            guard let only = raw.first, raw.count == 1 else {
                throw FileAccess.failure(
                    path, mustBe: "an .npz file", but: "an .npy file holds one array, not \(raw.count)")
            }
            try FileAccess.write([try NPY.format(only.1)], to: temporary)
        case .npz: try NPZ.write(raw, to: temporary, compressed: compressed)
        case .safetensors: try Safetensors.write(raw, to: temporary)
        case .hdf5: try HDF5.write(raw, to: temporary, compressed: compressed)
        case .torch: try TorchArchive.write(raw, to: temporary)
        }
    }
}

extension RawArray {
    /// The array as a tensor on the CPU; types that libtorch lacks become the next larger one.
    func tensor() throws -> Tensor {
        func made<Element>(_ elements: [Element], _ dtype: DType) throws -> Tensor {
            try elements.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: dtype) }
        }
        func direct(_ dtype: DType) throws -> Tensor {
            try bytes.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: dtype) }
        }
        switch type {
        case .bool:
            // Any nonzero byte is true; libtorch expects exactly 0 or 1.
            return try made(bytes.map { $0 == 0 ? UInt8(0) : 1 }, .bool)
        case .uint8: return try direct(.uint8)
        case .int8: return try direct(.int8)
        case .int16: return try direct(.int16)
        case .int32: return try direct(.int32)
        case .int64: return try direct(.int64)
        case .float16: return try direct(.float16)
        case .bfloat16: return try direct(.bfloat16)
        case .float32: return try direct(.float32)
        case .float64: return try direct(.float64)
        case .uint16:
            return try made(bytes.withUnsafeBytes { $0.bindMemory(to: UInt16.self).map { Int32($0) } }, .int32)
        case .uint32:
            return try made(bytes.withUnsafeBytes { $0.bindMemory(to: UInt32.self).map { Int64($0) } }, .int64)
        case .uint64:
            let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
            if let large = numbers.first(where: { $0 > UInt64(Int64.max) }) {
                throw Unreadable("64-bit numbers without sign, of which \(large) is too large", help: "write the array as int64 or float64")
            }
            return try direct(.int64)
        }
    }

    /// A tensor's elements, in a type that the format knows.
    init(_ tensor: Tensor, for format: ArrayFileFormat) throws {
        var source = try tensor.detached().onCPU()
        let isNumPy = format == .npy || format == .npz
        if source.dtype == .bfloat16, isNumPy || format == .hdf5 { source = try source.to(dtype: .float32) }
        if source.dtype == .float16, format == .hdf5 { source = try source.to(dtype: .float32) }
        let types: [DType: ElementType] = [
            .bool: .bool, .uint8: .uint8, .int8: .int8, .int16: .int16, .int32: .int32, .int64: .int64,
            .float16: .float16, .bfloat16: .bfloat16, .float32: .float32, .float64: .float64,
        ]
        guard let type = types[source.dtype] else {
            throw TensorError("type", "an array to write must hold real numbers, but holds \(source.dtype.name)")
        }
        let shape = source.shape
        self.init(shape: shape, type: type, bytes: try source.withUnsafeBytes { Array($0) })
    }
}
