/// How the file that a grid comes from orders its voxels: what is written on the grid is turned back to it, so that it lies
/// voxel by voxel on that file's own.
public struct FileLayout: Equatable, Sendable {
    public struct Axis: Equatable, Sendable {
        /// The grid's axis that runs along the file's.
        public var axis: Int
        /// Whether it runs against it.
        public var isReversed: Bool

        public init(_ axis: Int, isReversed: Bool = false) { (self.axis, self.isReversed) = (axis, isReversed) }
    }

    /// One for each axis of the file. Kept as places, not as codes: of axes halfway between two directions of the patient
    /// the codes depend on rounding.
    public var axes: [Axis]

    /// The grid's own order.
    public static let own = FileLayout(axes: (0..<3).map { Axis($0) })

    public init(axes: [Axis]) { self.axes = axes }

    /// The axes in the form in which files keep them: 1, 2 and 3 for the grid's, negative where it runs against the file's.
    public var numbers: [Int] { axes.map { $0.isReversed ? -1 - $0.axis : $0.axis + 1 } }

    /// From `numbers`; nil for what are no three axes.
    public init?(numbers: [Int]) {
        guard numbers.allSatisfy({ (-3...3).contains($0) }), numbers.map(abs).sorted() == [1, 2, 3] else { return nil }
        axes = numbers.map { Axis(abs($0) - 1, isReversed: $0 < 0) }
    }

    /// The order whose axes point where `wanted` says, for a grid whose axes point where `current` does.
    init(_ wanted: Orientation, on current: Orientation) {
        axes = wanted.axes.map { axis in
            let source = current.axes.firstIndex { $0.world == axis.world } ?? 0
            return Axis(source, isReversed: current.axes[source].isReversed != axis.isReversed)
        }
    }

    /// The same file's order for a grid that was turned by `order`.
    func turned(by order: FileLayout) -> FileLayout {
        var result = self
        for place in axes.indices {
            guard let now = order.axes.firstIndex(where: { $0.axis == axes[place].axis }) else { continue }
            result.axes[place] = Axis(now, isReversed: axes[place].isReversed != order.axes[now].isReversed)
        }
        return result
    }
}

extension Grid {
    /// The same voxels in another order.
    func turned(by order: FileLayout) throws -> Grid {
        var translation = affine.translation
        let columns = order.axes.map { axis -> [Double] in
            let column = affine.column(axis.axis)
            guard axis.isReversed else { return column }
            for row in 0..<3 { translation[row] += column[row] * Double(shape[axis.axis] - 1) }
            return column.map { -$0 }
        }
        var grid = self
        try grid.place(shape: order.axes.map { shape[$0.axis] }, affine: Affine(columns: columns, translation: translation))
        grid.layout = layout?.turned(by: order)
        return grid
    }

    /// The codes of the file's axes; nil for a grid that comes from no file.
    public var storedOrientation: Orientation? {
        layout.flatMap { try? turned(by: $0).orientation }
    }

    /// The grid with the layout of another, and with the place where ITK sees it, where that has one.
    public func taking(layoutOf other: Grid?) -> Grid {
        var grid = self
        if let layout = other?.layout { grid.layout = layout }
        if let frame = other?.itkFrame { grid.itkFrame = frame }
        return grid
    }
}
