import Base
import Layers
import Machine
import Tensors

/// What is done with whole models: their parameters, their state, and files of weights.
enum ModelPrimitives {
    static let module = PrimitiveModule(
        "models", "Parameters, state and weights of models.",
        [
            Primitive(
                "parameters(model)", "The tensors that training changes, in the order of the model's fields.",
                example: "len(parameters(linear(3, 2)))  # => 2"
            ) { (model: Value) in
                Value.list(try stateEntries(of: model).filter(\.isParameter).map { Value.tensor($0.tensor) })
            },
            Primitive(
                "count_parameters(model) -> Int", "How many numbers training changes.",
                example: "count_parameters(linear(3, 2))  # => 8"
            ) { (model: Value) in
                try stateEntries(of: model).filter(\.isParameter).reduce(0) { $0 + $1.tensor.count }
            },
            Primitive(
                "state_dict(model)", "A map from names to the tensors of the model, parameters and buffers.",
                details: "Names are the paths of the fields, as in PyTorch: `encoder.conv.weight`; a list's items count by "
                    + "their place.",
                example: "keys(state_dict(linear(3, 2)))  # => [\"weight\", \"bias\"]"
            ) { (model: Value) in
                Value.object(MapObject(try stateEntries(of: model).map { ($0.name, Value.tensor($0.tensor)) }))
            },
            Primitive(
                "load_state(model, state: Map)", "Copies tensors into the model by name; names and shapes must agree.",
                details: "Gives the model."
            ) { (model: Value, state: NamedTensors) in
                try loadState(state.tensors, into: model, of: "load_state")
                return model
            },
            Primitive("train(model)", "Turns training behaviour on (dropout, batch statistics); gives the model.") { (model: Value) in
                setTraining(model, true)
                return model
            },
            Primitive("eval(model)", "Turns training behaviour off; gives the model.") { (model: Value) in
                setTraining(model, false)
                return model
            },
            Primitive(
                "save_weights(model, path: String)", "Writes the model's state to a file; the extension chooses \(alternatives(ArrayFormats.endings))."
            ) { (model: Value, path: String) in
                let state = try stateEntries(of: model).map { (name: $0.name, tensor: $0.tensor) }
                try writeArrays(path, state)
                return Value.none
            },
            Primitive(
                "load_weights(model, path: String, prefix: String? = nil)",
                "Reads a model's state from a file of arrays (\(ArrayFormats.names)); gives the model.",
                details: """
                    Names and shapes must be the model's; the names are PyTorch's state-dict names. In a checkpoint that holds more,
                    such as `{"state_dict": …, "optimizer": …}`, or names that all begin with `module.`, the part with the model's
                    names is found by itself. Where several parts have them, `prefix` says which: `prefix: "teacher"` takes the
                    names below `teacher.`.
                    """
            ) { (model: Value, path: String, prefix: String?) in
                let file = try readArrayFile(path)
                let part = try statePart(
                    of: file.arrays, for: model, prefix: prefix, path: path)
                do {
                    try loadState(part, into: model, of: "the file")
                } catch var failure as Failure {
                    failure.notes += file.leftOut.prefix(4).map { "`\($0.name)` of the file is \($0.reason)" }
                    throw failure
                }
                return model
            },
        ])
}

private func setTraining(_ value: Value, _ isTraining: Bool) {
    visitModels(value) { object in
        if let model = object as? RecordObject { model.isTraining = isTraining }
        if let holder = object as? LayerObject { holder.layer.isTraining = isTraining }
    }
}

/// A map argument as names and tensors, in its order.
private struct NamedTensors: ScriptReadable {
    let tensors: [(name: String, tensor: Tensor)]

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> NamedTensors {
        NamedTensors(
            tensors: try MapObject.read(call, position).items.map { entry in
                guard case .object(let holder as TensorObject) = entry.value else {
                    throw call.mismatch(
                        position, expected: "a map from names to tensors", found: "a map that holds \(entry.value.typeName)")
                }
                return (entry.key.value.text, holder.tensor)
            })
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Map") }
}
