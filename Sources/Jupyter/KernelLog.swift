import Foundation

/// Remarks on standard error, which Jupyter shows in its own log.
enum KernelLog {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var second = 0
    nonisolated(unsafe) private static var count = 0
    /// Lines a second; a flood of bad messages must not become a flood of lines.
    private static let limit = 50

    /// Writes a line. A log that nobody reads is left alone.
    static func say(_ words: String) {
        lock.lock()
        defer { lock.unlock() }
        let now = Int(Date().timeIntervalSince1970)
        if now != second {
            if count > limit { write("\(count - limit) more lines") }
            (second, count) = (now, 0)
        }
        count += 1
        if count <= limit { write(words) }
    }

    private static func write(_ words: String) {
        var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, 0) == 1 else { return }
        // What clients have sent may stand in it: no more than a pipe with room takes at once, on one line.
        let printable = String(decoding: words.utf8.prefix(1000).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
        let line = Array("rs4 kernel: \(printable)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, line, line.count)
    }
}
