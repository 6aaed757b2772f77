import Foundation

/// Runs work on a thread whose stack is deep enough for calls nested as far as the machine allows.
public enum OnLargeStack {
    /// Bytes of that stack; only what is used takes memory.
    public static let size = 1 << 29

    /// Waits for the work and gives its result.
    public static func run(_ work: @escaping () -> Int32) -> Int32 {
        nonisolated(unsafe) var status: Int32 = 1
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            status = work()
            done.signal()
        }
        thread.stackSize = size
        thread.start()
        done.wait()
        return status
    }
}
