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
            ) { call in
                .optimizer(
                    try TorchOptimizer.sgd(
                        try trainedTensors(call, 0), rate: try call.float(1), momentum: try call.float(2),
                        weightDecay: try call.float(3)))
            },
            Primitive(
                "adam(parameters, rate: Float = 0.001, weight_decay: Float = 0.0, first: Float = 0.9, second: Float = 0.999, "
                    + "epsilon: Float = 0.00000001)",
                "Adam (Kingma and Ba 2015).", details: "`first` and `second` are the decays of the two moments; `optimizer.rate` may be assigned."
            ) { call in
                .optimizer(try TorchOptimizer.adam(
                        try trainedTensors(call, 0), rate: try call.float(1),
                        betas: (try call.float(3), try call.float(4)), epsilon: try call.float(5),
                        weightDecay: try call.float(2)))
            },
            Primitive(
                "adamw(parameters, rate: Float = 0.001, weight_decay: Float = 0.01, first: Float = 0.9, second: Float = 0.999, "
                    + "epsilon: Float = 0.00000001)",
                "Adam with decoupled weight decay (Loshchilov and Hutter 2019)."
            ) { call in
                .optimizer(try TorchOptimizer.adamw(
                        try trainedTensors(call, 0), rate: try call.float(1),
                        betas: (try call.float(3), try call.float(4)), epsilon: try call.float(5),
                        weightDecay: try call.float(2)))
            },
            Primitive("step(optimizer)", "Changes every parameter once, along its gradient.") { call in
                try call.optimizer(0).step()
                return .none
            },
            Primitive("zero_grad(optimizer)", "Forgets the gradients of the optimiser's parameters.") { call in
                try call.optimizer(0).zeroGrad()
                return .none
            },
            Primitive(
                "clip_gradients(optimizer, limit: Float)",
                "Scales all gradients so that their common norm is at most `limit`; gives the norm before."
            ) { call in
                .float(try clipGradients(of: try call.optimizer(0).parameters, to: try call.float(1)))
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
private func trainedTensors(_ call: PrimitiveCall, _ position: Int) throws -> [Tensor] {
    var tensors: [Tensor] = []
    for entry in try stateEntries(of: call[position]) where entry.isParameter { tensors.append(entry.tensor) }
    return tensors
}
