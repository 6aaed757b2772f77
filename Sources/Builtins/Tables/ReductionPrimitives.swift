import Base
import Machine
import Tensors

/// Many elements into fewer.
enum ReductionPrimitives {
    static let module = PrimitiveModule(
        "reductions", "Many elements into fewer; `sum`, `min` and `max` stand with the numbers.", averages + logic + places)

    private static let dimensionNote =
        "`dim` is a dimension or a list of them, counted from the end when negative; without it all elements count. `keepdim` keeps the dimension with size 1."

    private static func spread(_ name: String, _ summary: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x: Tensor, dim = nil, keepdim: Bool = false, unbiased: Bool = true) -> Tensor", summary,
            details: "`unbiased` divides by n - 1. " + dimensionNote, example: example
        ) { (x: Tensor, dim: [Int]?, keepdim: Bool, unbiased: Bool) in
            let x = try Reduction.floating(x)
            guard let dimensions = try ShapeCheck.dimensions(dim, rank: x.rank) else {
                return try aten(name, .tensor(x), .bool(unbiased))
            }
            return try aten("\(name).dim", .tensor(x), .ints(dimensions), .bool(unbiased), .bool(keepdim))
        }
    }

    private static let averages: [Primitive] = [
        Primitive(
            "mean(x, dim = nil, keepdim: Bool = false)", "The average of a list of numbers, or of a tensor's elements.",
            details: dimensionNote, example: "mean(tensor([1.0, 2.0, 6.0]))  # => tensor(3.0)\nmean([1, 2])  # => 1.5"
        ) { (x: TensorOrNumbers, dim: [Int]?, keepdim: Bool) -> Value in
            switch x {
            case .tensor(let x): return .tensor(try Reduction.mean(x, ShapeCheck.dimensions(dim, rank: x.rank), keep: keepdim))
            case .numbers(let numbers):
                guard !numbers.isEmpty else { throw Failure("value", "`x` of mean must hold a number or more, but is empty", argument: "x") }
                return .float(numbers.reduce(0, +) / Double(numbers.count))
            }
        },
        spread("std", "Standard deviation.", example: "std(tensor([1.0, 3.0]), unbiased: false)  # => tensor(1.0)"),
        spread("var", "Variance.", example: "var(tensor([1.0, 3.0]))  # => tensor(2.0)"),
        Primitive(
            "prod(x: Tensor, dim: Int? = nil, keepdim: Bool = false) -> Tensor", "The product of elements.",
            example: "prod(tensor([2, 3]))  # => tensor(6)"
        ) { (x: Tensor, dim: Int?, keepdim: Bool) in
            guard let dim else { return try aten("prod", .tensor(x)) }
            return try aten("prod.dim_int", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .bool(keepdim))
        },
        Primitive(
            "median(x: Tensor, dim: Int? = nil, keepdim: Bool = false) -> Tensor", "The middle element (the lower of two).",
            example: "median(tensor([3.0, 1.0, 2.0]))  # => tensor(2.0)"
        ) { (x: Tensor, dim: Int?, keepdim: Bool) in
            guard let dim else { return try aten("median", .tensor(x)) }
            return try atenMany("median.dim", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .bool(keepdim))[0]
        },
        Primitive(
            "quantile(x: Tensor, q, dim: Int? = nil, keepdim: Bool = false) -> Tensor",
            "Quantiles by linear interpolation; `q` is a number between 0 and 1 or a list of them.",
            details: "With a list the quantiles stand in a new first dimension.",
            example: "quantile(tensor([0.0, 1.0, 2.0]), 0.25)  # => tensor(0.5)"
        ) { (x: Tensor, q: Quantiles, dim: Int?, keepdim: Bool) in try quantile(x, q, dim, keepdim) },
        Primitive(
            "norm(x: Tensor, p: Float = 2.0, dim = nil, keepdim: Bool = false) -> Tensor",
            "The p-norm of the elements, (Σ|x|^p)^(1/p).", details: dimensionNote,
            example: "norm(tensor([3.0, 4.0]))  # => tensor(5.0)"
        ) { (x: Tensor, p: Double, dim: [Int]?, keepdim: Bool) in
            let x = try Reduction.floating(x)
            return try aten(
                "linalg_vector_norm", .tensor(x), .float(p), .optional(ShapeCheck.dimensions(dim, rank: x.rank)),
                .bool(keepdim))
        },
        Primitive(
            "logsumexp(x: Tensor, dim: Any?, keepdim: Bool = false) -> Tensor", "log Σ exp(x) along dimensions (nil: all), without overflow.",
            example: "logsumexp(tensor([0.0, 0.0]), 0)  # => tensor(0.6931)"
        ) { (x: Tensor, dim: [Int]?, keepdim: Bool) in
            let x = try Reduction.floating(x)
            let all = try ShapeCheck.dimensions(dim, rank: x.rank) ?? Array(0..<x.rank)
            return try aten("logsumexp", .tensor(x), .ints(all), .bool(keepdim))
        },
        Primitive(
            "cumsum(x: Tensor, dim: Int = -1) -> Tensor", "Running sums along a dimension.",
            example: "cumsum(tensor([1, 2, 3]))  # => tensor([1, 3, 6])"
        ) { (x: Tensor, dim: Int) in
            try aten("cumsum", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)))
        },
        Primitive(
            "cumprod(x: Tensor, dim: Int = -1) -> Tensor", "Running products along a dimension.",
            example: "cumprod(tensor([1, 2, 3]))  # => tensor([1, 2, 6])"
        ) { (x: Tensor, dim: Int) in
            try aten("cumprod", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)))
        },
    ]

    /// Sorting instead of libtorch's own operator, which refuses large tensors.
    private static func quantile(_ given: Tensor, _ q: Quantiles, _ dim: Int?, _ keepdim: Bool) throws -> Tensor {
        let x = try Reduction.floating(given)
        guard x.count > 0 else { throw Failure("value", "`x` of quantile must hold an element or more, but is empty", argument: "x") }
        let flat = dim == nil ? try x.reshaped([-1]) : x
        let dimension = try dim.map { try ShapeCheck.dimension($0, rank: x.rank) } ?? 0
        let sorted = try atenMany("sort", .tensor(flat), .int(dimension), false)[0]
        let last = Double(flat.rank == 0 ? 0 : flat.shape[dimension] - 1)
        let keep = keepdim && dim != nil
        let parts = try q.wanted.map { q -> Tensor in
            let place = q * last
            let low = Int(place.rounded(.down))
            let high = min(low + 1, Int(last))
            let below = try aten("select.int", .tensor(sorted), .int(dimension), .int(low))
            let above = try aten("select.int", .tensor(sorted), .int(dimension), .int(high))
            let value = try aten("lerp.Scalar", .tensor(below), .tensor(above), .float(place - Double(low)))
            return keep ? try value.unsqueezed(dimension) : value
        }
        return q.isList ? try Tensor.stack(parts) : parts[0]
    }

    /// One number between 0 and 1, or several.
    private struct Quantiles: ScriptReadable {
        let wanted: [Double]
        let isList: Bool

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> Quantiles {
            let value = call[position]
            let wanted = try call.tensorLike(position).to(dtype: .float64).doubles()
            guard wanted.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw Failure("value", "`q` of quantile must be between 0 and 1, but is \(value.text)", argument: "q")
            }
            return Quantiles(
                wanted: wanted, isList: value.object is ListObject || ((value.object as? TensorObject)?.tensor.rank ?? 0) > 0)
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    /// A tensor, or a list of numbers.
    private enum TensorOrNumbers: ScriptReadable {
        case tensor(Tensor)
        case numbers([Double])

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> TensorOrNumbers {
            if let tensor = (call[position].object as? TensorObject)?.tensor { return .tensor(tensor) }
            return .numbers(try call.floats(position))
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    /// A tensor, or a list of truth values.
    private enum TensorOrTruths: ScriptReadable {
        case tensor(Tensor)
        case truths([Bool])

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> TensorOrTruths {
            guard let list = call[position].object as? ListObject else { return .tensor(try call.tensor(position)) }
            return .truths(
                try list.items.map { item in
                    switch item {
                    case .boolean(let truth): return truth
                    case .object(let object as TensorObject): return try object.truth() ?? false
                    default:
                        throw call.mismatch(
                            position, expected: "a tensor or a list of truth values", found: "a list that holds \(item.typeName)")
                    }
                })
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    private static func logical(_ name: String, _ summary: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x, dim: Int? = nil, keepdim: Bool = false)", summary, details: "A list gives true or false, a tensor a tensor.",
            example: example
        ) { (x: TensorOrTruths, dim: Int?, keepdim: Bool) -> Value in
            switch x {
            case .truths(let truths): return .boolean(name == "any" ? truths.contains(true) : !truths.contains(false))
            case .tensor(let x):
                guard let dim else { return .tensor(try aten(name, .tensor(x))) }
                return .tensor(
                    try aten("\(name).dim", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .bool(keepdim)))
            }
        }
    }

    private static let logic: [Primitive] = [
        logical("any", "Whether any element is true (not zero).", example: "any(tensor([0, 1]))  # => tensor(true)"),
        logical("all", "Whether all elements are true (not zero).", example: "all(tensor([0, 1]))  # => tensor(false)"),
        Primitive(
            "count_nonzero(x: Tensor, dim = nil) -> Tensor", "How many elements are not zero.",
            example: "count_nonzero(tensor([0, 2, 3]))  # => tensor(2)"
        ) { (x: Tensor, dim: [Int]?) in
            try aten("count_nonzero.dim_IntList", .tensor(x), .ints(ShapeCheck.dimensions(dim, rank: x.rank) ?? Array(0..<x.rank)))
        },
        Primitive(
            "allclose(x: Tensor, y: Tensor, relative: Float = 0.00001, absolute: Float = 0.00000001) -> Bool",
            "Whether two tensors agree everywhere up to a relative and an absolute tolerance.",
            example: "allclose(tensor([1.0]), tensor([1.000001]))  # => true"
        ) { (x: Tensor, y: Tensor, relative: Double, absolute: Double) in
            try ShapeCheck.broadcast(x.shape, y.shape)
            let close = try aten(
                "isclose", .tensor(x.to(dtype: .float64)), .tensor(y.to(dtype: .float64)), .float(relative), .float(absolute))
            return try aten("all", .tensor(close)).item() != 0
        },
    ]

    private static func place(_ name: String, _ word: String, example: String) -> Primitive {
        Primitive(
            "\(name)(x: Tensor, dim: Int? = nil, keepdim: Bool = false) -> Tensor",
            "The place of the \(word) element, along a dimension or in row-major order.", example: example
        ) { (x: Tensor, dim: Int?, keepdim: Bool) in
            guard x.count > 0 else { throw Failure("value", "`x` of \(name) must hold an element or more, but has shape \(x.shape)", argument: "x") }
            let numbers = x.dtype == .bool ? try x.to(dtype: .uint8) : x
            guard let dim else {
                return try aten(name, .tensor(numbers), .none, .bool(keepdim))
            }
            // With its place, the extreme is found some fifty times as fast as the place alone.
            let extreme = name == "argmax" ? "max.dim" : "min.dim"
            return try atenMany(extreme, .tensor(numbers), .int(ShapeCheck.dimension(dim, rank: x.rank)), .bool(keepdim))[1]
        }
    }

    private static let places: [Primitive] = [
        place("argmax", "largest", example: "argmax(tensor([[1, 5], [7, 2]]), dim: 1)  # => tensor([1, 0])"),
        place("argmin", "smallest", example: "argmin(tensor([3, 1, 2]))  # => tensor(1)"),
    ]
}
