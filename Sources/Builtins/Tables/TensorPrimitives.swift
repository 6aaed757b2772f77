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
        ) { (data: Value, dtype: DType?, device: OptionalDevice) in
            if let given = (data.object as? TensorObject)?.tensor {
                // A tensor stays where it is unless a device is named.
                let copy = try (dtype.map { try given.to(dtype: $0) } ?? given).detached().cloned()
                return try copy.to(device: device.device ?? copy.device)
            }
            guard let made = try TensorLiteral.read(data, dtype: dtype, device: device.device ?? .cpu) else {
                throw Failure.mismatch(
                    "data", of: "tensor", expected: "a tensor, a number or a list of numbers", found: data.typeName)
            }
            return made
        },
        Primitive(
            "arange(start, end = nil, step = 1, dtype: String? = nil, device = nil) -> Tensor",
            "Evenly spaced numbers from `start` up to but not including `end`.",
            details: "With one number, from 0 up to it. Integers give int64, floats float32.",
            example: "arange(4)  # => tensor([0, 1, 2, 3])\narange(1.0, 2.0, 0.5)  # => tensor([1.0, 1.5])"
        ) { (start: Number, end: Number?, step: Number, dtype: DType?, device: Device) in
            let (first, last) = (end == nil ? .whole(0) : start, end ?? start)
            if case (.whole(let first), .whole(let last), .whole(let step)) = (first, last, step), (dtype ?? .int64).isInteger {
                return try Tensor.arange(integers: first, last, step: step, dtype: dtype ?? .int64, device: device)
            }
            let isWhole = [first, last, step].allSatisfy(\.isWhole)
            return try Tensor.arange(
                first.value, last.value, step: step.value, dtype: dtype ?? (isWhole ? .int64 : .float32), device: device)
        },
        Primitive(
            "linspace(start: Float, end: Float, count: Int, dtype: String = \"float32\", device = nil) -> Tensor",
            "`count` evenly spaced numbers from `start` to `end`, both included.",
            example: "linspace(0, 1, 3)  # => tensor([0.0, 0.5, 1.0])"
        ) { (start: Double, end: Double, count: Int, dtype: DType, device: Device) in
            try Tensor.linspace(
                start, end, count: count, dtype: dtype,
                device: device)
        },
        Primitive(
            "one_hot(labels: Tensor, classes: Int) -> Tensor", "Turns class numbers into vectors of zeros with a single one.",
            details: "Shape [...] becomes [..., classes], dtype int64; move the classes with `movedim(x, -1, 1)`.",
            example: "one_hot(tensor([0, 2]), 3)  # => tensor([[1, 0, 0], [0, 0, 1]])"
        ) { (labels: Tensor, classes: Int) in
            let labels = try labels.to(dtype: .int64)
            if labels.count > 0 {
                let ends = try atenMany("aminmax", .tensor(labels))
                let (low, high) = (try ends[0].itemInt(), try ends[1].itemInt())
                guard low >= 0, high < classes else {
                    throw Failure(
                        "value", "`labels` of one_hot must be from 0 to \(classes - 1), but are from \(low) to \(high)",
                        argument: "labels")
                }
            }
            return try aten("one_hot", .tensor(labels), .int(classes))
        },
        Primitive(
            "meshgrid(axes...) -> List", "Coordinate tensors of a grid, one for each axis, in index order.",
            example: "meshgrid(arange(2), arange(3))[1]  # => tensor([[0, 1, 2], [0, 1, 2]])"
        ) { (axes: [Value]) in
            let list = axes.count == 1 && axes[0].object is ListObject ? (axes[0].object as? ListObject)?.items ?? [] : axes
            let tensors = try list.map { item -> Tensor in
                guard let tensor = (item.object as? TensorObject)?.tensor, tensor.rank == 1 else {
                    throw Failure.mismatch("axes", of: "meshgrid", expected: "tensors of rank 1", found: item.typeName)
                }
                return tensor
            }
            return try atenMany("meshgrid.indexing", .tensors(tensors), named: ["indexing": "ij"])
        },
    ]

    private static func fill(_ name: String, _ summary: String, example: String = "", details: String = "") -> Primitive {
        Primitive(
            "\(name)(shape..., dtype: String = \"float32\", device = nil) -> Tensor", summary,
            details: "Sizes are given one by one or as a list. " + details + dtypeNote, example: example
        ) { (shape: Sizes, dtype: DType, device: Device) in
            let shape = shape.numbers
            switch name {
            case "ones": return try Tensor.ones(shape, dtype: dtype, device: device)
            case "rand": return try Tensor.rand(shape, dtype: dtype, device: device)
            case "randn": return try Tensor.randn(shape, dtype: dtype, device: device)
            case "empty": return try Tensor.empty(shape, dtype: dtype, device: device)
            default: return try Tensor.zeros(shape, dtype: dtype, device: device)
            }
        }
    }

    private static func like(_ name: String, _ summary: String, example: String = "") -> Primitive {
        Primitive("\(name)(x: Tensor, dtype: String? = nil) -> Tensor", summary, example: example) { (x: Tensor, dtype: DType?) in
            try aten(name, .tensor(x), named: ["dtype": .dtype(dtype ?? x.dtype)])
        }
    }

    private static let filled: [Primitive] = [
        fill("zeros", "A tensor of zeros.", example: "zeros(2, 2)  # => tensor([[0.0, 0.0], [0.0, 0.0]])"),
        fill("ones", "A tensor of ones.", example: "ones([3], dtype: \"int64\")  # => tensor([1, 1, 1])"),
        fill("empty", "A tensor whose elements are not set.", example: "empty(2, 3).shape  # => [2, 3]"),
        Primitive(
            "full(shape, value, dtype: String? = nil, device = nil) -> Tensor", "A tensor with one value everywhere.",
            example: "full([2], 0.5)  # => tensor([0.5, 0.5])"
        ) { (shape: [Int], value: Scalar, dtype: DType?, device: Device) in
            switch value {
            case .number(.whole(let number)) where (dtype ?? .int64).isInteger:
                return try Tensor.full(shape, integer: number, dtype: dtype ?? .int64, device: device)
            case .number(let number): return try Tensor.full(shape, number.value, dtype: dtype ?? .float32, device: device)
            case .truth(let truth): return try Tensor.full(shape, truth ? 1 : 0, dtype: dtype ?? .bool, device: device)
            }
        },
        Primitive(
            "eye(size: Int, dtype: String = \"float32\", device = nil) -> Tensor", "The identity matrix.",
            example: "eye(2)  # => tensor([[1.0, 0.0], [0.0, 1.0]])"
        ) { (size: Int, dtype: DType, device: Device) in
            try Tensor.eye(size, dtype: dtype, device: device)
        },
        like("zeros_like", "Zeros in the shape, dtype and device of another tensor.", example: "zeros_like(tensor([1.5]))  # => tensor([0.0])"),
        like("ones_like", "Ones in the shape, dtype and device of another tensor.", example: "ones_like(tensor([1.5]))  # => tensor([1.0])"),
        like("rand_like", "Uniform random numbers in the shape, dtype and device of another tensor."),
        like("randn_like", "Normal random numbers in the shape, dtype and device of another tensor."),
        Primitive(
            "full_like(x: Tensor, value) -> Tensor", "One value everywhere, in the shape, dtype and device of another tensor.",
            example: "full_like(zeros(2), 3)  # => tensor([3.0, 3.0])"
        ) { (x: Tensor, value: TensorOrNumber) in try aten("full_like", .tensor(x), value.argument) },
    ]

    private static let random: [Primitive] = [
        fill("rand", "Random numbers, uniform between 0 and 1.", example: "rand(2, 3).shape  # => [2, 3]", details: "`seed(n)` makes them repeat. "),
        fill("randn", "Random numbers of the standard normal distribution.", example: "randn(2, 3).shape  # => [2, 3]", details: "`seed(n)` makes them repeat. "),
        Primitive(
            "randint(low: Int, high: Int, shape, dtype: String = \"int64\", device = nil) -> Tensor",
            "Random integers from `low` up to but not including `high`.", example: "randint(0, 10, [4]).shape  # => [4]"
        ) { (low: Int, high: Int, shape: [Int], dtype: DType, device: Device) in
            try Tensor.randint(low, high, shape, dtype: dtype, device: device)
        },
        Primitive(
            "randperm(count: Int) -> Tensor", "The integers from 0 to count - 1 in random order.",
            example: "sum(randperm(4))  # => tensor(6)"
        ) { (count: Int) in
            guard count >= 0 else { throw Failure("value", "`count` of randperm must be 0 or more, but is \(count)", argument: "count") }
            return try aten("randperm", .int(count))
        },
        Primitive(
            "bernoulli(p: Tensor) -> Tensor", "Random zeros and ones; each is one with the probability that `p` holds there.",
            example: "bernoulli(ones(3))  # => tensor([1.0, 1.0, 1.0])"
        ) { (p: Tensor) in try aten("bernoulli", .tensor(p)) },
        Primitive(
            "multinomial(weights: Tensor, count: Int, replacement: Bool = false) -> Tensor",
            "Draws `count` places with probabilities in proportion to `weights`.",
            example: "multinomial(tensor([0.0, 1.0]), 1)  # => tensor([1])"
        ) { (weights: Tensor, count: Int, replacement: Bool) in
            let available = weights.shape.last ?? 0
            if !replacement && count > available {
                throw Failure(
                    "value", "`count` of multinomial without replacement must be at most \(available), but is \(count)",
                    argument: "count")
            }
            return try aten("multinomial", .tensor(weights), .int(count), .bool(replacement))
        },
        Primitive(
            "seed(number: Int)", "Starts all random generators of tensors from a number, so that a run can be repeated.",
            example: "seed(1)\nlet a = rand(2)\nseed(1)\nall(a == rand(2))  # => tensor(true)"
        ) { (number: Int) in
            Tensors.seed(number)
            return Value.none
        },
    ]
}

/// An integer or a float.
private enum Number: ScriptReadable {
    case whole(Int)
    case fraction(Double)

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Number {
        if case .integer(let number) = call[position] { return .whole(number) }
        return .fraction(try call.float(position))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }

    var isWhole: Bool {
        if case .whole = self { return true }
        return false
    }
    var value: Double {
        switch self {
        case .whole(let number): return Double(number)
        case .fraction(let number): return number
        }
    }
}

/// A number or a truth value.
private enum Scalar: ScriptReadable {
    case number(Number)
    case truth(Bool)

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Scalar {
        if case .boolean(let truth) = call[position] { return .truth(truth) }
        return .number(try Number.read(call, position))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

/// A device where one is named.
private struct OptionalDevice: ScriptReadable {
    let device: Device?
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> OptionalDevice {
        OptionalDevice(device: call.isNone(position) ? nil : try call.device(position))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.type == nil && parameter.isOptional }
}
