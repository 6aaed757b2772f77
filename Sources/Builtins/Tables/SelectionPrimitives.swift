import Base
import Machine
import Tensors

/// Picking, placing and ordering elements.
enum SelectionPrimitives {
    static let module = PrimitiveModule("selection", "Picking, placing and ordering elements.", picking + ordering)

    private static let picking: [Primitive] = [
        Primitive(
            "where(condition: Tensor, x, y) -> Tensor", "Elements of `x` where the condition holds, else of `y`.",
            example: "where(tensor([true, false]), 1.0, tensor([5.0, 6.0]))  # => tensor([1.0, 6.0])"
        ) { (condition: Tensor, x: TensorLike, y: TensorLike) in
            var condition = condition
            if condition.dtype != .bool { condition = try condition.applying(.notEqual, 0) }
            let (x, y) = (try operand(x.tensor, beside: y.tensor, condition), try operand(y.tensor, beside: x.tensor, condition))
            try ShapeCheck.broadcast(ShapeCheck.broadcast(condition.shape, x.shape), y.shape)
            return try aten("where.self", .tensor(condition), .tensor(x), .tensor(y))
        },
        Primitive(
            "gather(x: Tensor, dim: Int, index: Tensor) -> Tensor", "Picks along a dimension, with an index for each place.",
            example: "gather(tensor([[1, 2], [3, 4]]), 1, tensor([[1], [0]]))  # => tensor([[2], [3]])"
        ) { (x: Tensor, dim: Int, index: Tensor) in
            try aten("gather", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .tensor(index.to(dtype: .int64)))
        },
        Primitive(
            "put_along(x: Tensor, dim: Int, index: Tensor, source) -> Tensor",
            "A copy of `x` with the elements of `source` put where `index` says along a dimension.",
            example: "put_along(zeros(3), 0, tensor([2]), 5.0)  # => tensor([0.0, 0.0, 5.0])"
        ) { (x: Tensor, dim: Int, index: Tensor, source: TensorOrNumber) in try scattered(x, dim, index, source, "scatter") },
        Primitive(
            "scatter_add(x: Tensor, dim: Int, index: Tensor, source) -> Tensor",
            "A copy of `x` with the elements of `source` added where `index` says along a dimension.",
            example: "scatter_add(zeros(2), 0, tensor([1, 1]), tensor([1.0, 2.0]))  # => tensor([0.0, 3.0])"
        ) { (x: Tensor, dim: Int, index: Tensor, source: TensorOrNumber) in try scattered(x, dim, index, source, "scatter_add") },
        Primitive(
            "index_select(x: Tensor, dim: Int, index: Tensor) -> Tensor", "Picks whole slices along a dimension.",
            example: "index_select(tensor([[1, 2], [3, 4]]), 1, tensor([1]))  # => tensor([[2], [4]])"
        ) { (x: Tensor, dim: Int, index: Tensor) in
            try aten("index_select", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .tensor(index.to(dtype: .int64)))
        },
        Primitive(
            "masked_select(x: Tensor, mask: Tensor) -> Tensor", "The elements where the mask is true, in one dimension.",
            example: "masked_select(tensor([1, 2, 3]), tensor([true, false, true]))  # => tensor([1, 3])"
        ) { (x: Tensor, mask: Tensor) in
            try ShapeCheck.broadcast(x.shape, mask.shape)
            return try aten("masked_select", .tensor(x), .tensor(mask))
        },
        Primitive(
            "masked_fill(x: Tensor, mask: Tensor, value) -> Tensor", "A copy with one value wherever the mask is true.",
            example: "masked_fill(tensor([1.0, 2.0]), tensor([true, false]), 0)  # => tensor([0.0, 2.0])"
        ) { (x: Tensor, mask: Tensor, value: TensorOrNumber) in
            try ShapeCheck.broadcast(x.shape, mask.shape)
            return try aten("masked_fill", .tensor(x), .tensor(mask), value.argument)
        },
        Primitive(
            "nonzero(x: Tensor) -> Tensor", "The places of all elements that are not zero, one row each.",
            example: "nonzero(tensor([0, 5, 7]))  # => tensor([[1], [2]])"
        ) { (x: Tensor) in try aten("nonzero", .tensor(x)) },
    ]

    private static func scattered(
        _ x: Tensor, _ dim: Int, _ places: Tensor, _ given: TensorOrNumber, _ name: String
    ) throws -> Tensor {
        let dimension = try ShapeCheck.dimension(dim, rank: x.rank)
        let index = try places.to(dtype: .int64)
        func filled(_ number: Double) throws -> Tensor {
            try Tensor(scalar: number, dtype: x.dtype).to(device: x.device).expanded(index.shape)
        }
        var source: Tensor
        switch given {
        case .tensor(let tensor): source = try tensor.to(dtype: x.dtype)
        case .int(let number): source = try filled(Double(number))
        case .float(let number): source = try filled(number)
        case .truth:
            throw Failure.mismatch(
                "source", of: name == "scatter" ? "put_along" : name, expected: "a tensor or a number", found: "Bool")
        }
        if source.rank == 0 { source = try source.expanded(index.shape) }
        return try aten("\(name)\(name == "scatter" ? ".src" : "")", .tensor(x), .int(dimension), .tensor(index), .tensor(source))
    }

    /// An operand of `where` in the dtype that both sides share.
    private static func operand(_ tensor: Tensor, beside other: Tensor, _ condition: Tensor) throws -> Tensor {
        let both = [tensor, other]
        let isNumber = both.map { $0.rank == 0 }
        let kinds = both.map(\.dtype)
        let dtype: DType
        if isNumber[0] != isNumber[1] {
            // A number takes the tensor's dtype unless it is of a higher kind.
            let tensor = isNumber[0] ? 1 : 0
            dtype = kinds[1 - tensor].isFloatingPoint && !kinds[tensor].isFloatingPoint ? kinds[1 - tensor] : kinds[tensor]
        } else {
            dtype = try Tensor.empty([0], dtype: kinds[0]).adding(Tensor.empty([0], dtype: kinds[1])).dtype
        }
        return try both[0].to(dtype: dtype).to(device: condition.device)
    }

    private static func ordered(_ results: [Tensor]) -> MapObject {
        MapObject([("values", .tensor(results[0])), ("indices", .tensor(results[1]))])
    }

    private static let ordering: [Primitive] = [
        Primitive(
            "sort(x: Tensor, dim: Int = -1, descending: Bool = false) -> Map",
            "Elements in order along a dimension: `{values, indices}`.",
            example: "sort(tensor([3, 1, 2])).values  # => tensor([1, 2, 3])"
        ) { (x: Tensor, dim: Int, descending: Bool) in
            ordered(try atenMany("sort", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .bool(descending)))
        },
        Primitive(
            "argsort(x: Tensor, dim: Int = -1, descending: Bool = false) -> Tensor",
            "The places that put the elements in order along a dimension.",
            example: "argsort(tensor([3, 1, 2]))  # => tensor([1, 2, 0])"
        ) { (x: Tensor, dim: Int, descending: Bool) in
            try atenMany("sort", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)), .bool(descending))[1]
        },
        Primitive(
            "topk(x: Tensor, count: Int, dim: Int = -1, largest: Bool = true) -> Map",
            "The `count` largest (or smallest) elements along a dimension: `{values, indices}`.",
            example: "topk(tensor([1, 5, 3]), 2).values  # => tensor([5, 3])"
        ) { (x: Tensor, count: Int, dim: Int, largest: Bool) in
            let dimension = try ShapeCheck.dimension(dim, rank: x.rank)
            let size = x.rank == 0 ? 1 : x.shape[dimension]
            guard count >= 0, count <= size else {
                throw Failure("value", "`count` of topk must be between 0 and the dimension's size \(size), but is \(count)", argument: "count")
            }
            return ordered(try atenMany("topk", .tensor(x), .int(count), .int(dimension), .bool(largest)))
        },
        Primitive(
            "unique(x: Tensor) -> Tensor", "The different elements, in order.",
            example: "unique(tensor([3, 1, 3]))  # => tensor([1, 3])"
        ) { (x: Tensor) in try atenMany("_unique2", .tensor(x), true)[0] },
        Primitive(
            "bincount(x: Tensor, length: Int = 0) -> Tensor", "How often each of 0, 1, 2, … occurs in a tensor of integers.",
            example: "bincount(tensor([0, 2, 2]))  # => tensor([1, 0, 2])"
        ) { (x: Tensor, length: Int) in
            let x = try x.detached().reshaped([-1]).to(dtype: .int64)
            guard length >= 0 else {
                throw Failure("value", "`length` of bincount must be 0 or more, but is \(length)", argument: "length")
            }
            var longest = length
            if x.count > 0 {
                let ends = try atenMany("aminmax", .tensor(x))
                let (low, high) = (try ends[0].itemInt(), try ends[1].itemInt())
                guard low >= 0 else {
                    throw Failure("value", "the elements of `x` of bincount must be 0 or more, but one is \(low)", argument: "x")
                }
                longest = max(length, high == .max ? high : high + 1)
            }
            try Tensor.checkSizes([longest])
            try Memory.check(shape: [longest], dtype: .int64)
            return try aten("bincount", .tensor(x), .none, .int(length))
        },
        Primitive(
            "histc(x: Tensor, bins: Int = 10, low: Float? = nil, high: Float? = nil) -> Tensor",
            "Counts of elements in `bins` equal intervals from `low` to `high` (default: from the smallest to the largest).",
            example: "histc(tensor([0.0, 0.1, 1.0]), 2)  # => tensor([2.0, 1.0])"
        ) { (x: Tensor, bins: Int, low: Double?, high: Double?) in
            let x = try Reduction.floating(x.detached())
            guard bins > 0 else { throw Failure("value", "`bins` of histc must be 1 or more, but is \(bins)", argument: "bins") }
            let low = try low ?? Reduction.extreme(x, nil, keep: false, isMinimum: true).item()
            let high = try high ?? Reduction.extreme(x, nil, keep: false, isMinimum: false).item()
            return try aten("histc", .tensor(x), .int(bins), .float(low), .float(high))
        },
        Primitive(
            "searchsorted(sorted: Tensor, values, right: Bool = false) -> Tensor",
            "The places at which values would have to be inserted to keep the order.",
            example: "searchsorted(tensor([1, 3, 5]), tensor([2, 5]))  # => tensor([1, 2])"
        ) { (sorted: Tensor, values: TensorLike, right: Bool) in
            try aten(
                "searchsorted.Tensor", .tensor(sorted), .tensor(values.tensor), false, .bool(right))
        },
    ]
}
