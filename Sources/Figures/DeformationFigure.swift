import Base
import Plotting
import Registration
import Tensors
import Volumes

/// Builds the figures of `deformation_grid` and `displacement`: slices of the fixed grid with the movement of its points.
public struct DeformationFigure {
    /// The length of the movement in mm, on the fixed grid.
    private let length: SliceSource
    /// The movement in mm along each voxel axis, [X, Y, Z] each.
    private let along: [SliceSource]
    private let image: SliceSource?
    private let window: ClosedRange<Double>?

    /// - Parameters:
    ///   - image: drawn underneath, and laid out as its own slices are; without it as radiologists do.
    ///   - localOnly: leaves the affine part out.
    /// - Throws: code `grid` unless the image lies on the fixed grid of the transform.
    public init(_ transform: Transform, image volume: Volume?, localOnly: Bool) throws {
        if let volume, let difference = volume.grid.difference(from: transform.fixed) {
            throw Failure(
                "grid", "`image` must lie on the grid that the transform leads onto, but differs: \(difference)",
                help: "give the volume that was registered onto, or the warped one", argument: "image")
        }
        let image = try volume.map { try SliceSource($0) }
        let orientation = volume == nil ? transform.fixed.orientation : image?.orientation
        func source(_ data: Tensor) -> SliceSource {
            SliceSource(data: data, spacing: transform.fixed.spacing, orientation: orientation)
        }
        (length, along) = try withoutGradients {
            let movement = try transform.movement(localOnly: localOnly)
            let world = try aten("linalg_vector_norm", .tensor(movement), 2.0, [-1], false)
            let axes = try transform.movementAlongAxes(movement)
            return (source(world), try (0..<3).map { source(try aten("select.int", .tensor(axes), -1, .int($0))) })
        }
        self.image = image
        window = try image?.window()
    }

    /// One slice: its size in pixels and mm, and the movement in mm to the right and down.
    private struct Slice {
        var layout: SliceSource.Layout
        var place: Int
        var width: Int
        var height: Int
        var pixel: (width: Double, height: Double)
        var right: [Double]
        var down: [Double]
        var title: String

        /// Where a point of the slice goes, in mm from the upper left corner; linear between pixels.
        func moved(column: Double, row: Double) -> (x: Double, y: Double) {
            let (left, top) = (min(max(0, Int(column)), max(0, width - 2)), min(max(0, Int(row)), max(0, height - 2)))
            let (a, b) = (min(1, max(0, column - Double(left))), min(1, max(0, row - Double(top))))
            let (nextColumn, nextRow) = (width > 1 ? 1 : 0, height > 1 ? width : 0)
            func value(_ values: [Double]) -> Double {
                let here = top * width + left
                let upper = values[here] * (1 - a) + values[here + nextColumn] * a
                let lower = values[here + nextRow] * (1 - a) + values[here + nextRow + nextColumn] * a
                return upper * (1 - b) + lower * b
            }
            return ((column + 0.5) * pixel.width + value(right), (row + 0.5) * pixel.height + value(down))
        }
    }

    private func slices(_ wanted: [Int]?, axis: Int?) throws -> [Slice] {
        let axis = try length.axis(axis)
        let layout = length.layout(across: axis)
        return try (wanted ?? [length.data.shape[axis] / 2]).map { number in
            let place = try length.place(number, across: axis, of: "transform")
            func values(_ axis: Int, _ isReversed: Bool) throws -> [Double] {
                let found = try along[axis].values(layout, at: place)
                return isReversed ? found.map { -$0 } : found
            }
            return Slice(
                layout: layout, place: place, width: length.data.shape[layout.columns], height: length.data.shape[layout.rows],
                pixel: (length.spacing[layout.columns], length.spacing[layout.rows]),
                right: try values(layout.columns, layout.flipsColumns), down: try values(layout.rows, layout.flipsRows),
                title: length.caption(layout, at: place))
        }
    }

    /// A grid of lines every `spacing` mm, bent as the transform moves its points within the slice; sixteen across without one.
    ///
    /// - Throws: code `index` unless there are such an axis and such slices, `value` for more than 400 lines.
    public func grid(slices wanted: [Int]?, axis: Int?, spacing: Double?, title: String) throws -> Figure {
        let panels = try slices(wanted, axis: axis).map { slice -> Panel in
            let extent = (Double(slice.width) * slice.pixel.width, Double(slice.height) * slice.pixel.height)
            let step = spacing ?? max(extent.0, extent.1) / 16
            guard step > 0, step.isFinite, max(extent.0, extent.1) / step <= 400 else {
                throw Failure(
                    "value", "`spacing` of deformation_grid must be mm between at most 400 lines, but is \(step)",
                    argument: "spacing")
            }
            var (x, y): ([Double], [Double]) = ([], [])
            func add(_ points: [(column: Double, row: Double)]) {
                for point in points {
                    let place = slice.moved(column: point.column, row: point.row)
                    x.append(place.x)
                    y.append(place.y)
                }
                x.append(.nan)
                y.append(.nan)
            }
            // Counted from the middle, so that the figure is symmetric and has a line whatever the spacing.
            func places(_ count: Int, _ pixel: Double) -> [Double] {
                let middle = Double(count - 1) / 2
                let most = Int(middle * pixel / step)
                return (-most...most).map { middle + Double($0) * step / pixel }
            }
            for column in places(slice.width, slice.pixel.width) { add((0..<slice.height).map { (column, Double($0)) }) }
            for row in places(slice.height, slice.pixel.height) { add((0..<slice.width).map { (Double($0), row) }) }
            let layer = try image?.image(slice.layout, at: slice.place)?.layer(window: window) ?? ImageLayer(
                width: slice.width, height: slice.height, rgb: [UInt8](repeating: 255, count: slice.width * slice.height * 3),
                pixelWidth: slice.pixel.width, pixelHeight: slice.pixel.height)
            let color = image == nil ? Palette.line(0) : Palette.labels[0]
            return panel(slice, layer, [Series(x: x, y: y, color: color)])
        }
        return Figure(title: title, panels: panels)
    }

    /// The length of the movement in mm as colours, and arrows from where points are to where they go within the slice.
    public func lengths(slices wanted: [Int]?, axis: Int?, arrows: Bool, title: String) throws -> Figure {
        let slices = try slices(wanted, axis: axis)
        let values = try slices.map { try length.values($0.layout, at: $0.place) }
        let most = values.joined().filter(\.isFinite).max() ?? 0
        var figure = Figure(title: title, panels: [])
        for (slice, lengths) in zip(slices, values) {
            let rows = (0..<slice.height).map { Array(lengths[($0 * slice.width)..<(($0 + 1) * slice.width)]) }
            guard let drawn = HeatMap(values: rows, range: 0...most)?.figure(), let colors = drawn.panels[0].image else { continue }
            let layer = ImageLayer(
                width: slice.width, height: slice.height, rgb: colors.rgb, pixelWidth: slice.pixel.width,
                pixelHeight: slice.pixel.height)
            figure.panels.append(panel(slice, layer, arrows ? [arrowSeries(slice)] : []))
            figure.legend = drawn.legend.map { LegendEntry("\($0.name) mm", $0.color) }
        }
        return figure
    }

    private func panel(_ slice: Slice, _ layer: ImageLayer?, _ series: [Series]) -> Panel {
        var panel = Panel(title: slice.title, xLabel: slice.layout.sides, series: series, image: layer)
        panel.drawsLinesAsText = true
        return panel
    }

    /// About sixteen arrows across, in their true lengths.
    private func arrowSeries(_ slice: Slice) -> Series {
        let step = max(1, max(slice.width, slice.height) / 16)
        var (x, y): ([Double], [Double]) = ([], [])
        for row in stride(from: step / 2, to: slice.height, by: step) {
            for column in stride(from: step / 2, to: slice.width, by: step) {
                let start = ((Double(column) + 0.5) * slice.pixel.width, (Double(row) + 0.5) * slice.pixel.height)
                let end = slice.moved(column: Double(column), row: Double(row))
                let (across, down) = (end.x - start.0, end.y - start.1)
                // The head: two strokes back from the tip, a third of the arrow long and half as far to the side.
                x += [start.0, end.x, .nan, end.x - across / 3 - down / 6, end.x, end.x - across / 3 + down / 6, .nan]
                y += [start.1, end.y, .nan, end.y - down / 3 + across / 6, end.y, end.y - down / 3 - across / 6, .nan]
            }
        }
        return Series(x: x, y: y, color: Color(255, 255, 255))
    }
}
