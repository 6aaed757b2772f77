import Tensors

/// A tensor with a grid in space.
///
/// `data` has shape [X, Y, Z] in NumPy's and nibabel's axis order, or [X, Y, Z, …] with times or components after.
/// Volumes read from files are turned to the closest RAS orientation (axis 0 to the right, 1 to the front, 2 up);
/// `storedOrientation` remembers the file's own, and writing turns back to it.
///
/// A label map has a `labels` table and int64 data. It stays one, with its table, wherever it goes.
public struct Volume {
    public let data: Tensor
    public let grid: Grid
    /// The file it was read from.
    public var path: String?
    /// Axis codes to write with; nil writes the orientation of `grid`.
    public var storedOrientation: Orientation?
    /// What the numbers of a label map stand for; nil for an image.
    public let labels: LabelTable?

    /// Throws code `grid` unless the first three sizes of `data` are those of the grid.
    public init(
        data: Tensor, grid: Grid, path: String? = nil, storedOrientation: Orientation? = nil, labels: LabelTable? = nil
    ) throws {
        let shape = data.shape
        guard shape.count >= 3, Array(shape.prefix(3)) == grid.shape else {
            throw TensorError(
                "grid", "a volume's data must have the shape of its grid, \(grid.shape), but have \(shape)",
                help: shape.count == 2 ? "add an axis: unsqueeze(x, 2)" : nil)
        }
        self.data = labels == nil ? data : try data.to(dtype: .int64)
        self.grid = grid
        self.path = path
        self.storedOrientation = storedOrientation
        self.labels = labels
    }

    /// Other data on the same grid: an image, or a label map where there is a table.
    public func with(data: Tensor, labels: LabelTable? = nil) throws -> Volume {
        try Volume(data: data, grid: grid, path: nil, storedOrientation: storedOrientation, labels: labels)
    }

    public var shape: [Int] { data.shape }
    public var spacing: [Double] { grid.spacing }
    /// True when the elements are whole numbers or truths, so that resampling takes the nearest.
    public var isLabels: Bool { labels != nil || !data.dtype.isFloatingPoint }

    /// The same volume with its voxel axes in another order and direction; positions in the world stay.
    public func reoriented(to wanted: Orientation) throws -> Volume {
        let current = grid.orientation
        if current == wanted { return self }
        var order: [Int] = []
        var flipped: [Int] = []
        for (place, axis) in wanted.axes.enumerated() {
            guard let source = current.axes.firstIndex(where: { $0.world == axis.world }) else { continue }
            order.append(source)
            if current.axes[source].isReversed != axis.isReversed { flipped.append(place) }
        }
        var turned = try data.permuted(order + Array(3..<max(3, data.rank)))
        if !flipped.isEmpty { turned = try aten("flip", .tensor(turned), .ints(flipped)) }
        var translation = grid.affine.translation
        let columns = order.enumerated().map { place, source -> [Double] in
            let column = grid.affine.column(source)
            guard flipped.contains(place) else { return column }
            for row in 0..<3 { translation[row] += column[row] * Double(grid.shape[source] - 1) }
            return column.map { -$0 }
        }
        return try Volume(
            data: try turned.contiguous(),
            grid: try Grid(shape: order.map { grid.shape[$0] }, affine: Affine(columns: columns, translation: translation)),
            path: path, storedOrientation: storedOrientation, labels: labels)
    }

    /// Throws code `grid` unless both lie on one grid; `what` names the two in the message.
    public func requireSameGrid(as other: Volume, _ what: String = "both volumes") throws {
        guard let difference = grid.difference(from: other.grid) else { return }
        throw TensorError(
            "grid", "\(what) must lie on one grid, but differ: \(difference)",
            help: "bring one onto the other with resample(volume, like: other)")
    }
}
