import Foundation

/// What the system tells of memory; nil where it tells nothing.
enum MemoryStatus {
    /// Bytes that this process alone holds: what is resident without files that are mapped.
    static var usedBytes: Int {
        guard let pages = pages else { return 0 }
        return max(0, pages.resident - pages.shared) * pageSize
    }

    /// Addresses that `ulimit -v` still allows, in bytes.
    static var addressesLeft: Int? {
        guard let addressLimit, let pages else { return nil }
        return addressLimit - pages.all * pageSize
    }

    private static let addressLimit: Int? = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 60 else { return nil }
        return Int(limit.rlim_cur)
    }()

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    private static var pages: (all: Int, resident: Int, shared: Int)? {
        let numbers = text("/proc/self/statm")?.split(separator: " ").prefix(3).compactMap { Int($0) } ?? []
        return numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : nil
    }

    // MARK: the machine

    /// What the machine can give without swapping.
    static var machineAvailable: Int? { machine("MemAvailable:") }
    static var machineTotal: Int? { machine("MemTotal:") }

    private static func machine(_ name: String) -> Int? { entry(name, in: "/proc/meminfo").map { $0 * 1024 } }

    // MARK: the control group

    /// One group with a limit of its own; a group stands in others, whose limits hold as well.
    private struct Group {
        let limit: Int
        let usage: String
        let statistics: String

        /// What the limit leaves. Pages of files count as used there, but are given up when there is need.
        var available: Int? {
            guard let used = number(usage) else { return nil }
            let files = ["inactive_file", "active_file"].compactMap { entry($0, in: statistics) }.reduce(0, +)
            return max(0, limit - max(0, used - files))
        }
    }

    static var groupAvailable: Int? { groups.compactMap(\.available).min() }
    static var groupTotal: Int? { groups.map(\.limit).min() }

    private static let groups: [Group] = {
        var found: [Group] = []
        for line in (text("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isFirstVersion = parts[1].split(separator: ",").contains("memory")
            guard isFirstVersion || parts[1].isEmpty else { continue }
            let root = isFirstVersion ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
            let (limit, usage) = isFirstVersion ? ("memory.limit_in_bytes", "memory.usage_in_bytes") : ("memory.max", "memory.current")
            var names = parts[2].split(separator: "/")
            while true {
                let folder = ([root] + names.map(String.init)).joined(separator: "/")
                if let bytes = number("\(folder)/\(limit)"), bytes < 1 << 60 {
                    found.append(Group(limit: bytes, usage: "\(folder)/\(usage)", statistics: "\(folder)/memory.stat"))
                }
                if names.isEmpty { break }
                names.removeLast()
            }
        }
        return found
    }()

    // MARK: reading

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// The number behind a name at the start of a line.
    private static func entry(_ name: String, in path: String) -> Int? {
        for line in (text(path) ?? "").split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(separator: " ")
            if words.count > 1, words[0] == name { return Int(words[1]) }
        }
        return nil
    }
}
