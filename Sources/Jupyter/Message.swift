import Foundation

/// The sockets of a kernel, as the protocol calls them. Heartbeats carry no messages.
enum Channel { case shell, control, stdin, iopub }

/// A message from a client, its signature checked.
struct Request {
    struct Header: Decodable {
        var msg_id: String
        var msg_type: String
        /// When the client sent it, by its own clock.
        var date: String?
    }

    let channel: Channel
    /// The way back to the client.
    let identities: [[UInt8]]
    let header: Header
    /// The header as it came: what answers it carries it along.
    let headerBytes: [UInt8]
    let content: [UInt8]

    var type: String { header.msg_type }

    /// What the message says; throws when it does not say that.
    func content<Content: Decodable>(_ type: Content.Type) throws -> Content {
        try JSONDecoder().decode(type, from: Data(content))
    }

    /// When it was sent, as far as it tells.
    var date: Date? {
        guard let text = header.date else { return nil }
        // Foundation reads milliseconds at best, and what it leaves out decides which of two moments came first.
        let parts = text.split(separator: ".", maxSplits: 1)
        let digits = parts.count > 1 ? parts[1].prefix { $0.isNumber } : ""
        let whole = parts.count > 1 ? parts[0] + parts[1].dropFirst(digits.count) : text[...]
        return ISO8601DateFormatter().date(from: String(whole))?.addingTimeInterval(Double("0.\(digits)") ?? 0)
    }
}

/// A message to clients.
struct Outgoing {
    let channel: Channel
    /// The way to one client; on the broadcast channel what subscriptions choose by.
    let identities: [[UInt8]]
    let type: String
    let content: JSON
    /// The header of the request that it belongs to.
    let parent: [UInt8]?

    /// What everyone hears.
    static func broadcast(_ type: String, _ content: JSON, for request: Request?) -> Outgoing {
        Outgoing(channel: .iopub, identities: [Array(type.utf8)], type: type, content: content, parent: request?.headerBytes)
    }

    /// An answer on the channel that the request came by: `execute_request` gets `execute_reply`.
    static func reply(to request: Request, _ content: JSON) -> Outgoing {
        let name = request.type.hasSuffix("_request") ? String(request.type.dropLast(8)) : request.type
        return Outgoing(
            channel: request.channel, identities: request.identities, type: name + "_reply", content: content, parent: request.headerBytes)
    }

    /// What the kernel does: `busy`, `idle`, `starting`.
    static func status(_ state: String, for request: Request?) -> Outgoing {
        broadcast("status", ["execution_state": .string(state)], for: request)
    }
}
