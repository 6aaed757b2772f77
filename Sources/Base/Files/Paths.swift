import Foundation
import Glibc
import SystemPackage

/// What every reader and writer of files shares: the parts of paths; errors that name the path, near names for a missing file,
/// size limits (`Checks`); and writing to a temporary name first (`Replacing`).
public enum FileAccess {
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
}
