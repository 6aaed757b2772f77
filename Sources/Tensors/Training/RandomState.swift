import Base
import CTorch

/// Where libtorch's random generators stand: the CPU's, and one a CUDA device. All random numbers of the language come
/// from these.
public struct RandomState {
    /// By device (`cpu`, `cuda:0`, …): the generator's state as bytes [N], uint8.
    public var generators: [(device: String, state: Tensor)]

    public init(generators: [(device: String, state: Tensor)]) { self.generators = generators }

    /// The present state.
    public init() throws {
        let count = Engine.cudaDeviceCount
        generators = try (-1..<count).map { index in
            var state: ct_tensor?
            try check(ct_random_state(Int32(index), &state))
            return (index < 0 ? "cpu" : "cuda:\(index)", try Tensor(result: state))
        }
    }

    /// Continues every generator from this state; those of devices that this machine lacks are left out, and generators
    /// that the state does not name stay as they are. Code `value` when a state is none.
    public func restore() throws {
        let count = Engine.cudaDeviceCount
        for (device, state) in generators {
            let index = device == "cpu" ? -1 : device.hasPrefix("cuda:") ? Int(device.dropFirst(5)) : nil
            guard let index, index >= -1 else {
                throw Failure("value", "a random state must be of cpu, cuda:0, …, but is of \(device)", argument: "state")
            }
            guard state.dtype == .uint8, state.rank == 1 else {
                throw Failure(
                    "value", "a random state must be bytes [N], but has shape \(state.shape) and holds \(state.dtype.name)", argument: "state")
            }
            if index < count { try check(ct_set_random_state(Int32(index), try state.onCPU().contiguous().handle)) }
        }
    }
}
