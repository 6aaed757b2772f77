import Foundation

/// What Tab does at a place in the input.
struct Completion {
    /// Bytes before the cursor that a candidate replaces.
    let replaced: Int
    /// Sorted, without repetitions.
    let candidates: [String]

    /// - Parameters:
    ///   - text: all lines of the input so far, the current one last.
    ///   - offset: the cursor, in UTF-8 bytes.
    init(_ text: String, at offset: Int, session: ReplSession) {
        let bytes = Array(text.utf8.prefix(offset))
        if let path = Completion.openString(bytes) {
            (replaced, candidates) = Completion.paths(path)
            return
        }
        var start = bytes.count
        while start > 0, Completion.isNamePart(bytes[start - 1]) { start -= 1 }
        let word = String(decoding: bytes[start...], as: UTF8.self)
        replaced = bytes.count - start
        if bytes.first == 0x3A /* : */, start <= 1 {
            candidates = ReplCommand.names.filter { $0.hasPrefix(word) }
            return
        }
        candidates = Set(session.complete(text, at: offset).filter { $0.hasPrefix(word) }).sorted()
    }

    /// The letters that all candidates share.
    var shared: String {
        guard var shared = candidates.first.map(Array.init) else { return "" }
        for candidate in candidates.dropFirst() {
            let same = zip(shared, candidate).prefix { $0 == $1 }.count
            shared = Array(shared.prefix(same))
        }
        return String(shared)
    }

    /// Candidates in columns that fit the width.
    static func listing(_ candidates: [String], width: Int) -> String {
        let names = candidates.map { candidate in
            candidate.hasSuffix("/")
                ? String(candidate.dropLast().split(separator: "/").last ?? "") + "/"
                : String(candidate.split(separator: "/").last ?? Substring(candidate))
        }
        let most = 120
        let shown = names.prefix(most)
        let cell = (shown.map(\.count).max() ?? 0) + 2
        let columns = max(1, width / max(1, cell))
        let rows = (shown.count + columns - 1) / columns
        var lines = (0..<rows).map { row in
            stride(from: row, to: shown.count, by: rows).map { index in
                shown[index] + String(repeating: " ", count: cell - shown[index].count)
            }.joined()
        }
        if names.count > most { lines.append("… and \(names.count - most) more") }
        return lines.joined(separator: "\n")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte == 0x5F || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }

    /// The text after the quote of a string that is still open at the end.
    private static func openString(_ bytes: [UInt8]) -> String? {
        var start: Int?
        var index = 0
        while index < bytes.count {
            switch (bytes[index], start) {
            case (0x5C, .some): index += 1
            case (0x22, .some): start = nil
            case (0x22, nil): start = index + 1
            case (0x23, nil):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            default: break
            }
            index += 1
        }
        return start.map { String(decoding: bytes[min($0, bytes.count)...], as: UTF8.self) }
    }

    private static func paths(_ path: String) -> (Int, [String]) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let beginning = String(parts.last ?? "")
        let folder = String(path.dropLast(beginning.count))
        let place = folder.isEmpty ? "." : (folder as NSString).expandingTildeInPath
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let found = names.filter { $0.hasPrefix(beginning) && (!$0.hasPrefix(".") || beginning.hasPrefix(".")) }
        return (
            beginning.utf8.count,
            found.sorted().map { name in
                var isFolder: ObjCBool = false
                let full = (place as NSString).appendingPathComponent(name)
                _ = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
                return isFolder.boolValue ? name + "/" : name
            }
        )
    }
}
