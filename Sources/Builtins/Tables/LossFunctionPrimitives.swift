import Base
import Machine
import Tensors

/// Losses, each one number that falls as a prediction gets better.
enum LossFunctionPrimitives {
    static let module = PrimitiveModule("loss_functions", "Losses as functions; more are in the library module `losses`.", classes + values)

    private static let reductionNote = "`reduction` is \"mean\", \"sum\" or \"none\"."

    private static func reduction(_ call: PrimitiveCall, _ position: Int) throws -> Int {
        ["none": 0, "mean": 1, "sum": 2][try SamplingPrimitives.choice(call, position, ["mean", "sum", "none"])] ?? 1
    }

    private static func reduce(_ loss: Tensor, _ kind: Int) throws -> Tensor {
        kind == 0 ? loss : try aten(kind == 1 ? "mean" : "sum", .tensor(loss))
    }

    /// Throws unless class numbers [B, ...] stand beside scores [B, C, ...].
    private static func checkClasses(_ call: PrimitiveCall, _ scores: Tensor, _ target: Tensor) throws {
        let name = call.primitive.parameters[0].name
        let expected = scores.rank < 2 ? [] : [scores.shape[0]] + scores.shape.dropFirst(2)
        guard scores.rank >= 1, target.shape == expected || target.shape == scores.shape && target.dtype.isFloatingPoint else {
            throw Failure(
                "shape",
                "`target` of \(call.primitive.name) must have shape \(expected) beside `\(name)` of shape \(scores.shape), but has \(target.shape)",
                help: target.rank == expected.count + 1 && target.shape.count > 1 && target.shape[1] == 1
                    ? "drop the channel with `squeeze(target, 1)`" : nil,
                argument: "target", labels: [(name, "shape \(scores.shape)"), ("target", "shape \(target.shape)")])
        }
    }

    /// Runs a loss over class numbers; when it fails because of one that is no class, says which and how many there are.
    private static func naming(
        _ target: Tensor, under scores: Tensor, ignoring ignored: Int, _ call: PrimitiveCall, _ loss: () throws -> Tensor
    ) throws -> Tensor {
        do {
            return try loss()
        } catch let error as Failure {
            let classes = scores.shape[scores.rank < 2 ? 0 : 1]
            guard !target.dtype.isFloatingPoint, target.count > 0,
                let wrong = try target.ints().first(where: { $0 != ignored && !(0..<classes).contains($0) })
            else { throw error }
            throw Failure(
                "value",
                "the numbers in `target` of \(call.primitive.name) must be classes from 0 to \(classes - 1), but one is \(wrong)",
                help: "\(ignored) marks what does not count; `ignore:` chooses another mark", argument: "target",
                labels: [(call.primitive.parameters[0].name, "\(classes) classes"), ("target", "\(wrong) in it")])
        }
    }

    private static let classes: [Primitive] = [
        Primitive(
            "cross_entropy(logits: Tensor, target: Tensor, weight: Tensor? = nil, ignore: Int = -100, smoothing: Float = 0.0, reduction: String = \"mean\") -> Tensor",
            "Cross-entropy of class numbers [B, ...] under logits [B, C, ...].",
            details: "`weight` has one number a class; targets equal to `ignore` do not count. " + reductionNote,
            example: "cross_entropy(tensor([[0.0, 0.0]]), tensor([1]))  # => tensor(0.6931)"
        ) { call in
            let (logits, target) = (try call.tensor(0), try call.tensor(1))
            try checkClasses(call, logits, target)
            let numbers = target.dtype.isFloatingPoint && target.shape == logits.shape ? target : try target.to(dtype: .int64)
            let ignored = try call.int(3)
            return .tensor(
                try naming(numbers, under: logits, ignoring: ignored, call) {
                    try aten(
                        "cross_entropy_loss", .tensor(logits), .tensor(numbers), .optional(call.optional(2, call.tensor)),
                        .int(reduction(call, 5)), .int(ignored), .float(call.float(4)))
                })
        },
        Primitive(
            "nll_loss(log_probabilities: Tensor, target: Tensor, weight: Tensor? = nil, ignore: Int = -100, reduction: String = \"mean\") -> Tensor",
            "Negative log-likelihood of class numbers [B, ...] under log-probabilities [B, C, ...].", details: reductionNote,
            example: "nll_loss(tensor([[-1.0, -2.0]]), tensor([1]))  # => tensor(2.0)"
        ) { call in
            let (scores, target) = (try call.tensor(0), try call.tensor(1))
            try checkClasses(call, scores, target)
            let (numbers, ignored) = (try target.to(dtype: .int64), try call.int(3))
            return .tensor(
                try naming(numbers, under: scores, ignoring: ignored, call) {
                    try aten(
                        "nll_loss_nd", .tensor(scores), .tensor(numbers), .optional(call.optional(2, call.tensor)),
                        .int(reduction(call, 4)), .int(ignored))
                })
        },
        Primitive(
            "binary_cross_entropy(probabilities: Tensor, target: Tensor, reduction: String = \"mean\") -> Tensor",
            "Cross-entropy of targets between 0 and 1 under probabilities.", details: reductionNote,
            example: "binary_cross_entropy(tensor([0.5]), tensor([1.0]))  # => tensor(0.6931)"
        ) { call in try pointwise(call, "binary_cross_entropy") { x, y in [.tensor(x), .tensor(y), .none, .int(try reduction(call, 2))] } },
        Primitive(
            "binary_cross_entropy_with_logits(logits: Tensor, target: Tensor, reduction: String = \"mean\") -> Tensor",
            "Cross-entropy of targets between 0 and 1 under the sigmoid of logits.", details: reductionNote,
            example: "binary_cross_entropy_with_logits(tensor([0.0]), tensor([1.0]))  # => tensor(0.6931)"
        ) { call in
            try pointwise(call, "binary_cross_entropy_with_logits") { x, y in
                [.tensor(x), .tensor(y), .none, .none, .int(try reduction(call, 2))]
            }
        },
        Primitive(
            "kl_div(log_probabilities: Tensor, target: Tensor, reduction: String = \"batchmean\", log_target: Bool = false) -> Tensor",
            "Kullback-Leibler divergence Σ target · (log target - log_probabilities).",
            details: "`reduction` is \"batchmean\" (the sum divided by the first dimension), \"mean\", \"sum\" or \"none\".",
            example: "kl_div(tensor([[-0.6931472, -0.6931472]]), tensor([[0.5, 0.5]]))  # => tensor(0.0)"
        ) { call in
            let kind = try SamplingPrimitives.choice(call, 2, ["batchmean", "mean", "sum", "none"])
            let x = try call.tensor(0)
            let number = kind == "none" ? 0 : kind == "mean" ? 1 : 2
            guard case .object(let total as TensorObject) = try pointwise(call, "kl_div", { x, y in
                [.tensor(x), .tensor(y), .int(number), .bool(try call.bool(3))]
            }) else { return .none }
            return .tensor(kind == "batchmean" ? try total.tensor.dividing(Double(max(1, x.shape.first ?? 1))) : total.tensor)
        },
    ]

    /// Both of one shape, the target converted to the dtype of the prediction.
    private static func pointwise(
        _ call: PrimitiveCall, _ name: String, _ arguments: (Tensor, Tensor) throws -> [AtenArgument]
    ) throws -> Value {
        let (x, y) = (try Reduction.floating(call.tensor(0)), try call.tensor(1))
        guard x.shape == y.shape else {
            let first = call.primitive.parameters[0].name
            throw Failure(
                "shape", "`target` of \(call.primitive.name) must have the shape \(x.shape) of `\(first)`, but has \(y.shape)",
                argument: "target", labels: [(first, "shape \(x.shape)"), ("target", "shape \(y.shape)")])
        }
        return .tensor(try aten(name, arguments: arguments(x, y.to(dtype: x.dtype))))
    }

    private static func difference(_ name: String, _ summary: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x: Tensor, target: Tensor, reduction: String = \"mean\") -> Tensor", summary, details: reductionNote,
            example: example
        ) { call in try pointwise(call, name) { x, y in [.tensor(x), .tensor(y), .int(try reduction(call, 2))] } }
    }

    private static let values: [Primitive] = [
        difference("mse_loss", "The mean of squared differences.", example: "mse_loss(tensor([1.0]), tensor([3.0]))  # => tensor(4.0)"),
        difference("l1_loss", "The mean of absolute differences.", example: "l1_loss(tensor([1.0]), tensor([3.0]))  # => tensor(2.0)"),
        difference("smooth_l1_loss", "Half the squared difference where it is below 1, else the absolute difference minus a half.", example: "smooth_l1_loss(tensor([1.0]), tensor([3.0]))  # => tensor(1.5)"),
        Primitive(
            "cosine_similarity(x: Tensor, y: Tensor, dim: Int = 1, epsilon: Float = 0.00000001) -> Tensor",
            "The cosine of the angle between vectors along a dimension.",
            example: "cosine_similarity(tensor([[1.0, 0.0]]), tensor([[0.0, 2.0]]))  # => tensor([0.0])"
        ) { call in
            let (x, y) = (try call.tensor(0), try call.tensor(1))
            try ShapeCheck.broadcast(x.shape, y.shape)
            let dimension = x.rank == 1 && y.rank == 1 ? 0 : try call.dimension(2, rank: max(x.rank, y.rank))
            return .tensor(try aten("cosine_similarity", .tensor(x), .tensor(y), .int(dimension), .float(call.float(3))))
        },
    ]
}
