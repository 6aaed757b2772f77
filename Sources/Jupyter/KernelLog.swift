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
        let line = Array("rs4 kernel: \(words.prefix(500))\n".utf8)
        _ = Glibc.write(STDERR_FILENO, line, line.count)
    }
}
