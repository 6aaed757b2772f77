/// A half-open range of UTF-8 byte offsets into one source text.
public struct Span: Hashable, Sendable {
    public var start: Int
    public var end: Int

    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    /// The smallest span that covers both.
    public func joined(with other: Span) -> Span {
        Span(min(start, other.start), max(end, other.end))
    }

    public static let none = Span(0, 0)
}

/// One source text with its name, able to turn byte offsets into lines and columns.
public final class SourceFile: @unchecked Sendable {
    /// What diagnostics show: a path, or `<input 3>` for a line typed at the prompt.
    public let name: String
    /// The folder that relative `use "./file.rs4"` paths start from; nil for text without a file.
    public let folder: String?
    public let text: String
    /// The text's UTF-8 bytes; every `Span` counts in these.
    public let bytes: [UInt8]
    /// Byte offset of the first byte of each line.
    public let lineStarts: [Int]
    /// The number of the text's first line: more than 1 for a part of a file.
    public let firstLine: Int
    /// Whether the text belongs to the language's own library: a diagnostic inside it also marks where the user's script
    /// called it.
    public let isLibrary: Bool

    public convenience init(name: String, text: String, folder: String? = nil, firstLine: Int = 1, isLibrary: Bool = false) {
        self.init(name: name, text: text, bytes: Array(text.utf8), folder: folder, firstLine: firstLine, isLibrary: isLibrary)
    }

    /// A text as it was read from a file; bytes that are no UTF-8 are kept, and the lexer reports them.
    public convenience init(name: String, bytes: [UInt8], folder: String? = nil) {
        self.init(name: name, text: String(decoding: bytes, as: UTF8.self), bytes: bytes, folder: folder, firstLine: 1, isLibrary: false)
    }

    private init(name: String, text: String, bytes: [UInt8], folder: String?, firstLine: Int, isLibrary: Bool) {
        self.name = name
        self.folder = folder
        self.text = text
        self.bytes = bytes
        self.firstLine = firstLine
        self.isLibrary = isLibrary
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// The line, counted from `firstLine`, and the one-based column (in characters) of a byte offset; offsets past the end
    /// count as the end.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        let place = max(0, min(offset, bytes.count))
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= place { low = middle } else { high = middle - 1 }
        }
        let before = String(decoding: bytes[lineStarts[low]..<place], as: UTF8.self)
        return (low + firstLine, before.count + 1)
    }

    /// The text of a line, by its number, without its newline.
    public func line(_ number: Int) -> String {
        let place = number - firstLine
        guard lineStarts.indices.contains(place) else { return "" }
        let start = lineStarts[place]
        var end = place + 1 < lineStarts.count ? lineStarts[place + 1] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// The text a span covers.
    public func text(of span: Span) -> String {
        let start = max(0, min(span.start, bytes.count))
        let end = max(start, min(span.end, bytes.count))
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

/// A span together with the text it points into.
public struct Location {
    public var file: SourceFile
    public var span: Span

    public init(_ file: SourceFile, _ span: Span) {
        self.file = file
        self.span = span
    }
}
