import Layers
import Machine
import Tensors

/// Looks for the layer at which numbers stop being finite.
struct FiniteSearch {
    let models: Value
    /// A batch for each model, or a function that runs them; nil when there is none.
    let input: Value
    let machine: Machine

    /// What is known, in words that name the layer: weights first, then gradients, then what the layers give.
    func finding() throws -> String {
        let layers = layerPaths(of: models)
        for (path, layer) in layers {
            if let entry = try layer.entries.first(where: { try !LayerWatch.isFinite($0.tensor) }) {
                return "`\(entry.name)` of layer `\(path)` (\(layer.kind)) is not finite; an earlier step spoilt it"
            }
        }
        if let found = try runFinding(layers) { return found }
        // Gradients run from the last layer to the first and spoil all on their way.
        for (path, layer) in layers.reversed() {
            for entry in layer.entries where entry.isParameter {
                let isSpoilt = try entry.tensor.grad.map { try !LayerWatch.isFinite($0) } ?? false
                if isSpoilt {
                    return "the gradient of `\(entry.name)` of layer `\(path)` (\(layer.kind)) is not finite, and no layer after it has one"
                }
            }
        }
        return layers.isEmpty
            ? "no models were given to look through" : "every layer's weights and results are finite: the term itself is where to look"
    }

    private func runFinding(_ layers: [(path: String, layer: Layer)]) throws -> String? {
        if case .none = input { return nil }
        let batch = (input.object as? TensorObject)?.tensor
        if let batch, try !LayerWatch.isFinite(batch) { return "the input itself is not finite" }
        // Looking must not change what is looked at: batch statistics and random numbers are put back.
        let random = try RandomState()
        let buffers = try layers.flatMap { try $0.layer.entries.filter { !$0.isParameter }.map { ($0.tensor, try $0.tensor.cloned()) } }
        let found = try LayerWatch.run {
            if batch == nil {
                _ = try machine.call(input, [])
            } else {
                for model in roots { _ = try machine.call(model, [input]) }
            }
        }
        try withoutGradients { for (tensor, before) in buffers { try aten("copy_", .tensor(tensor), .tensor(before)) } }
        try random.restore()
        guard let found, let path = layers.first(where: { $0.layer === found.layer })?.path else { return nil }
        return "layer `\(path)` (\(found.layer.kind)) is the first that \(found.hadFiniteInput ? "gives" : "is given") numbers that are not finite"
    }

    /// The models to call: one, or those of a list or map.
    private var roots: [Value] {
        switch models.object {
        case let list as ListObject: return list.items
        case let map as MapObject: return map.items.map(\.value)
        default: return [models]
        }
    }
}
