import Base
import Machine
import Tensors

/// Making tensors.
enum TensorPrimitives {
    static let module = PrimitiveModule("tensors", "Making tensors.", kinds: [TensorObject.self], fromData + filled + random)

    private static let dtypeNote =
        "`dtype` is a name: float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, bool. `device` is \"cpu\", \"cuda\" or what `device(name)` gives."

    private static let fromData: [Primitive] = [
        Primitive(
            "tensor(data, dtype: String? = nil, device = nil) -> Tensor", "A tensor of numbers or nested lists.",
            details: "Integers give int64, floats float32, truth values bool. " + dtypeNote,
            example: "tensor([[1, 2], [3, 4]])  # => tensor([[1, 2], [3, 4]])\ntensor([1, 2], dtype: \"float32\")  # => tensor([1.0, 2.0])"
        ) { call in
            let made = try call.tensorLike(0, dtype: call.dtype(1), device: call.device(2))
            let isGiven = call[0].object is TensorObject
            return .tensor(isGiven ? try made.detached().cloned().to(device: call.isNone(2) ? made.device : call.device(2)) : made)
        },
        Primitive(
            "arange(start, end = nil, step = 1, dtype: String? = nil, device = nil) -> Tensor",
            "Evenly spaced numbers from `start` up to but not including `end`.",
            details: "With one number, from 0 up to it. Integers give int64, floats float32.",
            example: "arange(4)  # => tensor([0, 1, 2, 3])\narange(1.0, 2.0, 0.5)  # => tensor([1.0, 1.5])"
        ) { call in
            let isWhole = (0...2).allSatisfy { position in
                if case .float = call[position] { return false } else { return true }
            }
            if isWhole, (try call.dtype(3) ?? .int64).isInteger {
                let first = try call.int(0)
                let end = try call.optional(1, call.int)
                return .tensor(
                    try Tensor.arange(
                        integers: end == nil ? 0 : first, end ?? first, step: call.int(2), dtype: call.dtype(3) ?? .int64,
                        device: call.device(4)))
            }
            let first = try call.float(0)
            let end = try call.optional(1, call.float)
            return .tensor(
                try Tensor.arange(
                    end == nil ? 0 : first, end ?? first, step: call.float(2),
                    dtype: call.dtype(3) ?? (isWhole ? .int64 : .float32), device: call.device(4)))
        },
        Primitive(
            "linspace(start: Float, end: Float, count: Int, dtype: String = \"float32\", device = nil) -> Tensor",
            "`count` evenly spaced numbers from `start` to `end`, both included.",
            example: "linspace(0, 1, 3)  # => tensor([0.0, 0.5, 1.0])"
        ) { call in
            .tensor(
                try Tensor.linspace(
                    call.float(0), call.float(1), count: call.int(2), dtype: call.dtype(3) ?? .float32,
                    device: call.device(4)))
        },
        Primitive(
            "one_hot(labels: Tensor, classes: Int) -> Tensor", "Turns class numbers into vectors of zeros with a single one.",
            details: "Shape [...] becomes [..., classes], dtype int64; move the classes with `movedim(x, -1, 1)`.",
            example: "one_hot(tensor([0, 2]), 3)  # => tensor([[1, 0, 0], [0, 0, 1]])"
        ) { call in
            let labels = try call.tensor(0).to(dtype: .int64)
            let classes = try call.int(1)
            if labels.count > 0 {
                let ends = try atenMany("aminmax", .tensor(labels))
                let (low, high) = (try ends[0].itemInt(), try ends[1].itemInt())
                guard low >= 0, high < classes else {
                    throw Failure(
                        "value", "`labels` of one_hot must be from 0 to \(classes - 1), but are from \(low) to \(high)",
                        argument: "labels")
                }
            }
            return .tensor(try aten("one_hot", .tensor(labels), .int(classes)))
        },
        Primitive(
            "meshgrid(axes...) -> List", "Coordinate tensors of a grid, one for each axis, in index order.",
            example: "meshgrid(arange(2), arange(3))[1]  # => tensor([[0, 1, 2], [0, 1, 2]])"
        ) { call in
            let axes = try call.list(0)
            let list = axes.count == 1 && axes[0].object is ListObject ? (axes[0].object as? ListObject)?.items ?? [] : axes
            let tensors = try list.map { item -> Tensor in
                guard let tensor = (item.object as? TensorObject)?.tensor, tensor.rank == 1 else {
                    throw call.mismatch(0, expected: "tensors of rank 1", found: item.typeName)
                }
                return tensor
            }
            return .list(
                try atenMany("meshgrid.indexing", .tensors(tensors), named: ["indexing": "ij"]).map { .tensor($0) })
        },
    ]

    private static func fill(_ name: String, _ summary: String, example: String = "", details: String = "") -> Primitive {
        Primitive(
            "\(name)(shape..., dtype: String = \"float32\", device = nil) -> Tensor", summary,
            details: "Sizes are given one by one or as a list. " + details + dtypeNote, example: example
        ) { call in
            let shape = try call.sizes(0)
            let dtype = try call.dtype(1) ?? .float32
            let device = try call.device(2)
            switch name {
            case "ones": return .tensor(try Tensor.ones(shape, dtype: dtype, device: device))
            case "rand": return .tensor(try Tensor.rand(shape, dtype: dtype, device: device))
            case "randn": return .tensor(try Tensor.randn(shape, dtype: dtype, device: device))
            case "empty": return .tensor(try Tensor.empty(shape, dtype: dtype, device: device))
            default: return .tensor(try Tensor.zeros(shape, dtype: dtype, device: device))
            }
        }
    }

    private static func like(_ name: String, _ summary: String, example: String = "") -> Primitive {
        Primitive("\(name)(x: Tensor, dtype: String? = nil) -> Tensor", summary, example: example) { call in
            let x = try call.tensor(0)
            return .tensor(try aten(name, .tensor(x), named: ["dtype": .dtype(call.dtype(1) ?? x.dtype)]))
        }
    }

    private static let filled: [Primitive] = [
        fill("zeros", "A tensor of zeros.", example: "zeros(2, 2)  # => tensor([[0.0, 0.0], [0.0, 0.0]])"),
        fill("ones", "A tensor of ones.", example: "ones([3], dtype: \"int64\")  # => tensor([1, 1, 1])"),
        fill("empty", "A tensor whose elements are not set.", example: "empty(2, 3).shape  # => [2, 3]"),
        Primitive(
            "full(shape, value, dtype: String? = nil, device = nil) -> Tensor", "A tensor with one value everywhere.",
            example: "full([2], 0.5)  # => tensor([0.5, 0.5])"
        ) { call in
            let dtype = try call.dtype(2)
            if case .integer(let number) = call[1], (dtype ?? .int64).isInteger {
                return .tensor(
                    try Tensor.full(call.ints(0), integer: number, dtype: dtype ?? .int64, device: call.device(3)))
            }
            let usual: DType
            let value: Double
            switch call[1] {
            case .boolean(let truth): (usual, value) = (.bool, truth ? 1 : 0)
            default: (usual, value) = (.float32, try call.float(1))
            }
            return .tensor(try Tensor.full(call.ints(0), value, dtype: dtype ?? usual, device: call.device(3)))
        },
        Primitive(
            "eye(size: Int, dtype: String = \"float32\", device = nil) -> Tensor", "The identity matrix.",
            example: "eye(2)  # => tensor([[1.0, 0.0], [0.0, 1.0]])"
        ) { call in
            .tensor(try Tensor.eye(call.int(0), dtype: call.dtype(1) ?? .float32, device: call.device(2)))
        },
        like("zeros_like", "Zeros in the shape, dtype and device of another tensor.", example: "zeros_like(tensor([1.5]))  # => tensor([0.0])"),
        like("ones_like", "Ones in the shape, dtype and device of another tensor.", example: "ones_like(tensor([1.5]))  # => tensor([1.0])"),
        like("rand_like", "Uniform random numbers in the shape, dtype and device of another tensor."),
        like("randn_like", "Normal random numbers in the shape, dtype and device of another tensor."),
        Primitive(
            "full_like(x: Tensor, value) -> Tensor", "One value everywhere, in the shape, dtype and device of another tensor.",
            example: "full_like(zeros(2), 3)  # => tensor([3.0, 3.0])"
        ) { call in .tensor(try aten("full_like", .tensor(call.tensor(0)), call.tensorOrNumber(1).argument)) },
    ]

    private static let random: [Primitive] = [
        fill("rand", "Random numbers, uniform between 0 and 1.", example: "rand(2, 3).shape  # => [2, 3]", details: "`seed(n)` makes them repeat. "),
        fill("randn", "Random numbers of the standard normal distribution.", example: "randn(2, 3).shape  # => [2, 3]", details: "`seed(n)` makes them repeat. "),
        Primitive(
            "randint(low: Int, high: Int, shape, dtype: String = \"int64\", device = nil) -> Tensor",
            "Random integers from `low` up to but not including `high`.", example: "randint(0, 10, [4]).shape  # => [4]"
        ) { call in
            .tensor(
                try Tensor.randint(call.int(0), call.int(1), call.ints(2), dtype: call.dtype(3) ?? .int64, device: call.device(4)))
        },
        Primitive(
            "randperm(count: Int) -> Tensor", "The integers from 0 to count - 1 in random order.",
            example: "sum(randperm(4))  # => tensor(6)"
        ) { call in
            let count = try call.int(0)
            guard count >= 0 else { throw Failure("value", "`count` of randperm must be 0 or more, but is \(count)", argument: "count") }
            return .tensor(try aten("randperm", .int(count)))
        },
        Primitive(
            "bernoulli(p: Tensor) -> Tensor", "Random zeros and ones; each is one with the probability that `p` holds there.",
            example: "bernoulli(ones(3))  # => tensor([1.0, 1.0, 1.0])"
        ) { call in .tensor(try aten("bernoulli", .tensor(call.tensor(0)))) },
        Primitive(
            "multinomial(weights: Tensor, count: Int, replacement: Bool = false) -> Tensor",
            "Draws `count` places with probabilities in proportion to `weights`.",
            example: "multinomial(tensor([0.0, 1.0]), 1)  # => tensor([1])"
        ) { call in
            let weights = try call.tensor(0)
            let count = try call.int(1)
            let available = weights.shape.last ?? 0
            if try !call.bool(2) && count > available {
                throw Failure(
                    "value", "`count` of multinomial without replacement must be at most \(available), but is \(count)",
                    argument: "count")
            }
            return .tensor(try aten("multinomial", .tensor(weights), .int(count), .bool(call.bool(2))))
        },
        Primitive(
            "seed(number: Int)", "Starts all random generators of tensors from a number, so that a run can be repeated.",
            example: "seed(1)\nlet a = rand(2)\nseed(1)\nall(a == rand(2))  # => tensor(true)"
        ) { call in
            Tensors.seed(try call.int(0))
            return .none
        },
    ]
}
