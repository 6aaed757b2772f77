import Figures
import Machine
import Tensors

extension SliceSource {
    /// The volume, or the tensor [H, W] or [Z, H, W], that is given for a parameter, alone or in a list.
    init(_ value: Value, _ call: PrimitiveCall, _ position: Int) throws {
        switch value.object {
        case let object as VolumeObject: try self.init(object.volume)
        case let object as TensorObject:
            var tensor = object.tensor
            while tensor.rank > 3, tensor.shape[0] == 1 {
                tensor = try aten("select.int", .tensor(tensor), .int(0), .int(0))
            }
            if tensor.rank == 2 { tensor = try aten("unsqueeze", .tensor(tensor), .int(0)) }
            guard tensor.rank == 3 else {
                throw call.mismatch(
                    position, expected: "an image of shape [H, W] or [Z, H, W]",
                    found: "a tensor of shape \(object.tensor.shape)")
            }
            self.init(data: tensor, spacing: [1, 1, 1], orientation: nil)
        default:
            throw call.mismatch(position, expected: "a volume or a tensor", found: value.typeName)
        }
        guard data.count > 0 else {
            throw call.mismatch(position, expected: "an image with voxels", found: "an empty one of shape \(data.shape)")
        }
    }
}

/// What a value names: a list or a map gives several, everything else one.
private func several(_ value: Value) -> [(name: String, value: Value)] {
    switch value.object {
    case let list as ListObject: return list.items.map { ("", $0) }
    case let map as MapObject: return map.items.map { ($0.key.value.text, $0.value) }
    default:
        if case .none = value { return [] }
        return [("", value)]
    }
}

/// Images and their labels, each given alone, as a list or by names.
func imagePairs(_ call: PrimitiveCall, images imagePosition: Int, labels labelPosition: Int) throws -> [OverlayFigure.Pair] {
    let (images, labels) = (several(call[imagePosition]), several(call[labelPosition]))
    guard !images.isEmpty else {
        throw call.mismatch(imagePosition, expected: "at least one image", found: "an empty list")
    }
    guard labels.isEmpty || images.count == 1 || labels.count == 1 || labels.count == images.count else {
        throw call.mismatch(
            labelPosition, expected: "one label map for each of the \(images.count) images", found: "\(labels.count)")
    }
    return try OverlayFigure.pairs(
        images.map { ($0.name, try SliceSource($0.value, call, imagePosition)) },
        labels.map { label -> (name: String, source: SliceSource?) in
            if case .none = label.value { return (label.name, nil) }
            return (label.name, try SliceSource(label.value, call, labelPosition))
        })
}

/// Names of classes by number: a map from number to name, or a list that starts with class 1 and names every class of `pairs`.
func classNames(_ call: PrimitiveCall, _ position: Int, for pairs: [OverlayFigure.Pair]) throws -> [Int: String] {
    switch call[position].object {
    case let list as ListObject:
        let count = try pairs.compactMap { try $0.labels?.greatestLabel() }.max() ?? 0
        guard list.items.count >= count else {
            throw call.mismatch(
                position, expected: "a list of \(count) names, one for each class from 1", found: "a list of \(list.items.count)",
                help: "name some of the labels with a map: {[1]: \"RV\", [3]: \"LV\"}")
        }
        // `labels.names` begin with the background: taken for those from class 1, every class would have its neighbour's.
        if let known = pairs.compactMap({ $0.labels?.volume?.labels?.values?.count }).max(), list.items.count >= known {
            throw call.mismatch(
                position, expected: "a list of \(known - 1) names, one for each class from 1", found: "a list of \(list.items.count)",
                help: "the background has no name here; left out, `names` are those that the labels bring")
        }
        return Dictionary(uniqueKeysWithValues: list.items.enumerated().map { ($0.offset + 1, $0.element.text) })
    case let map as MapObject:
        var names: [Int: String] = [:]
        for (key, value) in map.items {
            guard let number = Int(key.value.text) else {
                throw call.mismatch(position, expected: "a map from class numbers to names", found: "a map with `\(key.value.text)`")
            }
            names[number] = value.text
        }
        return names
    default:
        if call.isNone(position) { return OverlayFigure.ownNames(of: pairs) }
        throw call.mismatch(position, expected: "a list or map of names")
    }
}
