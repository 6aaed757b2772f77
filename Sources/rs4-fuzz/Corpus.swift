import Foundation

/// The texts that are spoilt.
enum Corpus {
    /// Every script, and the `rs4` blocks of every page, at and below the paths, in the order of their names.
    static func read(_ paths: [String]) -> [[UInt8]] {
        paths.flatMap { path -> [[UInt8]] in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
            guard isFolder.boolValue else { return texts(path) }
            let names = (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []).sorted()
            return names.flatMap { texts((path as NSString).appendingPathComponent($0)) }
        }
    }

    private static func texts(_ path: String) -> [[UInt8]] {
        guard path.hasSuffix(".rs4") || path.hasSuffix(".md"), let data = FileManager.default.contents(atPath: path) else { return [] }
        if path.hasSuffix(".rs4") { return [[UInt8](data)] }
        var blocks: [[UInt8]] = []
        var open: [Substring]?
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = open, line == "```" {
                blocks.append(Array(lines.joined(separator: "\n").utf8))
                open = nil
            } else if open != nil {
                open?.append(line)
            } else if line == "```rs4" {
                open = []
            }
        }
        return blocks
    }
}
