import Base
import Layers
import Machine
import Tensors

/// A layer as scripts hold it: callable, with its tensors as fields.
final class LayerObject: Object {
    let layer: Layer

    init(_ layer: Layer) { self.layer = layer }

    override var typeName: String { "Layer" }
    override class var typeNames: [TypeName] { [TypeName("Layer", isCallable: true)] }
    override var text: String { "\(layer.kind)(\(layer.summary))" }
    override var content: Content {
        .state(
            layer.entries.map { ($0.name, .tensor($0.tensor)) }, parameters: layer.entries.filter(\.isParameter).map(\.name))
    }
    override var fieldNames: [String] { layer.entries.map(\.name) + ["training"] }

    override func field(_ name: String) throws -> Value? {
        if name == "training" { return .boolean(layer.isTraining) }
        return layer.tensor(name).map { Value.tensor($0) }
    }

    override func setField(_ name: String, to value: Value) throws -> Bool {
        if name == "training", case .boolean(let isTraining) = value {
            layer.isTraining = isTraining
            return true
        }
        guard layer.tensor(name) != nil, case .object(let object as TensorObject) = value else { return false }
        try layer.replace(name, with: object.tensor)
        return true
    }

    override var isCallable: Bool { true }
    override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        guard arguments.named.isEmpty, arguments.positional.count == 1,
            case .object(let input as TensorObject) = arguments.positional[0]
        else {
            throw Failure("type", "\(layer.kind) must be called with one tensor")
        }
        let output = try layer.forward(input.tensor)
        if let watch = LayerWatch.current { try watch.note(layer, input: input.tensor, output: output) }
        return .tensor(output)
    }
}

/// An optimiser as scripts hold it; `rate` may be assigned.
final class OptimizerObject: Object {
    let optimizer: TorchOptimizer

    init(_ optimizer: TorchOptimizer) { self.optimizer = optimizer }

    override var typeName: String { "Optimizer" }
    override class var typeNames: [TypeName] { [TypeName("Optimizer")] }
    override var text: String {
        "\(optimizer.kind.name)(\(optimizer.parameters.count) tensors, rate: \(formatFloat(optimizer.rate)))"
    }
    override var content: Content {
        .whole(holding: optimizer.parameters) { [optimizer] in
            let state: [Part] = try optimizer.state().map { ($0.name, .tensor($0.tensor)) }
            return [("kind", .string(optimizer.kind.name))] + state
        }
    }
    override var fieldNames: [String] { ["rate", "parameters"] }

    override func field(_ name: String) throws -> Value? {
        switch name {
        case "rate": return .float(optimizer.rate)
        case "parameters": return .list(optimizer.parameters.map { Value.tensor($0) })
        default: return nil
        }
    }

    override func setField(_ name: String, to value: Value) throws -> Bool {
        guard name == "rate" else { return false }
        switch value {
        case .float(let rate): try optimizer.setRate(rate)
        case .integer(let rate): try optimizer.setRate(Double(rate))
        default: return false
        }
        return true
    }
}

extension OptimizerObject: Restorable {
    func change(to saved: Value, _ subject: String) throws -> (() throws -> Void)? {
        guard let given = saved.object as? MapObject, let kind = (given.items[MapKey("kind")]?.object as? StringObject)?.string else {
            return nil
        }
        guard kind == optimizer.kind.name else {
            throw Failure("value", "\(subject) must be \(kind) as in the checkpoint, but is \(optimizer.kind.name)")
        }
        let state = given.items.compactMap { key, value in
            (value.object as? TensorObject).map { (name: key.value.text, tensor: $0.tensor) }
        }
        try optimizer.requireFitting(state)
        return { [optimizer] in try optimizer.load(state: state) }
    }
}

extension Value {
    static func layer(_ layer: Layer) -> Value { .object(LayerObject(layer)) }
    static func optimizer(_ optimizer: TorchOptimizer) -> Value { .object(OptimizerObject(optimizer)) }
}

extension PrimitiveCall {
    /// The optimiser given as parameter `position`.
    func optimizer(_ position: Int) throws -> TorchOptimizer {
        if case .object(let object as OptimizerObject) = values[position] { return object.optimizer }
        throw mismatch(position, expected: "an optimiser", help: "make one with `sgd`, `adam` or `adamw`")
    }
}
