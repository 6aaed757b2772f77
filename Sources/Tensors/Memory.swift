import CTorch
import Foundation

/// What the memory can still give, so that asking for too much is an error and not the end of the process.
public enum Memory {
    /// Allocations from this size on are checked.
    static let checkedFrom = 128 << 20

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
    public static func settle() { ct_return_memory() }

    /// Throws code `memory` when a tensor of a shape cannot fit.
    public static func check(shape: [Int], dtype: DType, device: Device = .cpu) throws {
        var bytes = Double(dtype.byteCount)
        for size in shape { bytes *= Double(size) }
        guard device.kind == .cpu, bytes >= Double(checkedFrom) else { return }
        guard bytes > Double(availableBytes) else { return }
        settle()
        let available = availableBytes
        guard bytes > Double(available) else { return }
        throw TensorError(
            "memory",
            "a tensor of shape \(shape) and dtype \(dtype.name) needs \(gigabytes(bytes)), but the machine has \(gigabytes(Double(available))) left")
    }

    /// The error for something other than a tensor that needs more bytes than are left; nil when they are there.
    public static func refusal(_ bytes: Int, for what: String) -> TensorError? {
        guard bytes > availableBytes else { return nil }
        settle()
        let available = availableBytes
        guard bytes > available else { return nil }
        return TensorError(
            "memory", "\(what) must fit in the memory that is left (\(FileAccess.sizeText(available))), but needs \(FileAccess.sizeText(bytes))",
            help: help)
    }

    /// The error of a script that has taken all there is.
    public static var usedUp: TensorError {
        let used = FileAccess.sizeText(MemoryStatus.usedBytes)
        let limit = MemorySetting.allowedBytes.map { "\(FileAccess.sizeText($0)), which RS4_MEMORY allows" }
        return TensorError(
            "memory", "a script must take at most \(limit ?? "what \(FileAccess.sizeText(total)) of memory leave it"), but has taken \(used)",
            help: help)
    }

    private static let help =
        "does a list, a map or a string grow without end? Smaller batches take less, and `no_grad { }` keeps no intermediate results"

    static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
}
