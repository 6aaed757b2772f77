import CTorch
import Foundation

/// What the machine's memory can still give, so that asking for too much is an error and not the end of the process.
public enum Memory {
    /// Allocations from this size on are checked.
    static let checkedFrom = 128 << 20

    /// Bytes that the machine, or the control group the process runs in, can still give.
    public static var availableBytes: Int {
        min(machineAvailable ?? Int.max, groupAvailable ?? Int.max)
    }

    /// Throws code `memory` when a tensor of a shape cannot fit.
    public static func check(shape: [Int], dtype: DType, device: Device = .cpu) throws {
        var bytes = Double(dtype.byteCount)
        for size in shape { bytes *= Double(size) }
        guard device.kind == .cpu, bytes >= Double(checkedFrom) else { return }
        guard bytes > Double(availableBytes) else { return }
        ct_return_memory()
        let available = availableBytes
        guard bytes > Double(available) else { return }
        throw TensorError(
            "memory",
            "a tensor of shape \(shape) and dtype \(dtype.name) needs \(gigabytes(bytes)), but the machine has \(gigabytes(Double(available))) left")
    }

    static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }

    private static var machineAvailable: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return nil
    }

    private static var groupAvailable: Int? {
        func number(_ path: String) -> Int? {
            (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
        if let limit = number("/sys/fs/cgroup/memory.max"), let used = number("/sys/fs/cgroup/memory.current") {
            return max(0, limit - used)
        }
        if let limit = number("/sys/fs/cgroup/memory/memory.limit_in_bytes"), limit < 1 << 60,
            let used = number("/sys/fs/cgroup/memory/memory.usage_in_bytes")
        {
            return max(0, limit - used)
        }
        return nil
    }
}
