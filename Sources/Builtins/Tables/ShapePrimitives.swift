import Base
import Machine
import Tensors

/// The same elements in other shapes and orders.
enum ShapePrimitives {
    static let module = PrimitiveModule("shape", "Shape and order of tensors.", shapes + joining + orders)

    private static let shapes: [Primitive] = [
        Primitive(
            "reshape(x: Tensor, shape...) -> Tensor", "The same elements in another shape.",
            details: "One size may be -1 and is then worked out.",
            example: "reshape(arange(4), 2, -1)  # => tensor([[0, 1], [2, 3]])"
        ) { (x: Tensor, shape: Sizes) in try x.reshaped(shape.numbers) },
        Primitive(
            "view(x: Tensor, shape...) -> Tensor", "The same elements in another shape; the same as `reshape`.",
            example: "view(arange(4), [2, 2]).shape  # => [2, 2]"
        ) { (x: Tensor, shape: Sizes) in try x.reshaped(shape.numbers) },
        Primitive(
            "flatten(x: Tensor, start: Int = 0, end: Int = -1) -> Tensor", "Merges the dimensions from `start` to `end` into one.",
            example: "flatten(zeros(2, 3, 4), 1).shape  # => [2, 12]"
        ) { (x: Tensor, start: Int, end: Int) in
            try aten("flatten.using_ints", .tensor(x), .int(ShapeCheck.dimension(start, rank: x.rank)), .int(ShapeCheck.dimension(end, rank: x.rank)))
        },
        Primitive(
            "unflatten(x: Tensor, dim: Int, sizes: List) -> Tensor", "Splits one dimension into several.",
            example: "unflatten(zeros(6, 2), 0, [2, 3]).shape  # => [2, 3, 2]"
        ) { (x: Tensor, dim: Int, sizes: [Int]) in
            let dimension = try ShapeCheck.dimension(dim, rank: x.rank)
            var shape = x.shape
            guard dimension < shape.count else { throw Failure.shape("x", "`x` of unflatten must have rank 1 or more, but has rank 0") }
            shape.replaceSubrange(dimension...dimension, with: sizes)
            return try x.reshaped(shape)
        },
        Primitive(
            "squeeze(x: Tensor, dim = nil) -> Tensor", "Drops dimensions of size 1, all of them or those of `dim`.",
            example: "squeeze(zeros(1, 3, 1)).shape  # => [3]\nsqueeze(zeros(1, 3, 1), 0).shape  # => [3, 1]"
        ) { (x: Tensor, dim: [Int]?) in
            guard let dimensions = try ShapeCheck.dimensions(dim, rank: x.rank) else { return try aten("squeeze", .tensor(x)) }
            return try dimensions.sorted(by: >).reduce(x) { try $0.squeezed($1) }
        },
        Primitive(
            "unsqueeze(x: Tensor, dim: Int) -> Tensor", "Inserts a dimension of size 1.",
            example: "unsqueeze(zeros(3), 0).shape  # => [1, 3]"
        ) { (x: Tensor, dim: Int) in
            try x.unsqueezed(ShapeCheck.dimension(dim, rank: x.rank + 1))
        },
        Primitive(
            "expand(x: Tensor, shape...) -> Tensor", "Stretches dimensions of size 1 without a copy; -1 keeps a size.",
            example: "expand(tensor([[1], [2]]), 2, 3)  # => tensor([[1, 1, 1], [2, 2, 2]])"
        ) { (x: Tensor, shape: Sizes) in
            let shape = shape.numbers
            let offset = shape.count - x.rank
            let fits = offset >= 0 && zip(shape.dropFirst(offset), x.shape).allSatisfy { $0 == -1 || $0 == $1 || $1 == 1 }
            guard fits else { throw Failure.shape("x", "a tensor of shape \(x.shape) cannot be expanded to \(shape)") }
            return try x.expanded(shape)
        },
        Primitive(
            "repeat(x: Tensor, times...) -> Tensor", "Copies of the tensor side by side, `times` along each dimension.",
            example: "repeat(tensor([1, 2]), 2)  # => tensor([1, 2, 1, 2])"
        ) { (x: Tensor, times: Sizes) in
            let times = times.numbers
            guard times.count >= x.rank, times.allSatisfy({ $0 >= 0 }) else {
                throw Failure.shape("times", "`times` of repeat must have a number for each of the \(x.rank) dimensions, but has \(times)")
            }
            return try aten("repeat", .tensor(x), .ints(times))
        },
        Primitive(
            "repeat_interleave(x: Tensor, times: Int, dim: Int = 0) -> Tensor", "Repeats each element along a dimension.",
            example: "repeat_interleave(tensor([1, 2]), 2)  # => tensor([1, 1, 2, 2])"
        ) { (x: Tensor, times: Int, dim: Int) in
            try aten("repeat_interleave.self_int", .tensor(x), .int(times), .int(ShapeCheck.dimension(dim, rank: x.rank)))
        },
        Primitive(
            "contiguous(x: Tensor) -> Tensor", "The tensor laid out in memory in the order of its shape.",
            example: "contiguous(zeros(2, 3).T).shape  # => [3, 2]"
        ) { (x: Tensor) in try x.contiguous() },
        Primitive("numel(x: Tensor) -> Int", "Number of elements.", example: "numel(zeros(2, 3))  # => 6") { (x: Tensor) in
            x.count
        },
    ]

    private static let joining: [Primitive] = [
        Primitive(
            "cat(tensors: List, dim: Int = 0) -> Tensor", "Joins tensors along an existing dimension.",
            example: "cat([tensor([1, 2]), tensor([3])])  # => tensor([1, 2, 3])"
        ) { (tensors: [Tensor], dim: Int) in try Tensor.cat(tensors, dimension: dim) },
        Primitive(
            "stack(tensors: List, dim: Int = 0) -> Tensor", "Joins tensors of one shape along a new dimension.",
            example: "stack([tensor([1, 2]), tensor([3, 4])])  # => tensor([[1, 2], [3, 4]])"
        ) { (tensors: [Tensor], dim: Int) in
            let rank = tensors.first?.rank ?? 0
            return try Tensor.stack(tensors, dimension: ShapeCheck.dimension(dim, rank: rank + 1))
        },
        Primitive(
            "chunk(x: Tensor, count: Int, dim: Int = 0) -> List", "Cuts a tensor into `count` parts along a dimension.",
            example: "chunk(arange(4), 2)  # => [tensor([0, 1]), tensor([2, 3])]"
        ) { (x: Tensor, count: Int, dim: Int) in
            try atenMany("chunk", .tensor(x), .int(count), .int(ShapeCheck.dimension(dim, rank: x.rank)))
        },
        Primitive(
            "split_tensor(x: Tensor, sizes, dim: Int = 0) -> List",
            "Cuts a tensor into parts of a size, or of the sizes in a list, along a dimension.",
            example: "split_tensor(arange(3), [1, 2])  # => [tensor([0]), tensor([1, 2])]"
        ) { (x: Tensor, sizes: PartSizes, dim: Int) in
            let dimension = AtenArgument.int(try ShapeCheck.dimension(dim, rank: x.rank))
            switch sizes {
            case .all(let size): return try atenMany("split.Tensor", .tensor(x), .int(size), dimension)
            case .each(let sizes): return try atenMany("split_with_sizes", .tensor(x), .ints(sizes), dimension)
            }
        },
        Primitive(
            "unbind(x: Tensor, dim: Int = 0) -> List", "The slices along a dimension, as a list.",
            example: "unbind(tensor([[1, 2], [3, 4]]))  # => [tensor([1, 2]), tensor([3, 4])]"
        ) { (x: Tensor, dim: Int) in
            try atenMany("unbind.int", .tensor(x), .int(ShapeCheck.dimension(dim, rank: x.rank)))
        },
    ]

    private static let orders: [Primitive] = [
        Primitive(
            "permute(x: Tensor, order...) -> Tensor", "Dimensions in another order.",
            example: "permute(zeros(2, 3, 4), 2, 0, 1).shape  # => [4, 2, 3]"
        ) { (x: Tensor, order: Sizes) in try x.permuted(order.numbers) },
        Primitive(
            "transpose(x: Tensor, first: Int = -2, second: Int = -1) -> Tensor", "Swaps two dimensions.",
            example: "transpose(tensor([[1, 2], [3, 4]]))  # => tensor([[1, 3], [2, 4]])"
        ) { (x: Tensor, first: Int, second: Int) in try x.transposed(first, second) },
        Primitive(
            "movedim(x: Tensor, source: Int, target: Int) -> Tensor", "Moves one dimension to another place.",
            example: "movedim(zeros(2, 3, 4), -1, 1).shape  # => [2, 4, 3]"
        ) { (x: Tensor, source: Int, target: Int) in
            try aten("movedim.int", .tensor(x), .int(ShapeCheck.dimension(source, rank: x.rank)), .int(ShapeCheck.dimension(target, rank: x.rank)))
        },
        Primitive(
            "roll(x: Tensor, shifts, dim = nil) -> Tensor", "Shifts elements around, those that fall off come back at the other end.",
            example: "roll(arange(4), 1)  # => tensor([3, 0, 1, 2])"
        ) { (x: Tensor, shifts: [Int], dim: [Int]?) in
            try aten("roll", .tensor(x), .ints(shifts), .ints(ShapeCheck.dimensions(dim, rank: x.rank) ?? []))
        },
        Primitive(
            "flip(x: Tensor, dim: Any?) -> Tensor", "Reverses the order along one or more dimensions; nil takes all.",
            example: "flip(arange(3), 0)  # => tensor([2, 1, 0])"
        ) { (x: Tensor, dim: [Int]?) in
            try aten("flip", .tensor(x), .ints(ShapeCheck.dimensions(dim, rank: x.rank) ?? Array(0..<x.rank)))
        },
        Primitive(
            "rot90(x: Tensor, times: Int = 1, dims: List = [-2, -1]) -> Tensor", "Quarter-turns in the plane of two dimensions.",
            example: "rot90(tensor([[1, 2], [3, 4]]))  # => tensor([[2, 4], [1, 3]])"
        ) { (x: Tensor, times: Int, dims: [Int]) in
            let dimensions = try ShapeCheck.dimensions(dims, rank: x.rank)
            guard dimensions.count == 2 else { throw Failure.shape("dims", "`dims` of rot90 must name 2 dimensions, but names \(dimensions.count)") }
            return try aten("rot90", .tensor(x), .int(times), .ints(dimensions))
        },
    ]
}

/// How long the parts of a dimension are: all alike, or each as a list says.
private enum PartSizes: ScriptReadable {
    case all(Int)
    case each([Int])

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> PartSizes {
        if case .integer(let size) = call[position] { return .all(size) }
        return .each(try call.ints(position))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}
