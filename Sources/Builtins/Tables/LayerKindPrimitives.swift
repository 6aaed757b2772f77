import Base
import Layers
import Machine
import Tensors

/// Layers: functions of tensors with their own parameters, named and initialised as in PyTorch.
enum LayerKindPrimitives {
    static let module = PrimitiveModule(
        "layer_kinds", "Layers with parameters; each is called like a function.", kinds: [LayerObject.self],
        convolutionPrimitives + normalizationPrimitives + linearPrimitives)
}

private let convolutionPrimitives: [Primitive] =
    (1...3).map(convolution) + (1...3).map(transposedConvolution)

private let convolutionDetails =
    "Initial values are PyTorch's (±1/√(inputs·kernel)). `kernel`, `stride`, `padding` and `dilation` are one number or "
    + "one a direction. State-dict names: `weight`, `bias`."

private func directionNames(_ rank: Int) -> String {
    ["", "L", "H, W", "D, H, W"][rank]
}

private func convolution(_ rank: Int) -> Primitive {
    Primitive(
        "conv\(rank)d(inputs: Int, outputs: Int, kernel = 3, stride = 1, padding = 0, dilation = 1, groups: Int = 1, "
            + "bias: Bool = true)",
        "Convolution layer: [B, inputs, \(directionNames(rank))] to [B, outputs, …].", details: convolutionDetails,
        example: rank == 2 ? "conv2d(1, 8, kernel: 3, padding: 1)(zeros([2, 1, 16, 16])).shape  # => [2, 8, 16, 16]" : ""
    ) {
        (
            inputs: Int, outputs: Int, kernel: [Int], stride: [Int], padding: [Int], dilation: [Int], groups: Int, bias: Bool
        ) in
        try Convolution(
            rank: rank, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            groups: groups, bias: bias)
    }
}

private func transposedConvolution(_ rank: Int) -> Primitive {
    Primitive(
        "conv_transpose\(rank)d(inputs: Int, outputs: Int, kernel = 2, stride = 1, padding = 0, output_padding = 0, "
            + "groups: Int = 1, bias: Bool = true)",
        "Transposed convolution layer: [B, inputs, \(directionNames(rank))] to [B, outputs, …], larger by the stride.",
        details: convolutionDetails,
        example: rank == 2
            ? "conv_transpose2d(4, 2, kernel: 2, stride: 2)(zeros([1, 4, 8, 8])).shape  # => [1, 2, 16, 16]" : ""
    ) {
        (
            inputs: Int, outputs: Int, kernel: [Int], stride: [Int], padding: [Int], outputPadding: [Int], groups: Int, bias: Bool
        ) in
        try Convolution(
            rank: rank, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, padding: padding,
            outputPadding: outputPadding, groups: groups, bias: bias, isTransposed: true)
    }
}

private let normalizationPrimitives: [Primitive] =
    (1...3).map { rank in
        Primitive(
            "batch_norm\(rank)d(features: Int, epsilon: Float = 0.00001, momentum: Float = 0.1)",
            "Batch normalisation layer over [B, features, \(directionNames(rank))].",
            details: "Batch statistics while training, running ones after `eval(model)`. State-dict names: `weight`, "
                + "`bias`, `running_mean`, `running_var`, `num_batches_tracked`."
        ) { (features: Int, epsilon: Double, momentum: Double) in
            try BatchNormalization(
                rank: rank, features: features, epsilon: epsilon, momentum: momentum)
        }
    } + (1...3).map { rank in
        Primitive(
            "instance_norm\(rank)d(features: Int, epsilon: Float = 0.00001, affine: Bool = false)",
            "Instance normalisation layer over [B, features, \(directionNames(rank))]."
        ) { (features: Int, epsilon: Double, affine: Bool) in
            try InstanceNormalization(
                rank: rank, features: features, epsilon: epsilon, affine: affine)
        }
    } + [
        Primitive(
            "layer_norm(features, epsilon: Float = 0.00001)",
            "Layer normalisation over the last dimensions, one number or a list of sizes."
        ) { (features: [Int], epsilon: Double) in
            try LayerNormalization(sizes: features, epsilon: epsilon)
        },
        Primitive(
            "group_norm(groups: Int, channels: Int, epsilon: Float = 0.00001)",
            "Group normalisation layer over [B, channels, …]."
        ) { (groups: Int, channels: Int, epsilon: Double) in
            try GroupNormalization(
                groups: groups, channels: channels, epsilon: epsilon)
        },
    ]

private let linearPrimitives: [Primitive] = [
    Primitive(
        "linear(inputs: Int, outputs: Int, bias: Bool = true)",
        "Linear layer of the last dimension: [..., inputs] to [..., outputs].",
        details: "Weight [outputs, inputs]; initial values are PyTorch's (±1/√inputs).",
        example: "linear(4, 2)(zeros([5, 4])).shape  # => [5, 2]"
    ) { (inputs: Int, outputs: Int, bias: Bool) in
        try Linear(inputs: inputs, outputs: outputs, bias: bias)
    },
    Primitive(
        "embedding(count: Int, size: Int)",
        "Table of `count` vectors of `size`, looked up by integers: [...] to [..., size]."
    ) { (count: Int, size: Int) in
        try Embedding(count: count, size: size)
    },
    Primitive(
        "parameter(tensor: Tensor) -> Tensor",
        "A trainable copy of `tensor`: as a model's field, optimisers change it.",
        example: "parameter(zeros([2])).shape  # => [2]"
    ) { (tensor: Tensor) in
        try trainable(tensor)
    },
    Primitive(
        "channels_last(x: Tensor) -> Tensor",
        "The same values with channels stored last, [B, C, H, W] as B, H, W, C in memory: faster convolutions on CPUs."
    ) { (x: Tensor) in
        guard x.rank == 4 else {
            throw Failure.mismatch(
                "x", of: "channels_last", expected: "a tensor [B, C, H, W]", found: "a tensor of shape \(x.shape)")
        }
        return try channelsLast(x)
    },
]
