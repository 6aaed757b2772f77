/// Messages on their way to subscribers, none of which loses any as long as it reads: a fast cell waits for a slow client.
/// One that has stopped reading is waited for as long as `patience`, and then misses what comes.
struct Broadcasts {
    /// Seconds without room after which nobody waits for a client any more: a slow one makes room long before.
    static let patience = 60.0

    private var waiting: [[[UInt8]]] = []
    /// Since when a subscriber has had no room; nil while all have.
    private var fullSince: Double?

    var isWaiting: Bool { !waiting.isEmpty }

    mutating func add(_ frames: [[UInt8]]) { waiting.append(frames) }

    /// Hands on what there is room for, everything when it is the last time.
    ///
    /// - Parameters:
    ///   - send: gives false when a subscriber has no room, and then nobody has got the message.
    ///   - sendToOthers: leaves those without room out.
    mutating func hand(
        on send: ([[UInt8]]) -> Bool, orToThoseWhoRead sendToOthers: ([[UInt8]]) -> Void, at now: Double, isLast: Bool = false
    ) {
        var count = 0
        for frames in waiting {
            if send(frames) {
                fullSince = nil
            } else {
                let since = fullSince ?? now
                fullSince = since
                guard isLast || now - since >= Broadcasts.patience else { break }
                sendToOthers(frames)
            }
            count += 1
        }
        waiting.removeFirst(count)
    }
}
