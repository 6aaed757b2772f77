import Layers
import Tensors

/// Finds where numbers stop being finite while a model runs.
final class LayerWatch {
    /// The one that layers report to; nil almost always.
    nonisolated(unsafe) static var current: LayerWatch?

    /// The first layer whose output was not finite, and whether its input was.
    private(set) var first: (layer: Layer, hadFiniteInput: Bool)?

    func note(_ layer: Layer, input: Tensor, output: Tensor) throws {
        guard first == nil, try !LayerWatch.isFinite(output) else { return }
        first = (layer, try LayerWatch.isFinite(input))
    }

    /// Runs `body` with every layer watched, nothing recorded for gradients, and gives the first layer at fault.
    static func run(_ body: () throws -> Void) throws -> (layer: Layer, hadFiniteInput: Bool)? {
        let watch = LayerWatch()
        current = watch
        defer { current = nil }
        try withoutGradients(body)
        return watch.first
    }

    /// True when no element is infinite or not a number.
    static func isFinite(_ tensor: Tensor) throws -> Bool {
        guard tensor.dtype.isFloatingPoint else { return true }
        return try withoutGradients { try aten("all", .tensor(try aten("isfinite", .tensor(tensor)))).item() != 0 }
    }
}
