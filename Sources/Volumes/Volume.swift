import Base
import Tensors

/// A tensor with a grid in space.
///
/// `data` has shape [X, Y, Z] in NumPy's and nibabel's axis order, or [X, Y, Z, …] with times or components after.
/// Volumes read from files are turned to the closest RAS orientation (axis 0 to the right, 1 to the front, 2 up);
/// the grid remembers the file's own layout, and writing turns back to it.
///
/// A label map has a `labels` table and int64 data. It stays one, with its table, wherever it goes.
public struct Volume {
    public let data: Tensor
    public private(set) var grid: Grid
    /// The file it was read from.
    public var path: String?
    /// What the numbers of a label map stand for; nil for an image.
    public let labels: LabelTable?

    /// `storedOrientation` replaces the layout that the grid knows. Throws code `grid` unless the first three sizes of `data`
    /// are those of the grid.
    public init(
        data: Tensor, grid: Grid, path: String? = nil, storedOrientation: Orientation? = nil, labels: LabelTable? = nil
    ) throws {
        let shape = data.shape
        guard shape.count >= 3, Array(shape.prefix(3)) == grid.shape else {
            throw Failure(
                "grid", "a volume's data must have the shape of its grid, \(grid.shape), but have \(shape)",
                help: shape.count == 2 ? "add an axis: unsqueeze(x, 2)" : nil)
        }
        self.data = labels == nil ? data : try data.to(dtype: .int64)
        self.grid = grid
        if let storedOrientation { self.grid.layout = FileLayout(storedOrientation, on: grid.orientation) }
        self.path = path
        self.labels = labels
    }

    /// Other data on the same grid: an image, or a label map where there is a table.
    public func with(data: Tensor, labels: LabelTable? = nil) throws -> Volume {
        try Volume(data: data, grid: grid, labels: labels)
    }

    public var shape: [Int] { data.shape }
    public var spacing: [Double] { grid.spacing }
    /// Codes of the axes in the file that the grid comes from; nil where it comes from none.
    public var storedOrientation: Orientation? { grid.storedOrientation }
    /// True when the elements are whole numbers or truths, so that resampling takes the nearest.
    public var isLabels: Bool { labels != nil || !data.dtype.isFloatingPoint }

    /// The same volume with its voxel axes in another order and direction; positions in the world stay.
    public func reoriented(to wanted: Orientation) throws -> Volume {
        let current = grid.orientation
        return current == wanted ? self : try turned(by: FileLayout(wanted, on: current))
    }

    /// The same volume in the order of the file that its grid comes from; itself where that is none.
    public func asStored() throws -> Volume { try grid.layout.map(turned) ?? self }

    private func turned(by order: FileLayout) throws -> Volume {
        if order == .own { return self }
        var turned = try data.permuted(order.axes.map(\.axis) + Array(3..<max(3, data.rank)))
        let flipped = order.axes.indices.filter { order.axes[$0].isReversed }
        if !flipped.isEmpty { turned = try aten("flip", .tensor(turned), .ints(flipped)) }
        return try Volume(data: try turned.contiguous(), grid: try grid.turned(by: order), path: path, labels: labels)
    }

    /// Throws code `grid` unless both lie on one grid; `what` names the two in the message.
    public func requireSameGrid(as other: Volume, _ what: String = "both volumes") throws {
        guard let difference = grid.difference(from: other.grid) else { return }
        throw Failure(
            "grid", "\(what) must lie on one grid, but differ: \(difference)",
            help: "bring one onto the other with resample(volume, like: other)")
    }
}
