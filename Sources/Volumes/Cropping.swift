import Base
import Tensors

extension Volume {
    /// The part of `shape` voxels from voxel `start`; positions in the world stay. Code `index` when it leaves the volume.
    public func cropped(start: [Int], shape: [Int]) throws -> Volume {
        guard start.count == 3, shape.count == 3,
            (0..<3).allSatisfy({ start[$0] >= 0 && shape[$0] >= 1 && start[$0] <= grid.shape[$0] - shape[$0] })
        else {
            // Other tools take the voxel behind the last one where this takes a shape.
            let mayBeEnd = start.count == 3 && shape.count == 3 && (0..<3).allSatisfy { 0 <= start[$0] && start[$0] < shape[$0] && shape[$0] <= grid.shape[$0] }
            let meant = mayBeEnd ? "where \(shape) was meant as an end, the shape is \((0..<3).map { shape[$0] - start[$0] }); " : ""
            throw Failure(
                "index", "a crop must lie inside the volume of shape \(grid.shape), but starts at \(start) with shape \(shape)",
                help: meant + "pad_volume makes a volume larger")
        }
        var part = data
        for axis in 0..<3 { part = try aten("narrow", .tensor(part), .int(axis), .int(start[axis]), .int(shape[axis])) }
        return try Volume(
            data: try part.contiguous(), grid: try grid.part(start: start, shape: shape),
            labels: labels)
    }

    /// With `before` and `after` more voxels of `value` along the three axes; positions in the world stay.
    public func padded(before: [Int], after: [Int], value: Double = 0) throws -> Volume {
        guard before.count == 3, after.count == 3, (before + after).allSatisfy({ $0 >= 0 }) else {
            throw Failure(
                "value", "padding must be three sizes of 0 or more on both sides, but is \(before) and \(after)")
        }
        try requireElement(value, "padding")
        // libtorch counts from the last axis.
        var amounts = [Int](repeating: 0, count: 2 * (data.rank - 3))
        for axis in [2, 1, 0] { amounts += [before[axis], after[axis]] }
        let larger = try aten("constant_pad_nd", .tensor(data), .ints(amounts), .float(value))
        return try Volume(
            data: larger,
            grid: try grid.part(start: before.map { -$0 }, shape: (0..<3).map { before[$0] + grid.shape[$0] + after[$0] }),
            labels: labels)
    }

    /// Cropped or padded evenly on both sides to a shape.
    public func fitted(to shape: [Int], value: Double = 0) throws -> Volume {
        guard shape.count == 3, shape.allSatisfy({ $0 >= 1 }) else {
            throw Failure("value", "a shape to fit must be three sizes of at least 1, but is \(shape)", argument: "shape")
        }
        let missing = (0..<3).map { max(0, shape[$0] - grid.shape[$0]) }
        let before = missing.map { $0 / 2 }
        let larger = try padded(before: before, after: zip(missing, before).map { $0 - $1 }, value: value)
        return try larger.cropped(start: (0..<3).map { (larger.grid.shape[$0] - shape[$0]) / 2 }, shape: shape)
    }

    /// First voxel and shape of the smallest box around all values above `threshold`, with `margin` voxels around it as
    /// far as the volume reaches; nil when nothing is above.
    public func foregroundBox(above threshold: Double = 0, margin: Int = 0) throws -> (start: [Int], shape: [Int])? {
        var bits = try aten("gt.Scalar", .tensor(data.detached()), .float(threshold))
        while bits.rank > 3 { bits = try aten("any.dim", .tensor(bits), .int(bits.rank - 1)) }
        let mask = try bits.bools()
        guard let box = boundingBox(mask, mask, shape: grid.shape) else { return nil }
        let reach = min(margin, grid.shape.max() ?? 0)
        let start = box.start.map { max(0, $0 - reach) }
        return (start, (0..<3).map { min(grid.shape[$0], box.end[$0] + reach) - start[$0] })
    }
}
