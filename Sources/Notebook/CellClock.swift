import Base
import Foundation

/// Ends work that takes too long, the way Ctrl-C does.
enum CellClock {
    private final class State: @unchecked Sendable {
        let condition = NSCondition()
        var isDone = false
        var isOver = false
    }

    /// Whoever may hold a wish to stop (a training that finishes its step) gets so much longer.
    private static let grace = 60.0

    /// Does the work, which asks to be stopped after so many seconds; nil lets it take as long as it wants.
    ///
    /// - Returns: what it gave, and whether the time was over.
    static func limited<Result>(to seconds: Double?, _ work: () -> Result) -> (result: Result, isOver: Bool) {
        guard let seconds else { return (work(), false) }
        let state = State()
        let deadline = Date(timeIntervalSinceNow: seconds)
        let thread = Thread { watch(state, until: deadline) }
        thread.start()
        let result = work()
        state.condition.lock()
        state.isDone = true
        let isOver = state.isOver
        // A wish that came when the work had just ended is for nobody.
        if isOver { Interruption.flag.pointee = 0 }
        state.condition.signal()
        state.condition.unlock()
        return (result, isOver)
    }

    private static func watch(_ state: State, until deadline: Date) {
        let condition = state.condition
        condition.lock()
        defer { condition.unlock() }
        while !state.isDone, condition.wait(until: deadline) {}
        let last = Date(timeIntervalSinceNow: grace)
        while !state.isDone {
            state.isOver = true
            ask(isLast: Date() > last)
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
        }
    }

    private static func ask(isLast: Bool) {
        let held = Interruption.held
        if held.pointee == 1, !isLast {
            held.pointee = 2
        } else if held.pointee == 0 || isLast {
            Interruption.flag.pointee = 1
        }
    }
}
