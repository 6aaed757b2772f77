import Base
import Foundation
import Syntax

/// Scripts, and what pages hold of them.
public enum Corpus {
    public struct Text {
        /// The script's path, or the page's with the number of the line where the block begins.
        public let name: String
        public let bytes: [UInt8]
    }

    /// Every script, and the `rs4` blocks of every page, at and below the paths, in the order of their names.
    public static func read(_ paths: [String]) -> [Text] {
        paths.flatMap { FileAccess.files(at: $0, endings: ["rs4", "md"]) }.flatMap(texts)
    }

    private static func texts(_ path: String) -> [Text] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        if FileAccess.ending(of: path) == "rs4" { return [Text(name: path, bytes: [UInt8](data))] }
        let lines = String(decoding: [UInt8](data).withPlainLineEnds(), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        return FencedBlock.all(in: lines.map(String.init)).map { block in
            Text(name: "\(path):\(block.first + 1)", bytes: Array(block.lines.joined(separator: "\n").utf8))
        }
    }
}
