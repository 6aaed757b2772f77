import Tensors

/// Changes parameters along their gradients; one call of `step` is one iteration.
open class Optimizer {
    /// What scripts call to make one: `sgd`.
    public let kind: String
    public let parameters: [Tensor]
    /// The learning rate, which schedules set before each step.
    public var rate: Double
    /// Pulls weights towards zero.
    public let weightDecay: Double
    /// Steps taken so far.
    public private(set) var steps = 0

    init(kind: String, parameters: [Tensor], rate: Double, weightDecay: Double) throws {
        guard !parameters.isEmpty else {
            throw TensorError(
                code: "value", message: "`parameters` of \(kind) must hold a tensor or more, but is empty",
                help: "take them from a model: `\(kind)(parameters(net), rate: 0.01)`")
        }
        guard rate >= 0 else {
            throw TensorError(code: "value", message: "`rate` of \(kind) must be 0 or more, but is \(rate)", help: nil)
        }
        self.kind = kind
        self.parameters = parameters
        self.rate = rate
        self.weightDecay = weightDecay
    }

    /// Changes every parameter that has a gradient, without recording the change for autograd.
    public func step() throws {
        steps += 1
        try withoutGradients {
            for (place, parameter) in parameters.enumerated() {
                if let gradient = parameter.grad { try update(parameter, gradient, at: place) }
            }
        }
    }

    /// Forgets the gradients, so that the next backward pass starts from nothing.
    public func zeroGradients() throws {
        for parameter in parameters { parameter.grad = nil }
    }

    /// Scales all gradients so that their common Euclidean norm is at most `limit`; returns the norm before.
    @discardableResult
    public func clipGradients(to limit: Double) throws -> Double {
        try withoutGradients {
            let gradients = parameters.compactMap(\.grad)
            var total = 0.0
            for gradient in gradients {
                let norm = try aten("norm.Scalar", .tensor(gradient), .float(2)).item()
                total += norm * norm
            }
            let norm = total.squareRoot()
            if norm > limit {
                for gradient in gradients { _ = try aten("mul_.Scalar", .tensor(gradient), .float(limit / norm)) }
            }
            return norm
        }
    }

    func update(_ parameter: Tensor, _ gradient: Tensor, at place: Int) throws {}
}

/// Stochastic gradient descent with momentum v ← m·v + g + d·w, w ← w − r·v, as in PyTorch.
public final class SGD: Optimizer {
    let momentum: Double
    private var velocities: [Tensor?]

    public init(_ parameters: [Tensor], rate: Double, momentum: Double = 0, weightDecay: Double = 0) throws {
        self.momentum = momentum
        velocities = [Tensor?](repeating: nil, count: parameters.count)
        try super.init(kind: "sgd", parameters: parameters, rate: rate, weightDecay: weightDecay)
    }

    override func update(_ parameter: Tensor, _ gradient: Tensor, at place: Int) throws {
        var direction = gradient
        if weightDecay != 0 {
            direction = try aten(
                "add.Tensor", .tensor(gradient), .tensor(parameter), named: ["alpha": .float(weightDecay)])
        }
        if momentum != 0 {
            if let velocity = velocities[place] {
                _ = try aten("mul_.Scalar", .tensor(velocity), .float(momentum))
                _ = try aten("add_.Tensor", .tensor(velocity), .tensor(direction))
            } else {
                velocities[place] = try aten("clone", .tensor(direction))
            }
            direction = velocities[place] ?? direction
        }
        _ = try aten("add_.Tensor", .tensor(parameter), .tensor(direction), named: ["alpha": .float(-rate)])
    }
}

/// Adam (Kingma and Ba 2015); with `decoupled` decay it is AdamW (Loshchilov and Hutter 2019).
public final class Adam: Optimizer {
    let decay: (first: Double, second: Double)
    let epsilon: Double
    let isDecoupled: Bool
    private var firsts: [Tensor?]
    private var seconds: [Tensor?]

    public init(
        _ parameters: [Tensor], rate: Double, decay: (first: Double, second: Double) = (0.9, 0.999),
        epsilon: Double = 1e-8, weightDecay: Double = 0, decoupled: Bool = false
    ) throws {
        self.decay = decay
        self.epsilon = epsilon
        isDecoupled = decoupled
        firsts = [Tensor?](repeating: nil, count: parameters.count)
        seconds = firsts
        try super.init(
            kind: decoupled ? "adamw" : "adam", parameters: parameters, rate: rate, weightDecay: weightDecay)
    }

    override func update(_ parameter: Tensor, _ gradient: Tensor, at place: Int) throws {
        var direction = gradient
        if weightDecay != 0 {
            if isDecoupled {
                _ = try aten("mul_.Scalar", .tensor(parameter), .float(1 - rate * weightDecay))
            } else {
                direction = try aten(
                    "add.Tensor", .tensor(gradient), .tensor(parameter), named: ["alpha": .float(weightDecay)])
            }
        }
        let first = try firsts[place] ?? aten("zeros_like", .tensor(parameter))
        let second = try seconds[place] ?? aten("zeros_like", .tensor(parameter))
        firsts[place] = first
        seconds[place] = second
        _ = try aten("lerp_.Scalar", .tensor(first), .tensor(direction), .float(1 - decay.first))
        _ = try aten("mul_.Scalar", .tensor(second), .float(decay.second))
        _ = try aten(
            "addcmul_", .tensor(second), .tensor(direction), .tensor(direction),
            named: ["value": .float(1 - decay.second)])
        let correction = 1 - power(decay.first, steps)
        let root = (1 - power(decay.second, steps)).squareRoot()
        var spread = try aten("sqrt", .tensor(second))
        spread = try aten("div_.Scalar", .tensor(spread), .float(root))
        spread = try aten("add_.Scalar", .tensor(spread), .float(epsilon))
        _ = try aten(
            "addcdiv_", .tensor(parameter), .tensor(first), .tensor(spread),
            named: ["value": .float(-rate / correction)])
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        var factor = base
        var left = exponent
        while left > 0 {
            if left & 1 == 1 { result *= factor }
            factor *= factor
            left >>= 1
        }
        return result
    }
}
