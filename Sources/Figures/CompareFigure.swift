import Base
import Foundation
import Plotting
import Tensors

/// Builds the figure of `compare`: slices of two images in one checkerboard, and their difference in colours.
public struct CompareFigure {
    let first: SliceSource
    let second: SliceSource
    let squares: Int

    /// - Parameter squares: how many squares of the checkerboard lie along the longer side.
    /// - Throws: code `grid` unless both lie on one grid.
    public init(_ first: SliceSource, _ second: SliceSource, squares: Int) throws {
        (self.first, self.second, self.squares) = (first, second, squares)
        let difference: String?
        if let one = first.volume, let other = second.volume {
            difference = one.grid.difference(from: other.grid)
        } else {
            difference = first.data.shape == second.data.shape ? nil : "shape \(first.data.shape) and \(second.data.shape)"
        }
        if let difference {
            throw Failure(
                "grid", "`a` and `b` of compare must lie on one grid, but differ: \(difference)",
                help: "bring one onto the other with `resample(b, like: a)`", argument: "b")
        }
    }

    /// Two slices at one place.
    private struct Slice {
        var one: GreyImage
        var other: GreyImage
        var caption: String
        var sides: String

        var differences: [Double] { zip(one.values, other.values).map { $0 - $1 } }
    }

    private func slices(_ wanted: [Int]?, axis: Int?) throws -> [Slice] {
        let axis = try first.axis(axis, called: "`axis` of compare")
        let layout = first.layout(across: axis)
        return try (wanted ?? [first.data.shape[axis] / 2]).map { number in
            let place = try first.place(number, across: axis, of: "image")
            guard let one = try first.image(layout, at: place), let other = try second.image(layout, at: place) else {
                throw Failure("value", "the slice cannot be drawn: its spacing must be positive")
            }
            let caption = first.data.shape[axis] == 1 ? "" : first.caption(layout, at: place)
            return Slice(one: one, other: other, caption: caption, sides: layout.sides)
        }
    }

    /// The checkerboard, the difference, or both, of each slice: the middle one unless others are wanted.
    ///
    /// - Throws: code `index` unless there are such an axis and such slices.
    public func figure(slices wanted: [Int]?, axis: Int?, checkerboard: Bool, difference: Bool, title: String) throws -> Figure {
        let slices = try slices(wanted, axis: axis)
        var figure = Figure(title: title, panels: [], columns: slices.count > 1 && checkerboard && difference ? 2 : nil)
        // Each image through its own grey window, so that two modalities can be compared.
        let windows = checkerboard ? (try first.window(), try second.window()) : (0...1, 0...1)
        let scale = DifferenceScale(slices.flatMap(\.differences))
        for slice in slices {
            func panel(_ name: String, _ layer: ImageLayer?) -> Panel {
                Panel(title: slice.caption.isEmpty ? name : "\(name) · \(slice.caption)", xLabel: slice.sides, image: layer)
            }
            if checkerboard {
                let one = slice.one.layer(window: windows.0)
                figure.panels.append(panel("checkerboard", one.flatMap { mixed($0, slice.other.layer(window: windows.1)) }))
            }
            if difference { figure.panels.append(panel("a − b", scale.layer(slice.one, slice.differences))) }
        }
        if difference { figure.legend = scale.legend }
        return figure
    }

    /// Squares of the one image and of the other in turn, so many along the longer side.
    private func mixed(_ one: ImageLayer, _ other: ImageLayer?) -> ImageLayer? {
        guard let other, one.rgb.count == other.rgb.count else { return nil }
        let side = max(one.extent.width, one.extent.height) / Double(squares)
        var rgb = one.rgb
        for row in 0..<one.height {
            let down = Int((Double(row) + 0.5) * one.pixelHeight / side)
            for column in 0..<one.width where (down + Int((Double(column) + 0.5) * one.pixelWidth / side)) % 2 == 1 {
                let start = (row * one.width + column) * 3
                for part in start..<start + 3 { rgb[part] = other.rgb[part] }
            }
        }
        return ImageLayer(width: one.width, height: one.height, rgb: rgb, pixelWidth: one.pixelWidth, pixelHeight: one.pixelHeight)
    }
}

/// Colours of differences, alike to both sides of zero.
private struct DifferenceScale {
    /// The difference of the strongest colour: 99.5% of all are smaller, so that one voxel does not make all others pale.
    private let most: Double
    private let isExceeded: Bool
    private let hasUnknown: Bool

    init(_ differences: [Double]) {
        let sizes = differences.filter(\.isFinite).map(abs).sorted()
        hasUnknown = sizes.count < differences.count
        let largest = sizes.last ?? 0
        let usual = sizes.isEmpty ? 0 : sizes[Int(Double(sizes.count - 1) * 0.995)]
        most = usual > 0 ? usual : largest
        isExceeded = largest > most
    }

    func layer(_ image: GreyImage, _ differences: [Double]) -> ImageLayer? {
        let rgb = differences.flatMap { value -> [UInt8] in
            let color = Palette.diverging(most > 0 ? value / most : value.isFinite ? 0 : .nan)
            return [color.red, color.green, color.blue]
        }
        return ImageLayer(
            width: image.width, height: image.height, rgb: rgb, pixelWidth: image.pixelWidth, pixelHeight: image.pixelHeight)
    }

    var legend: [LegendEntry] {
        let shares = most > 0 ? [1, 0.5, 0, -0.5, -1] : [0.0]
        var entries = shares.map { share -> LegendEntry in
            let number = share == 0 ? "0" : (share > 0 ? "+" : "−") + String(format: "%.3g", most * abs(share))
            let beyond = !isExceeded || abs(share) < 1 ? "" : share > 0 ? "≥ " : "≤ "
            return LegendEntry(beyond + number, Palette.diverging(share))
        }
        if hasUnknown { entries.append(LegendEntry("unknown", Palette.diverging(.nan))) }
        return entries
    }
}
