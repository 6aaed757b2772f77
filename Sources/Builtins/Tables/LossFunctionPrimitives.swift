import Base
import Machine
import Tensors

/// Losses, each one number that falls as a prediction gets better.
enum LossFunctionPrimitives {
    static let module = PrimitiveModule("loss_functions", "Losses as functions; more are in the library module `losses`.", classes + values)

    /// What becomes of the losses of single elements.
    private enum Reducing: String, ScriptWord {
        case mean, sum, none

        /// libtorch's number for it.
        var argument: AtenArgument { .int(self == .none ? 0 : self == .mean ? 1 : 2) }
    }

    /// Of a divergence, whose mean is usually taken over the first dimension alone.
    private enum DivergenceReducing: String, ScriptWord { case batchmean, mean, sum, none }

    private static let reducing = "reduction: \(Reducing.type) = \"mean\""

    /// Throws unless class numbers [B, ...] stand beside scores [B, C, ...].
    private static func checkClasses(_ name: String, of function: String, _ scores: Tensor, _ target: Tensor) throws {
        let expected = scores.rank < 2 ? [] : [scores.shape[0]] + scores.shape.dropFirst(2)
        guard scores.rank >= 1, target.shape == expected || target.shape == scores.shape && target.dtype.isFloatingPoint else {
            throw Failure(
                "shape",
                "`target` of \(function) must have shape \(expected) beside `\(name)` of shape \(scores.shape), but has \(target.shape)",
                help: target.rank == expected.count + 1 && target.shape.count > 1 && target.shape[1] == 1
                    ? "drop the channel with `squeeze(target, 1)`" : nil,
                argument: "target", labels: [(name, "shape \(scores.shape)"), ("target", "shape \(target.shape)")])
        }
    }

    /// Runs a loss over class numbers; when it fails because of one that is no class, says which and how many there are.
    private static func naming(
        _ target: Tensor, under scores: Tensor, called name: String, of function: String, ignoring ignored: Int,
        _ loss: () throws -> Tensor
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
                "the numbers in `target` of \(function) must be classes from 0 to \(classes - 1), but one is \(wrong)",
                help: "\(ignored) marks what does not count; `ignore:` chooses another mark", argument: "target",
                labels: [(name, "\(classes) classes"), ("target", "\(wrong) in it")])
        }
    }

    private static let classes: [Primitive] = [
        Primitive(
            "cross_entropy(logits: Tensor, target: Tensor, weight: Tensor? = nil, ignore: Int = -100, smoothing: Float = 0.0, \(reducing)) -> Tensor",
            "Cross-entropy of class numbers [B, ...] under logits [B, C, ...].",
            details: "`weight` has one number a class; targets equal to `ignore` do not count.",
            example: "cross_entropy(tensor([[0.0, 0.0]]), tensor([1]))  # => tensor(0.6931)"
        ) { (logits: Tensor, target: Tensor, weight: Tensor?, ignored: Int, smoothing: Double, reduction: Reducing) in
            try checkClasses("logits", of: "cross_entropy", logits, target)
            let numbers = target.dtype.isFloatingPoint && target.shape == logits.shape ? target : try target.to(dtype: .int64)
            return try naming(numbers, under: logits, called: "logits", of: "cross_entropy", ignoring: ignored) {
                try aten(
                    "cross_entropy_loss", .tensor(logits), .tensor(numbers), .optional(weight), reduction.argument, .int(ignored),
                    .float(smoothing))
            }
        },
        Primitive(
            "nll_loss(log_probabilities: Tensor, target: Tensor, weight: Tensor? = nil, ignore: Int = -100, \(reducing)) -> Tensor",
            "Negative log-likelihood of class numbers [B, ...] under log-probabilities [B, C, ...].",
            example: "nll_loss(tensor([[-1.0, -2.0]]), tensor([1]))  # => tensor(2.0)"
        ) { (scores: Tensor, target: Tensor, weight: Tensor?, ignored: Int, reduction: Reducing) in
            try checkClasses("log_probabilities", of: "nll_loss", scores, target)
            let numbers = try target.to(dtype: .int64)
            return try naming(numbers, under: scores, called: "log_probabilities", of: "nll_loss", ignoring: ignored) {
                try aten("nll_loss_nd", .tensor(scores), .tensor(numbers), .optional(weight), reduction.argument, .int(ignored))
            }
        },
        Primitive(
            "binary_cross_entropy(probabilities: Tensor, target: Tensor, \(reducing)) -> Tensor",
            "Cross-entropy of targets between 0 and 1 under probabilities.",
            example: "binary_cross_entropy(tensor([0.5]), tensor([1.0]))  # => tensor(0.6931)"
        ) { (x: Tensor, target: Tensor, reduction: Reducing) in
            try pointwise("binary_cross_entropy", "probabilities", x, target) { x, y in [.tensor(x), .tensor(y), .none, reduction.argument] }
        },
        Primitive(
            "binary_cross_entropy_with_logits(logits: Tensor, target: Tensor, \(reducing)) -> Tensor",
            "Cross-entropy of targets between 0 and 1 under the sigmoid of logits.",
            example: "binary_cross_entropy_with_logits(tensor([0.0]), tensor([1.0]))  # => tensor(0.6931)"
        ) { (x: Tensor, target: Tensor, reduction: Reducing) in
            try pointwise("binary_cross_entropy_with_logits", "logits", x, target) { x, y in
                [.tensor(x), .tensor(y), .none, .none, reduction.argument]
            }
        },
        Primitive(
            "kl_div(log_probabilities: Tensor, target: Tensor, reduction: \(DivergenceReducing.type) = \"batchmean\", log_target: Bool = false) -> Tensor",
            "Kullback-Leibler divergence Σ target · (log target - log_probabilities).",
            details: "\"batchmean\" is the sum divided by the first dimension.",
            example: "kl_div(tensor([[-0.6931472, -0.6931472]]), tensor([[0.5, 0.5]]))  # => tensor(0.0)"
        ) { (x: Tensor, target: Tensor, reduction: DivergenceReducing, isLogarithmic: Bool) in
            let total = try pointwise("kl_div", "log_probabilities", x, target) { x, y in
                [.tensor(x), .tensor(y), (Reducing(rawValue: reduction.rawValue) ?? .sum).argument, .bool(isLogarithmic)]
            }
            return reduction == .batchmean ? try total.dividing(Double(max(1, x.shape.first ?? 1))) : total
        },
    ]

    /// Both of one shape, the target converted to the dtype of the prediction.
    private static func pointwise(
        _ name: String, _ first: String, _ prediction: Tensor, _ y: Tensor, _ arguments: (Tensor, Tensor) -> [AtenArgument]
    ) throws -> Tensor {
        let x = try Reduction.floating(prediction)
        guard x.shape == y.shape else {
            throw Failure(
                "shape", "`target` of \(name) must have the shape \(x.shape) of `\(first)`, but has \(y.shape)",
                argument: "target", labels: [(first, "shape \(x.shape)"), ("target", "shape \(y.shape)")])
        }
        return try aten(name, arguments: arguments(x, y.to(dtype: x.dtype)))
    }

    private static func difference(_ name: String, _ summary: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x: Tensor, target: Tensor, \(reducing)) -> Tensor", summary, example: example
        ) { (x: Tensor, target: Tensor, reduction: Reducing) in
            try pointwise(name, "x", x, target) { x, y in [.tensor(x), .tensor(y), reduction.argument] }
        }
    }

    private static let values: [Primitive] = [
        difference("mse_loss", "The mean of squared differences.", example: "mse_loss(tensor([1.0]), tensor([3.0]))  # => tensor(4.0)"),
        difference("l1_loss", "The mean of absolute differences.", example: "l1_loss(tensor([1.0]), tensor([3.0]))  # => tensor(2.0)"),
        difference("smooth_l1_loss", "Half the squared difference where it is below 1, else the absolute difference minus a half.", example: "smooth_l1_loss(tensor([1.0]), tensor([3.0]))  # => tensor(1.5)"),
        Primitive(
            "cosine_similarity(x: Tensor, y: Tensor, dim: Int = 1, epsilon: Float = 0.00000001) -> Tensor",
            "The cosine of the angle between vectors along a dimension.",
            example: "cosine_similarity(tensor([[1.0, 0.0]]), tensor([[0.0, 2.0]]))  # => tensor([0.0])"
        ) { (x: Tensor, y: Tensor, dim: Int, epsilon: Double) in
            try ShapeCheck.broadcast(x.shape, y.shape)
            let dimension = x.rank == 1 && y.rank == 1 ? 0 : try ShapeCheck.dimension(dim, rank: max(x.rank, y.rank))
            return try aten("cosine_similarity", .tensor(x), .tensor(y), .int(dimension), .float(epsilon))
        },
    ]
}
