import Base

/// NumPy's archive of named arrays.
enum NPZ: ArrayFormat {
    static let name = "npz"
    static let endings = ["npz"]
    static let widensHalf = true
    static let unknownFloats: Set<DType> = [.bfloat16]
    static let compresses = true

    /// PyTorch's files are zip archives too.
    static func recognizes(_ file: ArraySource) -> Bool { file.isArchive && !TorchArchive.recognizes(file) }

    static func read(_ file: ArraySource) throws -> ArrayFileContents {
        let archive = try file.archive()
        guard archive.entries.isEmpty || archive.entries.contains(where: { $0.name.hasSuffix(".npy") }) else {
            throw FileAccess.failure(
                file.path, mustBe: ArrayFormats.known, but: "it is a zip archive without arrays",
                help: "its first entry is \(archive.entries.first?.name ?? "missing")")
        }
        var contents = ArrayFileContents()
        for entry in archive.entries where !entry.name.hasSuffix("/") {
            guard entry.name.hasSuffix(".npy") else {
                contents.leftOut.append(LeftOutArray(entry.name, "no array"))
                continue
            }
            let name = String(entry.name.dropLast(4))
            do {
                // The header first: it must agree with the size that the directory claims.
                let beginning = try archive.read(entry, first: min(entry.size, 65536 + 12))
                let header = try NPY.header(beginning, path: archive.path, name: name)
                let needed = header.start + header.byteCount
                guard entry.size >= needed else {
                    throw FileAccess.failure(
                        archive.path, mustBe: "complete",
                        but: "array \(name) holds \(entry.size - header.start) of the \(header.byteCount) bytes that its "
                            + "shape \(header.shape) needs",
                        help: "the file is truncated; copy or write it again")
                }
                let bytes = beginning.count >= needed && beginning.count == entry.size ? beginning : try archive.read(entry)
                contents.arrays.append((name, try NPY.array(bytes, path: archive.path, name: name)))
            } catch let unreadable as Unreadable {
                contents.leftOut.append(LeftOutArray(name: name, unreadable))
            } catch let error as Failure where error.code == "file" {
                contents.leftOut.append(LeftOutArray(name: name, .damage("damaged (\(error.message))", help: error.help)))
            }
        }
        return contents
    }

    static func write(_ arrays: [(String, RawArray)], to path: String, compressed: Bool) throws {
        let parts = try arrays.map { (name: $0.0 + ".npy", bytes: try NPY.format($0.1)) }
        try ZipArchive.write(parts, to: path, deflated: compressed)
    }
}
