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
    switch value.object {
    case is TensorObject, is LayerObject, is RecordObject, is ListObject, is MapObject: break
    default:
        throw Failure(
            "type", "what holds parameters must be a model, a layer, a tensor, or a list or map of these, but is \(value.typeName)")
    }
    var entries: [StateEntry] = []
    var seen: Set<ObjectIdentifier> = []
    gather(value, name: "", into: &entries, seen: &seen)
    return entries
}

private func gather(
    _ value: Value, name: String, into entries: inout [StateEntry], seen: inout Set<ObjectIdentifier>
) {
    guard case .object(let object) = value else { return }
    let prefix = name.isEmpty ? "" : name + "."
    switch object {
    case let holder as TensorObject:
        guard seen.insert(ObjectIdentifier(holder.tensor)).inserted else { return }
        entries.append(StateEntry(name: name, tensor: holder.tensor, isParameter: holder.tensor.requiresGrad))
    case let holder as LayerObject:
        for entry in holder.layer.entries where seen.insert(ObjectIdentifier(entry.tensor)).inserted {
            entries.append(
                StateEntry(name: prefix + entry.name, tensor: entry.tensor, isParameter: entry.isParameter))
        }
    default:
        guard seen.insert(ObjectIdentifier(object)).inserted else { return }
        for (part, child) in namedParts(of: object) { gather(child, name: prefix + part, into: &entries, seen: &seen) }
    }
}

/// The named parts that a state dict descends into: a model's or record's fields, a list's items, a map's values.
private func namedParts(of object: Object) -> [(String, Value)] {
    switch object {
    case let record as RecordObject: return Array(zip(record.type.fields, record.values))
    case let list as ListObject: return list.items.enumerated().map { (String($0.offset), $0.element) }
    case let map as MapObject: return map.items.map { ($0.key.value.text, $0.value) }
    default: return []
    }
}

/// Every layer inside `value` with the path of the fields that lead to it, each once, in the order of the fields.
func layerPaths(of value: Value) -> [(path: String, layer: Layer)] {
    var found: [(path: String, layer: Layer)] = []
    var seen: Set<ObjectIdentifier> = []
    gatherLayers(value, path: "", into: &found, seen: &seen)
    return found
}

private func gatherLayers(
    _ value: Value, path: String, into found: inout [(path: String, layer: Layer)], seen: inout Set<ObjectIdentifier>
) {
    guard case .object(let object) = value, seen.insert(ObjectIdentifier(object)).inserted else { return }
    if let holder = object as? LayerObject { found.append((path, holder.layer)) }
    for (part, child) in namedParts(of: object) {
        gatherLayers(child, path: path.isEmpty ? part : "\(path).\(part)", into: &found, seen: &seen)
    }
}

/// Calls `visit` with every layer and every model inside `value`, each once.
func visitModels(_ value: Value, _ visit: (Object) throws -> Void) rethrows {
    var seen: Set<ObjectIdentifier> = []
    try visitParts(value, &seen, visit)
}

private func visitParts(
    _ value: Value, _ seen: inout Set<ObjectIdentifier>, _ visit: (Object) throws -> Void
) rethrows {
    guard case .object(let object) = value, seen.insert(ObjectIdentifier(object)).inserted else { return }
    if object is RecordObject || object is LayerObject { try visit(object) }
    for (_, child) in namedParts(of: object) { try visitParts(child, &seen, visit) }
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
