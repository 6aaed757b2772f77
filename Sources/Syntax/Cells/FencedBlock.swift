/// A block of the language between fences in markdown.
public struct FencedBlock {
    /// Its lines without the fences.
    public let lines: [String]
    /// The number of its first line among those it was found in, counted from 0.
    public let first: Int

    /// The blocks marked `rs4`, or `rs4` with the words that are allowed behind it.
    public static func all(in lines: [String], allowing words: [String] = []) -> [FencedBlock] {
        var result: [FencedBlock] = []
        var open: Int?
        for (number, line) in lines.enumerated() where line.utf8.first(where: { !$0.isBlank }) == UInt8(ascii: "`") {
            let mark = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
            if let start = open {
                guard mark == ["```"] else { continue }
                result.append(FencedBlock(lines: Array(lines[start..<number]), first: start))
                open = nil
            } else if mark.first == "```rs4", mark.dropFirst().allSatisfy(words.contains) {
                open = number + 1
            }
        }
        return result
    }
}
