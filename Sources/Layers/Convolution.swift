import Base
import Tensors

/// Convolution over one, two or three directions: input [B, inputs, …], weight [outputs, inputs / groups, kernel…]; when
/// transposed [inputs, outputs / groups, kernel…], and the output is larger by the stride and `outputPadding`.
public final class Convolution: Layer {
    private let rank: Int
    private let inputs: Int
    private let stride: [Int]
    private let padding: [Int]
    private let outputPadding: [Int]
    private let dilation: [Int]
    private let groups: Int
    private let isTransposed: Bool

    public init(
        rank: Int, inputs: Int, outputs: Int, kernel: [Int], stride: [Int] = [1], padding: [Int] = [0],
        outputPadding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1, bias: Bool = true, isTransposed: Bool = false
    ) throws {
        let kind = isTransposed ? "conv_transpose\(rank)d" : "conv\(rank)d"
        try requireGroups(groups, inputs, outputs, of: kind)
        let kernel = try directions(kernel, rank, "kernel", of: kind)
        self.rank = rank
        self.inputs = inputs
        self.stride = try directions(stride, rank, "stride", of: kind)
        self.padding = try directions(padding, rank, "padding", of: kind, from: 0)
        self.outputPadding = try directions(outputPadding, rank, "output_padding", of: kind, from: 0)
        self.dilation = try directions(dilation, rank, "dilation", of: kind)
        self.groups = groups
        self.isTransposed = isTransposed
        let channels = isTransposed ? [inputs, outputs / groups] : [outputs, inputs / groups]
        super.init(
            kind: kind, summary: "\(inputs), \(outputs), kernel: \(kernel)",
            entries: try convolutionEntries(channels + kernel, bias: bias ? outputs : nil))
    }

    public override func forward(_ input: Tensor) throws -> Tensor {
        try requireChannels(input, inputs, rank: rank, of: kind)
        let bias: AtenArgument = entries.count > 1 ? .tensor(entries[1].tensor) : .none
        guard isTransposed else {
            return try aten(
                kind, .tensor(input), .tensor(entries[0].tensor), bias, .ints(stride), .ints(padding), .ints(dilation), .int(groups))
        }
        return try aten(
            rank == 1 ? kind : "\(kind).input", .tensor(input), .tensor(entries[0].tensor), bias, .ints(stride), .ints(padding),
            .ints(outputPadding), .int(groups), .ints(dilation))
    }
}

/// Fails unless channels and groups are positive and the groups divide both channel counts.
private func requireGroups(_ groups: Int, _ inputs: Int, _ outputs: Int, of kind: String) throws {
    try requirePositive([("inputs", inputs), ("outputs", outputs), ("groups", groups)], of: kind)
    guard inputs % groups == 0, outputs % groups == 0 else {
        throw Failure("value", "`groups` of \(kind) must divide \(inputs) and \(outputs), but is \(groups)")
    }
}

/// Weight of the given shape, and a bias of `bias` numbers unless that is nil, with PyTorch's starting values.
private func convolutionEntries(_ shape: [Int], bias: Int?) throws -> [LayerEntry] {
    try Tensor.checkSizes(shape)
    let bound = defaultBound(inputsPerOutput: shape.dropFirst().reduce(1, *))
    var entries = [LayerEntry("weight", try uniformParameter(shape, bound: bound), isParameter: true)]
    if let bias {
        entries.append(LayerEntry("bias", try uniformParameter([bias], bound: bound), isParameter: true))
    }
    return entries
}

/// Fails unless `input` is [B, channels] followed by `rank` directions.
func requireChannels(_ input: Tensor, _ channels: Int, rank: Int, of kind: String) throws {
    let shape = input.shape
    guard shape.count == rank + 2 else {
        throw Failure(
            "shape", "input of \(kind) must have \(rank + 2) dimensions [B, C, …], but has shape \(shape)",
            help: shape.count == rank + 1 ? "add the batch dimension with `unsqueeze(x, 0)`" : nil)
    }
    guard shape[1] == channels else {
        throw Failure(
            "shape", "input of \(kind) must have \(channels) channels, but has \(shape[1]) (shape \(shape))",
            help: "the layer was made for \(channels) channels, the first number it was given; the second size of its input, [B, C, …], must be as many")
    }
}
