import Foundation
import Testing

@testable import Jupyter

/// What comes fast goes together, and nothing is lost or changes places.
struct OutboxTests {
    private let request = Request(
        channel: .shell, identities: [], header: .init(msg_id: "one", msg_type: "execute_request"), headerBytes: [], content: [])
    private let other = Request(
        channel: .shell, identities: [], header: .init(msg_id: "two", msg_type: "execute_request"), headerBytes: [], content: [])

    private func kinds(_ messages: [Outgoing]) -> [String] { messages.map(\.type) }

    @Test func textOfOneStreamIsOneMessage() {
        let outbox = Outbox()
        for number in 0..<1000 { outbox.print("\(number) ", to: "stdout", for: request) }
        outbox.print("w", to: "stderr", for: request)
        outbox.print("x", to: "stdout", for: other)
        let messages = outbox.take(at: 1).messages
        #expect(kinds(messages) == ["stream", "stream", "stream"])
        let all = (0..<1000).map { "\($0) " }.joined()
        #expect(messages[0].content == ["name": "stdout", "text": .string(all)])
        #expect(messages[1].content == ["name": "stderr", "text": "w"])
    }

    @Test func aLineIsDrawnOnceAndThenUpdated() {
        let outbox = Outbox()
        outbox.draw("1", identifier: "a", isFirst: true, for: request)
        outbox.draw("2", identifier: "a", isFirst: false, for: request)
        let first = outbox.take(at: 1).messages
        #expect(kinds(first) == ["display_data"])
        #expect(first[0].content == ["data": ["text/plain": "2"], "metadata": [:], "transient": ["display_id": "a"]])
        outbox.draw("3", identifier: "a", isFirst: false, for: request)
        // Too soon: it waits, unless something follows that may not.
        let (none, wait) = outbox.take(at: 1.001)
        #expect(none.isEmpty && (wait ?? 0) > 0)
        outbox.post(.status("idle", for: request))
        #expect(kinds(outbox.take(at: 1.002).messages) == ["update_display_data", "status"])
        #expect(outbox.take(at: 2).wait == nil)
    }

    @Test func aLongTextOrValueLetsTheNextOneWait() async throws {
        for fill in [
            { (outbox: Outbox) in outbox.print(String(repeating: "x", count: 2 << 20), to: "stdout", for: request) },
            { $0.post(.broadcast("display_data", ["data": ["text/plain": .string(String(repeating: "x", count: 2 << 20))]], for: request)) },
            { $0.holdBack(true) },
        ] {
            let outbox = Outbox()
            fill(outbox)
            var waited = false
            // Whoever has to wait looks whether it is to stop.
            outbox.waitForRoom {
                defer { waited = true }
                return waited
            }
            #expect(waited)
            outbox.holdBack(false)
            _ = outbox.take(at: 1)
            outbox.waitForRoom {
                Issue.record("there is room")
                return true
            }
        }
    }

    @Test func whoeverIsInterruptedOrTooLateDoesNotWait() {
        let outbox = Outbox()
        for _ in 0..<5000 { outbox.post(.status("idle", for: request)) }
        outbox.waitForRoom { true }
        outbox.close()
        outbox.waitForRoom { false }
        outbox.post(.status("busy", for: request))
        #expect(outbox.take(at: 1).messages.count == 5000)
    }
}
