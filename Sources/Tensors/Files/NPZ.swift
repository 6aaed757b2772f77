/// NumPy's archive of named arrays.
enum NPZ {
    static func read(_ archive: ZipArchive) throws -> ArrayFileContents {
        var contents = ArrayFileContents(widensHalf: true)
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
            } catch let error as TensorError where error.code == "file" {
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
