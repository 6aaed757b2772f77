/// Lets someone stop a long row of operations: each looks at a flag before it begins.
public enum Interruption {
    /// Not zero when someone asked to stop; nil while nobody can ask. The flag stays set: whoever set the work going
    /// clears it.
    nonisolated(unsafe) public static var flag: UnsafeMutablePointer<Int32>?
    /// What stands in the flag when nobody asked, but the memory is used up.
    nonisolated(unsafe) public static var memoryIsUsedUp: Int32?

    /// Who sets the work going may ask to hold a first wish to stop until it has come to a good place: 0 when nobody
    /// asks, 1 when it would be held, 2 when one is. A signal handler may change 1 to 2.
    nonisolated(unsafe) public static let held: UnsafeMutablePointer<Int32> = {
        let state = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        state.initialize(to: 0)
        return state
    }()

    /// Begins or ends to hold a first wish to stop. One that is held when it ends takes effect.
    public static func hold(_ isHeld: Bool) {
        let before = held.pointee
        if isHeld {
            if before == 0 { held.pointee = 1 }
        } else {
            held.pointee = 0
            if before == 2 { flag?.pointee = 1 }
        }
    }

    /// Whether a wish to stop is held.
    public static var isRequested: Bool { held.pointee == 2 }

    /// Throws code `interrupted` when someone asked to stop, `memory` when that is used up; loops of many voxels call it
    /// now and then.
    @inline(__always)
    public static func check() throws {
        if let flag, flag.pointee != 0 { throw reason(flag.pointee) }
    }

    private static func reason(_ value: Int32) -> TensorError {
        value == memoryIsUsedUp ? Memory.usedUp : TensorError("interrupted", "the script was interrupted")
    }
}
