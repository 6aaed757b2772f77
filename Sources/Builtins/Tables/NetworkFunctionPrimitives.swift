import Base
import Machine
import Tensors

/// Convolution and pooling over one, two or three spatial dimensions, and the normalisations, as plain functions.
enum NetworkFunctionPrimitives {
    static let module = PrimitiveModule(
        "network_functions", "Convolution, pooling and normalisation as functions; layers hold their weights.",
        convolutions + pools + normalisations)

    /// Names of the spatial dimensions of [B, C, ...] in messages.
    private static func pattern(_ spatial: Int) -> String {
        ["[B, C, W]", "[B, C, H, W]", "[B, C, D, H, W]"][spatial - 1]
    }

    /// Number of spatial dimensions of a batch [B, C, ...].
    private static func spatialRank(_ x: Tensor, of function: String) throws -> Int {
        guard (3...5).contains(x.rank) else {
            throw Failure.shape(
                "x", "`x` of \(function) must be \(pattern(1)), \(pattern(2)) or \(pattern(3)), but has shape \(x.shape)",
                help: "add a dimension with `x[nil]`")
        }
        return x.rank - 2
    }

    private static let convolutions: [Primitive] = [
        Primitive(
            "convolve(x: Tensor, weight: Tensor, bias: Tensor? = nil, stride = 1, padding = 0, dilation = 1, groups: Int = 1) -> Tensor",
            "Convolution (cross-correlation) over the spatial dimensions.",
            details:
                "x [B, C, ...] and weight [O, C / groups, ...] with one to three spatial dimensions give [B, O, ...]. `padding` may be \"same\".",
            example: "convolve(ones(1, 1, 3, 3), ones(1, 1, 3, 3))  # => tensor([[[[9.0]]]])"
        ) { (x: Tensor, weight: Tensor, bias: Tensor?, stride: Window, padding: Padding, dilation: Window, groups: Int) in
            let spatial = try spatialRank(x, of: "convolve")
            try NumberCheck.sizes([groups], "groups", of: "convolve")
            try check(x, weight, channels: weight.rank > 1 ? weight.shape[1] * groups : 0, of: "convolve")
            let around: AtenArgument
            switch padding {
            case .word(let word): around = .string(word)
            case .window(let window):
                let sizes = try window.sizes(spatial, from: 0)
                try checkWindow(x, Array(weight.shape.dropFirst(2)), sizes, dilation: dilation.sizes(spatial))
                around = .ints(sizes)
            }
            var name = "conv\(spatial)d"
            if case .word = padding { name += ".padding" }
            return try aten(
                name, .tensor(x), .tensor(weight), .optional(bias), .ints(stride.sizes(spatial)), around,
                .ints(dilation.sizes(spatial)), .int(groups))
        },
        Primitive(
            "convolve_transposed(x: Tensor, weight: Tensor, bias: Tensor? = nil, stride = 1, padding = 0, output_padding = 0, groups: Int = 1, dilation = 1) -> Tensor",
            "Transposed convolution, which enlarges by `stride`.",
            details: "x [B, C, ...] and weight [C, O / groups, ...] give [B, O, ...].",
            example: "convolve_transposed(ones(1, 1, 2, 2), ones(1, 1, 2, 2), stride: 2).shape  # => [1, 1, 4, 4]"
        ) {
            (
                x: Tensor, weight: Tensor, bias: Tensor?, stride: Window, padding: Window, outputPadding: Window, groups: Int,
                dilation: Window
            ) in
            let spatial = try spatialRank(x, of: "convolve_transposed")
            try check(x, weight, channels: weight.shape.first ?? 0, of: "convolve_transposed")
            try NumberCheck.sizes([groups], "groups", of: "convolve_transposed")
            return try aten(
                "conv_transpose\(spatial)d\(spatial == 1 ? "" : ".input")", .tensor(x), .tensor(weight), .optional(bias),
                .ints(stride.sizes(spatial)), .ints(padding.sizes(spatial, from: 0)), .ints(outputPadding.sizes(spatial, from: 0)),
                .int(groups), .ints(dilation.sizes(spatial)))
        },
        Primitive(
            "linear_f(x: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor", "x @ weightᵀ + bias over the last dimension.",
            details: "x [..., I] and weight [O, I] give [..., O].",
            example: "linear_f(tensor([[1.0, 2.0]]), tensor([[3.0, 4.0]]))  # => tensor([[11.0]])"
        ) { (x: Tensor, weight: Tensor, bias: Tensor?) in
            guard weight.rank == 2, x.shape.last == weight.shape[1] else {
                throw Failure.shape("x", "the last dimension of `x` must be the weight's \(weight.rank == 2 ? weight.shape[1] : 0) inputs, but `x` has shape \(x.shape) and `weight` \(weight.shape)")
            }
            return try aten("linear", .tensor(x), .tensor(weight), .optional(bias))
        },
    ]

    /// What stands around an image: sizes, or a word of libtorch's such as "same".
    private enum Padding: ScriptReadable {
        case window(Window)
        case word(String)

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> Padding {
            call[position].object is StringObject ? .word(try call.string(position)) : .window(try Window.read(call, position))
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    private static func check(_ x: Tensor, _ weight: Tensor, channels: Int, of function: String) throws {
        guard weight.rank == x.rank else {
            throw Failure.shape(
                "weight", "`weight` of \(function) must have rank \(x.rank) like `x`, but the shapes are \(weight.shape) and \(x.shape)")
        }
        guard x.shape[1] == channels else {
            throw Failure(
                "shape", "`x` of \(function) must have the \(channels) channels (dimension 1) that the weight takes, but has \(x.shape[1])",
                argument: "x", labels: [("x", "shape \(x.shape)"), ("weight", "shape \(weight.shape)")])
        }
        guard x.dtype == weight.dtype else {
            throw Failure(
                "type", "`weight` of \(function) must hold \(x.dtype.name) like `x`, but holds \(weight.dtype.name)",
                help: "convert one with `to(x, \"\(weight.dtype.name)\")`", argument: "weight")
        }
    }

    /// Throws unless each window of a kernel lies within `x` and its padding.
    private static func checkWindow(_ x: Tensor, _ kernel: [Int], _ padding: [Int], dilation: [Int]) throws {
        for place in kernel.indices {
            let size = x.shape[2 + place] + 2 * padding[place]
            let reach = (kernel[place] - 1) * dilation[place] + 1
            guard reach <= size else {
                throw Failure.shape(
                    "x", "dimension \(2 + place) of `x` must be at least the kernel's \(reach) with padding, but is \(x.shape[2 + place]) with padding \(padding[place]) on both sides")
            }
        }
    }

    // MARK: Pooling

    private static let pools: [Primitive] = [
        Primitive(
            "max_pool(x: Tensor, kernel = 2, stride = nil, padding = 0, dilation = 1, ceil_mode: Bool = false) -> Tensor",
            "The largest element of each window; `stride` is the kernel by default.",
            details: "The rank of x decides: [B, C, W], [B, C, H, W] or [B, C, D, H, W].",
            example: "max_pool(reshape(arange(4.0), 1, 1, 2, 2))  # => tensor([[[[3.0]]]])"
        ) { (x: Tensor, kernel: Window, stride: Window?, padding: Window, dilation: Window, ceilMode: Bool) in
            let spatial = try spatialRank(x, of: "max_pool")
            let (sizes, around, spread) = (try kernel.sizes(spatial), try padding.sizes(spatial, from: 0), try dilation.sizes(spatial))
            let steps = try stride?.sizes(spatial) ?? sizes
            try checkWindow(x, sizes, around, dilation: spread)
            return try aten(
                "max_pool\(spatial)d", .tensor(x), .ints(sizes), .ints(steps), .ints(around), .ints(spread), .bool(ceilMode))
        },
        Primitive(
            "avg_pool(x: Tensor, kernel = 2, stride = nil, padding = 0, ceil_mode: Bool = false, count_padding: Bool = true) -> Tensor",
            "The average of each window; `stride` is the kernel by default.",
            example: "avg_pool(reshape(arange(4.0), 1, 1, 2, 2))  # => tensor([[[[1.5]]]])"
        ) { (x: Tensor, kernel: Window, stride: Window?, padding: Window, ceilMode: Bool, countPadding: Bool) in
            let spatial = try spatialRank(x, of: "avg_pool")
            let (sizes, around) = (try kernel.sizes(spatial), try padding.sizes(spatial, from: 0))
            let steps = try stride?.sizes(spatial) ?? sizes
            try checkWindow(x, sizes, around, dilation: sizes.map { _ in 1 })
            return try aten(
                "avg_pool\(spatial)d", .tensor(x), .ints(sizes), .ints(steps), .ints(around), .bool(ceilMode), .bool(countPadding))
        },
        Primitive(
            "adaptive_avg_pool(x: Tensor, size = 1) -> Tensor", "Averages over windows chosen so that the result has a spatial size.",
            example: "adaptive_avg_pool(ones(1, 2, 4, 4)).shape  # => [1, 2, 1, 1]"
        ) { (x: Tensor, size: Window) in
            let spatial = try spatialRank(x, of: "adaptive_avg_pool")
            return try aten("adaptive_avg_pool\(spatial)d", .tensor(x), .ints(size.sizes(spatial)))
        },
        Primitive(
            "adaptive_max_pool(x: Tensor, size = 1) -> Tensor", "The largest element of windows chosen so that the result has a spatial size.",
            example: "adaptive_max_pool(ones(1, 2, 4, 4)).shape  # => [1, 2, 1, 1]"
        ) { (x: Tensor, size: Window) in
            let spatial = try spatialRank(x, of: "adaptive_max_pool")
            return try atenMany("adaptive_max_pool\(spatial)d", .tensor(x), .ints(size.sizes(spatial)))[0]
        },
    ]

    // MARK: Normalisation

    private static let normalisations: [Primitive] = [
        Primitive(
            "batch_norm_f(x: Tensor, running_mean: Tensor? = nil, running_var: Tensor? = nil, weight: Tensor? = nil, bias: Tensor? = nil, training: Bool? = nil, momentum: Float = 0.1, epsilon: Float = 0.00001) -> Tensor",
            "Normalises each channel of [B, C, ...] over the batch and space, or by running statistics.",
            details: "In training the running statistics are updated in place. Ioffe and Szegedy, 2015.",
            example: "batch_norm_f(zeros(2, 3, 4), training: true).shape  # => [2, 3, 4]"
        ) { (x: Tensor, runningMean: Tensor?, runningVar: Tensor?, weight: Tensor?, bias: Tensor?, training: Bool?, momentum: Double, epsilon: Double, machine: Machine) in
            let isTraining = training ?? (machine.isTraining || runningMean == nil)
            return try aten(
                "batch_norm", .tensor(x), .optional(weight),
                .optional(bias), .optional(runningMean), .optional(runningVar), .bool(isTraining),
                .float(momentum), .float(epsilon), false)
        },
        Primitive(
            "normalized_product(x: Tensor, gain: Tensor, shift: Tensor, weight: Tensor, epsilon: Float = 0.00001) -> Tensor",
            "Layer normalisation over the last dimension, and then a linear layer without bias: layer_norm(x) @ weightᵀ.",
            details: """
                x [..., C], gain [C] and shift [C] of the normalisation, weight [K, C] give [..., K]. Up to 16 outputs, as many as \
                a network's classes, are had without the normalised values ever being in memory. Ba et al., 2016.
                """,
            example: "normalized_product(tensor([[1.0, 3.0]]), ones(2), zeros(2), ones(1, 2)).shape  # => [1, 1]"
        ) { (x: Tensor, gain: Tensor, shift: Tensor, weight: Tensor, epsilon: Double) in
            try aten(
                "rs4::normalized_product", .tensor(x), .tensor(gain), .tensor(shift),
                .tensor(weight), .float(epsilon))
        },
        Primitive(
            "layer_norm_f(x: Tensor, shape, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 0.00001) -> Tensor",
            "Normalises over the last dimensions, whose sizes are `shape`. Ba et al., 2016.",
            example: "layer_norm_f(zeros(2, 3), 3)  # => tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])"
        ) { (x: Tensor, shape: [Int], weight: Tensor?, bias: Tensor?, epsilon: Double) in
            guard Array(x.shape.suffix(shape.count)) == shape else {
                throw Failure.shape("x", "the last dimensions of `x` must be \(shape), but `x` has shape \(x.shape)")
            }
            return try aten(
                "layer_norm", .tensor(x), .ints(shape), .optional(weight),
                .optional(bias), .float(epsilon), false)
        },
        Primitive(
            "instance_norm_f(x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 0.00001) -> Tensor",
            "Normalises each channel of each item of [B, C, ...] over space. Ulyanov et al., 2016.",
            example: "instance_norm_f(zeros(2, 3, 4)).shape  # => [2, 3, 4]"
        ) { (x: Tensor, weight: Tensor?, bias: Tensor?, epsilon: Double) in
            try aten(
                "instance_norm", .tensor(x), .optional(weight),
                .optional(bias), .none, .none, true, 0.1, .float(epsilon), false)
        },
        Primitive(
            "group_norm_f(x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 0.00001) -> Tensor",
            "Normalises groups of channels of each item of [B, C, ...] over space. Wu and He, 2018.",
            example: "group_norm_f(zeros(2, 4, 3), 2).shape  # => [2, 4, 3]"
        ) { (x: Tensor, groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double) in
            guard x.rank >= 2, groups > 0, x.shape[1] % groups == 0 else {
                throw Failure.shape("x", "the channels (dimension 1) of `x` must be a multiple of \(groups) groups, but `x` has shape \(x.shape)")
            }
            return try aten(
                "group_norm", .tensor(x), .int(groups), .optional(weight),
                .optional(bias), .float(epsilon), false)
        },
        Primitive(
            "embedding_f(indices: Tensor, weight: Tensor) -> Tensor", "Rows of `weight` [N, E] by number: [...] gives [..., E].",
            example: "embedding_f(tensor([1]), tensor([[1.0], [2.0]]))  # => tensor([[2.0]])"
        ) { (indices: Tensor, weight: Tensor) in try aten("embedding", .tensor(weight), .tensor(indices.to(dtype: .int64))) },
    ]
}
