import CFiles
import Foundation

/// HDF5 files through libhdf5: every numeric data set, nested groups as `group/name`.
enum HDF5 {
    /// The serial library takes one call at a time.
    private static let lock = NSLock()

    private static let types: [(cf_element, ElementType)] = [
        (CF_BOOL, .bool), (CF_UINT8, .uint8), (CF_INT8, .int8), (CF_UINT16, .uint16), (CF_INT16, .int16),
        (CF_UINT32, .uint32), (CF_INT32, .int32), (CF_UINT64, .uint64), (CF_INT64, .int64), (CF_FLOAT32, .float32),
        (CF_FLOAT64, .float64),
    ]

    static func read(_ path: String) throws -> ArrayFileContents {
        func damaged(_ found: String) -> TensorError {
            FileAccess.failure(
                path, mustBe: "a complete HDF5 file", but: found,
                help: "the file is truncated or damaged; copy or write it again")
        }
        lock.lock()
        defer { lock.unlock() }
        let (opened, message) = FileAccess.withMessage { cf_h5_open(path, $0, $1) }
        guard let file = opened else { throw damaged("libhdf5 cannot open it: \(message)") }
        defer { cf_h5_close(file) }
        var contents = ArrayFileContents()
        for index in 0..<cf_h5_count(file) {
            var set = cf_h5_dataset()
            let (status, problem) = FileAccess.withMessage { cf_h5_describe(file, index, &set, $0, $1) }
            let name = set.name.map { String(cString: $0) } ?? "data set \(index)"
            guard status == 0 else { throw damaged("\(name) cannot be opened: \(problem)") }
            if let obstacle = set.obstacle {
                contents.skipped.append((name, String(cString: obstacle)))
                continue
            }
            guard let type = types.first(where: { $0.0 == set.element })?.1 else {
                contents.skipped.append((name, "elements that are no numbers"))
                continue
            }
            let shape = withUnsafeBytes(of: set.shape) { Array($0.bindMemory(to: UInt64.self).prefix(Int(set.rank))) }
                .map { Int(clamping: $0) }
            guard let count = FileAccess.product(shape), count <= Int.max / 16 else {
                throw damaged("\(name) claims the impossible shape \(shape)")
            }
            let byteCount = count * type.size
            try FileAccess.requireMemory(byteCount, for: "data set \(name) of shape \(shape)", in: path)
            var failed: String?
            let bytes = [UInt8](unsafeUninitializedCapacity: max(1, byteCount)) { buffer, initialized in
                guard byteCount > 0 else { return }
                let (status, problem) = FileAccess.withMessage {
                    cf_h5_read(file, index, set.element, buffer.baseAddress, $0, $1)
                }
                if status == 0 { initialized = byteCount } else { failed = problem }
            }
            if let failed { throw damaged("\(name) cannot be read: \(failed)") }
            contents.arrays.append((name, RawArray(shape: shape, type: type, bytes: bytes)))
        }
        return contents
    }

    /// Writes a new file as it is (no temporary name); a slash in a name makes groups.
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
                throw TensorError("type", "an array for HDF5 must have an HDF5 number type, but \(name) is \(array.type)")
            }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
                throw TensorError(
                    "value", "a data set's name must be words joined by single slashes, but is \"\(name)\"")
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
            throw TensorError(
                "file", "\(path) must be writable as HDF5, but \(message)",
                help: "a name cannot be both an array and a group of arrays")
        }
    }
}
