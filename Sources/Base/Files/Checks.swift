import Foundation

extension FileAccess {
    /// A "file" error: `PATH must be EXPECTED, but FOUND`. `argument` is the parameter that scripts give the path by.
    public static func failure(
        _ path: String, mustBe expected: String, but found: String, help: String? = nil, argument: String = "path"
    ) -> Failure {
        Failure("file", "\(path) must be \(expected), but \(found)", help: help, argument: argument)
    }

    private static let noPath = Failure("file", "the path must not be empty", argument: "path")

    /// Throws for an empty path, which no message could name.
    public static func requirePath(_ path: String) throws {
        if path.isEmpty { throw noPath }
    }

    /// What a path leads to that is neither file nor folder, and would be waited for when it is opened; else nil.
    static func waiting(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFIFO: return "a named pipe"
        case S_IFSOCK: return "a socket"
        case S_IFCHR, S_IFBLK: return "a device"
        default: return nil
        }
    }

    /// Throws for a named pipe or a socket, which may never give anything; pipes without a name, such as a shell's `<(…)`,
    /// pass: they have someone at the other end.
    public static func requireNoNamedPipe(_ path: String) throws {
        guard !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/"), let other = waiting(path), other != "a device" else { return }
        throw failure(path, mustBe: "a file", but: "it is \(other)", help: throughFile(path))
    }

    private static func throughFile(_ path: String) -> String { "write what comes out of it to a file first: cat \(path) > FILE" }

    /// Throws unless `path` names a readable file; a missing one lists near names in its folder.
    public static func requireFile(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw missing(path) }
        if isFolder.boolValue {
            throw failure(
                path, mustBe: "a file", but: "it is a folder", help: "name one file in it, or use list_files(\"\(path)\")")
        }
        if let other = waiting(path) {
            throw failure(
                path, mustBe: "a file", but: "it is \(other)", help: throughFile(path))
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw failure(path, mustBe: "readable", but: "permission is denied", help: "check the file's permissions")
        }
    }

    /// The error for a file that is not there; `argument` is the parameter that scripts give its path by.
    public static func missing(_ path: String, argument: String = "path") -> Failure {
        if path.isEmpty { return noPath }
        let folder = folder(of: path)
        let shownFolder = folder.isEmpty ? "." : folder
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: shownFolder) else {
            return Failure(
                "file", "\(path) must be an existing file, but its folder \(shownFolder) does not exist",
                help: "paths are relative to \(FileManager.default.currentDirectoryPath)", argument: argument)
        }
        let near = nearNames(name(of: path), among: names)
        let help =
            near.isEmpty
            ? "the folder \(shownFolder) holds \(names.count) \(names.count == 1 ? "entry" : "entries"), none with a name like it"
            : "did you mean \(near.map { "\"\($0)\"" }.joined(separator: ", "))?"
        return Failure("file", "\(path) must be an existing file, but there is none", help: help, argument: argument)
    }

    /// Up to three names close to `name` by edit distance, closest first.
    static func nearNames(_ name: String, among names: [String]) -> [String] {
        let wanted = Array(name.lowercased().unicodeScalars)
        let limit = max(2, wanted.count / 3)
        let scored: [(String, Int)] = names.compactMap { candidate in
            let other = Array(candidate.lowercased().unicodeScalars)
            guard abs(other.count - wanted.count) <= limit else { return nil }
            let distance = editDistance(wanted, other)
            return distance <= limit ? (candidate, distance) : nil
        }
        return scored.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(3).map(\.0)
    }

    private static func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
        var row = Array(0...second.count)
        for (i, a) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in second.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[second.count]
    }

    /// The size of a file in bytes.
    public static func size(of path: String) throws -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = (attributes?[.size] as? NSNumber)?.intValue else { throw missing(path) }
        return size
    }

    /// The first bytes of a file, fewer when it is shorter.
    public static func firstBytes(of path: String, count: Int) throws -> [UInt8] {
        try requireFile(path)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw failure(path, mustBe: "readable", but: "it cannot be opened")
        }
        defer { try? handle.close() }
        let data: Data?
        do { data = try handle.read(upToCount: count) } catch {
            throw failure(path, mustBe: "readable", but: "reading fails: \(error.localizedDescription)")
        }
        return [UInt8](data ?? Data())
    }

    /// Throws when `bytes` cannot be held in this machine's free memory; `what` says what needs them.
    public static func requireMemory(_ bytes: Int, for what: String, in path: String) throws {
        let free = Memory.availableBytes
        guard bytes <= free else {
            throw Failure(
                "file",
                "\(what) in \(path) must fit in free memory (\(ByteSize.text(free))), but needs \(ByteSize.text(bytes))",
                help: "the file may be damaged; if the size is right, use a machine with more memory", argument: "path")
        }
    }

    /// The product of sizes, or nil when one is negative or the product overflows.
    public static func product(_ sizes: [Int]) -> Int? {
        var result = 1
        for size in sizes {
            guard size >= 0 else { return nil }
            let (next, overflow) = result.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            result = next
        }
        return result
    }

    /// Runs a C call that writes its message into a buffer; returns the call's result and the message.
    public static func withMessage<Result>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Result) -> (Result, String) {
        let size = 512
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
        buffer.initialize(repeating: 0, count: size)
        defer { buffer.deallocate() }
        let result = body(buffer, size)
        return (result, String(cString: buffer))
    }
}
