import Base
import CTorch
import Foundation

/// libtorch as a whole: its threads, version, devices and random state.
public enum Engine {
    /// Done once, before the first tensor: threads from the machine's cores, and the check before large allocations.
    static let isReady: Bool = {
        _ = ct_set_threads(Int32(defaultThreadCount))
        ct_check_allocations({ Int64(clamping: Memory.availableBytes) }, Int64(Memory.checkedFrom))
        return true
    }()

    /// Begins to load libtorch in the background: half a second that a person at a prompt need not wait for.
    public static func prepare() { ct_prepare() }

    /// Waits for what `prepare` began; to be called before the process ends.
    public static func settle() { ct_settle() }

    /// `OMP_NUM_THREADS` where it is set, else the number of cores this process may use.
    static var defaultThreadCount: Int {
        if let asked = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"].flatMap({ Int($0) }), asked > 0 {
            return min(asked, largestThreadCount)
        }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(cores, groupCores ?? cores))
    }

    /// The share of cores that the process's control group grants, rounded up; nil when there is no limit.
    private static var groupCores: Int? {
        guard let text = try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8) else { return nil }
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else { return nil }
        return Int((quota / period).rounded(.up))
    }

    /// Four a core: more only wait for each other, hundreds of them for minutes.
    public static let largestThreadCount = max(16, 4 * ProcessInfo.processInfo.activeProcessorCount)

    /// How many threads operations on the CPU use, BLAS included.
    public static var threadCount: Int {
        get {
            _ = isReady
            return Int(ct_threads())
        }
        set {
            _ = isReady
            _ = ct_set_threads(Int32(max(1, min(newValue, largestThreadCount))))
        }
    }

    /// libtorch's version: `1.13.1`.
    public static var version: String { String(cString: ct_version()) }

    /// How many CUDA devices can be used; 0 for a libtorch without CUDA.
    public static var cudaDeviceCount: Int {
        _ = isReady
        return Int(ct_cuda_count())
    }
}

/// Starts every random generator of libtorch from `number`.
public func seed(_ number: Int) {
    _ = Engine.isReady
    _ = ct_seed(Int64(number))
}
