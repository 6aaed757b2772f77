import Base
import Machine
import Tensors
import Volumes

/// Volumes: tensors with a grid in space.
enum VolumePrimitives {
    static let module = PrimitiveModule(
        "volumes", "Tensors with a grid in space: making, resampling, cropping, orientation.", kinds: [VolumeObject.self],
        [
            Primitive("volume(data, spacing = nil, like = nil, origin = nil, affine = nil) -> Volume",
                "Gives a tensor of shape [X, Y, Z] a place in space.",
                details: """
                    `like` takes the grid of another volume; else `affine` (four rows of four, voxel index to mm, RAS), or
                    `spacing` in mm and `origin` (the first voxel's centre). Without any, voxels of 1 mm. A volume
                    that gets another `spacing` alone keeps its place, directions and file's layout. A 2-D tensor becomes one
                    slice. Labels stay labels, and whole numbers like labels become labels with the same
                    values and names; anything else gives an image.
                    """,
                example: "volume(zeros(4, 5, 6), spacing: [1.0, 1.0, 3.0]).spacing  # => [1.0, 1.0, 3.0]") { call in
                .volume(try made(call))
            },
            Primitive("labels_of(volume: Volume) -> Labels",
                "Labels from a volume of whole numbers, such as a label file that was read as an image.",
                details: """
                    For a comparison too: `labels_of(image > 0.5)`. Code `value` when a number is no whole one (to 0.001, as
                    the scaling of files rounds). Labels stay as they are.
                    """,
                example: "type(labels_of(volume(tensor([[[0.0, 2.0]]]))))  # => \"Labels\"") { call in
                .volume(try call.labels(0))
            },
            Primitive("class_labels(labels: Volume, values: List, names = nil, ignore = nil) -> Labels",
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
                    """) { call in
                let (labels, values) = (try call.labels(0), try call.ints(1))
                let names = try call.optional(2) { try call.list($0).map(\.text) }
                let ignored = try call.optional(3, call.int)
                return .volume(try call.naming(0) { _ in try labels.classLabels(values: values, names: names, ignored: ignored) })
            },
            Primitive("resample(volume: Volume, like = nil, spacing = nil, shape = nil, mode = nil, outside: Float = 0.0) -> Volume",
                "The volume on another grid: that of another volume, or the same field of view with another spacing or shape.",
                details: """
                    `mode` is "linear" or "nearest". Labels take the nearest voxel, and "linear" is refused for them; an
                    image of whole numbers takes the nearest unless told otherwise, all else is linear.
                    With `like`, voxels that lie outside the volume get the value `outside`. `spacing` is in mm along the
                    volume's axes. Linear sampling does not smooth before it makes a grid coarser.
                    """,
                example: "resample(volume(ones(4, 4, 4)), spacing: [2.0, 2.0, 2.0]).shape  # => [2, 2, 2]") { call in
                .volume(try resampled(call))
            },
            Primitive("reorient(volume: Volume, orientation: String) -> Volume",
                "The same volume with its axes in another order and direction, such as \"LPS\".",
                details: "Only the order of voxels in memory changes; every voxel keeps its place in the world.",
                example: "reorient(volume(zeros(4, 5, 6)), \"SAL\").shape  # => [6, 5, 4]") { call in
                .volume(try call.volume(0).reoriented(to: Orientation(codes: call.string(1))))
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
                example: "normalize_intensity(tensor([0.0, 5.0, 10.0]), 0.0, 100.0)  # => tensor([0.0, 0.5, 1.0])") { call in
                let percentiles = (try call.float(1), try call.float(2))
                func warn(_ notFinite: Int, of count: Int) {
                    if notFinite > 0 { call.machine.host.warn("normalize_intensity: \(notFinite) of \(count) values are NaN or infinite; NaN becomes 0") }
                }
                if let tensor = (call[0].object as? TensorObject)?.tensor {
                    let (values, notFinite) = try normalizeIntensity(tensor, percentiles: percentiles)
                    warn(notFinite, of: tensor.count)
                    return .tensor(values)
                }
                let (found, notFinite) = try call.image(0, help: "labels have no intensity; give the image that they belong to")
                    .normalized(percentiles: percentiles)
                warn(notFinite, of: found.data.count)
                return .volume(found)
            },
            Primitive("crop(volume: Volume, start: List, shape: List) -> Volume",
                "The part of `shape` voxels that begins at voxel `start`.",
                example: "crop(volume(zeros(4, 5, 6)), [1, 1, 1], [2, 2, 2]).origin  # => [1.0, 1.0, 1.0]") { call in
                .volume(try call.volume(0).cropped(start: call.triple(1), shape: call.triple(2)))
            },
            Primitive("crop_foreground(volume: Volume, threshold: Float = 0.0, margin: Int = 0) -> Volume",
                "The smallest box around all values above a threshold, with a margin of voxels.",
                example: "crop_foreground(pad_volume(volume(ones(2, 3, 4)), [1, 1, 1], [2, 2, 2])).shape  # => [2, 3, 4]") { call in
                let volume = try call.volume(0)
                guard let box = try volume.foregroundBox(above: call.float(1), margin: max(0, call.int(2))) else {
                    throw Failure(
                        "value", "a volume to crop must have values above \(formatFloat(try call.float(1))), but has none",
                        argument: "volume")
                }
                return .volume(try volume.cropped(start: box.start, shape: box.shape))
            },
            Primitive("pad_volume(volume: Volume, before: List, after = nil, value: Float = 0.0) -> Volume",
                "The volume with more voxels on both sides of its axes; `after` is as `before` unless given.",
                example: "pad_volume(volume(ones(2, 2, 2)), [1, 0, 0]).shape  # => [4, 2, 2]") { call in
                let before = try call.triple(1)
                return .volume(
                    try call.volume(0).padded(
                        before: before, after: call.optional(2) { try call.triple($0) } ?? before, value: call.float(3)))
            },
            Primitive("fit_volume(volume: Volume, shape: List, value: Float = 0.0) -> Volume",
                "Crops and pads evenly on both sides to a shape.",
                example: "fit_volume(volume(ones(2, 9, 4)), [4, 4, 4]).shape  # => [4, 4, 4]") { call in
                .volume(try call.volume(0).fitted(to: call.triple(1), value: call.float(2)))
            },
            Primitive("same_grid(a: Volume, b: Volume, tolerance: Float = 0.01) -> Bool",
                "True when two volumes have the same shape and no corner lies farther apart than `tolerance` voxels.",
                example: "same_grid(volume(zeros(2, 2, 2)), volume(ones(2, 2, 2)))  # => true") { call in
                .boolean(try call.volume(0).grid.isSame(as: call.volume(1).grid, tolerance: call.float(2)))
            },
            Primitive("voxel_to_world(volume: Volume, point)",
                "The world position (mm, RAS) of a voxel index, which may lie between voxels.",
                details: "`point` is a list of three numbers, or a tensor whose last dimension has size 3.",
                example: "voxel_to_world(volume(zeros(4, 4, 4), spacing: [1.0, 2.0, 3.0]), [1, 1, 1])  # => [1.0, 2.0, 3.0]") { call in
                try moved(call, try call.volume(0).grid.affine)
            },
            Primitive("world_to_voxel(volume: Volume, point)",
                "The voxel index, with fractions, of a world position (mm, RAS).",
                details: "`point` is a list of three numbers, or a tensor whose last dimension has size 3.",
                example: "world_to_voxel(volume(zeros(4, 4, 4), spacing: [1.0, 2.0, 4.0]), [1, 1, 1])  # => [1.0, 0.5, 0.25]") { call in
                try moved(call, try call.volume(0).grid.inverse)
            },
        ])

    private static func made(_ call: PrimitiveCall) throws -> Volume {
        let given = (call[0].object as? VolumeObject)?.volume
        var data = try given?.data ?? call.tensorLike(0)
        if data.rank == 2 { data = try data.unsqueezed(2) }
        guard data.rank >= 3 else {
            throw call.shapeFailure(0, "`data` of volume must have shape [X, Y, Z], but has shape \(data.shape)")
        }
        let shape = Array(data.shape.prefix(3))
        let places = [("spacing", 1), ("like", 2), ("affine", 4)].filter { !call.isNone($0.1) }.map(\.0)
        guard places.count <= 1 else {
            throw Failure(
                "argument", "volume must get one of spacing, like and affine, but got \(places.joined(separator: " and "))")
        }
        if !call.isNone(2) {
            let other = try call.volume(2)
            guard other.grid.shape == shape else {
                throw call.shapeFailure(
                    0, "`data` of volume must have the shape of `like`, \(other.grid.shape), but has \(shape)",
                    help: "resample a volume onto another grid with `resample(v, like: other)`")
            }
            guard let table = given?.labels ?? (data.dtype.isInteger ? other.labels : nil) else { return try other.with(data: data) }
            let made = try other.with(data: data, labels: table)
            // An index of no class is told here, not when the labels are written.
            return try call.naming(0) { _ in
                _ = try made.ownLabels()
                return made
            }
        }
        if !call.isNone(4) {
            let matrix = try call.tensorLike(4)
            guard matrix.shape == [4, 4], let affine = Affine(rows: try rows(matrix)) else {
                throw call.mismatch(
                    4, expected: "four rows of four numbers, the last 0 0 0 1", found: "of shape \(matrix.shape)")
            }
            return try Volume(data: data, grid: try Grid(shape: shape, affine: affine), labels: given?.labels)
        }
        if let given, !call.isNone(1), call.isNone(3) {
            let grid = try given.grid.respaced(call.tripleOfFloats(1))
            return try Volume(data: data, grid: grid, labels: given.labels)
        }
        let spacing = try call.optional(1) { try call.tripleOfFloats($0) } ?? [1, 1, 1]
        let origin = try call.optional(3) { try call.tripleOfFloats($0) } ?? [0, 0, 0]
        return try Volume(data: data, grid: try Grid(shape: shape, spacing: spacing, origin: origin), labels: given?.labels)
    }

    private static func rows(_ matrix: Tensor) throws -> [[Double]] {
        let numbers = try matrix.doubles()
        return (0..<4).map { Array(numbers[(4 * $0)..<(4 * $0 + 4)]) }
    }

    private static func resampled(_ call: PrimitiveCall) throws -> Volume {
        let volume = try call.volume(0)
        let mode: Interpolation? = try call.optional(4) { position in
            guard let mode = Interpolation(rawValue: try call.string(position)) else {
                throw call.mismatch(position, expected: "\"linear\" or \"nearest\"", found: call[position].representation)
            }
            return mode
        }
        let given = [("like", 1), ("spacing", 2), ("shape", 3)].filter { !call.isNone($0.1) }.map(\.0)
        guard given.count == 1 else {
            throw Failure(
                "argument",
                "resample must get one of like, spacing and shape, but got \(given.isEmpty ? "none" : given.joined(separator: " and "))")
        }
        if !call.isNone(1) {
            return try resample(volume, onto: call.volume(1).grid, interpolation: mode, outside: call.float(5))
        }
        if !call.isNone(2) { return try resample(volume, spacing: call.tripleOfFloats(2), interpolation: mode) }
        return try resample(volume, shape: call.triple(3), interpolation: mode)
    }

    private static func moved(_ call: PrimitiveCall, _ map: Affine) throws -> Value {
        guard let points = (call[1].object as? TensorObject)?.tensor else {
            return .list(map(try call.tripleOfFloats(1)).map { .float($0) })
        }
        guard points.shape.last == 3 else {
            throw call.shapeFailure(1, "the last dimension of `point` must be 3, but the shape is \(points.shape)")
        }
        let dtype: DType = points.dtype.isFloatingPoint ? points.dtype : .float32
        let linear = try Tensor((0..<3).flatMap(map.column), shape: [3, 3]).to(dtype: dtype)
        let shift = try Tensor(map.translation).to(dtype: dtype)
        return .tensor(try points.to(dtype: dtype).matmul(linear).adding(shift))
    }
}
