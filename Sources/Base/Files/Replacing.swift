import Foundation
import Glibc

extension FileAccess {
    /// A name for a file that is being written, beside the one that it will be. Throws when `path` cannot name a file.
    private static func temporaryPath(for path: String) throws -> String {
        try requirePath(path)
        let folder = folder(of: path)
        let shownFolder = folder.isEmpty ? "." : folder
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: shownFolder, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure(
                "file", "\(path) must be in an existing folder, but \(shownFolder) is not one",
                help: "make_folder(\"\(shownFolder)\") makes it", argument: "path")
        }
        let name = name(of: path)
        guard !name.isEmpty, !path.hasSuffix("/") else {
            throw Failure("file", "a file to write must have a name, but \"\(path)\" has none", argument: "path")
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
        } catch var error as Failure {
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
            if let previous, FileManager.default.fileExists(atPath: target) { try move(target, to: previous, argument: "previous") }
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

    /// Gives a file or folder another name, in place of a file that has it already; `argument` is the parameter that scripts
    /// give the other name by.
    public static func move(_ path: String, to other: String, argument: String = "path") throws {
        guard rename(path, other) == 0 else {
            throw failure(other, mustBe: "writable", but: String(cString: strerror(errno)), argument: argument)
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
        func failed() -> Failure { failure(path, mustBe: "writable", but: String(cString: strerror(errno))) }
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

    /// Writes byte arrays one after another to `path` as it is (no temporary name).
    public static func write(_ parts: [[UInt8]], to path: String) throws {
        func failed() -> Failure {
            Failure("file", "\(path) must be writable, but \(String(cString: strerror(errno)))", argument: "path")
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
