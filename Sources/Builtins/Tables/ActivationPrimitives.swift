import Base
import Machine
import Tensors

/// Activations, softmax, dropout and attention.
enum ActivationPrimitives {
    static let module = PrimitiveModule(
        "activations", "Functions between the layers of a network.", simple + parameterised + normalised + stochastic)

    private static let simple: [Primitive] = [
        MathematicsPrimitives.elementwise("relu", "Rectified linear unit, max(x, 0).", "relu(tensor([-1.0, 2.0]))  # => tensor([0.0, 2.0])"),
        MathematicsPrimitives.elementwise("sigmoid", "1 / (1 + exp(-x)).", "sigmoid(tensor([0.0]))  # => tensor([0.5])"),
        MathematicsPrimitives.elementwise("silu", "x · sigmoid(x).", "silu(tensor([0.0]))  # => tensor([0.0])"),
        MathematicsPrimitives.elementwise("relu6", "min(max(x, 0), 6).", "relu6(tensor([9.0]))  # => tensor([6.0])"),
        MathematicsPrimitives.elementwise("log_sigmoid", "log(sigmoid(x)), without overflow.", "log_sigmoid(tensor([0.0]))  # => tensor([-0.6931])"),
    ]

    private static let parameterised: [Primitive] = [
        Primitive(
            "leaky_relu(x: Tensor, slope: Float = 0.01) -> Tensor", "x where positive, else slope · x.",
            example: "leaky_relu(tensor([-1.0, 2.0]), 0.1)  # => tensor([-0.1, 2.0])"
        ) { (x: Tensor, slope: Double) in try aten("leaky_relu", .tensor(x), .float(slope)) },
        Primitive(
            "elu(x: Tensor, alpha: Float = 1.0) -> Tensor", "x where positive, else alpha · (exp(x) - 1).",
            example: "elu(tensor([2.0]))  # => tensor([2.0])"
        ) { (x: Tensor, alpha: Double) in try aten("elu", .tensor(x), .float(alpha)) },
        Primitive(
            "gelu(x: Tensor, approximate: Bool = false) -> Tensor", "x · Φ(x) with the normal distribution function Φ.",
            details: "`approximate` takes the form with tanh. Hendrycks and Gimpel, 2016.",
            example: "gelu(tensor([0.0]))  # => tensor([0.0])"
        ) { (x: Tensor, approximate: Bool) in
            try aten("gelu", .tensor(x), named: ["approximate": .string(approximate ? "tanh" : "none")])
        },
        Primitive(
            "softplus(x: Tensor, beta: Float = 1.0) -> Tensor", "log(1 + exp(beta · x)) / beta.",
            example: "softplus(tensor([0.0]))  # => tensor([0.6931])"
        ) { (x: Tensor, beta: Double) in try aten("softplus", .tensor(x), .float(beta)) },
        Primitive(
            "prelu(x: Tensor, slope: Tensor) -> Tensor", "x where positive, else slope · x with a learned slope a channel.",
            example: "prelu(tensor([[-1.0]]), tensor([0.5]))  # => tensor([[-0.5]])"
        ) { (x: Tensor, slope: Tensor) in try aten("prelu", .tensor(x), .tensor(slope)) },
    ]

    private static func soft(_ name: String, _ summary: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x: Tensor, dim: Int = 1) -> Tensor", summary,
            details: "`dim` is the dimension of the classes: 1 for logits [B, C, ...]; for a vector the only one.", example: example
        ) { (x: Tensor, dim: Int) in
            let dimension = x.rank == 1 && dim == 1 ? 0 : try ShapeCheck.dimension(dim, rank: x.rank)
            return try aten("\(name).int", .tensor(Reduction.floating(x)), .int(dimension))
        }
    }

    private static let normalised: [Primitive] = [
        soft("softmax", "exp(x) / Σ exp(x): probabilities from logits.", example: "softmax(tensor([[0.0, 0.0]]))  # => tensor([[0.5, 0.5]])"),
        soft("log_softmax", "The logarithm of `softmax`, without overflow.", example: "log_softmax(tensor([[0.0, 0.0]]))  # => tensor([[-0.6931, -0.6931]])"),
        Primitive(
            "normalize(x: Tensor, p: Float = 2.0, dim: Int = 1, epsilon: Float = 0.000000000001) -> Tensor",
            "x divided by its p-norm along a dimension.",
            example: "normalize(tensor([[3.0, 4.0]]))  # => tensor([[0.6, 0.8]])"
        ) { (x: Tensor, p: Double, dim: Int, epsilon: Double) in
            let x = try Reduction.floating(x)
            let dimension = x.rank == 1 ? 0 : try ShapeCheck.dimension(dim, rank: x.rank)
            let size = try aten("linalg_vector_norm", .tensor(x), .float(p), .ints([dimension]), true)
            return try x.dividing(aten("clamp_min", .tensor(size), .float(epsilon)))
        },
        Primitive(
            "attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, scale: Float? = nil) -> Tensor",
            "Scaled dot-product attention, softmax(query @ keyᵀ · scale + mask) @ value.",
            details:
                "query [..., L, E], key [..., S, E], value [..., S, D] give [..., L, D]. `scale` is 1/√E by default. A bool mask lets through where true. Vaswani et al., 2017.",
            example: "attention(ones(1, 2, 4), ones(1, 3, 4), ones(1, 3, 5)).shape  # => [1, 2, 5]"
        ) { (query: Tensor, key: Tensor, value: Tensor, mask: Tensor?, scale: Double?) in
            guard query.rank >= 2, key.rank >= 2, value.rank >= 2, query.shape.last == key.shape.last else {
                throw Failure.shape("key", "query and key of attention must agree in their last dimension, but have shapes \(query.shape) and \(key.shape)")
            }
            let scale = scale ?? 1 / Double(query.shape[query.rank - 1]).squareRoot()
            var scores = try query.multiplying(scale).matmul(key.transposed())
            if let mask {
                try ShapeCheck.broadcast(scores.shape, mask.shape)
                scores = mask.dtype == .bool
                    ? try aten("masked_fill", .tensor(scores), .tensor(aten("logical_not", .tensor(mask))), .float(-.infinity))
                    : try scores.adding(mask)
            }
            return try aten("softmax.int", .tensor(scores), -1).matmul(value)
        },
        Primitive(
            "window_attention(qkv: Tensor, bias: Tensor, window: Int, shift: Int = 0, mask: Tensor? = nil) -> Tensor",
            "Attention among the places of each window of an image: softmax(q @ kᵀ / √depth + bias + mask) @ v.",
            details: """
                qkv [B, H, W, 3·C] holds queries, keys and values of every pixel, each [heads, depth] with C = heads · depth; \
                the result is [B, H, W, C]. Windows are `window` pixels wide and high; `shift` moves them cyclically. bias \
                [heads, N, N] with N = window² is added to every window's scores, mask [windows, N, N] to those of one. \
                Liu et al., 2021 (Swin). Windows are read where they lie, so nothing is rolled or cut.
                """,
            example: "window_attention(ones(1, 4, 4, 6), zeros(1, 4, 4), window: 2).shape  # => [1, 4, 4, 2]"
        ) { (qkv: Tensor, bias: Tensor, window: Int, shift: Int, mask: Tensor?) in
            try aten(
                "rs4::window_attention", .tensor(qkv), .tensor(bias),
                mask.map { .tensor($0) } ?? .none, .int(window), .int(shift))
        },
    ]

    private static let stochastic: [Primitive] = [
        Primitive(
            "dropout(x: Tensor, p: Float = 0.5, training: Bool? = nil) -> Tensor",
            "Sets elements to zero with probability p and scales the others by 1/(1 - p), in training only.",
            details: "Whether it is training is told by the model whose `forward` runs (`train(model)`, `eval(model)`), or by `training`.",
            example: "dropout(tensor([1.0, 2.0]), 0.5, training: false)  # => tensor([1.0, 2.0])"
        ) { (x: Tensor, p: Double, training: Bool?, machine: Machine) in
            try dropped(x, p, training ?? machine.isTraining, by: "rs4::dropout", of: "dropout")
        },
        Primitive(
            "dropout_channels(x: Tensor, p: Float = 0.5, training: Bool? = nil) -> Tensor",
            "Like `dropout`, but whole channels of [B, C, ...] at once.",
            example: "dropout_channels(ones(1, 2, 3), 0.5, training: false).shape  # => [1, 2, 3]"
        ) { (x: Tensor, p: Double, training: Bool?, machine: Machine) in
            try dropped(x, p, training ?? machine.isTraining, by: "feature_dropout", of: "dropout_channels")
        },
    ]

    /// `x` itself where nothing is to be dropped.
    private static func dropped(
        _ x: Tensor, _ p: Double, _ isTraining: Bool, by operation: String, of function: String
    ) throws -> Tensor {
        guard p >= 0, p <= 1 else {
            throw Failure("value", "`p` of \(function) must be between 0 and 1, but is \(formatFloat(p))", argument: "p")
        }
        return !isTraining || p == 0 ? x : try aten(operation, .tensor(x), .float(p), true)
    }
}
