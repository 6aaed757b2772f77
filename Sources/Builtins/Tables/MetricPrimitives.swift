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
            Primitive("dice(a, b, label: Int? = nil) -> Float", "Dice overlap of two masks, 2·|A∩B| / (|A| + |B|).",
                details: """
                    Masks are tensors of one shape or volumes on one grid; every nonzero voxel counts, or those equal to
                    `label`. What labels `b` count to no class (nnU-Net's `ignore`) counts in neither mask. 1 is agreement,
                    0 no overlap, NaN when both masks are empty.
                    """,
                example: "dice(tensor([1, 1, 0, 0]), tensor([1, 0, 1, 0]))  # => 0.5") { (a: TensorOrVolume, b: TensorOrVolume, label: Int?) in
                let (first, second) = try Pair(a, b, of: "dice").masks(label)
                return try Overlap(first, second).dice
            },
            Primitive("jaccard(a, b, label: Int? = nil) -> Float", "Jaccard overlap of two masks, |A∩B| / |A∪B|.",
                details: "Masks and empty masks as in `dice`.",
                example: "jaccard(tensor([1, 1, 0, 0]), tensor([1, 1, 1, 1]))  # => 0.5") { (a: TensorOrVolume, b: TensorOrVolume, label: Int?) in
                let (first, second) = try Pair(a, b, of: "jaccard").masks(label)
                return try Overlap(first, second).jaccard
            },
            Primitive("hausdorff(a, b, label: Int? = nil, spacing = nil) -> Float",
                "Hausdorff distance: the largest distance from one surface to the other.", details: surfaceDetails,
                example: "hausdorff(tensor([1, 1, 0, 0]), tensor([0, 0, 0, 1]), spacing: [2.0])  # => 6.0") { (a: TensorOrVolume, b: TensorOrVolume, label: Int?, spacing: [Double]?) in
                try Pair(a, b, of: "hausdorff").distances(label, spacing).hausdorff
            },
            Primitive("hd95(a, b, label: Int? = nil, spacing = nil) -> Float",
                "95th percentile of the distances between two surfaces, both ways together.", details: surfaceDetails,
                example: "hd95(tensor([1, 0, 0, 0]), tensor([0, 0, 0, 1]))  # => 3.0") { (a: TensorOrVolume, b: TensorOrVolume, label: Int?, spacing: [Double]?) in
                try Pair(a, b, of: "hd95").distances(label, spacing).hausdorff95
            },
            Primitive("asd(a, b, label: Int? = nil, spacing = nil) -> Float",
                "Average distance from the first mask's surface to the second's.", details: surfaceDetails,
                example: "asd(tensor([1, 0, 0, 0]), tensor([1, 0, 0, 1]))  # => 0.0") { (a: TensorOrVolume, b: TensorOrVolume, label: Int?, spacing: [Double]?) in
                try Pair(a, b, of: "asd").distances(label, spacing).averageDistance
            },
            Primitive("assd(a, b, label: Int? = nil, spacing = nil) -> Float",
                "Average distance between two surfaces, both ways together.", details: surfaceDetails,
                example: "assd(tensor([1, 0, 0, 0]), tensor([1, 0, 0, 1]))  # => 1.0") { (a: TensorOrVolume, b: TensorOrVolume, label: Int?, spacing: [Double]?) in
                try Pair(a, b, of: "assd").distances(label, spacing).averageSymmetricDistance
            },
            Primitive("segmentation_scores(prediction, truth, classes = nil, spacing = nil, names: List? = nil) -> List",
                "The scores of each class: a list of maps with label, dice, jaccard, hd95, asd, assd and voxel counts.",
                details: """
                    `classes` lists the labels to score, or counts them with the background (4 means 1, 2 and 3); without it,
                    every label above 0 that occurs. `names` gives a name a class; without it labels bring their own. Numbers that are no
                    whole ones are an error of code `value`. Where `truth` is below 0 it is unknown, and nothing is scored. Distances are NaN for a class that one side
                    lacks, so look at the voxel counts before taking means. `segmentation_table` shows the same as text.
                    """,
                example: "segmentation_scores(tensor([0, 1, 1, 2]), tensor([0, 1, 2, 2]))[0].dice  # => 0.6666666666666666") {
                (prediction: TensorOrVolume, truth: TensorOrVolume, classes: Classes?, spacing: [Double]?, names: [Value]?) in
                try Pair(prediction, truth, of: "segmentation_scores", ["prediction", "truth"])
                    .scores(classes, spacing, names).map { row in
                        MapObject([
                            ("label", .integer(row.label)), ("name", .string(row.name)), ("dice", .float(row.dice)),
                            ("jaccard", .float(row.jaccard)), ("hd95", .float(row.hausdorff95)),
                            ("asd", .float(row.averageDistance)), ("assd", .float(row.averageSymmetricDistance)),
                            ("predicted_voxels", .integer(row.predictedVoxels)), ("true_voxels", .integer(row.trueVoxels)),
                        ])
                    }
            },
            Primitive("segmentation_table(prediction, truth, classes = nil, spacing = nil, names: List? = nil) -> String",
                "The scores of each class as text with aligned columns.",
                details: """
                    Arguments as of `segmentation_scores`. Distances are in mm where the spacing is known, by `spacing` or from
                    volumes, else in voxels; the headings say which. Pages and notebooks show it as a table.
                    """,
                example: "print(segmentation_table(tensor([0, 1, 1, 2]), tensor([0, 1, 2, 2])))") {
                (prediction: TensorOrVolume, truth: TensorOrVolume, classes: Classes?, spacing: [Double]?, names: [Value]?) -> Value in
                let pair = try Pair(prediction, truth, of: "segmentation_table", ["prediction", "truth"])
                let unit = spacing != nil || pair.grid != nil ? "mm" : "voxels"
                let rows: [[Value]] = try pair.scores(classes, spacing, names).map { row in
                    [
                        .string(row.name), .float(row.dice), .float(row.jaccard), .float(row.hausdorff95),
                        .float(row.averageDistance), .float(row.averageSymmetricDistance), .integer(row.predictedVoxels),
                        .integer(row.trueVoxels),
                    ]
                }
                let columns = [
                    "class", "Dice", "Jaccard", "HD95 (\(unit))", "ASD (\(unit))", "ASSD (\(unit))", "predicted", "true",
                ]
                return TextTable(columns: columns, rows: rows).value
            },
        ])
}

/// The labels to score: those of a list, or as many as a number counts with the background.
private struct Classes: ScriptReadable {
    let labels: [Int]

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Classes {
        guard case .integer(let count) = call[position] else { return Classes(labels: try call.ints(position)) }
        guard (1...10_000).contains(count) else {
            throw Failure(
                "value", "`classes` of \(call.primitive.name) must be from 1 to 10000, but is \(count)",
                help: "it counts the background: 4 means 1, 2 and 3", argument: "classes")
        }
        return Classes(labels: Array(1..<count))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

/// Two masks of one shape, as arguments of a function.
private struct Pair {
    private let first: TensorOrVolume
    private let second: TensorOrVolume
    private let function: String
    private let names: [String]
    /// The grid that volumes bring.
    let grid: Grid?

    /// Throws code `grid` or `shape` for masks that do not lie over each other.
    init(_ first: TensorOrVolume, _ second: TensorOrVolume, of function: String, _ names: [String] = ["a", "b"]) throws {
        (self.first, self.second, self.function, self.names) = (first, second, function, names)
        let grids = [first, second].compactMap { $0.volume?.grid }
        if grids.count == 2, let difference = grids[0].difference(from: grids[1]) {
            throw Failure(
                "grid", "both arguments of \(function) must lie on one grid, but differ: \(difference)",
                help: "bring one onto the other with `resample(labels, like: other)`", labels: names.map { ($0, "") })
        }
        let (a, b) = (first.tensor.shape, second.tensor.shape)
        guard a == b else {
            throw Failure(
                "shape", "both arguments of \(function) must have one shape, but have \(a) and \(b)",
                labels: [(names[0], "\(a) here"), (names[1], "\(b) here")])
        }
        // Axes after the third are no space.
        grid = first.tensor.rank <= 3 ? grids.first : nil
    }

    /// Both arguments as whole numbers that mean the same classes; code `value` where they are none.
    private func classes() throws -> (Tensor, Tensor) {
        let volumes = [first, second].compactMap(\.volume)
        let tables = volumes.compactMap(\.labels)
        if tables.count == 2, !tables[0].agrees(with: tables[1]) {
            throw VolumeObject.otherClasses("both arguments of \(function)", volumes, names)
        }
        let help = "labels are read with `read_labels`; those of an image are found with `image > 0.5`"
        return (
            try naming(names[0], of: function) { try wholeNumbers(first.tensor, $0, help: help) },
            try naming(names[1], of: function) { try wholeNumbers(second.tensor, $0, help: help) }
        )
    }

    /// Both as masks: where they are not 0, or equal to a label.
    func masks(_ label: Int?) throws -> (Tensor, Tensor) {
        var (a, b) = (first.tensor, second.tensor)
        if let label {
            let (given, wanted) = try classes()
            (a, b) = (try given.applying(.equal, label), try wanted.applying(.equal, label))
        }
        // What belongs to no class in the second is in neither mask; what the first calls so counts as not found, as in
        // `segmentation_scores`.
        func clear(_ mask: Tensor, where side: TensorOrVolume) throws -> Tensor {
            guard side.volume?.labels?.ignored != nil else { return mask }
            return try aten("masked_fill.Scalar", .tensor(mask), .tensor(side.tensor.applying(.less, 0)), .int(0))
        }
        return (try clear(clear(a, where: first), where: second), try clear(b, where: second))
    }

    func distances(_ label: Int?, _ spacing: [Double]?) throws -> SurfaceDistances {
        let (a, b) = try masks(label)
        if spacing == nil, let grid { return try SurfaceDistances(a, b, grid: grid) }
        return try SurfaceDistances(a, b, spacing: spacing.map { alongAxes($0, rank: a.rank) })
    }

    /// One number counts for all axes.
    private func alongAxes(_ spacing: [Double], rank: Int) -> [Double] {
        spacing.count == 1 ? [Double](repeating: spacing[0], count: rank) : spacing
    }

    /// The score of each class, with its name.
    func scores(_ wanted: Classes?, _ spacing: [Double]?, _ given: [Value]?) throws -> [ClassScore] {
        let (prediction, truth) = try classes()
        var rows = try segmentationReport(
            prediction, truth, classes: wanted?.labels, spacing: spacing.map { alongAxes($0, rank: truth.rank) }, grid: grid)
        if let given {
            guard given.count == rows.count else {
                throw Failure.mismatch(
                    "names", of: function, expected: "a list of \(rows.count) names, one a class", found: "a list of \(given.count)")
            }
            for place in rows.indices { rows[place].name = given[place].text }
        } else if let known = [second, first].lazy.compactMap({ $0.volume?.labels?.names }).first {
            for place in rows.indices where known.indices.contains(rows[place].label) { rows[place].name = known[rows[place].label] }
        }
        return rows
    }
}
