/// Lets someone stop a long row of operations: each looks at a flag before it begins.
public enum Interruption {
    /// Not zero when someone asked to stop; nil while nobody can ask. The flag stays set: whoever set the work going
    /// clears it.
    nonisolated(unsafe) public static var flag: UnsafeMutablePointer<Int32>?

    /// Throws code `interrupted` when someone asked to stop.
    @inline(__always)
    static func check() throws {
        if let flag, flag.pointee != 0 { throw TensorError("interrupted", "the script was interrupted") }
    }
}
