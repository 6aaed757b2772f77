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
    private static func spatialRank(_ call: PrimitiveCall, _ x: Tensor) throws -> Int {
        guard (3...5).contains(x.rank) else {
            throw call.shapeFailure(
                0, "`x` of \(call.primitive.name) must be \(pattern(1)), \(pattern(2)) or \(pattern(3)), but has shape \(x.shape)",
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
        ) { call in
            let (x, weight) = (try call.tensor(0), try call.tensor(1))
            let spatial = try spatialRank(call, x)
            let groups = try call.size(6)
            try check(call, x, weight, channels: weight.rank > 1 ? weight.shape[1] * groups : 0, spatial)
            let bias = try call.optional(2, call.tensor)
            let isSame = call[4].object is StringObject
            let padding: AtenArgument = isSame ? .string(try call.string(4)) : .ints(try call.windows(4, spatial, from: 0))
            if case .ints(let padding) = padding {
                try checkWindow(call, x, Array(weight.shape.dropFirst(2)), padding, dilation: call.windows(5, spatial))
            }
            return .tensor(
                try aten(
                    "conv\(spatial)d\(isSame ? ".padding" : "")", .tensor(x), .tensor(weight), .optional(bias),
                    .ints(call.windows(3, spatial)), padding, .ints(call.windows(5, spatial)), .int(groups)))
        },
        Primitive(
            "convolve_transposed(x: Tensor, weight: Tensor, bias: Tensor? = nil, stride = 1, padding = 0, output_padding = 0, groups: Int = 1, dilation = 1) -> Tensor",
            "Transposed convolution, which enlarges by `stride`.",
            details: "x [B, C, ...] and weight [C, O / groups, ...] give [B, O, ...].",
            example: "convolve_transposed(ones(1, 1, 2, 2), ones(1, 1, 2, 2), stride: 2).shape  # => [1, 1, 4, 4]"
        ) { call in
            let (x, weight) = (try call.tensor(0), try call.tensor(1))
            let spatial = try spatialRank(call, x)
            try check(call, x, weight, channels: weight.shape.first ?? 0, spatial)
            return .tensor(
                try aten(
                    "conv_transpose\(spatial)d\(spatial == 1 ? "" : ".input")", .tensor(x), .tensor(weight),
                    .optional(call.optional(2, call.tensor)), .ints(call.windows(3, spatial)),
                    .ints(call.windows(4, spatial, from: 0)), .ints(call.windows(5, spatial, from: 0)), .int(call.size(6)),
                    .ints(call.windows(7, spatial))))
        },
        Primitive(
            "linear_f(x: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor", "x @ weightᵀ + bias over the last dimension.",
            details: "x [..., I] and weight [O, I] give [..., O].",
            example: "linear_f(tensor([[1.0, 2.0]]), tensor([[3.0, 4.0]]))  # => tensor([[11.0]])"
        ) { call in
            let (x, weight) = (try call.tensor(0), try call.tensor(1))
            guard weight.rank == 2, x.shape.last == weight.shape[1] else {
                throw call.shapeFailure(
                    0, "the last dimension of `x` must be the weight's \(weight.rank == 2 ? weight.shape[1] : 0) inputs, but `x` has shape \(x.shape) and `weight` \(weight.shape)")
            }
            return .tensor(try aten("linear", .tensor(x), .tensor(weight), .optional(call.optional(2, call.tensor))))
        },
    ]

    private static func check(_ call: PrimitiveCall, _ x: Tensor, _ weight: Tensor, channels: Int, _ spatial: Int) throws {
        guard weight.rank == x.rank else {
            throw call.shapeFailure(
                1, "`weight` of \(call.primitive.name) must have rank \(x.rank) like `x`, but the shapes are \(weight.shape) and \(x.shape)")
        }
        guard x.shape[1] == channels else {
            throw Failure(
                "shape", "`x` of \(call.primitive.name) must have the \(channels) channels (dimension 1) that the weight takes, but has \(x.shape[1])",
                argument: "x", labels: [("x", "shape \(x.shape)"), ("weight", "shape \(weight.shape)")])
        }
        guard x.dtype == weight.dtype else {
            throw Failure(
                "type", "`weight` of \(call.primitive.name) must hold \(x.dtype.name) like `x`, but holds \(weight.dtype.name)",
                help: "convert one with `to(x, \"\(weight.dtype.name)\")`", argument: "weight")
        }
    }

    /// Throws unless each window of a kernel lies within `x` and its padding.
    private static func checkWindow(_ call: PrimitiveCall, _ x: Tensor, _ kernel: [Int], _ padding: [Int], dilation: [Int]) throws {
        for place in kernel.indices {
            let size = x.shape[2 + place] + 2 * padding[place]
            let reach = (kernel[place] - 1) * dilation[place] + 1
            guard reach <= size else {
                throw call.shapeFailure(
                    0, "dimension \(2 + place) of `x` must be at least the kernel's \(reach) with padding, but is \(x.shape[2 + place]) with padding \(padding[place]) on both sides")
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
        ) { call in
            let x = try call.tensor(0)
            let spatial = try spatialRank(call, x)
            let (kernel, padding, dilation) = (
                try call.windows(1, spatial), try call.windows(3, spatial, from: 0), try call.windows(4, spatial)
            )
            let stride = try call.isNone(2) ? kernel : call.windows(2, spatial)
            try checkWindow(call, x, kernel, padding, dilation: dilation)
            return .tensor(
                try aten(
                    "max_pool\(spatial)d", .tensor(x), .ints(kernel), .ints(stride), .ints(padding), .ints(dilation),
                    .bool(call.bool(5))))
        },
        Primitive(
            "avg_pool(x: Tensor, kernel = 2, stride = nil, padding = 0, ceil_mode: Bool = false, count_padding: Bool = true) -> Tensor",
            "The average of each window; `stride` is the kernel by default.",
            example: "avg_pool(reshape(arange(4.0), 1, 1, 2, 2))  # => tensor([[[[1.5]]]])"
        ) { call in
            let x = try call.tensor(0)
            let spatial = try spatialRank(call, x)
            let (kernel, padding) = (try call.windows(1, spatial), try call.windows(3, spatial, from: 0))
            let stride = try call.isNone(2) ? kernel : call.windows(2, spatial)
            try checkWindow(call, x, kernel, padding, dilation: kernel.map { _ in 1 })
            return .tensor(
                try aten(
                    "avg_pool\(spatial)d", .tensor(x), .ints(kernel), .ints(stride), .ints(padding),
                    .bool(call.bool(4)), .bool(call.bool(5))))
        },
        Primitive(
            "adaptive_avg_pool(x: Tensor, size = 1) -> Tensor", "Averages over windows chosen so that the result has a spatial size.",
            example: "adaptive_avg_pool(ones(1, 2, 4, 4)).shape  # => [1, 2, 1, 1]"
        ) { call in
            let x = try call.tensor(0)
            let spatial = try spatialRank(call, x)
            return .tensor(try aten("adaptive_avg_pool\(spatial)d", .tensor(x), .ints(call.windows(1, spatial))))
        },
        Primitive(
            "adaptive_max_pool(x: Tensor, size = 1) -> Tensor", "The largest element of windows chosen so that the result has a spatial size.",
            example: "adaptive_max_pool(ones(1, 2, 4, 4)).shape  # => [1, 2, 1, 1]"
        ) { call in
            let x = try call.tensor(0)
            let spatial = try spatialRank(call, x)
            return .tensor(try atenMany("adaptive_max_pool\(spatial)d", .tensor(x), .ints(call.windows(1, spatial)))[0])
        },
    ]

    // MARK: Normalisation

    private static let normalisations: [Primitive] = [
        Primitive(
            "batch_norm_f(x: Tensor, running_mean: Tensor? = nil, running_var: Tensor? = nil, weight: Tensor? = nil, bias: Tensor? = nil, training: Bool? = nil, momentum: Float = 0.1, epsilon: Float = 0.00001) -> Tensor",
            "Normalises each channel of [B, C, ...] over the batch and space, or by running statistics.",
            details: "In training the running statistics are updated in place. Ioffe and Szegedy, 2015.",
            example: "batch_norm_f(zeros(2, 3, 4), training: true).shape  # => [2, 3, 4]"
        ) { call in
            let (mean, variance) = (try call.optional(1, call.tensor), try call.optional(2, call.tensor))
            let isTraining = try call.optional(5, call.bool) ?? (call.machine.isTraining || mean == nil)
            return .tensor(
                try aten(
                    "batch_norm", .tensor(call.tensor(0)), .optional(call.optional(3, call.tensor)),
                    .optional(call.optional(4, call.tensor)), .optional(mean), .optional(variance), .bool(isTraining),
                    .float(call.float(6)), .float(call.float(7)), false))
        },
        Primitive(
            "normalized_product(x: Tensor, gain: Tensor, shift: Tensor, weight: Tensor, epsilon: Float = 0.00001) -> Tensor",
            "Layer normalisation over the last dimension, and then a linear layer without bias: layer_norm(x) @ weightᵀ.",
            details: """
                x [..., C], gain [C] and shift [C] of the normalisation, weight [K, C] give [..., K]. Up to 16 outputs, as many as \
                a network's classes, are had without the normalised values ever being in memory. Ba et al., 2016.
                """,
            example: "normalized_product(tensor([[1.0, 3.0]]), ones(2), zeros(2), ones(1, 2)).shape  # => [1, 1]"
        ) { call in
            .tensor(
                try aten(
                    "rs4::normalized_product", .tensor(call.tensor(0)), .tensor(call.tensor(1)), .tensor(call.tensor(2)),
                    .tensor(call.tensor(3)), .float(call.float(4))))
        },
        Primitive(
            "layer_norm_f(x: Tensor, shape, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 0.00001) -> Tensor",
            "Normalises over the last dimensions, whose sizes are `shape`. Ba et al., 2016.",
            example: "layer_norm_f(zeros(2, 3), 3)  # => tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])"
        ) { call in
            let x = try call.tensor(0)
            let shape = try call.ints(1)
            guard Array(x.shape.suffix(shape.count)) == shape else {
                throw call.shapeFailure(0, "the last dimensions of `x` must be \(shape), but `x` has shape \(x.shape)")
            }
            return .tensor(
                try aten(
                    "layer_norm", .tensor(x), .ints(shape), .optional(call.optional(2, call.tensor)),
                    .optional(call.optional(3, call.tensor)), .float(call.float(4)), false))
        },
        Primitive(
            "instance_norm_f(x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 0.00001) -> Tensor",
            "Normalises each channel of each item of [B, C, ...] over space. Ulyanov et al., 2016.",
            example: "instance_norm_f(zeros(2, 3, 4)).shape  # => [2, 3, 4]"
        ) { call in
            .tensor(
                try aten(
                    "instance_norm", .tensor(call.tensor(0)), .optional(call.optional(1, call.tensor)),
                    .optional(call.optional(2, call.tensor)), .none, .none, true, 0.1, .float(call.float(3)), false))
        },
        Primitive(
            "group_norm_f(x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 0.00001) -> Tensor",
            "Normalises groups of channels of each item of [B, C, ...] over space. Wu and He, 2018.",
            example: "group_norm_f(zeros(2, 4, 3), 2).shape  # => [2, 4, 3]"
        ) { call in
            let x = try call.tensor(0)
            let groups = try call.int(1)
            guard x.rank >= 2, groups > 0, x.shape[1] % groups == 0 else {
                throw call.shapeFailure(0, "the channels (dimension 1) of `x` must be a multiple of \(groups) groups, but `x` has shape \(x.shape)")
            }
            return .tensor(
                try aten(
                    "group_norm", .tensor(x), .int(groups), .optional(call.optional(2, call.tensor)),
                    .optional(call.optional(3, call.tensor)), .float(call.float(4)), false))
        },
        Primitive(
            "embedding_f(indices: Tensor, weight: Tensor) -> Tensor", "Rows of `weight` [N, E] by number: [...] gives [..., E].",
            example: "embedding_f(tensor([1]), tensor([[1.0], [2.0]]))  # => tensor([[2.0]])"
        ) { call in .tensor(try aten("embedding", .tensor(call.tensor(1)), .tensor(call.tensor(0).to(dtype: .int64)))) },
    ]
}
