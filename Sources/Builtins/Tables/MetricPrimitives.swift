import Base
import Machine
import Tensors
import Volumes

/// Segmentation metrics, with the definitions of medpy.
enum MetricPrimitives {
    private static let surfaceDetails = """
        Masks are tensors of 1 to 3 dimensions or volumes on one grid; every nonzero voxel counts, or those equal to `label`, but
        none that labels `b` count to no class.
        Distances run between the centres of surface voxels (those with a neighbour outside across a face) and are in mm:
        `spacing` gives mm per axis, volumes bring their own grid, sheared or not, and tensors without it are measured in
        voxels. NaN when a mask is empty.
        """

    static let module = PrimitiveModule(
        "metrics", "How well one segmentation agrees with another.",
        [
            Primitive("dice(a, b, label = nil) -> Float", "Dice overlap of two masks, 2·|A∩B| / (|A| + |B|).",
                details: """
                    Masks are tensors of one shape or volumes on one grid; every nonzero voxel counts, or those equal to
                    `label`. What labels `b` count to no class (nnU-Net's `ignore`) counts in neither mask. 1 is agreement,
                    0 no overlap, NaN when both masks are empty.
                    """,
                example: "dice(tensor([1, 1, 0, 0]), tensor([1, 0, 1, 0]))  # => 0.5") { call in
                .float(try overlap(call).dice)
            },
            Primitive("jaccard(a, b, label = nil) -> Float", "Jaccard overlap of two masks, |A∩B| / |A∪B|.",
                details: "Masks and empty masks as in `dice`.",
                example: "jaccard(tensor([1, 1, 0, 0]), tensor([1, 1, 1, 1]))  # => 0.5") { call in
                .float(try overlap(call).jaccard)
            },
            Primitive("hausdorff(a, b, label = nil, spacing = nil) -> Float",
                "Hausdorff distance: the largest distance from one surface to the other.", details: surfaceDetails,
                example: "hausdorff(tensor([1, 1, 0, 0]), tensor([0, 0, 0, 1]), spacing: [2.0])  # => 6.0") { call in
                .float(try distances(call).hausdorff)
            },
            Primitive("hd95(a, b, label = nil, spacing = nil) -> Float",
                "95th percentile of the distances between two surfaces, both ways together.", details: surfaceDetails,
                example: "hd95(tensor([1, 0, 0, 0]), tensor([0, 0, 0, 1]))  # => 3.0") { call in
                .float(try distances(call).hausdorff95)
            },
            Primitive("asd(a, b, label = nil, spacing = nil) -> Float",
                "Average distance from the first mask's surface to the second's.", details: surfaceDetails,
                example: "asd(tensor([1, 0, 0, 0]), tensor([1, 0, 0, 1]))  # => 0.0") { call in
                .float(try distances(call).averageDistance)
            },
            Primitive("assd(a, b, label = nil, spacing = nil) -> Float",
                "Average distance between two surfaces, both ways together.", details: surfaceDetails,
                example: "assd(tensor([1, 0, 0, 0]), tensor([1, 0, 0, 1]))  # => 1.0") { call in
                .float(try distances(call).averageSymmetricDistance)
            },
            Primitive("segmentation_scores(prediction, truth, classes = nil, spacing = nil, names = nil) -> List",
                "The scores of each class: a list of maps with label, dice, jaccard, hd95, asd, assd and voxel counts.",
                details: """
                    `classes` lists the labels to score, or counts them with the background (4 means 1, 2 and 3); without it,
                    every label above 0 that occurs. `names` gives a name a class; without it labels bring their own. Numbers that are no
                    whole ones are an error of code `value`. Where `truth` is below 0 it is unknown, and nothing is scored. Distances are NaN for a class that one side
                    lacks, so look at the voxel counts before taking means. `segmentation_table` shows the same as text.
                    """,
                example: "segmentation_scores(tensor([0, 1, 1, 2]), tensor([0, 1, 2, 2]))[0].dice  # => 0.6666666666666666") { call in
                .list(
                    try scores(call).map { row in
                        .object(
                            MapObject([
                                ("label", .integer(row.label)), ("name", .string(row.name)), ("dice", .float(row.dice)),
                                ("jaccard", .float(row.jaccard)), ("hd95", .float(row.hausdorff95)),
                                ("asd", .float(row.averageDistance)), ("assd", .float(row.averageSymmetricDistance)),
                                ("predicted_voxels", .integer(row.predictedVoxels)), ("true_voxels", .integer(row.trueVoxels)),
                            ]))
                    })
            },
            Primitive("segmentation_table(prediction, truth, classes = nil, spacing = nil, names = nil) -> String",
                "The scores of each class as text with aligned columns.",
                details: """
                    Arguments as of `segmentation_scores`. Distances are in mm where the spacing is known, by `spacing` or from
                    volumes, else in voxels; the headings say which. Pages and notebooks show it as a table.
                    """,
                example: "print(segmentation_table(tensor([0, 1, 1, 2]), tensor([0, 1, 2, 2])))") { call in
                let unit = try hasSpacing(call) ? "mm" : "voxels"
                let rows: [[Value]] = try scores(call).map { row in
                    [
                        .string(row.name), .float(row.dice), .float(row.jaccard), .float(row.hausdorff95),
                        .float(row.averageDistance), .float(row.averageSymmetricDistance), .integer(row.predictedVoxels),
                        .integer(row.trueVoxels),
                    ]
                }
                let columns = [
                    "class", "Dice", "Jaccard", "HD95 (\(unit))", "ASD (\(unit))", "ASSD (\(unit))", "predicted", "true",
                ]
                let table = TextTable(columns: columns, rows: rows)
                return .object(StringObject(table.text, table: table.form))
            },
        ])

    /// Two masks of one shape, and the grid that volumes bring.
    private static func pair(_ call: PrimitiveCall) throws -> (Tensor, Tensor, grid: Grid?) {
        var grids: [Grid] = []
        func data(_ position: Int) throws -> Tensor {
            if let volume = (call[position].object as? VolumeObject)?.volume {
                grids.append(volume.grid)
                return volume.data
            }
            return try call.tensorLike(position)
        }
        let (first, second) = (try data(0), try data(1))
        if grids.count == 2, let difference = grids[0].difference(from: grids[1]) {
            throw Failure(
                "grid", "both arguments of \(call.primitive.name) must lie on one grid, but differ: \(difference)",
                help: "bring one onto the other with `resample(labels, like: other)`",
                labels: call.primitive.parameters.prefix(2).map { ($0.name, "") })
        }
        guard first.shape == second.shape else {
            let names = call.primitive.parameters.prefix(2).map(\.name)
            throw Failure(
                "shape", "both arguments of \(call.primitive.name) must have one shape, but have \(first.shape) and \(second.shape)",
                labels: [(names[0], "\(first.shape) here"), (names[1], "\(second.shape) here")])
        }
        // Axes after the third are no space.
        return (first, second, first.rank <= 3 ? grids.first : nil)
    }

    /// Both arguments as whole numbers that mean the same classes; code `value` where they are none.
    private static func classes(_ call: PrimitiveCall, _ first: Tensor, _ second: Tensor) throws -> (Tensor, Tensor) {
        let volumes = [0, 1].compactMap { (call[$0].object as? VolumeObject)?.volume }
        let tables = volumes.compactMap(\.labels)
        if tables.count == 2, !tables[0].agrees(with: tables[1]) {
            throw VolumeObject.otherClasses(
                "both arguments of \(call.primitive.name)", volumes, call.primitive.parameters.prefix(2).map(\.name))
        }
        let help = "labels are read with `read_labels`; those of an image are found with `image > 0.5`"
        return (
            try call.naming(0) { try wholeNumbers(first, $0, help: help) }, try call.naming(1) { try wholeNumbers(second, $0, help: help) }
        )
    }

    private static func masks(_ call: PrimitiveCall) throws -> (Tensor, Tensor, grid: Grid?) {
        let (given, wanted, grid) = try pair(call)
        var (first, second) = (given, wanted)
        if let label = try call.optional(2, call.int) {
            let (a, b) = try classes(call, given, wanted)
            (first, second) = (try a.applying(.equal, label), try b.applying(.equal, label))
        }
        // What belongs to no class is in neither mask, as in `segmentation_scores`.
        func clear(_ mask: Tensor, where position: Int, _ data: Tensor) throws -> Tensor {
            guard (call[position].object as? VolumeObject)?.volume.labels?.ignored != nil else { return mask }
            return try aten("masked_fill.Scalar", .tensor(mask), .tensor(data.applying(.less, 0)), .int(0))
        }
        first = try clear(clear(first, where: 0, given), where: 1, wanted)
        return (first, try clear(second, where: 1, wanted), grid)
    }

    private static func overlap(_ call: PrimitiveCall) throws -> Overlap {
        let (first, second, _) = try masks(call)
        return try Overlap(first, second)
    }

    private static func distances(_ call: PrimitiveCall) throws -> SurfaceDistances {
        let (first, second, own) = try masks(call)
        let spacing = try spacing(call, 3, rank: first.rank)
        if spacing == nil, let own { return try SurfaceDistances(first, second, grid: own) }
        return try SurfaceDistances(first, second, spacing: spacing)
    }

    private static func spacing(_ call: PrimitiveCall, _ position: Int, rank: Int) throws -> [Double]? {
        try call.optional(position) { position in
            let numbers = try call.floats(position)
            return numbers.count == 1 ? [Double](repeating: numbers[0], count: rank) : numbers
        }
    }

    /// Whether the distances of `segmentation_scores` are in mm.
    private static func hasSpacing(_ call: PrimitiveCall) throws -> Bool {
        if !call.isNone(3) { return true }
        return try pair(call).grid != nil
    }

    private static func scores(_ call: PrimitiveCall) throws -> [ClassScore] {
        let (given, wanted, own) = try pair(call)
        let (prediction, truth) = try classes(call, given, wanted)
        let classes: [Int]? = try call.optional(2) { position in
            if case .integer(let count) = call[position] {
                guard (1...10_000).contains(count) else {
                    throw Failure(
                        "value", "`classes` of \(call.primitive.name) must be from 1 to 10000, but is \(count)",
                        help: "it counts the background: 4 means 1, 2 and 3", argument: "classes")
                }
                return Array(1..<count)
            }
            return try call.ints(position)
        }
        let names: [String]? = try call.optional(4) { try call.list($0).map(\.text) }
        var rows = try segmentationReport(
            prediction, truth, classes: classes, spacing: spacing(call, 3, rank: truth.rank), grid: own)
        if let names {
            guard names.count == rows.count else {
                throw call.mismatch(4, expected: "a list of \(rows.count) names, one a class", found: "a list of \(names.count)")
            }
            for place in rows.indices { rows[place].name = names[place] }
        } else if let known = [1, 0].lazy.compactMap({ (call[$0].object as? VolumeObject)?.volume.labels?.names }).first {
            for place in rows.indices where known.indices.contains(rows[place].label) { rows[place].name = known[rows[place].label] }
        }
        return rows
    }
}
