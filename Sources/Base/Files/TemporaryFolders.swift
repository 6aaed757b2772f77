import Foundation
import Glibc

/// Folders that a process makes for itself and takes away when it ends.
public enum TemporaryFolders {
    nonisolated(unsafe) private static var made: [String] = []
    private static let lock = NSLock()

    /// A new, empty folder below `TMPDIR`, or `/tmp`. Code `file` when none can be made.
    public static func make() throws -> String {
        let chosen = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        let base = chosen.isEmpty ? "/tmp" : chosen
        var path = Array("\(base.hasSuffix("/") ? base : base + "/")rs4-XXXXXX".utf8CString)
        guard mkdtemp(&path) != nil else {
            throw FileAccess.failure(
                base, mustBe: "a folder to write in", but: String(cString: strerror(errno)),
                help: "TMPDIR names the folder of temporary files")
        }
        let name = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        lock.lock()
        defer { lock.unlock() }
        // The program itself ends without these handlers and calls `removeAll`; tests, for instance, end with them.
        if made.isEmpty { atexit { TemporaryFolders.removeAll() } }
        made.append(name)
        return name
    }

    /// Takes away every folder that `make` gave, with what is in it.
    public static func removeAll() {
        lock.lock()
        defer { lock.unlock() }
        for folder in made { try? FileManager.default.removeItem(atPath: folder) }
        made = []
    }
}
