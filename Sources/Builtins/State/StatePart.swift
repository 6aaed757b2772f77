import Base
import Machine
import Tensors

/// The part of a file's arrays that holds a model's state, with names as the model has them.
///
/// A `prefix` is taken as it is given. Without one, names that are the model's already are left so; else the part is
/// looked for whose names, behind one prefix, are the model's: `state_dict.` and `model.` of checkpoints, `module.` of
/// PyTorch's parallel models. What lies beside that part is no state of the model. Code `value` where several parts fit,
/// or nothing begins with `prefix`.
func statePart(
    of arrays: [(name: String, tensor: Tensor)], for model: Value, prefix: String?, path: String
) throws -> [(name: String, tensor: Tensor)] {
    func below(_ prefix: String) -> [(name: String, tensor: Tensor)] {
        arrays.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
    }
    if let prefix {
        let whole = prefix.isEmpty || prefix.hasSuffix(".") ? prefix : prefix + "."
        let found = below(whole)
        guard !found.isEmpty else {
            throw Failure(
                "value", "`prefix` must be the beginning of names in \(path), but none begins with \"\(whole)\"",
                help: beginnings(arrays.map(\.name)), argument: "prefix")
        }
        return found
    }
    let wanted = try stateEntries(of: model)
    let names = Set(arrays.map(\.name))
    guard let first = wanted.first?.name, !names.contains(first) else { return arrays }
    let prefixes = arrays.compactMap { $0.name.hasSuffix("." + first) ? String($0.name.dropLast(first.count)) : nil }
        .filter { prefix in wanted.allSatisfy { names.contains(prefix + $0.name) } }
    switch prefixes.count {
    case 0: return arrays
    case 1: return below(prefixes[0])
    default:
        throw Failure(
            "value",
            "\(path) must hold the model's state once, but holds it below \(prefixes.prefix(4).map { "\"\($0.dropLast())\"" }.joined(separator: ", "))",
            help: "say which: load_weights(model, path, prefix: \"\(prefixes[0].dropLast())\")")
    }
}

/// `names begin with state_dict, optimizer`.
private func beginnings(_ names: [String]) -> String {
    var found: [String] = []
    for name in names {
        let part = String(name.prefix { $0 != "." })
        if !found.contains(part) { found.append(part) }
    }
    return "names begin with " + found.prefix(8).joined(separator: ", ") + (found.count > 8 ? ", …" : "")
}
