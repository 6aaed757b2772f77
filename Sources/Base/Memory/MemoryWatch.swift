import Foundation

/// Stops a script before its values have taken all of the memory, which would end the process, or another one.
///
/// Large steps are refused before they are taken (`MemoryBudget`); what small ones add up to shows only in what the process
/// holds, and that is looked at from beside, so that it costs the script nothing.
public enum MemoryWatch {
    private static let lock = NSCondition()
    nonisolated(unsafe) private static var running = 0
    nonisolated(unsafe) private static var hasStarted = false
    /// A script that was told goes on with what it still holds: it is told again after it has taken so much more.
    private static let step = 32 << 20

    /// Watches while the work runs.
    public static func during<Result>(_ work: () throws -> Result) rethrows -> Result {
        lock.lock()
        running += 1
        if !hasStarted {
            hasStarted = true
            Thread { watch() }.start()
        }
        lock.signal()
        lock.unlock()
        defer {
            lock.lock()
            running -= 1
            Interruption.forgetMemory()
            lock.unlock()
        }
        return try work()
    }

    private static func watch() {
        var told = Int.min
        while true {
            lock.lock()
            while running == 0 { lock.wait() }
            lock.unlock()
            // Whatever ends sooner needs no watch.
            let room = Memory.room
            usleep(room < 1 << 30 ? 10_000 : 100_000)
            guard Memory.isUsedUp else {
                if Memory.room > step { told = .min }
                continue
            }
            Memory.settle()
            guard Memory.isUsedUp, Memory.usedBytes > told else { continue }
            told = Memory.usedBytes + step
            lock.lock()
            if running > 0, Interruption.flag.pointee == 0 { Interruption.flag.pointee = Interruption.memoryIsUsedUp }
            lock.unlock()
        }
    }
}
