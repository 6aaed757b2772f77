import Base
import CFiles
import Foundation

/// HDF5 files through libhdf5: every numeric data set, nested groups as `group/name`.
enum HDF5: ArrayFormat {
    static let name = "HDF5"
    static let endings = ["h5", "hdf5", "hdf", "he5"]
    static let unknownFloats: Set<DType> = [.bfloat16, .float16]
    static let compresses = true

    /// The serial library takes one call at a time.
    private static let lock = NSLock()

    private static let types: [(cf_element, ElementType)] = [
        (CF_BOOL, .bool), (CF_UINT8, .uint8), (CF_INT8, .int8), (CF_UINT16, .uint16), (CF_INT16, .int16),
        (CF_UINT32, .uint32), (CF_INT32, .int32), (CF_UINT64, .uint64), (CF_INT64, .int64), (CF_FLOAT32, .float32),
        (CF_FLOAT64, .float64),
    ]

    /// Compressions that the library alone does not undo: the registered number, the name, and Debian's packages that do,
    /// where there are any (https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md).
    private static let filters: [Int32: (name: String, package: String?)] = [
        4: ("SZIP", nil), 307: ("bzip2", "hdf5-filter-plugin"), 32000: ("LZF", "hdf5-plugin-lzf liblzf1"),
        32001: ("Blosc", "hdf5-filter-plugin-blosc-serial"), 32004: ("LZ4", "hdf5-filter-plugin"), 32008: ("Bitshuffle", nil),
        32013: ("ZFP", "hdf5-filter-plugin-zfp-serial"), 32015: ("Zstandard", nil), 32024: ("SZ3", nil), 32026: ("Blosc2", nil),
    ]

    /// HDF5 starts among a file's first bytes: at once, or behind a block of another's, as in MATLAB's files (7.3).
    static func recognizes(_ file: ArraySource) -> Bool {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
        return [0, 512, 1024, 2048].contains { file.first.dropFirst($0).starts(with: signature) }
    }

    private static var version: String {
        var numbers: (UInt32, UInt32, UInt32) = (0, 0, 0)
        withUnsafeMutableBytes(of: &numbers) { cf_h5_version($0.bindMemory(to: UInt32.self).baseAddress) }
        return "\(numbers.0).\(numbers.1).\(numbers.2)"
    }

    private static let rewrite = "in Python, write the file again with h5py.File(path, \"w\", libver=\"earliest\")"

    static func read(_ file: ArraySource) throws -> ArrayFileContents {
        let path = file.path
        lock.lock()
        defer { lock.unlock() }
        let (opened, message) = FileAccess.withMessage { cf_h5_open(path, $0, $1) }
        guard let opened else {
            // A version that the library does not know is no damage.
            let isNewer = message.contains("superblock version")
            throw FileAccess.failure(
                path, mustBe: isNewer ? "an HDF5 file of a form that HDF5 \(version) knows" : "a complete HDF5 file",
                but: isNewer ? "it is of a newer one (\(message))" : "libhdf5 cannot open it: \(message)",
                help: isNewer ? rewrite : "the file is truncated or damaged; copy or write it again")
        }
        defer { cf_h5_close(opened) }
        var contents = ArrayFileContents()
        // Several names may lead to one data set, which is read once.
        var known: [[UInt64]: RawArray] = [:]
        for index in 0..<cf_h5_count(opened) {
            var set = cf_h5_dataset()
            let (status, problem) = FileAccess.withMessage { cf_h5_describe(opened, index, &set, $0, $1) }
            let name = set.name.map { String(cString: $0) } ?? "data set \(index)"
            let object = [set.file_number, set.address]
            // One data set that cannot be read says nothing about the others.
            if status == 0, set.obstacle == nil, set.missing_filter == 0, let array = known[object] {
                contents.arrays.append((name, array))
                continue
            }
            do {
                guard status == 0 else { throw unopened(problem) }
                let array = try self.array(opened, index, set, path)
                known[object] = array
                contents.arrays.append((name, array))
            } catch let obstacle as Unreadable {
                contents.leftOut.append(LeftOutArray(name: name, obstacle))
            }
        }
        return contents
    }

    /// The text of a data set that holds one; nil when there is none of the name.
    static func text(_ path: String, _ name: String) -> String? {
        lock.lock()
        defer { lock.unlock() }
        guard let file = FileAccess.withMessage({ cf_h5_open(path, $0, $1) }).0 else { return nil }
        defer { cf_h5_close(file) }
        let (status, text) = FileAccess.withMessage { cf_h5_read_text(file, name, $0, $1) }
        return status == 0 ? text : nil
    }

    private static func unopened(_ problem: String) -> Unreadable {
        guard problem.contains("version") else {
            return .damage("a data set that cannot be opened (\(problem))")
        }
        return Unreadable("of a form newer than HDF5 \(version), which reads here (\(problem))", help: rewrite)
    }

    private static func array(_ file: OpaquePointer, _ index: Int, _ described: cf_h5_dataset, _ path: String) throws -> RawArray {
        var set = described
        if let obstacle = set.obstacle {
            let words = String(cString: obstacle)
            throw Unreadable(
                words,
                help: words.contains("another file")
                    ? "copy its numbers into this file, or read the other file" : words.hasPrefix("complex") ? Unreadable.complexHelp : nil)
        }
        guard set.missing_filter == 0 else {
            let given = withUnsafeBytes(of: &set.filter_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            let known = filters[set.missing_filter]
            let name = known?.name ?? (given.isEmpty ? "an unknown filter" : given)
            throw Unreadable(
                "compressed with \(name) (HDF5 filter \(set.missing_filter)), which nothing on this machine undoes",
                help: (known?.package.map { "apt-get install \($0), or " } ?? "") + "write it again with h5py's compression=\"gzip\"")
        }
        guard let type = types.first(where: { $0.0 == set.element })?.1 else { throw Unreadable("no numbers") }
        let shape = withUnsafeBytes(of: set.shape) { Array($0.bindMemory(to: UInt64.self).prefix(Int(set.rank))) }
            .map { Int(clamping: $0) }
        guard let count = FileAccess.product(shape), count <= Int.max / 16 else {
            throw Unreadable.damage("of the impossible shape \(shape)")
        }
        let byteCount = count * type.size
        let free = Memory.availableBytes
        guard byteCount <= free else {
            throw Unreadable(
                "of shape \(shape), for which \(ByteSize.text(byteCount)) of memory are needed and \(ByteSize.text(free)) are free",
                help: "the file may be damaged; if the size is right, use a machine with more memory")
        }
        var failed: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(1, byteCount)) { buffer, initialized in
            guard byteCount > 0 else { return }
            let (status, problem) = FileAccess.withMessage {
                cf_h5_read(file, index, set.element, buffer.baseAddress, $0, $1)
            }
            if status == 0 { initialized = byteCount } else { failed = problem }
        }
        if let failed {
            throw Unreadable.damage("a data set whose data cannot be read (\(failed))")
        }
        return RawArray(shape: shape, type: type, bytes: bytes)
    }

    /// A slash in a name makes groups.
    static func write(_ arrays: [(String, RawArray)], to path: String, compressed: Bool) throws {
        var items: [cf_h5_item] = []
        var owned: [UnsafeMutableRawPointer] = []
        defer { owned.forEach { $0.deallocate() } }
        func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer {
            let copy = UnsafeMutableRawPointer.allocate(byteCount: max(8, bytes.count), alignment: 16)
            if let start = bytes.baseAddress { copy.copyMemory(from: start, byteCount: bytes.count) }
            owned.append(copy)
            return copy
        }
        for (name, array) in arrays {
            guard let element = types.first(where: { $0.1 == array.type })?.0 else {
                throw Failure("type", "an array for HDF5 must have an HDF5 number type, but \(name) is \(array.type)")
            }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
                throw Failure(
                    "value", "a data set's name must be words joined by single slashes, but is \"\(name)\"", argument: "arrays")
            }
            var item = cf_h5_item()
            let nameBytes = Array(name.utf8) + [0]
            item.name = UnsafePointer(nameBytes.withUnsafeBytes(keep).assumingMemoryBound(to: CChar.self))
            item.rank = Int32(array.shape.count)
            let sizes = array.shape.map(UInt64.init)
            item.shape = UnsafePointer(sizes.withUnsafeBytes(keep).assumingMemoryBound(to: UInt64.self))
            item.element = element
            item.bytes = UnsafeRawPointer(array.bytes.withUnsafeBytes(keep))
            items.append(item)
        }
        lock.lock()
        defer { lock.unlock() }
        let (status, message) = FileAccess.withMessage {
            cf_h5_write_file(path, items, items.count, compressed ? 4 : 0, $0, $1)
        }
        guard status == 0 else {
            throw Failure(
                "file", "\(path) must be writable as HDF5, but \(message)",
                help: "a name cannot be both an array and a group of arrays", argument: "path")
        }
    }
}

/// The text of a data set of an HDF5 file that holds one, up to 500 bytes; nil when there is none of the name.
public func readHDF5Text(_ path: String, _ name: String) throws -> String? {
    try FileAccess.requireFile(path)
    return HDF5.text(path, name)
}
