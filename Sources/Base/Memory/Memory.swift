import CBase
import Foundation

/// What the memory can still give, so that asking for too much is an error and not the end of the process.
public enum Memory {
    /// Tensors from this size on are checked.
    public static let checkedFrom = 128 << 20

    /// Bytes that this process may still take: what the machine, the control group it runs in, and its own limit
    /// (`ulimit -v`) can give with a reserve left over, and no more than `RS4_MEMORY` allows it.
    public static var availableBytes: Int { max(0, room) }

    /// The same, below zero once more has been taken than that.
    public static var room: Int {
        let given = min(MemoryStatus.machineAvailable ?? .max, MemoryStatus.groupAvailable ?? .max, MemoryStatus.addressesLeft ?? .max)
        let allowed = MemorySetting.allowedBytes.map { $0 - MemoryStatus.usedBytes } ?? .max
        return min(given - reserve, allowed)
    }

    /// Bytes that are left to everything else.
    private static let reserve = min(max(total / 32, 64 << 20), 1 << 30)

    /// Bytes of the machine, or of the control group when that has fewer.
    private static let total = min(MemoryStatus.machineTotal ?? .max, MemoryStatus.groupTotal ?? .max)

    /// True when this process must stop taking memory: there is no room left, and it is not others alone who took it.
    public static var isUsedUp: Bool {
        guard room < 0 else { return false }
        return MemorySetting.allowedBytes.map { MemoryStatus.usedBytes > $0 } ?? false || MemoryStatus.usedBytes > total / 10
            || MemoryStatus.addressesLeft.map { $0 < reserve } ?? false
    }

    /// Bytes that this process alone holds.
    public static var usedBytes: Int { MemoryStatus.usedBytes }

    /// Gives freed memory back to the system.
    public static func settle() { cb_return_memory() }

    /// What is left where that is less than bytes that are asked for, after everything freed has been given back; nil where they
    /// are there.
    public static func shortage(of bytes: Double) -> Int? {
        guard bytes > Double(availableBytes) else { return nil }
        settle()
        let available = availableBytes
        return bytes > Double(available) ? available : nil
    }

    /// The error for something other than a tensor that needs more bytes than are left; nil when they are there.
    public static func refusal(_ bytes: Int, for what: String) -> Failure? {
        guard let available = shortage(of: Double(bytes)) else { return nil }
        return Failure(
            "memory", "\(what) must fit in the memory that is left (\(ByteSize.text(available))), but needs \(ByteSize.text(bytes))",
            help: help)
    }

    /// The error of a script that has taken all there is.
    public static var usedUp: Failure {
        let used = ByteSize.text(MemoryStatus.usedBytes)
        let limit = MemorySetting.allowedBytes.map { "\(ByteSize.text($0)), which RS4_MEMORY allows" }
        return Failure(
            "memory", "a script must take at most \(limit ?? "what \(ByteSize.text(total)) of memory leave it"), but has taken \(used)",
            help: help)
    }

    private static let help =
        "does a list, a map or a string grow without end? Smaller batches take less, and `no_grad { }` keeps no intermediate results"
}
