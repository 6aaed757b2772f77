import Base
import CTorch

/// Changes parameters along their gradients. The update rules are libtorch's.
public final class TorchOptimizer {
    public enum Kind: Int32, Sendable {
        case sgd = 0, adam, adamw
        public var name: String { String(describing: self) }
        /// State tensors that each parameter may have.
        var stateNames: [String] { self == .sgd ? ["momentum_buffer"] : ["step", "exp_avg", "exp_avg_sq"] }
    }

    public let kind: Kind
    /// The tensors that `step` changes in place.
    public let parameters: [Tensor]
    private let handle: ct_optimizer

    private init(_ parameters: [Tensor], _ options: ct_optimizer_options, _ kind: Kind) throws {
        _ = Engine.isReady
        guard !parameters.isEmpty else {
            throw Failure("value", "an optimiser must have parameters, but was given none", argument: "parameters")
        }
        try Self.checkRate(options.rate)
        for (name, number) in [
            ("momentum", options.momentum), ("weight_decay", options.weight_decay), ("epsilon", options.epsilon),
        ] where !(number >= 0 && number.isFinite) {
            throw Failure("value", "`\(name)` must be a finite number, 0 or more, but is \(number)", argument: name)
        }
        if let wrong = parameters.first(where: { !$0.isLeaf }) {
            throw Failure(
                "gradient", "parameters of an optimiser must be leaves, but one of shape \(wrong.shape) was computed from others",
                help: "detach it and call `requires_grad` on the result", argument: "parameters")
        }
        var result: ct_optimizer?
        let handles = parameters.map { Optional($0.handle) }
        try check(ct_optimizer_create(options, handles, Int64(handles.count), &result))
        guard let result else { throw Failure("value", "the optimiser could not be made") }
        self.kind = kind
        self.parameters = parameters
        handle = result
    }

    deinit { ct_optimizer_free(handle) }

    /// Stochastic gradient descent with momentum: v = momentum·v + g + weightDecay·p; p = p − rate·v.
    public static func sgd(
        _ parameters: [Tensor], rate: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
    ) throws -> TorchOptimizer {
        if nesterov && momentum <= 0 {
            throw Failure("value", "`momentum` must be above 0 with nesterov, but is \(momentum)", argument: "momentum")
        }
        return try TorchOptimizer(
            parameters,
            ct_optimizer_options(
                kind: Kind.sgd.rawValue, rate: rate, momentum: momentum, weight_decay: weightDecay, beta1: 0, beta2: 0,
                epsilon: 0, nesterov: nesterov), .sgd)
    }

    /// Adam (Kingma and Ba, 2015); the weight decay is added to the gradient.
    public static func adam(
        _ parameters: [Tensor], rate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) throws -> TorchOptimizer {
        try TorchOptimizer(parameters, moments(.adam, rate, betas, epsilon, weightDecay), .adam)
    }

    /// AdamW (Loshchilov and Hutter, 2019): Adam with the weight decay applied to the parameters themselves.
    public static func adamw(
        _ parameters: [Tensor], rate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
        weightDecay: Double = 1e-2
    ) throws -> TorchOptimizer {
        try TorchOptimizer(parameters, moments(.adamw, rate, betas, epsilon, weightDecay), .adamw)
    }

    private static func moments(
        _ kind: Kind, _ rate: Double, _ betas: (Double, Double), _ epsilon: Double, _ weightDecay: Double
    ) -> ct_optimizer_options {
        ct_optimizer_options(
            kind: kind.rawValue, rate: rate, momentum: 0, weight_decay: weightDecay, beta1: betas.0, beta2: betas.1,
            epsilon: epsilon, nesterov: false)
    }

    private static func checkRate(_ rate: Double) throws {
        guard rate >= 0, rate.isFinite else {
            throw Failure("value", "`rate` must be a finite number, 0 or more, but is \(rate)", argument: "rate")
        }
    }

    /// The learning rate.
    public var rate: Double { ct_optimizer_rate(handle) }
    public func setRate(_ rate: Double) throws {
        try Self.checkRate(rate)
        try check(ct_optimizer_set_rate(handle, rate))
    }

    /// One step along the gradients of all parameters that have one.
    public func step() throws { try check(ct_optimizer_step(handle)) }
    /// Drops the gradients of all parameters.
    public func zeroGrad() throws { try check(ct_optimizer_zero_grad(handle)) }

    /// What the optimiser remembers, as named tensors for a checkpoint: `0.exp_avg`, `3.momentum_buffer`, and `rate`.
    public func state() throws -> [(name: String, tensor: Tensor)] {
        var all: [(name: String, tensor: Tensor)] = [("rate", try Tensor([rate], shape: []))]
        for index in parameters.indices {
            for name in kind.stateNames {
                var result: ct_tensor?
                try check(ct_optimizer_state(handle, Int64(index), name, &result))
                if let result { all.append(("\(index).\(name)", try Tensor(owning: result).cloned())) }
            }
        }
        return all
    }

    /// Takes over what `state` gave, from an optimiser of the same kind over parameters of the same shapes.
    public func load(state: [(name: String, tensor: Tensor)]) throws {
        let places = try state.map { try place(of: $0.name, $0.tensor) }
        for ((_, tensor), place) in zip(state, places) {
            guard let (index, part) = place else {
                try setRate(tensor.item())
                continue
            }
            guard part != "step" else {
                try check(ct_optimizer_set_state(handle, Int64(index), part, tensor.handle))
                continue
            }
            // On the parameter's device and laid out as it is, which is how the optimiser itself makes it.
            let own = try aten("empty_like", .tensor(parameters[index].detached()))
            try aten("copy_", .tensor(own), .tensor(tensor))
            try check(ct_optimizer_set_state(handle, Int64(index), part, own.handle))
        }
    }

    /// Throws unless `load` would take the state; changes nothing.
    public func requireFitting(_ state: [(name: String, tensor: Tensor)]) throws {
        for (name, tensor) in state { _ = try place(of: name, tensor) }
    }

    /// The parameter and the part of its state that a name means; nil for the rate.
    private func place(of name: String, _ tensor: Tensor) throws -> (Int, String)? {
        if name == "rate" {
            try Self.checkRate(tensor.item())
            return nil
        }
        let parts = name.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let index = Int(parts[0]), parameters.indices.contains(index),
            kind.stateNames.contains(String(parts[1]))
        else {
            throw Failure("value", "the state of \(kind.name) with \(parameters.count) parameters has no entry \"\(name)\"")
        }
        let wanted = parts[1] == "step" ? [] : parameters[index].shape
        guard tensor.shape == wanted else {
            throw Failure("shape", "\"\(name)\" must have shape \(wanted), but has \(tensor.shape)")
        }
        return (index, String(parts[1]))
    }
}
