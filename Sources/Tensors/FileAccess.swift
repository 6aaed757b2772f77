import CFiles
import Foundation
import Glibc
import SystemPackage

/// What every reader and writer of files shares: errors that name the path, near names for a missing file,
/// size limits, and writing to a temporary name first.
public enum FileAccess {
    /// A "file" error: `PATH must be EXPECTED, but FOUND`.
    public static func failure(_ path: String, mustBe expected: String, but found: String, help: String? = nil)
        -> TensorError
    {
        TensorError("file", "\(path) must be \(expected), but \(found)", help: help)
    }

    /// The last part of a path: `a.nii.gz` of `data/a.nii.gz`; empty for `/` and an empty path.
    public static func name(of path: String) -> String { FilePath(path).lastComponent?.string ?? "" }

    /// The path without its last part: `data` of `data/a.nii.gz`, empty where there is nothing before it.
    public static func folder(of path: String) -> String { FilePath(path).removingLastComponent().string }

    /// What follows the last point of a path's last part: `gz` of `data/a.nii.gz`, empty where there is none.
    public static func ending(of path: String) -> String { FilePath(path).extension ?? "" }

    /// The file at a path, or every one below the folder there, whose ending is one of those; in the order of their names.
    public static func files(at path: String, endings: [String]) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return endings.contains(ending(of: path)) ? [path] : [] }
        let names = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
        return names.filter { endings.contains(ending(of: $0)) }.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    /// The path with a leading `~` or `~name` replaced by the home folder of this or that user, as shells do it; the path
    /// itself where there is no such folder.
    public static func expandingHome(_ path: String) -> String {
        guard path.utf8.first == UInt8(ascii: "~") else { return path }
        // In bytes: a combining mark behind the `~` belongs to the user's name.
        let end = path.utf8.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        let user = String(decoding: path.utf8[..<end].dropFirst(), as: UTF8.self)
        let rest = String(decoding: path.utf8[end...], as: UTF8.self)
        let chosen = user.isEmpty ? ProcessInfo.processInfo.environment["HOME"] ?? "" : ""
        guard chosen.isEmpty else { return chosen + rest }
        guard let entry = user.isEmpty ? getpwuid(getuid()) : getpwnam(user), let home = entry.pointee.pw_dir else { return path }
        return String(cString: home) + rest
    }

    private static let noPath = TensorError("file", "the path must not be empty")

    /// Throws for an empty path, which no message could name.
    public static func requirePath(_ path: String) throws {
        if path.isEmpty { throw noPath }
    }

    /// What a path leads to that is neither file nor folder, and would be waited for when it is opened; else nil.
    static func waiting(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFIFO: return "a named pipe"
        case S_IFSOCK: return "a socket"
        case S_IFCHR, S_IFBLK: return "a device"
        default: return nil
        }
    }

    /// Throws for a named pipe or a socket, which may never give anything; pipes without a name, such as a shell's `<(…)`,
    /// pass: they have someone at the other end.
    public static func requireNoNamedPipe(_ path: String) throws {
        guard !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/"), let other = waiting(path), other != "a device" else { return }
        throw failure(path, mustBe: "a file", but: "it is \(other)", help: throughFile(path))
    }

    private static func throughFile(_ path: String) -> String { "write what comes out of it to a file first: cat \(path) > FILE" }

    /// Throws unless `path` names a readable file; a missing one lists near names in its folder.
    public static func requireFile(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw missing(path) }
        if isFolder.boolValue {
            throw failure(
                path, mustBe: "a file", but: "it is a folder", help: "name one file in it, or use list_files(\"\(path)\")")
        }
        if let other = waiting(path) {
            throw failure(
                path, mustBe: "a file", but: "it is \(other)", help: throughFile(path))
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw failure(path, mustBe: "readable", but: "permission is denied", help: "check the file's permissions")
        }
    }

    /// The error for a file that is not there.
    public static func missing(_ path: String) -> TensorError {
        if path.isEmpty { return noPath }
        let folder = folder(of: path)
        let shownFolder = folder.isEmpty ? "." : folder
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: shownFolder) else {
            return TensorError(
                "file", "\(path) must be an existing file, but its folder \(shownFolder) does not exist",
                help: "paths are relative to \(FileManager.default.currentDirectoryPath)")
        }
        let near = nearNames(name(of: path), among: names)
        let help =
            near.isEmpty
            ? "the folder \(shownFolder) holds \(names.count) \(names.count == 1 ? "entry" : "entries"), none with a name like it"
            : "did you mean \(near.map { "\"\($0)\"" }.joined(separator: ", "))?"
        return TensorError("file", "\(path) must be an existing file, but there is none", help: help)
    }

    /// Up to three names close to `name` by edit distance, closest first.
    static func nearNames(_ name: String, among names: [String]) -> [String] {
        let wanted = Array(name.lowercased().unicodeScalars)
        let limit = max(2, wanted.count / 3)
        let scored: [(String, Int)] = names.compactMap { candidate in
            let other = Array(candidate.lowercased().unicodeScalars)
            guard abs(other.count - wanted.count) <= limit else { return nil }
            let distance = editDistance(wanted, other)
            return distance <= limit ? (candidate, distance) : nil
        }
        return scored.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(3).map(\.0)
    }

    private static func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
        var row = Array(0...second.count)
        for (i, a) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in second.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[second.count]
    }

    /// The size of a file in bytes.
    public static func size(of path: String) throws -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = (attributes?[.size] as? NSNumber)?.intValue else { throw missing(path) }
        return size
    }

    /// The first bytes of a file, fewer when it is shorter.
    public static func firstBytes(of path: String, count: Int) throws -> [UInt8] {
        try requireFile(path)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw failure(path, mustBe: "readable", but: "it cannot be opened")
        }
        defer { try? handle.close() }
        let data: Data?
        do { data = try handle.read(upToCount: count) } catch {
            throw failure(path, mustBe: "readable", but: "reading fails: \(error.localizedDescription)")
        }
        return [UInt8](data ?? Data())
    }

    /// Throws when `bytes` cannot be held in this machine's free memory; `what` says what needs them.
    public static func requireMemory(_ bytes: Int, for what: String, in path: String) throws {
        let free = Memory.availableBytes
        guard bytes <= free else {
            throw TensorError(
                "file",
                "\(what) in \(path) must fit in free memory (\(sizeText(free))), but needs \(sizeText(bytes))",
                help: "the file may be damaged; if the size is right, use a machine with more memory")
        }
    }

    /// `1.5 GiB`, `20 bytes`.
    public static func sizeText(_ bytes: Int) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var number = Double(bytes)
        var unit = 0
        while number >= 1024, unit < units.count - 1 {
            number /= 1024
            unit += 1
        }
        return unit == 0 ? "\(bytes) bytes" : String(format: "%.1f %@", number, units[unit])
    }

    /// The product of sizes, or nil when one is negative or the product overflows.
    public static func product(_ sizes: [Int]) -> Int? {
        var result = 1
        for size in sizes {
            guard size >= 0 else { return nil }
            let (next, overflow) = result.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            result = next
        }
        return result
    }

    /// A name for a file that is being written, beside the one that it will be. Throws when `path` cannot name a file.
    private static func temporaryPath(for path: String) throws -> String {
        try requirePath(path)
        let folder = folder(of: path)
        let shownFolder = folder.isEmpty ? "." : folder
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: shownFolder, isDirectory: &isFolder), isFolder.boolValue else {
            throw TensorError(
                "file", "\(path) must be in an existing folder, but \(shownFolder) is not one",
                help: "make_folder(\"\(shownFolder)\") makes it")
        }
        let name = name(of: path)
        guard !name.isEmpty, !path.hasSuffix("/") else {
            throw TensorError("file", "a file to write must have a name, but \"\(path)\" has none")
        }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw failure(path, mustBe: "a file name", but: "it is a folder")
        }
        // Extensions stay at the end: some writers choose the form by them.
        let unique = "\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
        return "\(shownFolder)/.writing-\(unique)-\(name)"
    }

    /// Throws what `replace` would, as far as it can be known before there is anything to write.
    public static func requireWritable(_ path: String) throws {
        let temporary = try temporaryPath(for: path)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure(path, mustBe: "writable", but: String(cString: strerror(errno))) }
        close(file)
        unlink(temporary)
    }

    /// Calls `write` with a temporary name in the same folder, and renames the result to `path` when it succeeds, so
    /// that a reader never sees half a file and a failure leaves the old one alone.
    ///
    /// `isDurable` waits until the disk has the file before it takes the place of the old one, so that a machine that
    /// stops leaves one of the two. `previous` is where the old one goes instead of being replaced.
    public static func replace(
        _ path: String, isDurable: Bool = false, previous: String? = nil, _ write: (_ temporaryPath: String) throws -> Void
    ) throws {
        let temporary = try temporaryPath(for: path)
        let folder = folder(of: path)
        let shownFolder = folder.isEmpty ? "." : folder
        do {
            try write(temporary)
            if isDurable { try flush(temporary) }
        } catch var error as TensorError {
            unlink(temporary)
            error.message = error.message.replacingOccurrences(of: temporary, with: path)
            throw error
        } catch {
            unlink(temporary)
            throw error
        }
        // What was there keeps its permissions, and a link goes on pointing at the file.
        var target = path
        if let old = realpath(path, nil) {
            target = String(cString: old)
            free(old)
            var status = stat()
            if stat(target, &status) == 0 { chmod(temporary, status.st_mode & 0o7777) }
        }
        do {
            if let previous, FileManager.default.fileExists(atPath: target) { try move(target, to: previous) }
            try move(temporary, to: target)
        } catch {
            unlink(temporary)
            throw error
        }
        if isDurable { try flush(shownFolder) }
    }

    /// Removes what processes that are no more left half written in a folder.
    public static func sweep(_ folder: String) {
        let folder = folder.isEmpty ? "." : folder
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(".writing-") {
            guard let process = Int32(name.dropFirst(9).prefix { $0 != "-" }), kill(process, 0) != 0, errno == ESRCH else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    /// Gives a file or folder another name, in place of a file that has it already.
    public static func move(_ path: String, to other: String) throws {
        guard rename(path, other) == 0 else {
            throw failure(other, mustBe: "writable", but: String(cString: strerror(errno)))
        }
    }

    /// Waits until the disk has a file, or the names in a folder.
    private static func flush(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, mustBe: "writable", but: String(cString: strerror(errno))) }
        defer { close(file) }
        // Some file systems cannot flush a folder and say so with EINVAL.
        guard fsync(file) == 0 || errno == EINVAL else {
            throw failure(path, mustBe: "writable", but: String(cString: strerror(errno)))
        }
    }

    /// Adds bytes at the end of a file, made when it is not there, by one call, so that lines of several processes do
    /// not mix.
    public static func append(_ bytes: [UInt8], to path: String) throws {
        try requirePath(path)
        func failed() -> TensorError { failure(path, mustBe: "writable", but: String(cString: strerror(errno))) }
        if let other = waiting(path), other != "a device" { throw failure(path, mustBe: "a file", but: "it is \(other)") }
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failed() }
        defer { close(file) }
        errno = ENOSPC
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else { throw failed() }
    }

    /// Writes a file, whole or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try replace(path) { try write([bytes], to: $0) }
    }

    /// Runs a C call that writes its message into a buffer; returns the call's result and the message.
    public static func withMessage<Result>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Result) -> (Result, String) {
        let size = 512
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
        buffer.initialize(repeating: 0, count: size)
        defer { buffer.deallocate() }
        let result = body(buffer, size)
        return (result, String(cString: buffer))
    }

    /// Writes byte arrays one after another to `path` as it is (no temporary name).
    static func write(_ parts: [[UInt8]], to path: String) throws {
        func failed() -> TensorError {
            TensorError("file", "\(path) must be writable, but \(String(cString: strerror(errno)))")
        }
        guard let file = fopen(path, "wb") else { throw failed() }
        for part in parts where !part.isEmpty {
            guard fwrite(part, 1, part.count, file) == part.count else {
                let error = failed()
                fclose(file)
                throw error
            }
        }
        guard fclose(file) == 0 else { throw failed() }
    }
}
