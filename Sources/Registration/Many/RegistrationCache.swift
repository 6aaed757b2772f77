import Base
import Foundation
import Tensors

/// Registrations kept in a folder, each in a file of its own under its key, so that nothing is registered twice.
///
/// - An entry, `ab/KEY.npz`, is written under a temporary name and renamed: it is whole or it is not there. Every array
///   in it carries a checksum and the entry its own key, so a damaged one is found when it is read.
/// - Who makes an entry holds its lock: one byte of the file `locks`, at a place that the key gives. The system frees
///   the locks of a process that dies, so nothing is left behind. Threads and processes exclude each other alike.
/// - `log.tsv` gets a line for every entry made.
public final class RegistrationCache {
    public let folder: String

    /// Makes the folder when it is not there, and removes what a process that was killed left half written. Code `file`.
    public init(_ folder: String) throws {
        try FileAccess.requirePath(folder)
        self.folder = folder
        try make(folder)
        close(try opened("locks", O_RDWR))
        sweep()
    }

    /// Where the entry of a key lies.
    public func path(_ key: RegistrationKey) -> String { "\(folder)/\(key.text.prefix(2))/\(key.text).npz" }

    public enum Entry {
        case whole(Transform)
        /// Why it cannot be used.
        case damaged(String)
        case absent
    }

    /// Reads an entry and checks it.
    public func entry(_ key: RegistrationKey) -> Entry {
        let path = path(key)
        guard FileManager.default.fileExists(atPath: path) else { return .absent }
        do {
            let arrays = Dictionary(try readArrays(path).map { ($0.name, $0.tensor) }) { first, _ in first }
            guard try arrays["key"].map(letters) == key.text else { return .damaged("\(path) holds another registration") }
            return .whole(try Transform(arrays: arrays, path: path))
        } catch {
            return .damaged((error as? Failure)?.message ?? String(describing: error))
        }
    }

    /// Writes an entry and notes it in the log; `note` says what it is, for a person who reads the log.
    public func keep(_ transform: Transform, _ key: RegistrationKey, note: String) throws {
        let path = path(key)
        try make(FileAccess.folder(of: path))
        try writeArrays(path, try transform.arrays() + [("key", try text(key.text))])
        let seconds = String(format: "%.3f", transform.seconds ?? 0)
        let clean = note.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        let line = "\(ISO8601DateFormatter().string(from: Date()))\t\(key.text)\t\(seconds)\t\(String(clean))\n"
        try FileAccess.append(Array(line.utf8), to: "\(folder)/log.tsv")
    }

    /// Held until it is let go of, or the process ends.
    public final class Lock {
        private let file: Int32
        fileprivate init(_ file: Int32) { self.file = file }
        deinit { close(file) }
    }

    /// The lock of a key, or nil while another thread or process holds it.
    public func lock(_ key: RegistrationKey) throws -> Lock? {
        // Locks belong to an open file, so every holder opens its own.
        let file = try opened("locks", O_RDWR)
        let isLocked = FileAccess.lock(byte: Int64(key.text.prefix(15), radix: 16) ?? 0, of: file)
        if isLocked == true { return Lock(file) }
        let reason = String(cString: strerror(errno))
        close(file)
        if isLocked == false { return nil }
        throw FileAccess.failure(
            "\(folder)/locks", mustBe: "on a file system with locks", but: reason,
            help: "keep registrations in a folder on a local disk", argument: "cache")
    }

    private func make(_ folder: String) throws {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw FileAccess.failure(
                folder, mustBe: "a folder for registrations", but: "it cannot be made: \((error as NSError).localizedDescription)", argument: "cache")
        }
    }

    private func opened(_ name: String, _ flags: Int32) throws -> Int32 {
        let file = open("\(folder)/\(name)", flags | O_CREAT | O_CLOEXEC, 0o666)
        guard file >= 0 else {
            throw FileAccess.failure("\(folder)/\(name)", mustBe: "writable", but: String(cString: strerror(errno)), argument: "cache")
        }
        return file
    }

    /// Removes files that were being written when their process was killed: those whose key nobody holds.
    private func sweep() {
        for parent in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where parent.count == 2 {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(parent)")) ?? []
            for name in names where name.hasPrefix(".writing-") && name.hasSuffix(".npz") {
                let key = RegistrationKey(text: String(name.dropLast(4).suffix(32)))
                if let lock = try? lock(key) {
                    withExtendedLifetime(lock) { _ = unlink("\(folder)/\(parent)/\(name)") }
                }
            }
        }
    }
}
