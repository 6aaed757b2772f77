import Foundation

/// Lines of a file descriptor that is not a terminal, one at a time and never later than needed.
final class LineReader {
    private let descriptor: Int32
    private let longest: Int
    private var buffer: [UInt8] = []
    /// Where the next line begins in the buffer, and up to where it has no end.
    private var start = 0
    private var searched = 0
    private var ended = false
    /// True once a line was longer than allowed; nothing is read after it.
    private(set) var isTooLong = false

    /// - Parameter longest: how many bytes a line may have.
    init(_ descriptor: Int32, longest: Int) {
        self.descriptor = descriptor
        self.longest = longest
    }

    /// The next line without its newline; nil at the end.
    func next() -> String? {
        while true {
            if let end = lineEnd() {
                defer {
                    start = end + 1
                    searched = start
                }
                return text(start, end > start && buffer[end - 1] == 0x0D ? end - 1 : end)
            }
            if ended {
                guard start < buffer.count else { return nil }
                defer { (buffer, start, searched) = ([], 0, 0) }
                return text(start, buffer.count)
            }
            fill()
        }
    }

    /// The next line if it has already arrived, left in place: a line that starts with `|>` or `.` belongs to the
    /// one before it, but nobody should wait for a line to find that out.
    func peek() -> String? {
        while lineEnd() == nil, !ended {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, 0) > 0 else { break }
            fill()
        }
        let end = lineEnd() ?? buffer.count
        return end > start || start < buffer.count ? text(start, end) : nil
    }

    /// Looks at what arrives within `seconds`, and no longer.
    ///
    /// - Returns: whether `next` has an answer now.
    func wait(_ seconds: Double) -> Bool {
        if lineEnd() != nil || ended { return true }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, Int32(seconds * 1000)) > 0 { fill() }
        return lineEnd() != nil || ended
    }

    /// Goes on behind an end that was no end of the file: Ctrl-D at a terminal.
    func reopen() { ended = isTooLong }

    private func text(_ start: Int, _ end: Int) -> String { String(decoding: buffer[start..<end], as: UTF8.self) }

    private func lineEnd() -> Int? {
        if let end = buffer[searched...].firstIndex(of: 0x0A) {
            searched = end
            return end
        }
        searched = buffer.count
        return nil
    }

    private func fill() {
        if start > 0 {
            buffer.removeSubrange(..<start)
            (start, searched) = (0, searched - start)
        }
        var block = [UInt8](repeating: 0, count: 65_536)
        let got = read(descriptor, &block, block.count)
        if got > 0 {
            buffer += block[..<got]
        } else if got == 0 || errno != EINTR {
            ended = true
        }
        guard buffer.count > longest, lineEnd() == nil else { return }
        (isTooLong, ended) = (true, true)
        (buffer, start, searched) = ([], 0, 0)
    }
}
