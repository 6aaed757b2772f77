import Tensors

/// A [B, C, H, W] tensor with the same values whose channels lie together in memory, which convolutions on CPUs
/// prefer.
public func channelsLast(_ tensor: Tensor) throws -> Tensor {
    // 2 is ChannelsLast in c10::MemoryFormat.
    let laid = try aten("contiguous", .tensor(tensor), named: ["memory_format": .int(2)])
    // One channel lies the same either way, so that libtorch leaves it as it is; but convolutions see by the strides
    // how their results shall lie.
    let (channels, height, width) = (laid.shape[1], laid.shape[2], laid.shape[3])
    guard channels == 1 else { return laid }
    return try aten("as_strided", .tensor(laid), .ints(laid.shape), .ints([height * width, 1, width, 1]))
}
