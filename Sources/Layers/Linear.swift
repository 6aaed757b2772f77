import Tensors

/// Affine map of the last direction: [..., inputs] to [..., outputs], weight [outputs, inputs].
public final class Linear: Layer {
    let inputs: Int

    public init(inputs: Int, outputs: Int, bias: Bool = true) throws {
        try requirePositive([("inputs", inputs), ("outputs", outputs)], of: "linear")
        self.inputs = inputs
        let bound = defaultBound(inputsPerOutput: inputs)
        var entries = [LayerEntry("weight", try uniformParameter([outputs, inputs], bound: bound), isParameter: true)]
        if bias {
            entries.append(LayerEntry("bias", try uniformParameter([outputs], bound: bound), isParameter: true))
        }
        super.init(kind: "linear", summary: "\(inputs), \(outputs)", entries: entries)
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        try requireLast(input, [inputs], of: kind)
        return try aten(
            "linear", .tensor(input), .tensor(entries[0].tensor), entries.count > 1 ? .tensor(entries[1].tensor) : .none)
    }
}

/// A table of vectors looked up by integers: [...] of int64 to [..., size].
public final class Embedding: Layer {
    public init(count: Int, size: Int) throws {
        try requirePositive([("count", count), ("size", size)], of: "embedding")
        let weight = try trainable(try Tensor.randn([count, size]))
        super.init(
            kind: "embedding", summary: "\(count), \(size)", entries: [LayerEntry("weight", weight, isParameter: true)])
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        try aten("embedding", .tensor(entries[0].tensor), .tensor(input))
    }
}
