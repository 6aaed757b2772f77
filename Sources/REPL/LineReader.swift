import Foundation

/// Lines of a file descriptor that is not a terminal, one at a time and never later than needed.
final class LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var ended = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next line without its newline; nil at the end.
    func next() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                var line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                if line.last == 0x0D { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            guard !ended else {
                guard !buffer.isEmpty else { return nil }
                defer { buffer = [] }
                return String(decoding: buffer, as: UTF8.self)
            }
            fill()
        }
    }

    /// The next line if it has already arrived, left in place: a line that starts with `|>` or `.` belongs to the
    /// one before it, but nobody should wait for a line to find that out.
    func peek() -> String? {
        while buffer.firstIndex(of: 0x0A) == nil, !ended {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, 0) > 0 else { break }
            fill()
        }
        let end = buffer.firstIndex(of: 0x0A) ?? buffer.endIndex
        guard end > 0 || !buffer.isEmpty else { return nil }
        return String(decoding: buffer[..<end], as: UTF8.self)
    }

    private func fill() {
        var block = [UInt8](repeating: 0, count: 65_536)
        let got = read(descriptor, &block, block.count)
        if got > 0 {
            buffer += block[..<got]
        } else if got == 0 || errno != EINTR {
            ended = true
        }
    }
}
