import Foundation

/// A question of the script to whoever runs the cell, and the answer.
final class InputExchange {
    private let condition = NSCondition()
    private var isAsked = false
    private var answer: String?

    /// Asks by `ask` and waits; `check` is called between and may throw.
    func wait(_ ask: () -> Void, check: () throws -> Void) throws -> String {
        condition.lock()
        (isAsked, answer) = (true, nil)
        condition.unlock()
        ask()
        condition.lock()
        defer {
            isAsked = false
            condition.unlock()
        }
        while true {
            if let answer { return answer }
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
            try check()
        }
    }

    /// Hands an answer over; false when nobody has asked.
    func deliver(_ text: String) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard isAsked, answer == nil else { return false }
        answer = text
        condition.signal()
        return true
    }
}
