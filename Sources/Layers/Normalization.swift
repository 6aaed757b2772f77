import Base
import Tensors

/// Batch normalisation over [B, features, …] (Ioffe and Szegedy 2015), with running statistics for evaluation.
public final class BatchNormalization: Layer {
    let rank: Int
    let features: Int
    let epsilon: Double
    let momentum: Double

    public init(rank: Int, features: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) throws {
        let kind = "batch_norm\(rank)d"
        try requirePositive([("features", features)], of: kind)
        self.rank = rank
        self.features = features
        self.epsilon = epsilon
        self.momentum = momentum
        super.init(
            kind: kind, summary: "\(features)",
            entries: [
                LayerEntry("weight", try trainable(try Tensor.ones([features])), isParameter: true),
                LayerEntry("bias", try trainable(try Tensor.zeros([features])), isParameter: true),
                LayerEntry("running_mean", try Tensor.zeros([features]), isParameter: false),
                LayerEntry("running_var", try Tensor.ones([features]), isParameter: false),
                LayerEntry("num_batches_tracked", try Tensor.zeros([], dtype: .int64), isParameter: false),
            ])
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        if rank > 1 || input.rank == 3 {
            try requireChannels(input, features, rank: rank, of: kind)
        } else {
            try requireLast(input, [features], of: kind)
        }
        if isTraining {
            _ = try withoutGradients { try aten("add_.Scalar", .tensor(entries[4].tensor), .int(1)) }
        }
        return try aten(
            "batch_norm", .tensor(input), .tensor(entries[0].tensor), .tensor(entries[1].tensor),
            .tensor(entries[2].tensor), .tensor(entries[3].tensor), .bool(isTraining), .float(momentum), .float(epsilon),
            .bool(false))
    }
}

/// Layer normalisation over the last directions (Ba, Kiros and Hinton 2016).
public final class LayerNormalization: Layer {
    let sizes: [Int]
    let epsilon: Double

    public init(sizes: [Int], epsilon: Double = 1e-5) throws {
        try requirePositive(sizes.map { ("features", $0) }, of: "layer_norm")
        self.sizes = sizes
        self.epsilon = epsilon
        super.init(
            kind: "layer_norm", summary: sizes.map(String.init).joined(separator: ", "),
            entries: [
                LayerEntry("weight", try trainable(try Tensor.ones(sizes)), isParameter: true),
                LayerEntry("bias", try trainable(try Tensor.zeros(sizes)), isParameter: true),
            ])
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        try requireLast(input, sizes, of: kind)
        return try aten(
            "layer_norm", .tensor(try widened(input, to: entries[0].tensor)), .ints(sizes), .tensor(entries[0].tensor), .tensor(entries[1].tensor),
            .float(epsilon), .bool(false))
    }
}

/// Instance normalisation: every channel of every item by itself (Ulyanov et al. 2016).
public final class InstanceNormalization: Layer {
    let rank: Int
    let features: Int
    let epsilon: Double

    public init(rank: Int, features: Int, epsilon: Double = 1e-5, affine: Bool = false) throws {
        let kind = "instance_norm\(rank)d"
        try requirePositive([("features", features)], of: kind)
        self.rank = rank
        self.features = features
        self.epsilon = epsilon
        let entries = !affine
            ? []
            : [
                LayerEntry("weight", try trainable(try Tensor.ones([features])), isParameter: true),
                LayerEntry("bias", try trainable(try Tensor.zeros([features])), isParameter: true),
            ]
        super.init(kind: kind, summary: "\(features)", entries: entries)
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        try requireChannels(input, features, rank: rank, of: kind)
        return try aten(
            "instance_norm", .tensor(try entries.first.map { try widened(input, to: $0.tensor) } ?? input), entries.isEmpty ? .none : .tensor(entries[0].tensor),
            entries.isEmpty ? .none : .tensor(entries[1].tensor), .none, .none, .bool(true), .float(0.1),
            .float(epsilon), .bool(false))
    }
}

/// Group normalisation: channels in equal groups (Wu and He 2018).
public final class GroupNormalization: Layer {
    let groups: Int
    let channels: Int
    let epsilon: Double

    public init(groups: Int, channels: Int, epsilon: Double = 1e-5) throws {
        try requirePositive([("groups", groups), ("channels", channels)], of: "group_norm")
        guard channels % groups == 0 else {
            throw Failure(
                "value", "`groups` of group_norm must divide \(channels), but is \(groups)")
        }
        self.groups = groups
        self.channels = channels
        self.epsilon = epsilon
        super.init(
            kind: "group_norm", summary: "\(groups), \(channels)",
            entries: [
                LayerEntry("weight", try trainable(try Tensor.ones([channels])), isParameter: true),
                LayerEntry("bias", try trainable(try Tensor.zeros([channels])), isParameter: true),
            ])
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        guard input.rank >= 2, input.shape[1] == channels else {
            throw Failure(
                "shape", "input of group_norm must be [B, \(channels), …], but has shape \(input.shape)")
        }
        return try aten(
            "group_norm", .tensor(try widened(input, to: entries[0].tensor)), .int(groups), .tensor(entries[0].tensor), .tensor(entries[1].tensor),
            .float(epsilon), .bool(false))
    }
}

/// What came out of a layer in bfloat16 (autocast), in the dtype of the weights that it meets: means and deviations need
/// their digits.
private func widened(_ input: Tensor, to weight: Tensor) throws -> Tensor {
    input.dtype == .bfloat16 && weight.dtype == .float32 ? try input.to(dtype: .float32) : input
}

/// Fails unless the last dimensions of `input` are `sizes`.
func requireLast(_ input: Tensor, _ sizes: [Int], of kind: String) throws {
    guard input.rank >= sizes.count, Array(input.shape.suffix(sizes.count)) == sizes else {
        throw Failure(
                "shape", "input of \(kind) must end in \(sizes), but has shape \(input.shape)")
    }
}
