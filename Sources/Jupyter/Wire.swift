import Foundation

/// The form of messages on a socket: identities, a mark, the signature, and four parts of JSON.
struct Wire {
    /// Why a message was dropped, for the log.
    struct Refusal: Error { let reason: String }

    /// The version of Jupyter's messaging protocol that is spoken.
    static let protocolVersion = "5.4"
    private static let date = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let mark = Array("<IDS|MSG>".utf8)

    private let signature: Signature
    private var taken = TakenSignatures()
    private let session = UUID().uuidString.lowercased()
    private var count = 0

    init(key: String) { signature = Signature(key: key) }

    /// Reads a message; throws a `Refusal` when its frames, signature or header are not as they must be, or when it has come
    /// before: who records a signed message and sends it again must not run its cell again.
    mutating func read(_ frames: [[UInt8]], from channel: Channel) throws -> Request {
        guard let place = frames.firstIndex(of: Wire.mark) else { throw Refusal(reason: "it must hold <IDS|MSG>, but does not") }
        let parts = Array(frames[(place + 1)...])
        guard parts.count >= 5 else { throw Refusal(reason: "five frames must follow <IDS|MSG>, but \(parts.count) do") }
        let signed = Array(parts[1...4])
        guard signature.accepts(parts[0], of: signed) else { throw Refusal(reason: "its signature must be that of its parts, but is not") }
        guard signature.key.isEmpty || taken.insert(parts[0]) else { throw Refusal(reason: "a signed message must come once, but this one has come before") }
        // The header goes back to clients as it came, so it must be what they can read.
        guard String(validating: signed[0], as: UTF8.self) != nil, signed[0].first(where: { $0 > 0x20 }) == UInt8(ascii: "{"),
            !signed[0].contains(0), let header = try? JSONDecoder().decode(Request.Header.self, from: Data(signed[0]))
        else { throw Refusal(reason: "its header must be a JSON object with msg_id and msg_type, but is not") }
        return Request(
            channel: channel, identities: Array(frames[..<place]), header: header, headerBytes: signed[0], content: signed[3])
    }

    /// The frames of a message, signed.
    mutating func write(_ message: Outgoing) throws -> [[UInt8]] {
        count += 1
        let header: JSON = [
            "msg_id": .string("\(session)_\(count)"), "msg_type": .string(message.type), "session": .string(session),
            "username": "rs4", "date": .string(Date().formatted(Wire.date)), "version": .string(Wire.protocolVersion),
        ]
        let empty = Array("{}".utf8)
        let parts = [try header.bytes, message.parent ?? empty, empty, try message.content.bytes]
        return message.identities + [Wire.mark, signature.text(of: parts)] + parts
    }
}
