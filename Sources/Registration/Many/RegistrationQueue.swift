import Foundation
import Tensors

/// The pairs that are left to register, and the threads that take them.
final class RegistrationQueue: @unchecked Sendable {
    struct Pair {
        var source: Int
        var target: Int
        var key: RegistrationKey
    }

    private struct Stopped: Error {}

    private let condition = NSCondition()
    private let started = Date()
    /// The next one last.
    private var waiting: [Pair]
    /// Those that another process is working on.
    private var held: [Pair] = []
    private var workers = 0
    private var failure: Error?
    private var state: RegistrationProgress

    init(_ pairs: [Pair], missing: Int) {
        waiting = pairs.reversed()
        state = RegistrationProgress(total: pairs.count, missing: missing)
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    /// Throws once the run is to end.
    func check() throws {
        if locked({ failure != nil }) { throw Stopped() }
    }

    func startWorker(_ work: @escaping () throws -> Void) {
        locked { workers += 1 }
        let thread = Thread { [self] in
            var problem: Error?
            do { try work() } catch { problem = error }
            locked {
                if let problem, failure == nil, !(problem is Stopped) { failure = problem }
                workers -= 1
                condition.broadcast()
            }
        }
        thread.stackSize = 16 << 20
        thread.start()
    }

    /// Takes pairs until none is left: finds each in the cache, or makes it and keeps it there.
    func work(_ cache: RegistrationCache, make: (Pair) throws -> Transform, note: (Pair) -> String) throws {
        while let pair = try next() {
            if case .whole = cache.entry(pair.key) {
                locked { state.found += 1 }
                continue
            }
            guard let lock = try cache.lock(pair.key) else {
                locked { held.append(pair) }
                continue
            }
            try withExtendedLifetime(lock) {
                // Someone else may have made it between the look and the lock.
                let entry = cache.entry(pair.key)
                if case .whole = entry {
                    locked { state.found += 1 }
                    return
                }
                try cache.keep(make(pair), pair.key, note: note(pair))
                locked {
                    state.made += 1
                    if case .damaged = entry { state.repaired += 1 }
                }
            }
        }
    }

    private func next() throws -> Pair? {
        condition.lock()
        defer { condition.unlock() }
        if failure != nil { throw Stopped() }
        if let pair = waiting.popLast() { return pair }
        guard !held.isEmpty else { return nil }
        // Others are at work on all that is left; look again in a while.
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
        if failure != nil { throw Stopped() }
        return held.isEmpty ? waiting.popLast() : held.removeFirst()
    }

    /// Waits until every worker has ended, and throws what went wrong first. `look` is called meanwhile.
    func wait(_ look: (RegistrationProgress) throws -> Void) throws -> RegistrationProgress {
        while true {
            let (ended, now) = locked { () -> (Bool, RegistrationProgress) in
                if workers > 0 { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
                state.seconds = Date().timeIntervalSince(started)
                return (workers == 0, state)
            }
            if ended { break }
            guard locked({ failure == nil }) else { continue }
            do { try look(now) } catch { locked { failure = failure ?? error } }
        }
        if let failure { throw failure }
        return state
    }
}
