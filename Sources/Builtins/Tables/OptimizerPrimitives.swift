import Layers
import Machine
import Tensors

/// Optimisers and what is done with them in a training loop.
enum OptimizerPrimitives {
    static let module = PrimitiveModule(
        "optimizers", "Optimisers: change parameters along their gradients.", kinds: [OptimizerObject.self],
        [
            Primitive(
                "sgd(parameters, rate: Float = 0.01, momentum: Float = 0.0, weight_decay: Float = 0.0)",
                "Stochastic gradient descent over a model's or a list's parameters.",
                details: "v ← momentum·v + gradient + weight_decay·w, w ← w − rate·v. `optimizer.rate` may be assigned.",
                example: optimizerExample("sgd(w, rate: 0.1)")
            ) { (parameters: Trained, rate: Double, momentum: Double, weightDecay: Double) in
                try TorchOptimizer.sgd(parameters.tensors, rate: rate, momentum: momentum, weightDecay: weightDecay)
            },
            Primitive(
                "adam(parameters, rate: Float = 0.001, weight_decay: Float = 0.0, first: Float = 0.9, second: Float = 0.999, "
                    + "epsilon: Float = 0.00000001)",
                "Adam (Kingma and Ba 2015).", details: "`first` and `second` are the decays of the two moments; `optimizer.rate` may be assigned."
            ) { (parameters: Trained, rate: Double, weightDecay: Double, first: Double, second: Double, epsilon: Double) in
                try TorchOptimizer.adam(
                    parameters.tensors, rate: rate, betas: (first, second), epsilon: epsilon, weightDecay: weightDecay)
            },
            Primitive(
                "adamw(parameters, rate: Float = 0.001, weight_decay: Float = 0.01, first: Float = 0.9, second: Float = 0.999, "
                    + "epsilon: Float = 0.00000001)",
                "Adam with decoupled weight decay (Loshchilov and Hutter 2019)."
            ) { (parameters: Trained, rate: Double, weightDecay: Double, first: Double, second: Double, epsilon: Double) in
                try TorchOptimizer.adamw(
                    parameters.tensors, rate: rate, betas: (first, second), epsilon: epsilon, weightDecay: weightDecay)
            },
            Primitive("step(optimizer)", "Changes every parameter once, along its gradient.") { (optimizer: TorchOptimizer) in
                try optimizer.step()
                return Value.none
            },
            Primitive("zero_grad(optimizer)", "Forgets the gradients of the optimiser's parameters.") { (optimizer: TorchOptimizer) in
                try optimizer.zeroGrad()
                return Value.none
            },
            Primitive(
                "clip_gradients(optimizer, limit: Float) -> Float",
                "Scales all gradients so that their common norm is at most `limit`; gives the norm before."
            ) { (optimizer: TorchOptimizer, limit: Double) in
                try clipGradients(of: optimizer.parameters, to: limit)
            },
        ])
}

private func optimizerExample(_ make: String) -> String {
    """
    let w = parameter(tensor([1.0]))
    let optimizer = \(make)
    backward(sum(w * w))
    step(optimizer)
    "{w.item():.2f}"  # => "0.80"
    """
}

/// The parameters in an argument that is a tensor, a model, a layer, or a list of these.
private struct Trained: ScriptReadable {
    let tensors: [Tensor]

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Trained {
        Trained(tensors: try stateEntries(of: call[position]).filter(\.isParameter).map(\.tensor))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}
