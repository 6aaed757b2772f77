import Base
import CFiles
import Foundation

/// A zip archive open for reading, with sizes checked before anything is allocated.
final class ZipArchive {
    struct Entry {
        var name: String
        var index: Int64
        var size: Int
        var storedSize: Int
    }

    let path: String
    let entries: [Entry]
    private let handle: OpaquePointer

    /// Opens `path`; `kind` names the expected format in errors.
    init(_ path: String, kind: String) throws {
        let (opened, message) = FileAccess.withMessage { cf_zip_open(path, $0, $1) }
        guard let opened else {
            throw FileAccess.failure(
                path, mustBe: "a complete \(kind)", but: "its zip directory cannot be read (\(message))",
                help: "the file is truncated or damaged; copy or write it again")
        }
        self.path = path
        handle = opened
        var entries: [Entry] = []
        for index in 0..<max(0, cf_zip_count(opened)) {
            var described = cf_zip_entry()
            let (status, problem) = FileAccess.withMessage { cf_zip_describe(opened, index, &described, $0, $1) }
            guard status == 0, let name = described.name, let size = Int(exactly: described.size),
                let stored = Int(exactly: described.stored_size)
            else {
                cf_zip_close(opened)
                throw FileAccess.failure(
                    path, mustBe: "a \(kind)", but: "entry \(index) of its zip directory is damaged: \(problem)",
                    help: "copy or write the file again")
            }
            entries.append(Entry(name: String(cString: name), index: index, size: size, storedSize: stored))
        }
        self.entries = entries
    }

    deinit { cf_zip_close(handle) }

    /// The first `count` bytes of an entry (all of it when nil).
    func read(_ entry: Entry, first count: Int? = nil) throws -> [UInt8] {
        let wanted = count ?? entry.size
        // Deflate never expands more than 1032 times; a larger claim is a damaged or hostile directory.
        guard wanted <= entry.size, entry.size / 1033 <= entry.storedSize + 64 else {
            throw FileAccess.failure(
                path, mustBe: "an archive with plausible sizes",
                but: "entry \(entry.name) claims \(ByteSize.text(entry.size)) from \(ByteSize.text(entry.storedSize))",
                help: "do not trust this file; get it again from its source")
        }
        try FileAccess.requireMemory(wanted, for: "entry \(entry.name)", in: path)
        var failed = ""
        let bytes = [UInt8](unsafeUninitializedCapacity: max(wanted, 1)) { buffer, initialized in
            guard wanted > 0 else { return }
            let (status, message) = FileAccess.withMessage {
                cf_zip_read(handle, entry.index, buffer.baseAddress, wanted, $0, $1)
            }
            if status == 0 { initialized = wanted } else { failed = message }
        }
        guard failed.isEmpty else {
            throw FileAccess.failure(
                path, mustBe: "intact", but: "entry \(entry.name) cannot be read: \(failed)",
                help: "the file is truncated or damaged; copy or write it again")
        }
        return bytes
    }

    /// Writes an archive of named byte arrays to `path` as it is (no temporary name).
    static func write(_ parts: [(name: String, bytes: [UInt8])], to path: String, deflated: Bool) throws {
        let names = parts.map { strdup($0.name) }
        defer { names.forEach { free($0) } }
        // The arrays are copied into plain memory that stays put while libzip reads it at closing.
        var buffers: [UnsafeMutableRawPointer] = []
        defer { buffers.forEach { $0.deallocate() } }
        for part in parts {
            let buffer = UnsafeMutableRawPointer.allocate(byteCount: max(1, part.bytes.count), alignment: 16)
            part.bytes.withUnsafeBytes { source in
                if let start = source.baseAddress { buffer.copyMemory(from: start, byteCount: source.count) }
            }
            buffers.append(buffer)
        }
        let constantNames: [UnsafePointer<CChar>?] = names.map { $0.map { UnsafePointer($0) } }
        let constantParts: [UnsafeRawPointer?] = buffers.map { UnsafeRawPointer($0) }
        let sizes = parts.map { $0.bytes.count }
        let (status, message) = FileAccess.withMessage {
            cf_zip_write_file(path, deflated ? 1 : 0, constantNames, constantParts, sizes, parts.count, $0, $1)
        }
        guard status == 0 else { throw Failure("file", "\(path) must be writable, but \(message)", argument: "path") }
    }
}
