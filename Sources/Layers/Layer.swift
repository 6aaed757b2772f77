import Base
import Tensors

/// One named tensor of a layer: a parameter that optimisers change, or a buffer that only travels with the state.
public struct LayerEntry {
    public let name: String
    public var tensor: Tensor
    public let isParameter: Bool

    public init(_ name: String, _ tensor: Tensor, isParameter: Bool) {
        self.name = name
        self.tensor = tensor
        self.isParameter = isParameter
    }
}

/// A function of tensors with its own parameters, the smallest part of a model. Names of entries are PyTorch's
/// (`weight`, `bias`, `running_mean`, …), so that state dicts made there fit here.
open class Layer {
    /// What scripts call to make one: `conv2d`.
    public let kind: String
    /// Sizes as shown when the layer is printed: `1, 16, kernel: [3, 3]`.
    public let summary: String
    /// Parameters and buffers in PyTorch's order.
    public internal(set) var entries: [LayerEntry]
    /// Batch statistics are used and remembered while true.
    public var isTraining = true

    init(kind: String, summary: String, entries: [LayerEntry]) {
        self.kind = kind
        self.summary = summary
        self.entries = entries
    }

    /// The layer's output for one input batch; shapes are those of the PyTorch layer of the same name.
    open func forward(_ input: Tensor) throws -> Tensor { input }

    /// The tensor called `name`, nil when the layer has none.
    public func tensor(_ name: String) -> Tensor? {
        entries.first { $0.name == name }?.tensor
    }

    /// Puts another tensor of the same shape in place of the entry `name`.
    public func replace(_ name: String, with tensor: Tensor) throws {
        guard let place = entries.firstIndex(where: { $0.name == name }) else {
            throw Failure(
                "name", "\(kind) has no tensor called `\(name)`",
                help: "it has " + entries.map { "`\($0.name)`" }.joined(separator: ", "))
        }
        guard tensor.shape == entries[place].tensor.shape else {
            throw Failure(
                "shape", "`\(name)` of \(kind) must have shape \(entries[place].tensor.shape), but is \(tensor.shape)")
        }
        entries[place].tensor = tensor
    }
}
