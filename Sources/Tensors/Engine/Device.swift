import Base
import CTorch

/// Where a tensor's memory lies and its operations run.
public struct Device: Equatable, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Int32, Sendable {
        case cpu = 0
        case cuda = 1
    }

    public var kind: Kind
    /// Which one of the kind; 0 for the CPU.
    public var index: Int

    public init(_ kind: Kind, index: Int = 0) {
        self.kind = kind
        self.index = index
    }

    public static let cpu = Device(.cpu)

    /// Reads `cpu`, `cuda` or `cuda:1`, and throws code `device` when the machine or this libtorch has no such one.
    public init(name: String) throws {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        let index = parts.count == 2 ? Int(parts[1]) : 0
        guard parts.count <= 2, let index, index >= 0 else { throw Self.unknown(name) }
        switch parts.first {
        case "cpu" where index == 0:
            self = .cpu
        case "cuda":
            let available = Engine.cudaDeviceCount
            guard index < available else {
                throw Failure(
                    "device",
                    available == 0
                        ? "device must be one that is there, but \"\(name)\" is not: no CUDA device is available"
                        : "device must be one of cuda:0 to cuda:\(available - 1), but is \"\(name)\"",
                    help: available == 0 ? "use device(\"cpu\"), or build with TORCH_HOME naming a libtorch with CUDA" : nil, argument: "device")
            }
            self.init(.cuda, index: index)
        default:
            throw Self.unknown(name)
        }
    }

    private static func unknown(_ name: String) -> Failure {
        Failure("device", "device must be \"cpu\", \"cuda\" or \"cuda:N\", but is \"\(name)\"", argument: "device")
    }

    public var description: String { kind == .cpu ? "cpu" : "cuda:\(index)" }
}
