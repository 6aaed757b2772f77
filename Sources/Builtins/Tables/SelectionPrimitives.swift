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
        ) { call in
            var condition = try call.tensor(0)
            if condition.dtype != .bool { condition = try condition.applying(.notEqual, 0) }
            let x = try operand(call, 1, beside: 2, condition)
            let y = try operand(call, 2, beside: 1, condition)
            try ShapeCheck.broadcast(ShapeCheck.broadcast(condition.shape, x.shape), y.shape)
            return .tensor(try aten("where.self", .tensor(condition), .tensor(x), .tensor(y)))
        },
        Primitive(
            "gather(x: Tensor, dim: Int, index: Tensor) -> Tensor", "Picks along a dimension, with an index for each place.",
            example: "gather(tensor([[1, 2], [3, 4]]), 1, tensor([[1], [0]]))  # => tensor([[2], [3]])"
        ) { call in
            let x = try call.tensor(0)
            return .tensor(
                try aten("gather", .tensor(x), .int(call.dimension(1, rank: x.rank)), .tensor(call.tensor(2).to(dtype: .int64))))
        },
        Primitive(
            "put_along(x: Tensor, dim: Int, index: Tensor, source) -> Tensor",
            "A copy of `x` with the elements of `source` put where `index` says along a dimension.",
            example: "put_along(zeros(3), 0, tensor([2]), 5.0)  # => tensor([0.0, 0.0, 5.0])"
        ) { call in try scattered(call, "scatter") },
        Primitive(
            "scatter_add(x: Tensor, dim: Int, index: Tensor, source) -> Tensor",
            "A copy of `x` with the elements of `source` added where `index` says along a dimension.",
            example: "scatter_add(zeros(2), 0, tensor([1, 1]), tensor([1.0, 2.0]))  # => tensor([0.0, 3.0])"
        ) { call in try scattered(call, "scatter_add") },
        Primitive(
            "index_select(x: Tensor, dim: Int, index: Tensor) -> Tensor", "Picks whole slices along a dimension.",
            example: "index_select(tensor([[1, 2], [3, 4]]), 1, tensor([1]))  # => tensor([[2], [4]])"
        ) { call in
            let x = try call.tensor(0)
            return .tensor(
                try aten("index_select", .tensor(x), .int(call.dimension(1, rank: x.rank)), .tensor(call.tensorLike(2).to(dtype: .int64))))
        },
        Primitive(
            "masked_select(x: Tensor, mask: Tensor) -> Tensor", "The elements where the mask is true, in one dimension.",
            example: "masked_select(tensor([1, 2, 3]), tensor([true, false, true]))  # => tensor([1, 3])"
        ) { call in
            let x = try call.tensor(0)
            let mask = try call.tensor(1)
            try ShapeCheck.broadcast(x.shape, mask.shape)
            return .tensor(try aten("masked_select", .tensor(x), .tensor(mask)))
        },
        Primitive(
            "masked_fill(x: Tensor, mask: Tensor, value) -> Tensor", "A copy with one value wherever the mask is true.",
            example: "masked_fill(tensor([1.0, 2.0]), tensor([true, false]), 0)  # => tensor([0.0, 2.0])"
        ) { call in
            let x = try call.tensor(0)
            let mask = try call.tensor(1)
            try ShapeCheck.broadcast(x.shape, mask.shape)
            return .tensor(try aten("masked_fill", .tensor(x), .tensor(mask), call.tensorOrNumber(2).argument))
        },
        Primitive(
            "nonzero(x: Tensor) -> Tensor", "The places of all elements that are not zero, one row each.",
            example: "nonzero(tensor([0, 5, 7]))  # => tensor([[1], [2]])"
        ) { call in .tensor(try aten("nonzero", .tensor(call.tensor(0)))) },
    ]

    private static func scattered(_ call: PrimitiveCall, _ name: String) throws -> Value {
        let x = try call.tensor(0)
        let dimension = try call.dimension(1, rank: x.rank)
        let index = try call.tensor(2).to(dtype: .int64)
        var source: Tensor
        if case .tensor(let tensor) = try call.tensorOrNumber(3) {
            source = try tensor.to(dtype: x.dtype)
        } else {
            source = try Tensor(scalar: call.float(3), dtype: x.dtype).to(device: x.device).expanded(index.shape)
        }
        if source.rank == 0 { source = try source.expanded(index.shape) }
        return .tensor(try aten("\(name)\(name == "scatter" ? ".src" : "")", .tensor(x), .int(dimension), .tensor(index), .tensor(source)))
    }

    /// An operand of `where` in the dtype that both sides share.
    private static func operand(_ call: PrimitiveCall, _ position: Int, beside other: Int, _ condition: Tensor) throws -> Tensor {
        let both = try [call.tensorLike(position), call.tensorLike(other)]
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

    private static func ordered(_ results: [Tensor]) -> Value {
        .object(MapObject([("values", .tensor(results[0])), ("indices", .tensor(results[1]))]))
    }

    private static let ordering: [Primitive] = [
        Primitive(
            "sort(x: Tensor, dim: Int = -1, descending: Bool = false) -> Map",
            "Elements in order along a dimension: `{values, indices}`.",
            example: "sort(tensor([3, 1, 2])).values  # => tensor([1, 2, 3])"
        ) { call in
            let x = try call.tensor(0)
            return ordered(try atenMany("sort", .tensor(x), .int(call.dimension(1, rank: x.rank)), .bool(call.bool(2))))
        },
        Primitive(
            "argsort(x: Tensor, dim: Int = -1, descending: Bool = false) -> Tensor",
            "The places that put the elements in order along a dimension.",
            example: "argsort(tensor([3, 1, 2]))  # => tensor([1, 2, 0])"
        ) { call in
            let x = try call.tensor(0)
            return .tensor(try atenMany("sort", .tensor(x), .int(call.dimension(1, rank: x.rank)), .bool(call.bool(2)))[1])
        },
        Primitive(
            "topk(x: Tensor, count: Int, dim: Int = -1, largest: Bool = true) -> Map",
            "The `count` largest (or smallest) elements along a dimension: `{values, indices}`.",
            example: "topk(tensor([1, 5, 3]), 2).values  # => tensor([5, 3])"
        ) { call in
            let x = try call.tensor(0)
            let dimension = try call.dimension(2, rank: x.rank)
            let size = x.rank == 0 ? 1 : x.shape[dimension]
            let count = try call.int(1)
            guard count >= 0, count <= size else {
                throw Failure("value", "`count` of topk must be between 0 and the dimension's size \(size), but is \(count)", argument: "count")
            }
            return ordered(try atenMany("topk", .tensor(x), .int(count), .int(dimension), .bool(call.bool(3))))
        },
        Primitive(
            "unique(x: Tensor) -> Tensor", "The different elements, in order.",
            example: "unique(tensor([3, 1, 3]))  # => tensor([1, 3])"
        ) { call in .tensor(try atenMany("_unique2", .tensor(call.tensor(0)), true)[0]) },
        Primitive(
            "bincount(x: Tensor, length: Int = 0) -> Tensor", "How often each of 0, 1, 2, … occurs in a tensor of integers.",
            example: "bincount(tensor([0, 2, 2]))  # => tensor([1, 0, 2])"
        ) { call in
            let x = try call.tensor(0).detached().reshaped([-1]).to(dtype: .int64)
            let length = try call.int(1)
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
            return .tensor(try aten("bincount", .tensor(x), .none, .int(length)))
        },
        Primitive(
            "histc(x: Tensor, bins: Int = 10, low = nil, high = nil) -> Tensor",
            "Counts of elements in `bins` equal intervals from `low` to `high` (default: from the smallest to the largest).",
            example: "histc(tensor([0.0, 0.1, 1.0]), 2)  # => tensor([2.0, 1.0])"
        ) { call in
            let x = try Reduction.floating(call.tensor(0).detached())
            let bins = try call.int(1)
            guard bins > 0 else { throw Failure("value", "`bins` of histc must be 1 or more, but is \(bins)", argument: "bins") }
            let low = try call.optional(2, call.float) ?? Reduction.extreme(x, nil, keep: false, isMinimum: true).item()
            let high = try call.optional(3, call.float) ?? Reduction.extreme(x, nil, keep: false, isMinimum: false).item()
            return .tensor(try aten("histc", .tensor(x), .int(bins), .float(low), .float(high)))
        },
        Primitive(
            "searchsorted(sorted: Tensor, values, right: Bool = false) -> Tensor",
            "The places at which values would have to be inserted to keep the order.",
            example: "searchsorted(tensor([1, 3, 5]), tensor([2, 5]))  # => tensor([1, 2])"
        ) { call in
            .tensor(
                try aten(
                    "searchsorted.Tensor", .tensor(call.tensor(0)), .tensor(call.tensorLike(1)), false, .bool(call.bool(2))))
        },
    ]
}
