import Base
import Foundation

/// The formats of named arrays that RS4 reads and writes.
public enum ArrayFormats {
    static let all: [any ArrayFormat.Type] = [NPZ.self, NPY.self, Safetensors.self, HDF5.self, TorchArchive.self]

    /// What messages call them: `npz, npy, safetensors, HDF5 or PyTorch`.
    public static var names: String { alternatives(all.map { $0.name }) }

    static var known: String { "an array file (\(names))" }

    /// The endings of files of many arrays, one for each format that writes them.
    public static var endings: [String] { offered { !$0.holdsOne } }

    /// The endings of those that can be written smaller.
    public static var compressedEndings: [String] { offered { $0.compresses } }

    /// What a message calls the format of a file that begins with these bytes; nil when it has none.
    public static func name(firstBytes first: [UInt8], path: String) -> String? { of(ArraySource(path, first: first))?.name }

    static func of(_ file: ArraySource) -> (any ArrayFormat.Type)? { all.first { $0.recognizes(file) } }

    /// The format that a file name's ending asks for.
    static func named(by path: String) -> (any ArrayFormat.Type)? {
        let ending = FileAccess.ending(of: path).lowercased()
        return all.first { $0.endings.contains(ending) }
    }

    private static func offered(_ isChosen: (any ArrayFormat.Type) -> Bool) -> [String] {
        all.filter(isChosen).compactMap { format in format.endings.first.map { ".\($0)" } }
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
    let (contents, widensHalf) = try readContents(path)
    if contents.arrays.isEmpty, let first = contents.leftOut.first {
        let found = contents.leftOut.prefix(3).map { "\($0.name.isEmpty ? "the whole" : $0.name) (\($0.reason))" }
        throw FileAccess.failure(
            path, mustBe: "a file with arrays of numbers", but: "it holds only \(found.joined(separator: ", "))",
            help: contents.help ?? first.help)
    }
    var file = ArrayFile(arrays: [], leftOut: contents.leftOut)
    for (name, array) in contents.arrays {
        do {
            let tensor = try array.tensor()
            file.arrays.append((name, widensHalf && tensor.dtype == .float16 ? try tensor.to(dtype: .float32) : tensor))
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

private func readContents(_ path: String) throws -> (contents: ArrayFileContents, widensHalf: Bool) {
    let first = try FileAccess.firstBytes(of: path, count: 4096)
    let known = ArrayFormats.known
    guard !first.isEmpty else {
        throw FileAccess.failure(path, mustBe: known, but: "it is empty", help: "copy or write the file again")
    }
    let file = ArraySource(path, first: first)
    if let format = ArrayFormats.of(file) { return (try format.read(file), format.widensHalf) }
    if first[0] == 0x80, first.count > 1, (2...5).contains(first[1]) {
        throw FileAccess.failure(
            path, mustBe: known, but: "it is a plain Python pickle",
            help: "in Python, save the arrays with numpy.savez or torch.save")
    }
    if let foreign = ForeignFile(path: path) {
        throw FileAccess.failure(path, mustBe: known, but: "it is \(foreign.kind)", help: foreign.help)
    }
    let shown = first.prefix(8).map { String(format: "%02x", $0) }.joined(separator: " ")
    throw FileAccess.failure(
        path, mustBe: known, but: "it starts with the bytes \(shown)",
        help: ArrayFormats.named(by: path) != nil ? "the file is truncated or damaged; copy or write it again" : nil)
}

/// Writes named arrays in the format that the extension names (`ArrayFormats`); `.npy` holds one array. `.pth` and `.pt`
/// are read by `torch.load(path, weights_only=True)`. Slashes in a name make HDF5 groups.
///
/// Floats that a format does not know become float32: bfloat16 for NumPy and HDF5, half floats for HDF5. `compressed`
/// writes a smaller file where the format can. The file is written under a temporary name and renamed. Errors have code
/// `file`.
/// `isDurable` and `previous` are those of `FileAccess.replace`.
public func writeArrays(
    _ path: String, _ arrays: [(name: String, tensor: Tensor)], compressed: Bool = false, isDurable: Bool = false,
    previous: String? = nil
) throws {
    try FileAccess.requirePath(path)
    guard let format = ArrayFormats.named(by: path) else {
        let ending = FileAccess.ending(of: path)
        throw FileAccess.failure(
            path, mustBe: "a name that ends in \(alternatives(ArrayFormats.endings))",
            but: ending.isEmpty ? "it has no extension" : "it ends in .\(ending)")
    }
    var seen = Set<String>()
    for (name, _) in arrays {
        guard !name.isEmpty, !name.contains("\0") else {
            throw Failure("value", "an array's name must not be empty", argument: "arrays")
        }
        guard seen.insert(name).inserted else {
            throw Failure("value", "array names must differ, but \"\(name)\" is there twice", argument: "arrays")
        }
    }
    let raw = try arrays.map { ($0.name, try RawArray($0.tensor, for: format)) }
    try FileAccess.replace(path, isDurable: isDurable, previous: previous) { temporary in
        if format.holdsOne, raw.count != 1 {
            throw FileAccess.failure(
                path, mustBe: "an \(ArrayFormats.endings[0]) file",
                but: "an .\(format.endings[0]) file holds one array, not \(raw.count)")
        }
        try format.write(raw, to: temporary, compressed: compressed)
    }
}
