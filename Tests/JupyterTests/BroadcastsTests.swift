import Testing

@testable import Jupyter

/// Nobody who reads misses anything, and nobody is waited for without end.
struct BroadcastsTests {
    /// Subscribers with room for so many messages more.
    private final class Subscribers {
        var room = 0
        var got: [UInt8] = []
        var missed: [UInt8] = []

        func hand(_ broadcasts: inout Broadcasts, at now: Double, isLast: Bool = false) {
            broadcasts.hand(
                on: { frames in
                    guard room > 0 else { return false }
                    room -= 1
                    got.append(frames[0][0])
                    return true
                }, orToThoseWhoRead: { missed.append($0[0][0]) }, at: now, isLast: isLast)
        }
    }

    @Test func whatHasNoRoomWaitsInItsOrder() {
        var broadcasts = Broadcasts()
        let subscribers = Subscribers()
        for number: UInt8 in 0..<5 { broadcasts.add([[number]]) }
        subscribers.room = 2
        subscribers.hand(&broadcasts, at: 0)
        #expect(subscribers.got == [0, 1] && broadcasts.isWaiting)
        // Whoever goes on reading is waited for, however long it takes.
        for second in 1...3 {
            subscribers.room = 1
            subscribers.hand(&broadcasts, at: Double(second) * (Broadcasts.patience - 1))
        }
        #expect(subscribers.got == [0, 1, 2, 3, 4] && subscribers.missed.isEmpty && !broadcasts.isWaiting)
    }

    @Test func whoeverHasStoppedReadingMissesWhatComes() {
        var broadcasts = Broadcasts()
        let subscribers = Subscribers()
        broadcasts.add([[1]])
        subscribers.hand(&broadcasts, at: 0)
        subscribers.hand(&broadcasts, at: Broadcasts.patience - 0.1)
        #expect(broadcasts.isWaiting && subscribers.missed.isEmpty)
        subscribers.hand(&broadcasts, at: Broadcasts.patience)
        broadcasts.add([[2]])
        subscribers.hand(&broadcasts, at: Broadcasts.patience + 0.1)
        #expect(!broadcasts.isWaiting && subscribers.missed == [1, 2])
        // It reads again, and is waited for again.
        subscribers.room = 1
        for number: UInt8 in 3...4 { broadcasts.add([[number]]) }
        subscribers.hand(&broadcasts, at: 2 * Broadcasts.patience)
        #expect(subscribers.got == [3] && broadcasts.isWaiting)
        subscribers.hand(&broadcasts, at: 2 * Broadcasts.patience + 1, isLast: true)
        #expect(subscribers.missed == [1, 2, 4] && !broadcasts.isWaiting)
    }
}
