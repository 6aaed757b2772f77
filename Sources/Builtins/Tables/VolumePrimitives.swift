import Base
import Machine
import Tensors
import Volumes

/// Volumes: tensors with a grid in space.
enum VolumePrimitives {
    static let module = PrimitiveModule(
        "volumes", "Tensors with a grid in space: making, resampling, cropping, orientation.", kinds: [VolumeObject.self],
        [
            Primitive("volume(data, spacing = nil, like: Volume? = nil, origin = nil, affine = nil) -> Volume",
                "Gives a tensor of shape [X, Y, Z] a place in space.",
                details: """
                    `like` takes the grid of another volume; else `affine` (four rows of four, voxel index to mm, RAS), or
                    `spacing` in mm and `origin` (the first voxel's centre). Without any, voxels of 1 mm. A volume
                    that gets another `spacing` alone keeps its place, directions and file's layout. A 2-D tensor becomes one
                    slice. Labels stay labels, and whole numbers like labels become labels with the same
                    values and names; anything else gives an image.
                    """,
                example: "volume(zeros(4, 5, 6), spacing: [1.0, 1.0, 3.0]).spacing  # => [1.0, 1.0, 3.0]", made),
            Primitive("labels_of(volume: Volume) -> Labels",
                "Labels from a volume of whole numbers, such as a label file that was read as an image.",
                details: """
                    For a comparison too: `labels_of(image > 0.5)`. Code `value` when a number is no whole one (to 0.001, as
                    the scaling of files rounds). Labels stay as they are.
                    """,
                example: "type(labels_of(volume(tensor([[[0.0, 2.0]]]))))  # => \"Labels\"") { (volume: LabelMap) in volume.volume },
            Primitive("class_labels(labels: Volume, values: List, names: List? = nil, ignore: Int? = nil) -> Labels",
                "Labels whose numbers are class indices: 0 for the first of `values`, the background's, 1 for the next, ….",
                details: """
                    `values` are the file's own, which the labels remember (`.values`) with the classes' `names`, and
                    which `write_volume` writes again. A voxel that holds another value is an error of code `value`. Voxels
                    that hold `ignore` belong to no class and become -1.
                    """,
                example: """
                    let labels = class_labels(volume(tensor([[[0, 255, 0]]])), [0, 255], names: ["background", "liver"])
                    labels.data  # => tensor([[[0, 1, 0]]])
                    labels.values  # => [0, 255]
                    """) { (labels: LabelMap, values: [Int], names: [Value]?, ignored: Int?) in
                try naming("labels", of: "class_labels") { _ in
                    try labels.volume.classLabels(values: values, names: names?.map(\.text), ignored: ignored)
                }
            },
            Primitive("resample(volume: Volume, like: Volume? = nil, spacing = nil, shape = nil, mode: \(Interpolation.type) = nil, outside: Float = 0.0) -> Volume",
                "The volume on another grid: that of another volume, or the same field of view with another spacing or shape.",
                details: """
                    Labels take the nearest voxel, and "linear" is refused for them; an
                    image of whole numbers takes the nearest unless told otherwise, all else is linear.
                    With `like`, voxels that lie outside the volume get the value `outside`. `spacing` is in mm along the
                    volume's axes. Linear sampling does not smooth before it makes a grid coarser.
                    """,
                example: "resample(volume(ones(4, 4, 4)), spacing: [2.0, 2.0, 2.0]).shape  # => [2, 2, 2]", resampled),
            Primitive("reorient(volume: Volume, orientation: String) -> Volume",
                "The same volume with its axes in another order and direction, such as \"LPS\".",
                details: "Only the order of voxels in memory changes; every voxel keeps its place in the world.",
                example: "reorient(volume(zeros(4, 5, 6)), \"SAL\").shape  # => [6, 5, 4]") { (volume: Volume, orientation: String) in
                try volume.reoriented(to: Orientation(codes: orientation))
            },
            Primitive("normalize_intensity(volume, lower: Float = 0.5, upper: Float = 99.5)",
                "Clips to two percentiles and scales to 0…1 between them.",
                details: """
                    For images and tensors; gives float32. Percentiles are linear between ranks. Where more than half of the
                    values are one and the same, as around an organ that was cut out, the percentiles of all others widen the
                    range, and so do those of what lies far outside where that is more than half of what would be cut off;
                    so a small structure keeps its greys, and a few hot voxels take none from the others. What is constant
                    becomes 0. NaN and infinity do not count for the percentiles: NaN, as outside a field of view, becomes 0,
                    infinity the end on its side, and a warning tells how many there were.
                    """,
                example: "normalize_intensity(tensor([0.0, 5.0, 10.0]), 0.0, 100.0)  # => tensor([0.0, 0.5, 1.0])") { (image: ImageOrTensor, lower: Double, upper: Double, machine: Machine) -> Value in
                func warn(_ notFinite: Int, of count: Int) {
                    if notFinite > 0 { machine.host.warn("normalize_intensity: \(notFinite) of \(count) values are NaN or infinite; NaN becomes 0") }
                }
                switch image {
                case .tensor(let tensor):
                    let (values, notFinite) = try normalizeIntensity(tensor, percentiles: (lower, upper))
                    warn(notFinite, of: tensor.count)
                    return .tensor(values)
                case .image(let volume):
                    let (found, notFinite) = try volume.normalized(percentiles: (lower, upper))
                    warn(notFinite, of: found.data.count)
                    return .volume(found)
                }
            },
            Primitive("crop(volume: Volume, start: List, shape: List) -> Volume",
                "The part of `shape` voxels that begins at voxel `start`.",
                example: "crop(volume(zeros(4, 5, 6)), [1, 1, 1], [2, 2, 2]).origin  # => [1.0, 1.0, 1.0]") { (volume: Volume, start: Triple, shape: Triple) in
                try volume.cropped(start: start.numbers, shape: shape.numbers)
            },
            Primitive("crop_foreground(volume: Volume, threshold: Float = 0.0, margin: Int = 0) -> Volume",
                "The smallest box around all values above a threshold, with a margin of voxels.",
                example: "crop_foreground(pad_volume(volume(ones(2, 3, 4)), [1, 1, 1], [2, 2, 2])).shape  # => [2, 3, 4]") { (volume: Volume, threshold: Double, margin: Int) in
                guard let box = try volume.foregroundBox(above: threshold, margin: max(0, margin)) else {
                    throw Failure(
                        "value", "a volume to crop must have values above \(formatFloat(threshold)), but has none", argument: "volume")
                }
                return try volume.cropped(start: box.start, shape: box.shape)
            },
            Primitive("pad_volume(volume: Volume, before: List, after: List? = nil, value: Float = 0.0) -> Volume",
                "The volume with more voxels on both sides of its axes; `after` is as `before` unless given.",
                example: "pad_volume(volume(ones(2, 2, 2)), [1, 0, 0]).shape  # => [4, 2, 2]") { (volume: Volume, before: Triple, after: Triple?, value: Double) in
                try volume.padded(before: before.numbers, after: (after ?? before).numbers, value: value)
            },
            Primitive("fit_volume(volume: Volume, shape: List, value: Float = 0.0) -> Volume",
                "Crops and pads evenly on both sides to a shape.",
                example: "fit_volume(volume(ones(2, 9, 4)), [4, 4, 4]).shape  # => [4, 4, 4]") { (volume: Volume, shape: Triple, value: Double) in
                try volume.fitted(to: shape.numbers, value: value)
            },
            Primitive("same_grid(a: Volume, b: Volume, tolerance: Float = 0.01) -> Bool",
                "True when two volumes have the same shape and no corner lies farther apart than `tolerance` voxels.",
                example: "same_grid(volume(zeros(2, 2, 2)), volume(ones(2, 2, 2)))  # => true") { (a: Volume, b: Volume, tolerance: Double) in
                a.grid.isSame(as: b.grid, tolerance: tolerance)
            },
            Primitive("voxel_to_world(volume: Volume, point)",
                "The world position (mm, RAS) of a voxel index, which may lie between voxels.",
                details: "`point` is a list of three numbers, or a tensor whose last dimension has size 3.",
                example: "voxel_to_world(volume(zeros(4, 4, 4), spacing: [1.0, 2.0, 3.0]), [1, 1, 1])  # => [1.0, 2.0, 3.0]") { (volume: Volume, point: Points) in
                try point.moved(by: volume.grid.affine)
            },
            Primitive("world_to_voxel(volume: Volume, point)",
                "The voxel index, with fractions, of a world position (mm, RAS).",
                details: "`point` is a list of three numbers, or a tensor whose last dimension has size 3.",
                example: "world_to_voxel(volume(zeros(4, 4, 4), spacing: [1.0, 2.0, 4.0]), [1, 1, 1])  # => [1.0, 0.5, 0.25]") { (volume: Volume, point: Points) in
                try point.moved(by: volume.grid.inverse)
            },
        ])

    /// Something with intensities.
    private enum ImageOrTensor: ScriptReadable {
        case image(Volume)
        case tensor(Tensor)

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> ImageOrTensor {
            if let tensor = (call[position].object as? TensorObject)?.tensor { return .tensor(tensor) }
            return .image(try call.image(position, help: "labels have no intensity; give the image that they belong to"))
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    /// Four rows of four numbers, voxel index to mm.
    private struct AffineRows: ScriptReadable {
        let affine: Affine

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> AffineRows {
            let matrix = try call.tensorLike(position)
            guard matrix.shape == [4, 4], let affine = Affine(rows: try rows(matrix)) else {
                throw call.mismatch(
                    position, expected: "four rows of four numbers, the last 0 0 0 1", found: "of shape \(matrix.shape)")
            }
            return AffineRows(affine: affine)
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    private static func made(
        _ from: TensorOrVolume, _ spacing: TripleOfFloats?, _ like: Volume?, _ origin: TripleOfFloats?, _ affine: AffineRows?
    ) throws -> Volume {
        let given = from.volume
        let data = from.tensor.rank == 2 ? try from.tensor.unsqueezed(2) : from.tensor
        guard data.rank >= 3 else {
            throw Failure("shape", "`data` of volume must have shape [X, Y, Z], but has shape \(data.shape)", argument: "data")
        }
        let shape = Array(data.shape.prefix(3))
        let places = [("spacing", spacing != nil), ("like", like != nil), ("affine", affine != nil)].filter(\.1).map(\.0)
        guard places.count <= 1 else {
            throw Failure(
                "argument", "volume must get one of spacing, like and affine, but got \(places.joined(separator: " and "))")
        }
        if let other = like {
            guard other.grid.shape == shape else {
                throw Failure(
                    "shape", "`data` of volume must have the shape of `like`, \(other.grid.shape), but has \(shape)",
                    help: "resample a volume onto another grid with `resample(v, like: other)`", argument: "data")
            }
            guard let table = given?.labels ?? (data.dtype.isInteger ? other.labels : nil) else { return try other.with(data: data) }
            let made = try other.with(data: data, labels: table)
            // An index of no class is told here, not when the labels are written.
            return try naming("data", of: "volume") { _ in
                _ = try made.ownLabels()
                return made
            }
        }
        if let affine {
            return try Volume(data: data, grid: try Grid(shape: shape, affine: affine.affine), labels: given?.labels)
        }
        if let given, let spacing, origin == nil {
            return try Volume(data: data, grid: try given.grid.respaced(spacing.numbers), labels: given.labels)
        }
        let grid = try Grid(shape: shape, spacing: spacing?.numbers ?? [1, 1, 1], origin: origin?.numbers ?? [0, 0, 0])
        return try Volume(data: data, grid: grid, labels: given?.labels)
    }

    private static func rows(_ matrix: Tensor) throws -> [[Double]] {
        let numbers = try matrix.doubles()
        return (0..<4).map { Array(numbers[(4 * $0)..<(4 * $0 + 4)]) }
    }

    private static func resampled(
        _ volume: Volume, _ like: Volume?, _ spacing: TripleOfFloats?, _ shape: Triple?, _ mode: Interpolation?, _ outside: Double
    ) throws -> Volume {
        let given = [("like", like != nil), ("spacing", spacing != nil), ("shape", shape != nil)].filter(\.1).map(\.0)
        guard given.count == 1 else {
            throw Failure(
                "argument",
                "resample must get one of like, spacing and shape, but got \(given.isEmpty ? "none" : given.joined(separator: " and "))")
        }
        if let like { return try resample(volume, onto: like.grid, interpolation: mode, outside: outside) }
        if let spacing { return try resample(volume, spacing: spacing.numbers, interpolation: mode) }
        return try resample(volume, shape: shape?.numbers ?? [], interpolation: mode)
    }
}

/// A point as a list of three numbers, or points along the last dimension of a tensor.
private enum Points: ScriptReadable {
    case one([Double])
    case many(Tensor)

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Points {
        guard let points = (call[position].object as? TensorObject)?.tensor else { return .one(try call.tripleOfFloats(position)) }
        return .many(points)
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }

    func moved(by map: Affine) throws -> Value {
        let points: Tensor
        switch self {
        case .one(let point): return map(point).scriptValue
        case .many(let tensor): points = tensor
        }
        guard points.shape.last == 3 else {
            throw Failure("shape", "the last dimension of `point` must be 3, but the shape is \(points.shape)", argument: "point")
        }
        let dtype: DType = points.dtype.isFloatingPoint ? points.dtype : .float32
        let linear = try Tensor((0..<3).flatMap(map.column), shape: [3, 3]).to(dtype: dtype)
        let shift = try Tensor(map.translation).to(dtype: dtype)
        return .tensor(try points.to(dtype: dtype).matmul(linear).adding(shift))
    }
}
