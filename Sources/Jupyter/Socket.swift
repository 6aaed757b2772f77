import CZeroMQ
import Foundation
import Syntax

/// A bound ZeroMQ socket. It is used by one thread alone.
final class Socket {
    /// Bytes that one frame may have; a longer one ends the connection that sends it.
    static let largestFrame: Int64 = 256 << 20
    /// Frames of one message that are kept; identities, the mark and five parts take far fewer.
    private static let mostFrames = 64

    /// What ZeroMQ says of its last failure on this thread.
    static var problem: String { String(cString: zmq_strerror(zmq_errno())) }

    let handle: UnsafeMutableRawPointer

    /// Binds a socket at the place that the connection file names; throws a `Diagnostic` when somebody else has it.
    init(_ context: UnsafeMutableRawPointer, _ type: Int32, _ connection: Connection, _ port: Connection.Port) throws {
        let address = connection.address(port)
        func problem() -> Diagnostic {
            Diagnostic(
                code: "file", message: "the kernel must be able to listen at \(address), but is not: \(Socket.problem)",
                help: "Jupyter chooses free ports anew when the kernel is started again")
        }
        guard let handle = zmq_socket(context, type) else { throw problem() }
        self.handle = handle
        set(ZMQ_LINGER, Int32(1000))
        set(ZMQ_MAXMSGSIZE, Socket.largestFrame)
        set(ZMQ_IPV6, Int32(connection.isIPv6 ? 1 : 0))
        switch type {
        case ZMQ_ROUTER:
            // A client that comes back under its name takes its old place.
            set(ZMQ_ROUTER_HANDOVER, Int32(1))
            // Answers are never dropped; there is one for each request.
            set(ZMQ_SNDHWM, Int32(0))
        case ZMQ_XPUB:
            // Nothing goes to a subscriber before `subscribe` has seen it.
            set(ZMQ_XPUB_MANUAL, Int32(1))
            // What a client may leave unread before sending says so. ZeroMQ tells of room again once half of it is read, and
            // clients in Python read some hundreds a second.
            set(ZMQ_SNDHWM, Int32(10_000))
            set(ZMQ_XPUB_NODROP, Int32(1))
        default: break
        }
        guard zmq_bind(handle, address) == 0 else {
            let diagnostic = problem()
            zmq_close(handle)
            throw diagnostic
        }
    }

    private func set<Number>(_ option: Int32, _ value: Number) {
        withUnsafeBytes(of: value) { _ = zmq_setsockopt(handle, option, $0.baseAddress, $0.count) }
    }

    /// The next message that has arrived; nil when none has.
    func receive() -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var message = zmq_msg_t()
        while true {
            zmq_msg_init(&message)
            guard zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) >= 0 else {
                zmq_msg_close(&message)
                if zmq_errno() == EINTR { continue }
                return nil
            }
            if frames.count < Socket.mostFrames {
                frames.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
            }
            let hasMore = zmq_msg_more(&message) != 0
            zmq_msg_close(&message)
            if !hasMore { return frames }
        }
    }

    /// Sends a message; it is dropped where nobody listens any more.
    ///
    /// - Returns: whether it was sent.
    @discardableResult
    func send(_ frames: [[UInt8]]) -> Bool {
        for (number, frame) in frames.enumerated() {
            let flags = ZMQ_DONTWAIT | (number < frames.count - 1 ? ZMQ_SNDMORE : 0)
            while zmq_send(handle, frame, frame.count, flags) < 0 {
                guard zmq_errno() == EINTR else { return false }
            }
        }
        return true
    }

    /// Sends a message to every subscriber, without those that have left too much unread.
    func sendToThoseWhoRead(_ frames: [[UInt8]]) {
        set(ZMQ_XPUB_NODROP, Int32(0))
        send(frames)
        set(ZMQ_XPUB_NODROP, Int32(1))
    }

    /// Does what a message of the broadcast socket asks for, just after it was received: to be told of a topic, or no longer.
    ///
    /// - Returns: the new topic.
    func subscribe(_ frames: [[UInt8]]) -> [UInt8]? {
        guard let frame = frames.first, let kind = frame.first, kind <= 1 else { return nil }
        let topic = Array(frame.dropFirst())
        zmq_setsockopt(handle, kind == 1 ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE, topic, topic.count)
        return kind == 1 ? topic : nil
    }

    func close() { zmq_close(handle) }
}
