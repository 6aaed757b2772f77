import Base
import Machine
import Tensors

/// Mathematics element by element, and linear algebra.
enum MathematicsPrimitives {
    static let module = PrimitiveModule(
        "mathematics", "Mathematics element by element.",
        simple.map { elementwise($0.name, $0.summary, $0.example) } + pairs + limits)

    static func elementwise(_ name: String, _ summary: String, _ example: String) -> Primitive {
        Primitive("\(name)(x: Tensor) -> Tensor", summary, example: example) { (x: Tensor) in
            try aten(name, .tensor(x))
        }
    }

    private static let simple: [(name: String, summary: String, example: String)] = [
        ("square", "x².", "square(tensor([3.0]))  # => tensor([9.0])"),
        ("rsqrt", "1 / √x.", "rsqrt(tensor([4.0]))  # => tensor([0.5])"),
        ("reciprocal", "1 / x.", "reciprocal(tensor([4.0]))  # => tensor([0.25])"),
        ("log1p", "log(1 + x), exact near 0.", "log1p(tensor([0.0]))  # => tensor([0.0])"),
        ("expm1", "exp(x) - 1, exact near 0.", "expm1(tensor([0.0]))  # => tensor([0.0])"),
        ("erf", "The error function.", "erf(tensor([0.0]))  # => tensor([0.0])"),
        ("sign", "-1, 0 or 1 by the sign.", "sign(tensor([-2.0, 0.0, 5.0]))  # => tensor([-1.0, 0.0, 1.0])"),
        ("sinh", "Hyperbolic sine.", "sinh(tensor([0.0]))  # => tensor([0.0])"),
        ("cosh", "Hyperbolic cosine.", "cosh(tensor([0.0]))  # => tensor([1.0])"),
        ("trunc", "The integer part.", "trunc(tensor([-1.7]))  # => tensor([-1.0])"),
        ("isnan", "True where an element is not a number.", "isnan(tensor([nan, 1.0]))  # => tensor([true, false])"),
        ("isinf", "True where an element is infinite.", "isinf(tensor([inf, 1.0]))  # => tensor([true, false])"),
        ("isfinite", "True where an element is a finite number.", "isfinite(tensor([inf, 1.0]))  # => tensor([false, true])"),
        ("logical_not", "True where an element is zero or false.", "logical_not(tensor([true, false]))  # => tensor([false, true])"),
    ]

    private static func pair(_ name: String, _ summary: String, _ example: String) -> Primitive {
        Primitive("\(name)(x, y) -> Tensor", summary, example: example) { (x: TensorLike, y: TensorLike) in
            try ShapeCheck.broadcast(x.tensor.shape, y.tensor.shape)
            return try aten(name, .tensor(x.tensor), .tensor(y.tensor))
        }
    }

    private static let pairs: [Primitive] = [
        pair("atan2", "The angle of the point (y: x here, x: y here) in radians, in all four quadrants: atan2(y, x).", "atan2(tensor([0.0]), tensor([1.0]))  # => tensor([0.0])"),
        pair("hypot", "√(x² + y²).", "hypot(tensor([3.0]), tensor([4.0]))  # => tensor([5.0])"),
        pair("maximum", "The larger of two elements.", "maximum(tensor([1, 5]), tensor([3, 2]))  # => tensor([3, 5])"),
        pair("minimum", "The smaller of two elements.", "minimum(tensor([1, 5]), tensor([3, 2]))  # => tensor([1, 2])"),
        pair("logical_and", "True where both are true.", "logical_and(tensor([true, true]), tensor([true, false]))  # => tensor([true, false])"),
        pair("logical_or", "True where one is true.", "logical_or(tensor([false, true]), tensor([false, false]))  # => tensor([false, true])"),
        Primitive(
            "pow(x, exponent) -> Tensor", "x to the power of `exponent`; the same as `x ** exponent`.",
            example: "pow(tensor([2.0, 3.0]), 2)  # => tensor([4.0, 9.0])"
        ) { (x: TensorOrNumber, exponent: TensorOrNumber) in
            switch (x, exponent) {
            case (.tensor(let x), .tensor(let y)): return try x.applying(.power, y)
            case (.tensor(let x), .int(let y)): return try x.applying(.power, y)
            case (.tensor(let x), .float(let y)): return try x.applying(.power, y)
            case (.int(let x), .tensor(let y)): return try y.applyingReversed(.power, x)
            case (.tensor(let x), .truth(let y)): return try x.applying(.power, y ? 1 : 0)
            case (.float(let x), .tensor(let y)): return try y.applyingReversed(.power, x)
            case (.truth(let x), .tensor(let y)): return try y.applyingReversed(.power, x ? 1 : 0)
            case (.int, _), (.float, _), (.truth, _):
                let found = switch x { case .int: "Int"; case .truth: "Bool"; default: "Float" }
                throw Failure.mismatch("x", of: "pow", expected: "a tensor", found: found, help: "of numbers, write `x ** y`")
            }
        },
    ]

    private static let limits: [Primitive] = [
        Primitive(
            "clamp(x, low = nil, high = nil)", "Brings numbers or elements that lie outside into the interval from `low` to `high`.",
            example: "clamp(tensor([-1.0, 0.5, 2.0]), 0, 1)  # => tensor([0.0, 0.5, 1.0])\nclamp(7, 0, 5)  # => 5"
        ) { call in
            let low = try call.optional(1, call.tensorOrNumber)
            let high = try call.optional(2, call.tensorOrNumber)
            guard call[0].object is TensorObject else { return try clamped(call) }
            let x = try call.tensor(0)
            if case .some(.tensor(let low)) = low { return .tensor(try clamp(x, low, high)) }
            if case .some(.tensor(let high)) = high {
                let bounded = try aten("minimum", .tensor(x), .tensor(high))
                return .tensor(try low.map { try aten("clamp", .tensor(bounded), $0.argument) } ?? bounded)
            }
            if low == nil && high == nil { return call[0] }
            return .tensor(try aten("clamp", .tensor(x), low?.argument ?? .none, high?.argument ?? .none))
        },
        Primitive(
            "nan_to_num(x: Tensor, value: Float = 0.0) -> Tensor", "A copy with `value` in place of what is not a number.",
            example: "nan_to_num(tensor([nan, 1.0]))  # => tensor([0.0, 1.0])"
        ) { (x: Tensor, value: Double) in try aten("nan_to_num", .tensor(x), .float(value)) },
        Primitive(
            "lerp(x: Tensor, y: Tensor, weight) -> Tensor", "x + weight · (y - x).",
            example: "lerp(tensor([0.0]), tensor([4.0]), 0.25)  # => tensor([1.0])"
        ) { (x: Tensor, y: Tensor, weight: TensorOrNumber) in
            try ShapeCheck.broadcast(x.shape, y.shape)
            return try aten("lerp", .tensor(x), .tensor(y), weight.argument)
        },
        Primitive(
            "diff(x: Tensor, dim: Int = -1) -> Tensor", "Differences of neighbours along a dimension.",
            example: "diff(tensor([1, 4, 9]))  # => tensor([3, 5])"
        ) { (x: Tensor, dim: Int) in
            try aten("diff", .tensor(x), 1, .int(ShapeCheck.dimension(dim, rank: x.rank)))
        },
    ]

    private static func clamp(_ x: Tensor, _ low: Tensor, _ high: TensorOrNumber?) throws -> Tensor {
        let raised = try aten("maximum", .tensor(x), .tensor(low))
        guard let high else { return raised }
        return try aten("minimum", .tensor(raised), high.argument)
    }

    private static func clamped(_ call: PrimitiveCall) throws -> Value {
        let number = try call.float(0)
        if let low = try call.optional(1, call.float), number < low { return call[1] }
        if let high = try call.optional(2, call.float), number > high { return call[2] }
        return call[0]
    }
}
