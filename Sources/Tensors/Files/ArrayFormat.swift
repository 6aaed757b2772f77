/// A format of named arrays. A new one is a type of this kind in a file of its own, and a line in `ArrayFormats.all`.
protocol ArrayFormat {
    /// What a message calls it: `HDF5`.
    static var name: String { get }
    /// The endings of file names that ask for it, in small letters; the first is the one to offer.
    static var endings: [String] { get }
    /// True when a file holds one array, which has no name.
    static var holdsOne: Bool { get }
    /// True for formats of data rather than weights, whose half floats are read as float32: few operations take half floats
    /// on a CPU.
    static var widensHalf: Bool { get }
    /// The floats that it does not know, which are written as float32.
    static var unknownFloats: Set<DType> { get }
    /// True when it can be written smaller.
    static var compresses: Bool { get }

    /// Whether a file is of this format, by its content where that tells.
    static func recognizes(_ file: ArraySource) -> Bool
    static func read(_ file: ArraySource) throws -> ArrayFileContents
    /// Writes a new file as it is (no temporary name).
    static func write(_ arrays: [(String, RawArray)], to path: String, compressed: Bool) throws
}

extension ArrayFormat {
    static var holdsOne: Bool { false }
    static var widensHalf: Bool { false }
    static var unknownFloats: Set<DType> { [] }
    static var compresses: Bool { false }
}

/// What an array file holds: named arrays in the file's order, and what is no array of numbers, with the reason.
struct ArrayFileContents {
    var arrays: [(String, RawArray)] = []
    var leftOut: [LeftOutArray] = []
    /// What helps when it holds no array at all; nil says what helps with the first that was left out.
    var help: String?
}

/// A file that is asked which format it has.
final class ArraySource {
    let path: String
    /// Its first bytes, 4096 where it has as many.
    let first: [UInt8]
    private var opened: ZipArchive?

    init(_ path: String, first: [UInt8]) { (self.path, self.first) = (path, first) }

    var isArchive: Bool { first.starts(with: [0x50, 0x4B]) }

    /// The zip archive that it is, opened once.
    func archive() throws -> ZipArchive {
        if let opened { return opened }
        let archive = try ZipArchive(path, kind: "zip archive")
        opened = archive
        return archive
    }
}
