/// Lets someone stop a long row of operations: each looks at a flag before it begins.
public enum Interruption {
    /// Not zero when someone asked to stop; nil while nobody can ask. The flag stays set: whoever set the work going
    /// clears it.
    nonisolated(unsafe) public static var flag: UnsafeMutablePointer<Int32>?
    /// What stands in the flag when nobody asked, but the memory is used up.
    nonisolated(unsafe) public static var memoryIsUsedUp: Int32?

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
