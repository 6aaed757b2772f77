import Figures
import Foundation
import Machine
import Plotting
import Tensors
import Volumes

/// How a volume looks: on a terminal its grid in words and its middle slice as a small picture, on a page its middle slices.
struct VolumeView {
    let volume: Volume

    /// Columns of the picture.
    private static let pictureColumns = 40

    func text(_ display: TerminalDisplay) throws -> String {
        let grid = volume.grid
        let sizes = volume.shape.map(String.init).joined(separator: "×")
        var lines = ["\(volume.labels == nil ? "Volume" : "Labels") \(sizes) \(volume.data.dtype.name)" + (try range())]
        let extent = zip(grid.shape, grid.spacing).map { VolumeObject.shortNumber(Double($0) * $1) }.joined(separator: " × ")
        let spacing = grid.spacing.map(VolumeObject.shortNumber).joined(separator: " × ")
        let origin = grid.origin.map(VolumeObject.shortNumber).joined(separator: ", ")
        lines.append("  spacing \(spacing) mm   origin [\(origin)] mm   orientation \(grid.orientation.codes)   extent \(extent) mm")
        if volume.isLabels, let counts = try labelCounts() { lines.append("  voxels of each label: \(counts)") }
        if let path = volume.path { lines.append("  from \(path)") }
        if let picture = try picture(display) { lines.append(picture) }
        return lines.joined(separator: "\n")
    }

    /// Its three middle slices, labels in their colours, with its grid in words above them.
    func figure() throws -> Figure {
        let pair = try OverlayFigure.Pair(SliceSource(volume))
        var drawing = OverlayFigure()
        drawing.names = OverlayFigure.ownNames(of: [pair])
        return try drawing.orthogonal(pair, at: nil, title: VolumeObject(volume).text)
    }

    private func range() throws -> String { try withoutGradients { try TensorText.range(volume.data) } }

    /// `0: 1200, 1: 34`; nil when the elements are no labels that can be counted quickly.
    private func labelCounts() throws -> String? {
        let data = volume.data
        guard data.count > 0, data.count <= 1 << 26, data.device == .cpu else { return nil }
        let whole = try data.dtype == .bool ? data.to(dtype: .uint8) : data
        let least = try aten("min", .tensor(whole)).itemInt()
        let most = try aten("max", .tensor(whole)).itemInt()
        guard least >= 0, most < 256 else { return nil }
        let counts = try aten("bincount", .tensor(try aten("flatten", .tensor(whole)))).ints()
        let present = counts.enumerated().filter { $0.element > 0 }
        let shown = present.prefix(12).map { "\($0.offset): \($0.element)" }.joined(separator: ", ")
        return present.count > 12 ? "\(shown), … (\(present.count) labels)" : shown
    }

    private func picture(_ display: TerminalDisplay) throws -> String? {
        let source = try SliceSource(volume)
        let axis = source.usualAxis
        let layout = source.layout(across: axis)
        let size = source.data.shape[axis]
        let pair = try OverlayFigure.Pair(source)
        let place = try pair.labels?.tellingSlice(across: axis) ?? size / 2
        guard let image = try pair.image.image(layout, at: place) else { return nil }
        let labels = try pair.labels?.labels(layout, at: place) ?? []
        guard let layer = image.layer(labels: labels, window: pair.isLabelsAlone ? 0...1 : nil, alpha: 1) else { return nil }
        var style = display.isDirect ? TerminalStyle.current : TerminalStyle()
        style.columns = min(VolumeView.pictureColumns, display.columns)
        let name = layout.name.isEmpty ? "slice" : "\(layout.name) slice"
        let sides = layout.sides.isEmpty ? "" : ", \(layout.sides)"
        let head = "  \(name) \(place) of \(size)\(sides)"
        let drawn = Figure(panels: [Panel(image: layer)]).terminalText(style)
        return head + "\n" + drawn.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }
}
