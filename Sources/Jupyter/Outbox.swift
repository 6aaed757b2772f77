import Foundation

/// Messages on their way from the machine's thread to that of the sockets. What comes faster than it can be looked at goes
/// together: printed text as one message, of a line that is drawn anew only its last form.
final class Outbox {
    private enum Item {
        case message(Outgoing)
        case text(Text, stream: String, for: Request)
        case line(String, identifier: String, isFirst: Bool, for: Request)
    }

    /// Text that grows where it lies.
    private final class Text {
        var string: String
        init(_ string: String) { self.string = string }
    }

    /// Seconds between messages that only add text or redraw.
    static let interval = 0.025
    /// Bytes, and messages, that may wait before the machine does: few enough that the thread of the sockets, which writes
    /// them all before it looks at anything else, is never away for long.
    private static let mostBytes = 1 << 20, mostItems = 200

    private let condition = NSCondition()
    private var items: [Item] = []
    private var waitingBytes = 0
    private var isHeldBack = false
    private var lastTaken = -Double.infinity
    private var isClosed = false
    private var bell: [Int32] = [-1, -1]

    init() {
        guard pipe(&bell) == 0 else {
            bell = [-1, -1]
            return
        }
        for end in bell {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Readable when something has been put in.
    var descriptor: Int32 { bell[0] }

    /// Puts in an item, unless it goes with the last one.
    private func put(_ item: @autoclosure () -> Item, bytes: Int, goesWith merges: (Item) -> Bool = { _ in false }) {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return }
        waitingBytes += bytes
        if let last = items.last, merges(last) { return }
        items.append(item())
        _ = write(bell[1], "!", 1)
    }

    func post(_ message: Outgoing) { put(.message(message), bytes: message.content.textBytes) }

    /// Adds to the text that a request's cell has printed.
    func print(_ text: String, to stream: String, for request: Request) {
        put(.text(Text(text), stream: stream, for: request), bytes: text.utf8.count) { last in
            guard case .text(let before, let name, let other) = last, name == stream, other.header.msg_id == request.header.msg_id else {
                return false
            }
            before.string += text
            return true
        }
    }

    /// Draws a line in its place; the first time it gets one.
    func draw(_ text: String, identifier: String, isFirst: Bool, for request: Request) {
        put(.line(text, identifier: identifier, isFirst: isFirst, for: request), bytes: 0) { last in
            guard case .line(_, let name, let wasFirst, _) = last, name == identifier else { return false }
            items[items.count - 1] = .line(text, identifier: identifier, isFirst: wasFirst, for: request)
            return true
        }
    }

    /// Waits while too much is on its way, and nobody wants to stop.
    func waitForRoom(unless isInterrupted: () -> Bool) {
        condition.lock()
        while isHeldBack || waitingBytes > Outbox.mostBytes || items.count > Outbox.mostItems, !isClosed, !isInterrupted() {
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
        }
        condition.unlock()
    }

    /// What is to be sent now, and how many seconds to wait for what is left; nil when nothing is.
    func take(at now: Double) -> (messages: [Outgoing], wait: Double?) {
        condition.lock()
        defer { condition.unlock() }
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(bell[0], &bytes, bytes.count) > 0 {}
        if items.isEmpty { return ([], nil) }
        let mayWait = items.allSatisfy { if case .message = $0 { false } else { true } }
        if mayWait, now - lastTaken < Outbox.interval { return ([], Outbox.interval - (now - lastTaken)) }
        let messages = items.map(Outbox.message)
        (items, waitingBytes, lastTaken) = ([], 0, now)
        condition.broadcast()
        return (messages, nil)
    }

    private static func message(_ item: Item) -> Outgoing {
        switch item {
        case .message(let message): return message
        case .text(let text, let stream, let request):
            return .broadcast("stream", ["name": .string(stream), "text": .string(text.string)], for: request)
        case .line(let text, let identifier, let isFirst, let request):
            return .broadcast(
                isFirst ? "display_data" : "update_display_data",
                ["data": ["text/plain": .string(text)], "metadata": [:], "transient": ["display_id": .string(identifier)]], for: request)
        }
    }

    /// Lets the machine wait as long as broadcasts do.
    func holdBack(_ holds: Bool) {
        condition.lock()
        defer { condition.unlock() }
        guard holds != isHeldBack else { return }
        isHeldBack = holds
        condition.broadcast()
    }

    /// From now on nothing is taken in, and nobody waits.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}
