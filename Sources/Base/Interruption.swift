import CBase

/// Lets someone stop what runs: the machine's loop, and each of a long row of operations before it begins, look at one flag.
public enum Interruption {
    /// Not zero when someone asked to stop, or when the memory is used up (`memoryIsUsedUp`); a signal handler may set it. It
    /// stays set: whoever set the work going clears it.
    nonisolated(unsafe) public static let flag: UnsafeMutablePointer<Int32> = number()
    /// What stands in the flag when nobody asked, but a watch has seen that the memory is used up.
    public static let memoryIsUsedUp: Int32 = 2

    /// Who sets the work going may ask to hold a first wish to stop until it has come to a good place: 0 when nobody
    /// asks, 1 when it would be held, 2 when one is. A signal handler may change 1 to 2.
    nonisolated(unsafe) public static let held: UnsafeMutablePointer<Int32> = number()

    private static func number() -> UnsafeMutablePointer<Int32> {
        let number = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        number.initialize(to: 0)
        return number
    }

    /// Asks to stop, as Ctrl-C does.
    public static func request() { flag.pointee = 1 }

    /// Begins or ends to hold a first wish to stop. One that is held when it ends takes effect.
    public static func hold(_ isHeld: Bool) {
        let before = held.pointee
        if isHeld {
            if before == 0 { held.pointee = 1 }
        } else {
            held.pointee = 0
            if before == 2 { request() }
        }
    }

    /// Whether a wish to stop is held.
    public static var isRequested: Bool { held.pointee == 2 }

    /// Throws code `interrupted` when someone asked to stop, `memory` when that is used up; loops of many voxels call it
    /// now and then.
    @inline(__always)
    public static func check() throws {
        if flag.pointee != 0 { throw reason(flag.pointee) }
    }

    /// The same, and the wish is granted: the flag is clear afterwards.
    public static func take() throws {
        let value = flag.pointee
        guard value != 0 else { return }
        flag.pointee = 0
        throw reason(value)
    }

    /// Clears a flag that says that the memory is used up: once a script has been told, it has been told.
    public static func forgetMemory() {
        if flag.pointee == memoryIsUsedUp { flag.pointee = 0 }
    }

    private static func reason(_ value: Int32) -> Failure {
        value == memoryIsUsedUp ? Memory.usedUp : Failure("interrupted", "the script was interrupted")
    }
}

extension Interruption {
    /// Makes Ctrl-C set the flag instead of ending the process.
    public static func heedInterrupts() { cb_install_interrupt(flag) }

    /// Lets Ctrl-C, and SIGTERM, first note a wish to stop where a script has asked to hold one.
    public static func heedHeldStops() { cb_install_held_stop(held) }

    /// Gives Ctrl-C its usual meaning back.
    public static func releaseInterrupts() { cb_remove_interrupt() }
}
