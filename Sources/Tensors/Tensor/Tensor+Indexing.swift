import Base

/// One item between the brackets of `x[…]`.
public enum TensorIndex {
    case at(Int)
    /// Bounds as written, with Python's rules; nil where left out.
    case slice(Int?, Int?, Int?)
    case ellipsis
    /// A new dimension of size 1.
    case newAxis
    /// Integers that pick places along a dimension, or a bool mask over one or more dimensions.
    case tensor(Tensor)
}

extension Tensor {
    /// What the indices pick; a view of the same memory where there is no tensor among them and no negative step.
    public func indexed(_ indices: [TensorIndex]) throws -> Tensor {
        let picked = try picking(indices)
        var view = picked.view
        if !picked.flips.isEmpty { view = try aten("flip", .tensor(view), .ints(picked.flips)) }
        guard picked.hasTensors else { return view }
        return try aten("index.Tensor", .tensor(view), .optionalTensors(picked.tensors))
    }

    /// Writes `value`, broadcast and converted to this tensor's dtype, to the places that the indices pick.
    public func assign(_ value: Tensor, at indices: [TensorIndex]) throws {
        let picked = try picking(indices)
        let target = picked.view
        if picked.hasTensors {
            guard picked.flips.isEmpty else {
                throw Failure("index", "an assignment cannot mix a negative step with tensor indices")
            }
            let same = try value.to(dtype: dtype).to(device: device)
            let shape = try aten("index.Tensor", .tensor(target.detached()), .optionalTensors(picked.tensors)).shape
            try Tensor.checkAssignable(same.shape, to: shape)
            try aten("index_put_", .tensor(target), .optionalTensors(picked.tensors), .tensor(same))
            return
        }
        try Tensor.checkAssignable(value.shape, to: target.shape)
        var source = value
        if !picked.flips.isEmpty {
            source = try aten("flip", .tensor(aten("expand", .tensor(value), .ints(target.shape))), .ints(picked.flips))
        }
        try target.copyElements(from: source)
    }

    private static func checkAssignable(_ source: [Int], to target: [Int]) throws {
        let fits = source.count <= target.count && (try? ShapeCheck.broadcast(source, target)) == target
        guard fits else {
            throw Failure("shape", "the places to assign have shape \(target), but the value has shape \(source)")
        }
    }

    /// A view by the plain indices, dimensions still to flip, and the tensor indices by dimension of the view.
    fileprivate struct Picked {
        var view: Tensor
        var flips: [Int] = []
        var tensors: [Tensor?] = []
        var hasTensors: Bool { tensors.contains { $0 != nil } }
    }

    private func picking(_ indices: [TensorIndex]) throws -> Picked {
        let used = indices.reduce(0) { $0 + $1.dimensionCount }
        guard used <= rank else {
            throw Failure("index", "a tensor of rank \(rank) takes at most \(rank) indices, but got \(used)")
        }
        guard indices.filter({ if case .ellipsis = $0 { return true } else { return false } }).count <= 1 else {
            throw Failure("index", "an index must have at most one `...`, but has more")
        }
        var picked = Picked(view: self)
        var dimension = 0
        var source = 0
        for index in indices {
            switch index {
            case .at(let place):
                let size = picked.view.shape[dimension]
                guard place >= -size, place < size else {
                    throw Failure(
                        "index",
                        size == 0
                            ? "dimension \(source) is empty, so it has no index \(place)"
                            : "an index into dimension \(source) must be from \(-size) to \(size - 1), but is \(place)",
                        help: size > 0 && place >= size ? "counting starts at 0, so the last of \(size) is \(size - 1)" : nil)
                }
                picked.view = try aten(
                    "select.int", .tensor(picked.view), .int(dimension), .int(place < 0 ? place + size : place))
                source += 1
            case .slice(let lower, let upper, let step):
                try picked.slice(dimension, lower, upper, step)
                dimension += 1
                source += 1
            case .ellipsis:
                dimension += rank - used
                source += rank - used
            case .newAxis:
                picked.view = try picked.view.unsqueezed(dimension)
                dimension += 1
            case .tensor(let tensor):
                while picked.tensors.count < dimension { picked.tensors.append(nil) }
                try picked.view.checkIndex(tensor, at: dimension, named: source)
                picked.tensors.append(try tensor.to(device: device))
                dimension += index.dimensionCount
                source += index.dimensionCount
                // A mask over several dimensions is one entry of libtorch's list; it spreads over them by itself, so
                // the places of later entries count from there.
                if tensor.dtype == .bool && tensor.rank > 1 {
                    let nonzero = try atenMany("nonzero_numpy", .tensor(picked.tensors.removeLast() ?? tensor))
                    picked.tensors.append(contentsOf: nonzero.map { Optional($0) })
                }
            }
        }
        return picked
    }

    private func checkIndex(_ tensor: Tensor, at dimension: Int, named source: Int) throws {
        switch tensor.dtype {
        case .bool:
            let covered = Array(shape[dimension..<min(dimension + tensor.rank, rank)])
            guard tensor.rank > 0, covered == tensor.shape else {
                throw Failure(
                    "shape", "a mask must have the shape of what it picks from, \(covered), but has \(tensor.shape)")
            }
        case .int64, .int32, .int16, .int8:
            break
        default:
            throw Failure(
                "type", "a tensor used as an index must hold int64 or bool, but holds \(tensor.dtype.name)",
                help: tensor.dtype == .uint8 ? "make it a mask with `x != 0`, or places with `to(x, \"int64\")`" : nil)
        }
    }
}

extension TensorIndex {
    /// The places that a slice picks from a dimension of `size`, with Python's rules: the first, the step, and how many.
    public static func places(
        _ lower: Int?, _ upper: Int?, _ step: Int?, of size: Int
    ) throws -> (first: Int, step: Int, count: Int) {
        // No dimension is so long that a lower step makes a difference, and this one's negative is a number as well.
        let step = max(step ?? 1, -Int.max)
        guard step != 0 else { throw Failure("value", "a slice's step must be different from zero, but is 0") }
        func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int { min(max(bound < 0 ? bound + size : bound, low), high) }
        if step > 0 {
            let from = lower.map { clamp($0, 0, size) } ?? 0
            let to = upper.map { clamp($0, 0, size) } ?? size
            return (from, step, to > from ? (to - from - 1) / step + 1 : 0)
        }
        let from = lower.map { clamp($0, -1, size - 1) } ?? size - 1
        let to = upper.map { clamp($0, -1, size - 1) } ?? -1
        return (from, step, from > to ? (from - to - 1) / -step + 1 : 0)
    }

    /// How many dimensions of the indexed tensor the item takes.
    fileprivate var dimensionCount: Int {
        switch self {
        case .at, .slice: return 1
        case .ellipsis, .newAxis: return 0
        case .tensor(let tensor): return tensor.dtype == .bool ? max(tensor.rank, 1) : 1
        }
    }
}

extension Tensor.Picked {
    fileprivate mutating func slice(_ dimension: Int, _ lower: Int?, _ upper: Int?, _ step: Int?) throws {
        let places = try TensorIndex.places(lower, upper, step, of: view.shape[dimension])
        if lower == nil && upper == nil && places.step == 1 { return }
        // Backwards the same places upwards, to be flipped afterwards.
        let reach = max(0, places.count - 1) * abs(places.step)
        let first = places.count == 0 ? 0 : places.step > 0 ? places.first : places.first - reach
        if places.step < 0 { flips.append(dimension) }
        view = try aten(
            "slice.Tensor", .tensor(view), .int(dimension), .int(first), .int(places.count == 0 ? 0 : first + reach + 1), .int(abs(places.step)))
    }
}
