import Base
import Plotting
import Tensors
import Volumes

/// An image, or a label map, that can be cut into slices for a picture.
public struct SliceSource {
    /// [A, B, C]; a tensor of two dimensions counts as one slice.
    public let data: Tensor
    /// Distance between neighbours along each axis, in mm.
    public let spacing: [Double]
    /// Where the axes point, for volumes that were read from files or brought onto such; nil for arrays, whose rows go down and whose
    /// columns go right.
    public let orientation: Orientation?
    /// The volume it was made of; nil for an array.
    public let volume: Volume?
    /// The names that a label map brings, by its numbers.
    private(set) var names: [Int: String] = [:]

    /// How a slice is laid out: which axis runs down and which runs right, and whether against its own direction.
    public struct Layout {
        var slice: Int
        var rows: Int
        var columns: Int
        var flipsRows: Bool
        var flipsColumns: Bool
        /// `axial`, `coronal`, `sagittal`; empty for arrays.
        public var name: String
        /// The patient's sides at the left and right edge; empty for arrays and sagittal slices.
        public var sides: String
    }

    /// Of a volume with times or components the first of each.
    public init(_ volume: Volume) throws {
        var tensor = volume.data
        while tensor.rank > 3 { tensor = try aten("select.int", .tensor(tensor), .int(tensor.rank - 1), .int(0)) }
        data = tensor
        spacing = volume.spacing
        orientation = volume.grid.layout == nil ? nil : volume.grid.orientation
        self.volume = volume
        if let table = volume.labels {
            names = Dictionary(uniqueKeysWithValues: (table.names ?? []).enumerated().map { ($0.offset, $0.element) })
            if table.ignored != nil { names[-1] = "ignored" }
        }
    }

    /// Class indices as the file's own values; everything else as it is.
    func inOwnValues() throws -> SliceSource {
        guard let volume, let table = volume.labels, let values = table.values else { return self }
        var own = try SliceSource(try volume.ownLabels())
        own.names = Dictionary(uniqueKeysWithValues: zip(values, table.names ?? []).map { ($0, $1) })
        if let ignored = table.ignored { own.names[ignored] = "ignored" }
        return own
    }

    /// Numbers [A, B, C] on a grid of which the spacing and, where slices follow it, the orientation are known.
    public init(data: Tensor, spacing: [Double], orientation: Orientation?) {
        (self.data, self.spacing, self.orientation, volume) = (data, spacing, orientation, nil)
    }

    /// The axis to cut across: the one with the thickest slices, else the one from feet to head, else the first.
    public var usualAxis: Int {
        let sorted = spacing.sorted()
        if sorted[2] > sorted[1] * 1.5, let axis = spacing.firstIndex(of: sorted[2]) { return axis }
        return orientation?.axes.firstIndex { $0.world == 2 } ?? 0
    }

    /// The axis to cut across: the one asked for, else the usual one.
    ///
    /// - Parameter name: what the diagnostic calls the argument.
    /// - Throws: code `index` unless there is such an axis.
    func axis(_ wanted: Int?, called name: String = "`axis`") throws -> Int {
        let axis = wanted ?? usualAxis
        guard (0..<3).contains(axis) else {
            throw Failure("index", "\(name) must be 0, 1 or 2, but is \(axis)", argument: "axis")
        }
        return axis
    }

    /// The place of a slice that a script numbers, from the end where the number is negative.
    ///
    /// - Parameter whole: what the diagnostic says the slice is of.
    /// - Throws: code `index` unless there is such a slice.
    func place(_ number: Int, across axis: Int, of whole: String) throws -> Int {
        let size = data.shape[axis]
        guard number >= -size, number < size else {
            throw Failure(
                "index", "a slice of this \(whole) must be from \(-size) to \(size - 1) along axis \(axis), but is \(number)",
                argument: "slice")
        }
        return number < 0 ? number + size : number
    }

    /// The words for a slice: `axial 12`, or `slice 12` where there are no directions.
    func caption(_ layout: Layout, at place: Int) -> String {
        "\(layout.name.isEmpty ? "slice" : layout.name) \(place)"
    }

    /// Radiological layout for oriented volumes: the patient's right at the left edge, front and head at the top.
    public func layout(across axis: Int) -> Layout {
        let others = (0..<3).filter { $0 != axis }
        guard let orientation else {
            return Layout(
                slice: axis, rows: others[0], columns: others[1], flipsRows: false, flipsColumns: false, name: "", sides: "")
        }
        // World axes: 0 to the right, 1 to the front, 2 up. Of the two that lie in the slice, the later runs down.
        let ordered = others.sorted { orientation.axes[$0].world < orientation.axes[$1].world }
        let (columns, rows) = (ordered[0], ordered[1])
        let world = orientation.axes[axis].world
        return Layout(
            slice: axis, rows: rows, columns: columns, flipsRows: !orientation.axes[rows].isReversed,
            flipsColumns: !orientation.axes[columns].isReversed, name: ["sagittal", "coronal", "axial"][world],
            sides: orientation.axes[columns].world == 0 ? "R – L" : "")
    }

    /// One slice, rows down, in the layout's directions.
    func values(_ layout: Layout, at place: Int) throws -> [Double] {
        var plane = try aten("select.int", .tensor(data), .int(layout.slice), .int(place))
        if layout.rows > layout.columns { plane = try aten("t", .tensor(plane)) }
        let flips = (layout.flipsRows ? [0] : []) + (layout.flipsColumns ? [1] : [])
        if !flips.isEmpty { plane = try aten("flip", .tensor(plane), .ints(flips)) }
        return try plane.doubles()
    }

    /// One slice in grey; nil where its spacing is not positive.
    public func image(_ layout: Layout, at place: Int) throws -> GreyImage? {
        GreyImage(
            width: data.shape[layout.columns], height: data.shape[layout.rows], values: try values(layout, at: place),
            pixelWidth: spacing[layout.columns], pixelHeight: spacing[layout.rows])
    }

    /// The labels of one slice, by rows; what is no label counts as background.
    public func labels(_ layout: Layout, at place: Int) throws -> [Int] {
        try values(layout, at: place).map { $0.isFinite && abs($0) < 9e15 ? Int($0.rounded()) : 0 }
    }

    /// The slice across `axis` that is nearest the middle and has at least half as many voxels that are not background as the
    /// fullest one: labels that fill the stack are seen in its middle, as an image without labels is.
    public func tellingSlice(across axis: Int) throws -> Int {
        let counts = try labelCounts(across: axis)
        let (middle, most) = (counts.count / 2, counts.max() ?? 0)
        let full = counts.indices.filter { counts[$0] > 0 && 2 * counts[$0] >= most }
        return full.min { abs($0 - middle) < abs($1 - middle) } ?? middle
    }

    /// The labels beyond the number of colours, as far as they can be told quickly: each needs one that no other has.
    func greatLabels() throws -> [Int] {
        guard data.count <= 1 << 27, data.device == .cpu, !data.dtype.isComplex else { return [] }
        return try withoutGradients {
            let most = try aten("max", .tensor(try whole(data))).item()
            guard most > Double(Palette.labels.count), most < 1_048_576 else { return [] }
            let numbers = try aten("clamp", .tensor(try whole(data).to(dtype: .int64)), .int(0))
            let counts = try aten("bincount", .tensor(try aten("flatten", .tensor(numbers)))).ints()
            return counts.indices.filter { $0 > Palette.labels.count && counts[$0] > 0 }
        }
    }

    private func whole(_ data: Tensor) throws -> Tensor { data.dtype == .bool ? try data.to(dtype: .uint8) : data }

    /// From the first slice with labels to the last; nil where none has any.
    func labelledSlices(across axis: Int) throws -> Range<Int>? {
        let counts = try labelCounts(across: axis)
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else { return nil }
        return first..<last + 1
    }

    /// How many voxels of each slice are not background.
    private func labelCounts(across axis: Int) throws -> [Int] {
        try aten(
            "sum.dim_IntList", .tensor(try aten("ne.Scalar", .tensor(data), .int(0))), .ints((0..<3).filter { $0 != axis })
        ).ints()
    }

    /// A black image of the same size in space.
    func black() throws -> SliceSource {
        SliceSource(
            data: try aten("zeros", .ints(data.shape)), spacing: spacing, orientation: orientation)
    }

    /// The greatest label; 0 where none is finite.
    public func greatestLabel() throws -> Int {
        let most = try aten("max", .tensor(try whole(data))).item()
        return most.isFinite && abs(most) < 9e15 ? Int(most.rounded()) : 0
    }

    /// Grey window of the whole image, so that its slices can be compared.
    func window() throws -> ClosedRange<Double> {
        // Of a large image every so-many-th number alone, as `GreyImage.window` would take them: a CT has 10⁸.
        let step = max(1, data.count / 200_000)
        guard step > 1 else { return GreyImage.window(of: try data.doubles()) }
        let row = try aten("flatten", .tensor(data.detached()))
        return GreyImage.window(
            of: try aten("slice.Tensor", .tensor(row), .int(0), .int(0), .int(data.count), .int(step)).doubles())
    }

    /// Throws unless `labels` lie on this image's grid.
    func require(_ labels: SliceSource) throws {
        if let mine = volume, let other = labels.volume {
            try mine.requireSameGrid(as: other, "the image and its labels")
        } else if data.shape != labels.data.shape {
            throw Failure(
                "grid", "labels must have the shape of their image, \(data.shape), but have \(labels.data.shape)",
                help: "bring them onto the image's grid with resample(labels, like: image)")
        }
    }
}
