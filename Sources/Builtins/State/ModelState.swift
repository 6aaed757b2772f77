import Base
import Layers
import Machine
import Tensors

/// One tensor of a model's state: its state-dict name and whether optimisers change it.
struct StateEntry {
    let name: String
    let tensor: Tensor
    let isParameter: Bool
}

/// Every tensor of a model, a layer, a list or a map of these, in the order of the fields. Names are the paths of the
/// fields (`encoder.in_conv.conv_conv.0.weight`); a list's items count by their place. A tensor reached twice is
/// listed once, under its first name. Anything else is an error of code `type`.
func stateEntries(of value: Value) throws -> [StateEntry] {
    switch value.object?.content {
    case .payload(is Tensor), .items, .entries, .fields, .state: break
    default:
        throw Failure(
            "type", "what holds parameters must be a model, a layer, a tensor, or a list or map of these, but is \(value.typeName)")
    }
    var entries: [StateEntry] = []
    let walk = ValueWalk()
    walk.objects(in: value) { _, content in
        switch content {
        case .payload(let tensor as Tensor) where walk.isNew(tensor):
            entries.append(StateEntry(name: walk.path, tensor: tensor, isParameter: tensor.requiresGrad))
        case .state(let parts, let parameters?):
            for (name, part) in parts {
                guard case .payload(let tensor as Tensor)? = part.object?.content, walk.isNew(tensor) else { continue }
                entries.append(StateEntry(name: walk.path(to: name), tensor: tensor, isParameter: parameters.contains(name)))
            }
            return .past
        default: break
        }
        return .into
    }
    return entries
}

/// Every layer inside `value` with the path of the fields that lead to it, each once, in the order of the fields.
func layerPaths(of value: Value) -> [(path: String, layer: Layer)] {
    var found: [(path: String, layer: Layer)] = []
    let walk = ValueWalk()
    walk.objects(in: value) { object, _ in
        if let holder = object as? LayerObject { found.append((walk.path, holder.layer)) }
        return .into
    }
    return found
}

/// Calls `visit` with every layer and every model inside `value`, each once.
func visitModels(_ value: Value, _ visit: (Object) throws -> Void) rethrows {
    try ValueWalk().objects(in: value) { object, content in
        if case .state = content { try visit(object) }
        return .into
    }
}

/// Copies the tensors of `state` into the model's own, by name; every name must be there with the same shape.
func loadState(_ state: [(name: String, tensor: Tensor)], into value: Value, of function: String) throws {
    let entries = try stateEntries(of: value)
    let given = Dictionary(state.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let wanted = Set(entries.map(\.name))
    let absent = entries.filter { given[$0.name] == nil }.map(\.name)
    let surplus = state.map(\.name).filter { !wanted.contains($0) }
    guard absent.isEmpty, surplus.isEmpty else {
        throw Failure(
            "value", "names of \(function) must be the model's, but are not",
            help: "compare with `keys(state_dict(model))`", notes: nameNotes(absent: absent, surplus: surplus))
    }
    for entry in entries {
        guard let tensor = given[entry.name], tensor.shape == entry.tensor.shape else {
            throw Failure(
                "shape",
                "`\(entry.name)` must have shape \(entry.tensor.shape), but is \(given[entry.name]?.shape ?? [])",
                help: "make the model with the sizes that the weights were saved from")
        }
    }
    try withoutGradients {
        for entry in entries {
            if let tensor = given[entry.name] { _ = try aten("copy_", .tensor(entry.tensor), .tensor(tensor)) }
        }
    }
}

private func nameNotes(absent: [String], surplus: [String]) -> [String] {
    var notes: [String] = []
    if !absent.isEmpty { notes.append("not given: " + shortened(absent)) }
    if !surplus.isEmpty { notes.append("not in the model: " + shortened(surplus)) }
    return notes
}

private func shortened(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
}
