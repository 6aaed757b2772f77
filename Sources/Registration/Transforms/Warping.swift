import Base
import Tensors
import Volumes

/// Brings a volume on the transform's moving grid onto its fixed grid. Values between voxels are linear (or nearest);
/// where the map leaves the moving volume they are `outside`. Times and components after the third axis are carried
/// along. Throws code `grid` for a volume on another grid, `value` when the volume's dtype cannot hold `outside`, `type`
/// for complex numbers and for a label map that is to be carried linearly.
public func warp(
    _ volume: Volume, _ transform: Transform, interpolation: Interpolation = .linear, outside: Double = 0
) throws -> Volume {
    try transform.requireMoving(volume.grid, call: "warp")
    guard volume.labels == nil || interpolation == .nearest else {
        throw Failure(
            "type", "warp must carry an image, but is given labels, and there is nothing between two classes",
            help: "`warp_labels(labels, transform)` carries labels", argument: "volume")
    }
    return try withoutGradients {
        let dtype = volume.data.dtype
        try requireReal(dtype)
        try volume.requireElement(outside, "`outside`")
        let trailing = Array(volume.data.shape.dropFirst(3))
        // Single precision holds whole numbers below 2^24.
        let working: DType = dtype == .float64 || dtype == .int64 || dtype == .int32 ? .float64 : .float32
        let channels = try volume.data.to(dtype: working)
            .reshaped(volume.grid.shape + [trailing.reduce(1, *)]).permuted([3, 0, 1, 2]).contiguous()
        let coordinates = try samplerCoordinates(transform.movingVoxels(dtype: working), source: transform.moving.shape)
        var values = try sample(channels, at: coordinates, padding: .border, nearest: interpolation == .nearest)
        let beyond = try aten("logical_not", .tensor(isInside(coordinates)))
        values = try aten("masked_fill.Scalar", .tensor(values), .tensor(beyond), .float(outside))
        if !dtype.isFloatingPoint { values = try aten("round", .tensor(values)) }
        let shaped = try values.permuted([1, 2, 3, 0]).reshaped(transform.fixed.shape + trailing)
        return try Volume(data: shaped.to(dtype: dtype).contiguous(), grid: transform.fixed, labels: volume.labels)
    }
}

private func requireReal(_ dtype: DType) throws {
    guard !dtype.isComplex else {
        throw Failure(
            "type", "a volume to warp must hold real numbers, but holds \(dtype.name)", help: "warp abs(volume.data), or its parts one by one",
            argument: "volume")
    }
}

/// Brings a label map onto the transform's fixed grid. Every class is carried as a membership between 0 and 1 with
/// linear interpolation and the largest wins, so edges stay smooth; outside the moving volume is 0. The dtype stays.
/// Throws code `grid` for labels on another grid.
public func warpLabels(_ labels: Volume, _ transform: Transform) throws -> Volume {
    try transform.requireMoving(labels.grid, call: "warp_labels")
    guard labels.data.rank == 3 else {
        throw Failure("shape", "labels must have three dimensions, but have shape \(labels.data.shape)")
    }
    return try withoutGradients {
        let coordinates = try samplerCoordinates(transform.movingVoxels(), source: transform.moving.shape)
        let present = try presentClasses(labels.data)
        var memberships: [Tensor] = []
        for label in present {
            let mask = try equal(labels.data, to: label).to(dtype: .float32).unsqueezed(0)
            memberships.append(try sample(mask, at: coordinates))
        }
        guard !memberships.isEmpty else {
            return try Volume(
                data: try Tensor.zeros(transform.fixed.shape, dtype: labels.data.dtype), grid: transform.fixed,
                labels: labels.labels)
        }
        let foreground = try Tensor.cat(memberships)
        let background = try aten("sum.dim_IntList", .tensor(foreground), [0], true).multiplying(-1).adding(1)
        let winner = try aten("argmax", .tensor(try Tensor.cat([background, foreground])), 0)
        let values = try Tensor([0] + present).to(dtype: labels.data.dtype)
        let carried = try aten("index_select", .tensor(values), 0, .tensor(winner.reshaped([winner.count])))
        return try Volume(data: carried.reshaped(transform.fixed.shape), grid: transform.fixed, labels: labels.labels)
    }
}

/// The largest number up to which a double holds every whole one.
private let largestLabel = 9_007_199_254_740_992.0

/// The nonzero values of a label map, ascending. Throws code `value` when one is not a whole number, or when there are
/// more than 1024 (an image given for labels).
func presentClasses(_ labels: Tensor) throws -> [Int] {
    let values = try atenMany("_unique2", .tensor(labels))[0].doubles()
    if let wrong = values.first(where: { $0 != $0.rounded() || !$0.isFinite }) {
        throw Failure("value", "labels must be whole numbers, but one is \(wrong)", help: "read them with read_labels", argument: "labels")
    }
    if let wrong = values.first(where: { abs($0) > largestLabel }) {
        throw Failure("value", "labels must be at most \(Int(largestLabel)), but one is \(wrong)", argument: "labels")
    }
    guard values.count <= 1024 else {
        throw Failure(
            "value", "a label map must have at most 1024 classes, but has \(values.count)",
            help: "is this an image? warp(volume, transform) carries images", argument: "labels")
    }
    return values.map { Int($0) }.filter { $0 != 0 }.sorted()
}

func equal(_ labels: Tensor, to label: Int) throws -> Tensor { try labels.applying(.equal, label) }
