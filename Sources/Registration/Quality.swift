import Base
import Tensors
import Volumes

/// Determinant of the Jacobian of the transform's map at every fixed voxel: how much a small volume grows, negative
/// where space is turned inside out. Central differences in mm, one-sided at the border.
public func jacobian(_ transform: Transform) throws -> Volume {
    try withoutGradients { try Volume(data: determinants(of: transform), grid: transform.fixed) }
}

/// Fraction of the fixed grid's voxels whose Jacobian determinant is 0 or less, relative to the affine part (a mirror
/// alone is no folding).
func foldingFraction(of transform: Transform) throws -> Double {
    guard transform.displacement != nil else { return 0 }
    return try withoutGradients {
        let sign = transform.affine.determinant < 0 ? -1.0 : 1.0
        let folded = try determinants(of: transform).multiplying(sign).applying(.lessOrEqual, 0.0)
        return try aten("mean", .tensor(folded.to(dtype: .float32))).item()
    }
}

/// Fraction of voxels where the transform folds, 0 to 1.
public func folding(_ transform: Transform) throws -> Double { try transform.folding() }

private func determinants(of transform: Transform) throws -> Tensor {
    let scale = transform.affine.determinant
    guard let displacement = transform.displacement else { return try Tensor.full(transform.fixed.shape, scale) }
    // d displacement / d voxel, then times d voxel / d world.
    let byVoxel = try (0..<3).map { try gradient(displacement, along: $0 + 1) }
    let inverse = transform.fixed.inverse
    var rows: [[Tensor]] = []
    for component in 0..<3 {
        let parts = try byVoxel.map { try aten("select.int", .tensor($0), 0, .int(component)) }
        rows.append(
            try (0..<3).map { axis in
                var sum = try parts[0].multiplying(inverse[0, axis])
                for voxelAxis in 1..<3 { sum = try sum.adding(parts[voxelAxis].multiplying(inverse[voxelAxis, axis])) }
                return component == axis ? try sum.adding(1) : sum
            })
    }
    func minor(_ a: Int, _ b: Int) throws -> Tensor {
        try rows[1][a].multiplying(rows[2][b]).subtracting(rows[1][b].multiplying(rows[2][a]))
    }
    let determinant = try rows[0][0].multiplying(minor(1, 2))
        .subtracting(rows[0][1].multiplying(minor(0, 2)))
        .adding(rows[0][2].multiplying(minor(0, 1)))
    return try determinant.multiplying(scale)
}

/// Central differences along a dimension, one-sided at both ends; zero where the dimension has one element.
func gradient(_ values: Tensor, along dimension: Int) throws -> Tensor {
    let size = values.shape[dimension]
    guard size > 1 else { return try aten("zeros_like", .tensor(values)) }
    func part(_ start: Int, _ length: Int) throws -> Tensor {
        try aten("narrow", .tensor(values), .int(dimension), .int(start), .int(length))
    }
    let first = try part(1, 1).subtracting(part(0, 1))
    let last = try part(size - 1, 1).subtracting(part(size - 2, 1))
    guard size > 2 else { return try Tensor.cat([first, last], dimension: dimension) }
    let middle = try part(2, size - 2).subtracting(part(0, size - 2)).multiplying(0.5)
    return try Tensor.cat([first, middle, last], dimension: dimension)
}

/// How far points come back from where they started, in mm.
public struct CycleError: Equatable, Sendable {
    public var mean: Double
    /// 95th percentile.
    public var p95: Double
    public var maximum: Double
    /// Voxels that were measured: those that stay inside both grids.
    public var count: Int
}

/// Carries every voxel of the grid of `back.fixed` along `back` and then `there`, and measures the distance (mm) to
/// where it started. `mask` on that grid limits it to its nonzero voxels. Voxels that leave the other grid are not
/// counted. Throws code `grid` unless the two go opposite ways.
public func cycleError(_ there: Transform, _ back: Transform, mask: Volume? = nil) throws -> CycleError {
    try requireOpposite(there, back)
    return try withoutGradients {
        let count = back.fixed.count
        let start = try back.fixed.affine.mapping(voxelIndices(back.fixed.shape)).reshaped([count, 3])
        let middle = try back.mappedPoints().reshaped([count, 3])
        let end = try there.apply(to: middle)
        let squared = try aten("square", .tensor(end.subtracting(start)))
        let distance = try aten("sqrt", .tensor(try aten("sum.dim_IntList", .tensor(squared), [1])))
        let voxels = try there.fixed.inverse.mapping(middle).reshaped([count, 1, 1, 3])
        var counted = try isInside(samplerCoordinates(voxels, source: there.fixed.shape)).reshaped([count])
        if let mask {
            guard mask.grid.isSame(as: back.fixed) else {
                throw Failure(
                    "grid", "the mask must lie on the fixed grid of the way back, \(describe(back.fixed)), but lies on \(describe(mask.grid))", argument: "mask")
            }
            let chosen = try mask.data.applying(.notEqual, 0).reshaped([count])
            counted = try aten("logical_and", .tensor(counted), .tensor(chosen))
        }
        let measured = try aten("masked_select", .tensor(distance), .tensor(counted)).doubles().sorted()
        guard let largest = measured.last else {
            throw Failure("value", "cycle_error must have voxels to measure, but none stays inside both grids")
        }
        let place = Int((0.95 * Double(measured.count - 1)).rounded())
        return CycleError(
            mean: measured.reduce(0, +) / Double(measured.count), p95: measured[place], maximum: largest,
            count: measured.count)
    }
}

/// Carries labels there and back, and gives the Dice of what returns with what left, mean over the classes present in
/// `labels`. Throws code `grid` unless `labels` lie on the moving grid of `there` and `back` returns to it.
public func cycleDice(_ labels: Volume, _ there: Transform, _ back: Transform) throws -> Double {
    try requireOpposite(there, back)
    let returned = try warpLabels(try warpLabels(labels, there), back)
    return try meanDice(labels.data, returned.data)
}

/// Dice of two label maps of one shape, mean over the classes above 0 that either has (0 where one alone has it: the rule
/// `leave_out` of evaluation). What is below 0 in `truth` is unknown and counts nowhere. Throws code `value` when `truth`
/// has no class.
public func meanDice(_ truth: Tensor, _ other: Tensor) throws -> Double {
    guard truth.shape == other.shape else {
        throw Failure("shape", "two label maps must have one shape, but have \(truth.shape) and \(other.shape)")
    }
    let wanted = try presentClasses(truth).filter { $0 > 0 }
    guard !wanted.isEmpty else {
        throw Failure("value", "labels must hold at least one class above 0, but hold none", argument: "labels")
    }
    let known = try other.multiplying(try truth.applying(.greaterOrEqual, 0).to(dtype: other.dtype))
    let classes = try Set(wanted).union(presentClasses(known).filter { $0 > 0 }).sorted()
    let scores = try classes.map { try Overlap(equal(truth, to: $0), equal(known, to: $0)).dice }
    return scores.reduce(0, +) / Double(scores.count)
}

private func requireOpposite(_ there: Transform, _ back: Transform) throws {
    guard there.fixed.isSame(as: back.moving), there.moving.isSame(as: back.fixed) else {
        throw Failure(
            "grid",
            "the way back must go from \(describe(there.fixed)) to \(describe(there.moving)), but goes from \(describe(back.moving)) to \(describe(back.fixed))",
            help: "there = register(a, onto: b) and back = register(b, onto: a)", argument: "back")
    }
}
