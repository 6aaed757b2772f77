import Base
import Foundation

/// Runs work on a thread whose stack is deep enough for calls nested as far as the machine allows.
public enum OnLargeStack {
    /// Bytes of that stack; only what is used takes memory.
    public static let size = 1 << 29

    /// Ends the process with the exit status that the work gives.
    ///
    /// Nothing but temporary folders is taken down on the way out: libtorch's objects for the whole process would go on one thread while those
    /// of the work's thread go on that one, and both are in the same heap.
    public static func end(_ work: @escaping () -> Int32) -> Never {
        let thread = Thread {
            let status = work()
            TemporaryFolders.removeAll()
            fflush(nil)
            _exit(status)
        }
        thread.stackSize = size
        thread.start()
        while true { pause() }
    }
}
