import Base
import Foundation

/// Files and folders that a path being written in a string could mean.
public enum PathCompletion {
    /// - Parameters:
    ///   - path: what stands between the quote and the cursor.
    ///   - folder: where relative paths start; nil for the working folder.
    public static func completion(_ path: String, folder: String? = nil) -> Completion {
        let beginning = String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        let given = String(path.dropLast(beginning.count))
        var place = given.isEmpty ? "." : FileAccess.expandingHome(given)
        if let folder, !place.hasPrefix("/") { place = "\(folder)/\(place)" }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let found = names.filter { $0.hasPrefix(beginning) && (!$0.hasPrefix(".") || beginning.hasPrefix(".")) }
        return Completion(
            replaced: beginning.utf8.count,
            candidates: found.sorted().map { name in
                var isFolder: ObjCBool = false
                let full = "\(place)/\(name)"
                _ = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
                return isFolder.boolValue ? name + "/" : name
            })
    }
}
