import Base
import Machine
import Tensors
import Volumes

/// Files of arrays and volumes.
enum FilePrimitives {
    /// The kinds of headers that have been remarked on. Only the machine's thread reads files.
    nonisolated(unsafe) private static var remarks: Set<String> = []

    static let module = PrimitiveModule(
        "files", "Reading and writing volumes, labels and arrays.",
        [
            Primitive("read_volume(path: String, orientation: String? = \"RAS\", dtype: String? = \"float32\") -> Volume",
                "Reads a NIfTI image (.nii, .nii.gz, .hdr with .img) with its place in space.",
                details: """
                    The data have shape [X, Y, Z], or [X, Y, Z, T] with times, the header's scaling applied. The axes are
                    turned to the closest `orientation` (axis 0 to the right, 1 to the front, 2 up for RAS), and
                    `write_volume` turns them back; `orientation: nil` leaves them as stored, so that indices are nibabel's.
                    `dtype: nil` keeps the stored type. The affine comes from the sform, else the qform, else the spacing, as in
                    nibabel, in mm whatever the header's unit is. Where ITK sees the image elsewhere, a remark says so, once for
                    each kind of header, and `read_transform` and `write_transform` take it into account. A 2-D image is one
                    slice. A label file is read as an image here, and resampled as one: `read_labels` reads labels. A file that
                    is missing, truncated or has an impossible header is an error of code `file`.
                    """) { (path: String, orientation: Orientation?, dtype: DType?, machine: Machine) in
                remarked(try readVolume(path, dtype: dtype, orientation: orientation), machine)
            },
            Primitive("read_labels(path: String, orientation: String? = \"RAS\") -> Labels",
                "Reads a label map: whole numbers (int64), the file's own values.",
                details: """
                    As `read_volume`. Labels stay labels wherever they go: they are resampled and carried as classes, never
                    mixed, and written as they were read. Files that hold floats are accepted when every value is a whole
                    number; others are an error of code `value`.
                    """) { (path: String, orientation: Orientation?, machine: Machine) in
                remarked(try readLabels(path, orientation: orientation), machine)
            },
            Primitive("write_volume(volume, path, orientation: String? = nil)",
                "Writes a volume as NIfTI (.nii, .nii.gz, .hdr or .img).",
                details: """
                    The axes are turned to `orientation`, or to the order of the file that the grid comes from: what was read
                    is written as it was, and what was brought onto another volume (by `warp`, `warp_labels`, `resample`,
                    `volume(…, like: …)`) lies voxel by voxel on that volume's file. Floats are kept;
                    whole numbers are stored in the smallest type that holds them, labels as the file's own values. The file is replaced only when it is
                    complete.
                    """) { call in
                let (item, path) = try call.itemAndPath()
                guard let object = item.object as? VolumeObject else {
                    throw call.mismatch(
                        0, expected: "a volume", found: item.typeName,
                        help: VolumeObject.gridHelp(item))
                }
                try writeVolume(object.volume, to: path, orientation: try Orientation?.read(call, 2))
                return .none
            },
            Primitive("read_arrays(path: String) -> Map",
                "The named arrays of a file: \(ArrayFormats.names).",
                details: """
                    A map from names to tensors, in the file's order. What the file is shows its content, not its name.
                    HDF5 groups give names such as `group/name`; nested maps in a PyTorch file are joined by dots
                    (`model.conv.weight`), and plain numbers become tensors without dimensions. Nothing stored in a PyTorch
                    file is executed. Entries that are no real numbers, or that cannot be read, are left out of the map; asking
                    for one by its name is an error that says what it is (`left_out` lists them). Damage is told at once. Errors have code
                    `file`.
                    """) { (path: String, machine: Machine) in
                let file = try readArrayFile(path)
                var items: OrderedMap = [:]
                for (name, tensor) in file.arrays { items[MapKey(name)] = .tensor(tensor) }
                let map = MapObject(items)
                for array in file.leftOut.filter(\.isDamaged).prefix(1) { machine.host.warn("warning: \(array.failure(in: path).message)") }
                if !file.leftOut.isEmpty {
                    map.unavailable = Dictionary(
                        file.leftOut.map { array in
                            let error = array.failure(in: path)
                            return (array.name, Failure(error.code, error.message, help: error.help))
                        }, uniquingKeysWith: { first, _ in first })
                }
                return Value.object(map)
            },
            Primitive("left_out(arrays: Map) -> Map",
                "What of a file could not become an array: a map from names to sentences that say why.",
                details: "`arrays` is what `read_arrays` gave. Empty when everything was read.",
                example: "left_out({a: 1})  # => {}") { (arrays: MapObject) in
                let names = (arrays.unavailable ?? [:]).sorted { $0.key < $1.key }
                return MapObject(names.map { ($0.key, .string($0.value.message)) })
            },
            Primitive("write_arrays(arrays, path, compressed: Bool = false)",
                "Writes a map from names to tensors; the extension chooses \(alternatives(ArrayFormats.endings)).",
                details: """
                    Numbers and lists are made tensors, volumes give their data, maps inside the map join their names with
                    dots. In .h5, a slash in a name makes a group; `torch.load(path, weights_only=True)` reads .pth.
                    `compressed` writes a smaller \(alternatives(ArrayFormats.compressedEndings)). The file is replaced only when it is complete.
                    """) { call in
                let (item, path) = try call.itemAndPath()
                guard let map = item.object as? MapObject else {
                    throw call.mismatch(
                        0, expected: "a map from names to tensors", found: item.typeName,
                        help: "name the array: `write_arrays({{image: x}}, path)`")
                }
                var arrays: [(name: String, tensor: Tensor)] = []
                try collect(map, prefix: "", depth: 0, into: &arrays)
                try writeArrays(path, arrays, compressed: call.bool(2))
                return .none
            },
            Primitive("zeros_on_disk(shape, folder: String = \".\", dtype: String = \"float32\") -> Tensor",
                "A tensor of zeros whose elements lie in a file of the folder rather than in memory.",
                details: """
                    It is used like any other tensor; the system reads the parts that are used, and gives them up again when
                    memory is short. What is written into it is written to the file. The room is taken when it is made, so
                    that a full disk is an error of code `file` then. The file has no name: nothing stays when the tensor goes
                    or the process ends, however it ends.
                    """,
                example: "let x = zeros_on_disk([1000, 4], \"/tmp\")\nx[2] = ones(4)\nsum(x)  # => tensor(4.0)") { (shape: [Int], folder: String, dtype: DType) in
                try Tensor.zerosOnDisk(shape, dtype: dtype, folder: folder)
            },
            Primitive("read_ahead(x: Tensor, rows: Tensor)",
                "Asks the system to read those rows of a tensor on disk from now on, while other work goes on.",
                details: "`rows` are places along the first dimension. Nothing changes but how soon they are there; for a tensor in memory it does nothing.",
                example: "read_ahead(zeros_on_disk([1000, 4], \"/tmp\"), tensor([7, 2]))") { (x: Tensor, rows: Tensor) in
                try x.readAhead(rows: rows.ints())
                return Value.none
            },
        ])

    private static func collect(
        _ map: MapObject, prefix: String, depth: Int, into arrays: inout [(name: String, tensor: Tensor)]
    ) throws {
        guard depth < 16 else { throw Failure("value", "maps of arrays must be nested at most 16 deep") }
        for (key, value) in map.items {
            let name = prefix + key.value.text
            if let inner = value.object as? MapObject {
                try collect(inner, prefix: name + ".", depth: depth + 1, into: &arrays)
            } else if let volume = (value.object as? VolumeObject)?.volume {
                arrays.append((name, volume.data))
            } else if let tensor = try TensorLiteral.read(value) {
                arrays.append((name, tensor))
            } else {
                throw Failure(
                    "type", "an array to write must be a tensor, a number or a list of numbers, but \(name) is \(value.typeName)",
                    argument: "arrays")
            }
        }
    }
}

extension Orientation: ScriptReadable {
    /// By its codes, such as "RAS".
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Orientation {
        try Orientation(codes: call.string(position))
    }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("String") }
}

extension FilePrimitives {
    /// The volume, after a remark where ITK reads its header otherwise: once for each way in which headers are at fault,
    /// because the files of a set tend to have the same.
    private static func remarked(_ volume: Volume, _ machine: Machine) -> Volume {
        if let remark = volume.frameRemark, remarks.insert(remark.kind).inserted { machine.host.warn(remark.text) }
        return volume
    }
}

extension PrimitiveCall {
    /// What to write and where: the first two arguments, in either order.
    fileprivate func itemAndPath() throws -> (Value, String) {
        if let path = values[0].object as? StringObject, !(values[1].object is StringObject) {
            return (values[1], path.string)
        }
        return (values[0], try string(1))
    }
}
