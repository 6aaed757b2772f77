import Tensors

/// A [B, C, H, W] tensor with the same values whose channels lie together in memory, which convolutions on CPUs
/// prefer.
public func channelsLast(_ tensor: Tensor) throws -> Tensor {
    // 2 is ChannelsLast in c10::MemoryFormat.
    try aten("contiguous", .tensor(tensor), named: ["memory_format": .int(2)])
}
