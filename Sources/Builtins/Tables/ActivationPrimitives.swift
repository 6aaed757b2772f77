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
        ) { call in .tensor(try aten("leaky_relu", .tensor(call.tensor(0)), .float(call.float(1)))) },
        Primitive(
            "elu(x: Tensor, alpha: Float = 1.0) -> Tensor", "x where positive, else alpha · (exp(x) - 1).",
            example: "elu(tensor([2.0]))  # => tensor([2.0])"
        ) { call in .tensor(try aten("elu", .tensor(call.tensor(0)), .float(call.float(1)))) },
        Primitive(
            "gelu(x: Tensor, approximate: Bool = false) -> Tensor", "x · Φ(x) with the normal distribution function Φ.",
            details: "`approximate` takes the form with tanh. Hendrycks and Gimpel, 2016.",
            example: "gelu(tensor([0.0]))  # => tensor([0.0])"
        ) { call in
            .tensor(try aten("gelu", .tensor(call.tensor(0)), named: ["approximate": .string(call.bool(1) ? "tanh" : "none")]))
        },
        Primitive(
            "softplus(x: Tensor, beta: Float = 1.0) -> Tensor", "log(1 + exp(beta · x)) / beta.",
            example: "softplus(tensor([0.0]))  # => tensor([0.6931])"
        ) { call in .tensor(try aten("softplus", .tensor(call.tensor(0)), .float(call.float(1)))) },
        Primitive(
            "prelu(x: Tensor, slope: Tensor) -> Tensor", "x where positive, else slope · x with a learned slope a channel.",
            example: "prelu(tensor([[-1.0]]), tensor([0.5]))  # => tensor([[-0.5]])"
        ) { call in .tensor(try aten("prelu", .tensor(call.tensor(0)), .tensor(call.tensor(1)))) },
    ]

    private static func soft(_ name: String, _ summary: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x: Tensor, dim: Int = 1) -> Tensor", summary,
            details: "`dim` is the dimension of the classes: 1 for logits [B, C, ...]; for a vector the only one.", example: example
        ) { call in
            let x = try call.tensor(0)
            let wanted = try call.int(1)
            let dimension = x.rank == 1 && wanted == 1 ? 0 : try call.dimension(1, rank: x.rank)
            return .tensor(try aten("\(name).int", .tensor(Reduction.floating(x)), .int(dimension)))
        }
    }

    private static let normalised: [Primitive] = [
        soft("softmax", "exp(x) / Σ exp(x): probabilities from logits.", example: "softmax(tensor([[0.0, 0.0]]))  # => tensor([[0.5, 0.5]])"),
        soft("log_softmax", "The logarithm of `softmax`, without overflow.", example: "log_softmax(tensor([[0.0, 0.0]]))  # => tensor([[-0.6931, -0.6931]])"),
        Primitive(
            "normalize(x: Tensor, p: Float = 2.0, dim: Int = 1, epsilon: Float = 0.000000000001) -> Tensor",
            "x divided by its p-norm along a dimension.",
            example: "normalize(tensor([[3.0, 4.0]]))  # => tensor([[0.6, 0.8]])"
        ) { call in
            let x = try Reduction.floating(call.tensor(0))
            let dimension = x.rank == 1 ? 0 : try call.dimension(2, rank: x.rank)
            let size = try aten("linalg_vector_norm", .tensor(x), .float(call.float(1)), .ints([dimension]), true)
            return .tensor(try x.dividing(aten("clamp_min", .tensor(size), .float(call.float(3)))))
        },
        Primitive(
            "attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, scale: Float? = nil) -> Tensor",
            "Scaled dot-product attention, softmax(query @ keyᵀ · scale + mask) @ value.",
            details:
                "query [..., L, E], key [..., S, E], value [..., S, D] give [..., L, D]. `scale` is 1/√E by default. A bool mask lets through where true. Vaswani et al., 2017.",
            example: "attention(ones(1, 2, 4), ones(1, 3, 4), ones(1, 3, 5)).shape  # => [1, 2, 5]"
        ) { call in
            let (query, key, value) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
            guard query.rank >= 2, key.rank >= 2, value.rank >= 2, query.shape.last == key.shape.last else {
                throw call.shapeFailure(1, "query and key of attention must agree in their last dimension, but have shapes \(query.shape) and \(key.shape)")
            }
            let scale = try call.optional(4, call.float) ?? 1 / Double(query.shape[query.rank - 1]).squareRoot()
            var scores = try query.multiplying(scale).matmul(key.transposed())
            if let mask = try call.optional(3, call.tensor) {
                try ShapeCheck.broadcast(scores.shape, mask.shape)
                scores = mask.dtype == .bool
                    ? try aten("masked_fill", .tensor(scores), .tensor(aten("logical_not", .tensor(mask))), .float(-.infinity))
                    : try scores.adding(mask)
            }
            return .tensor(try aten("softmax.int", .tensor(scores), -1).matmul(value))
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
        ) { call in
            .tensor(
                try aten(
                    "rs4::window_attention", .tensor(call.tensor(0)), .tensor(call.tensor(1)),
                    call.optional(4, call.tensor).map { .tensor($0) } ?? .none, .int(call.int(2)), .int(call.int(3))))
        },
    ]

    private static let stochastic: [Primitive] = [
        Primitive(
            "dropout(x: Tensor, p: Float = 0.5, training: Bool? = nil) -> Tensor",
            "Sets elements to zero with probability p and scales the others by 1/(1 - p), in training only.",
            details: "Whether it is training is told by the model whose `forward` runs (`train(model)`, `eval(model)`), or by `training`.",
            example: "dropout(tensor([1.0, 2.0]), 0.5, training: false)  # => tensor([1.0, 2.0])"
        ) { call in try dropped(call, "rs4::dropout") },
        Primitive(
            "dropout_channels(x: Tensor, p: Float = 0.5, training: Bool? = nil) -> Tensor",
            "Like `dropout`, but whole channels of [B, C, ...] at once.",
            example: "dropout_channels(ones(1, 2, 3), 0.5, training: false).shape  # => [1, 2, 3]"
        ) { call in try dropped(call, "feature_dropout") },
    ]

    private static func dropped(_ call: PrimitiveCall, _ name: String) throws -> Value {
        let p = try call.float(1)
        guard p >= 0, p <= 1 else {
            throw Failure("value", "`p` of \(call.primitive.name) must be between 0 and 1, but is \(formatFloat(p))", argument: "p")
        }
        let isTraining = try call.optional(2, call.bool) ?? call.machine.isTraining
        if !isTraining || p == 0 { return call[0] }
        return .tensor(try aten(name, .tensor(call.tensor(0)), .float(p), true))
    }
}
