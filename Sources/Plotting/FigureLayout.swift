/// Where everything of a figure goes, in points from the upper left corner. gnuplot only draws; the places are
/// decided here, so that no label meets an edge and all formats look the same.
struct FigureLayout {
    struct Box {
        var left: Double
        var top: Double
        var width: Double
        var height: Double
        var right: Double { left + width }
        var bottom: Double { top + height }
    }

    /// Whole figure.
    var width: Double
    var height: Double
    /// One a panel: the inside of its axes.
    var plots: [Box]
    /// The upper left corner of the figure's own legend.
    var legend: (left: Double, top: Double)

    static let characterWidth = 7.3
    /// Of a panel's title.
    static let titleCharacterWidth = 8.4
    /// Of the smaller letters beside a heat map.
    static let nameWidth = 6.1
    static let chartSize = (width: 440.0, height: 280.0)
    static let imageSide = 260.0

    /// Room around the inside of one panel's axes.
    struct Margins {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double
    }

    init(_ figure: Figure) {
        let count = figure.panels.count
        let columns = max(1, min(count, figure.columns ?? FigureLayout.columns(for: figure)))
        let rows = max(1, (count + columns - 1) / columns)
        var margins = figure.panels.map(FigureLayout.margins)
        // One scale for all images, so that a millimetre has one length on the page.
        let extents = figure.panels.compactMap { $0.image?.extent }.map { max($0.width, $0.height) }
        let side = FigureLayout.imageSide * (count == 1 ? 1.4 : 1)
        let natural = figure.panels.map { FigureLayout.naturalSize($0, among: count, scale: side / (extents.max() ?? 1)) }

        // A title longer than its image keeps off its neighbours'.
        for (index, panel) in figure.panels.enumerated() where panel.image != nil {
            let over = (Double(panel.title.count) * FigureLayout.titleCharacterWidth - natural[index].width) / 2
            margins[index].left = max(margins[index].left, over + 4)
            margins[index].right = max(margins[index].right, over + 4)
        }

        var columnLeft = [Double](repeating: 0, count: columns)
        var columnWidth = columnLeft, columnRight = columnLeft
        var rowTop = [Double](repeating: 0, count: rows)
        var rowHeight = rowTop, rowBottom = rowTop
        for index in 0..<count {
            let (row, column) = (index / columns, index % columns)
            columnLeft[column] = max(columnLeft[column], margins[index].left)
            columnRight[column] = max(columnRight[column], margins[index].right)
            columnWidth[column] = max(columnWidth[column], natural[index].width)
            rowTop[row] = max(rowTop[row], margins[index].top)
            rowBottom[row] = max(rowBottom[row], margins[index].bottom)
            rowHeight[row] = max(rowHeight[row], natural[index].height)
        }
        let titleHeight = figure.title.isEmpty ? 4.0 : 42.0
        let legendWidth = figure.legend.isEmpty ? 0 : FigureLayout.legendWidth(figure.legend.map(\.name))
        let fixedWidth = sum(columnLeft) + sum(columnRight) + legendWidth
        let fixedHeight = sum(rowTop) + sum(rowBottom) + titleHeight
        let stretchX = figure.width.map { max(0.1, ($0 - fixedWidth) / max(1, sum(columnWidth))) } ?? 1
        let stretchY = figure.height.map { max(0.1, ($0 - fixedHeight) / max(1, sum(rowHeight))) } ?? 1
        columnWidth = columnWidth.map { $0 * stretchX }
        rowHeight = rowHeight.map { $0 * stretchY }
        let titleWidth = Double(figure.title.count) * 8 + 40
        width = max(120, figure.width ?? max(fixedWidth + sum(columnWidth), min(titleWidth, 900))).rounded(.up)
        height = max(60, figure.height ?? fixedHeight + sum(rowHeight)).rounded(.up)

        plots = []
        var top = titleHeight
        for row in 0..<rows {
            var left = 0.0
            for column in 0..<columns where row * columns + column < count {
                plots.append(
                    Box(
                        left: left + columnLeft[column], top: top + rowTop[row], width: columnWidth[column],
                        height: rowHeight[row]))
                left += columnLeft[column] + columnWidth[column] + columnRight[column]
            }
            top += rowTop[row] + rowHeight[row] + rowBottom[row]
        }
        let firstRow = plots.prefix(columns)
        legend = ((firstRow.last?.right ?? 0) + 14, firstRow.first?.top ?? titleHeight)
    }

    /// Up to four images or two charts side by side.
    private static func columns(for figure: Figure) -> Int {
        let count = figure.panels.count
        if figure.hasImage { return count <= 4 ? count : count <= 6 ? 3 : 4 }
        return count == 1 ? 1 : 2
    }

    /// - Parameter scale: points a millimetre, for images.
    private static func naturalSize(_ panel: Panel, among count: Int, scale: Double) -> (width: Double, height: Double) {
        guard let image = panel.image else {
            return count > 2 ? (chartSize.width * 0.8, chartSize.height * 0.8) : chartSize
        }
        let extent = image.extent
        return (max(24, extent.width * scale), max(24, extent.height * scale))
    }

    private static func margins(_ panel: Panel) -> Margins {
        let top = panel.title.isEmpty ? 14.0 : 32.0
        if !panel.rowNames.isEmpty || !panel.columnNames.isEmpty {
            return Margins(
                left: namesLength(panel.rowNames) + (panel.yLabel.isEmpty ? 0 : 26), right: 10, top: top,
                bottom: namesLength(panel.columnNames) + (panel.xLabel.isEmpty ? 0 : 26))
        }
        if panel.image != nil {
            return Margins(left: 10, right: 10, top: panel.title.isEmpty ? 8 : 28, bottom: panel.xLabel.isEmpty ? 10 : 28)
        }
        let range = AxisRange.y(of: panel)
        let ticks = panel.logarithmic ? AxisRange.logarithmicTicks(range) : AxisRange.ticks(range, count: 6)
        let longest = ticks.map { AxisRange.text($0).count }.max() ?? 1
        let names = panel.series.map(\.name).filter { !$0.isEmpty }
        return Margins(
            left: Double(max(3, longest)) * characterWidth + 20 + (panel.yLabel.isEmpty ? 0 : 26),
            right: hasLegend(panel) ? legendWidth(names) : 28, top: top, bottom: panel.xLabel.isEmpty ? 34 : 56)
    }

    private static func namesLength(_ names: [String]) -> Double {
        Double(min(names.map(\.count).max() ?? 0, 48)) * nameWidth + 16
    }

    /// Where the labels of axes with names go: from the left edge, and from the top.
    static func axisLabelPlaces(_ panel: Panel, _ box: Box) -> (left: Double, below: Double) {
        (box.left - namesLength(panel.rowNames) - 16, box.bottom + namesLength(panel.columnNames) + 10)
    }

    /// Named series have a legend, a single one too.
    static func hasLegend(_ panel: Panel) -> Bool {
        panel.image == nil && panel.series.contains { !$0.name.isEmpty }
    }

    static func legendWidth(_ names: [String]) -> Double {
        Double(min(names.map(\.count).max() ?? 0, 48)) * characterWidth + 60
    }
}

private func sum(_ values: [Double]) -> Double { values.reduce(0, +) }
