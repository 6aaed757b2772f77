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
    /// The figure's title on as many lines as it needs, at most three.
    var titleLines: [String]
    /// The title of each panel, at most two lines.
    var panelTitles: [[String]]
    /// The names of each panel's categories.
    var categories: [CategoryNames]

    static let characterWidth = 7.3
    /// Of a panel's title.
    static let titleCharacterWidth = 8.4
    /// Of the figure's title.
    static let headingCharacterWidth = 9.8
    /// Of the smaller letters beside a heat map.
    static let nameWidth = 6.1
    /// Of the names of categories.
    static let categoryWidth = 6.6
    static let titleLineHeight = 17.0
    static let headingLineHeight = 20.0
    static let legendLineHeight = 18.6
    static let mostLegendRows = 24
    static let chartSize = (width: 440.0, height: 280.0)
    static let imageSide = 260.0
    /// Longer names of series are shortened, in mean letters.
    static let longestName = 40.0
    /// Longer names of rows, columns and categories are shortened, in mean letters.
    static let longestTick = 32.0

    /// Room around the inside of one panel's axes.
    struct Margins {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double
    }

    /// Names below a horizontal axis: beside each other on one or two lines, else turned by 45 degrees.
    struct CategoryNames {
        var lines: [[String]] = []
        var isTurned = false
        /// Room below the axis, and to the left of it.
        var below = 34.0
        var left = 0.0

        /// - Parameter width: of the axis.
        init(_ names: [String], width: Double) {
            guard !names.isEmpty else { return }
            let slot = width / (Double(names.count) + 0.2)
            let room = (slot - 8) / categoryWidth
            let short = names.map { TextFit.shortened($0, to: longestTick) }
            lines = short.map { TextFit.lines($0, room: max(1, room), most: 2) }
            // Not where a word had to be broken or a name cut to find room.
            let isWhole = zip(short, lines).allSatisfy { name, lines in
                lines.joined(separator: " ") == name && lines.allSatisfy { TextFit.letters($0) <= room }
            }
            if isWhole || short.allSatisfy(\.isEmpty) {
                if lines.contains(where: { $0.count > 1 }) { below += 14 }
                return
            }
            lines = short.map { [$0] }
            isTurned = true
            let length = (short.map { TextFit.letters($0) }.max() ?? 0) * categoryWidth * 0.71
            below = length + 20
            left = length - slot * 0.6 + 8
        }
    }

    init(_ figure: Figure) {
        let count = figure.panels.count
        let columns = max(1, min(count, figure.columns ?? FigureLayout.columns(for: figure)))
        let rows = max(1, (count + columns - 1) / columns)
        // One scale for all images, so that a millimetre has one length on the page.
        let extents = figure.panels.compactMap { $0.image?.extent }.map { max($0.width, $0.height) }
        let side = FigureLayout.imageSide * (count == 1 ? 1.4 : count <= 6 ? 1 : count <= 12 ? 0.7 : 0.5)
        let natural = figure.panels.map { FigureLayout.naturalSize($0, among: count, scale: side / (extents.max() ?? 1)) }

        categories = zip(figure.panels, natural).map { CategoryNames($0.categories, width: $1.width) }
        var margins = zip(figure.panels, categories).map { FigureLayout.margins($0, $1) }

        // A title somewhat longer than its image gets more room, so that it keeps off its neighbours'.
        for (index, panel) in figure.panels.enumerated() where panel.image != nil && !panel.title.isEmpty {
            let wanted = min(TextFit.letters(panel.title) * FigureLayout.titleCharacterWidth, max(natural[index].width, 220))
            let over = (wanted - natural[index].width) / 2
            margins[index].left = max(margins[index].left, over + 6)
            margins[index].right = max(margins[index].right, over + 6)
        }

        var columnLeft = [Double](repeating: 0, count: columns)
        var columnWidth = columnLeft, columnRight = columnLeft
        for index in 0..<count {
            let column = index % columns
            columnLeft[column] = max(columnLeft[column], margins[index].left)
            columnRight[column] = max(columnRight[column], margins[index].right)
            columnWidth[column] = max(columnWidth[column], natural[index].width)
        }
        let legendWidth = FigureLayout.legendWidth(figure.legend.map(\.name)) * Double(FigureLayout.legendColumns(figure))
        let fixedWidth = sum(columnLeft) + sum(columnRight) + legendWidth
        let stretchX = figure.width.map { max(0.1, ($0 - fixedWidth) / max(1, sum(columnWidth))) } ?? 1
        columnWidth = columnWidth.map { $0 * stretchX }
        let content = fixedWidth + sum(columnWidth)
        // A small picture makes room for the first words of its title.
        let titleWidth = TextFit.letters(figure.title.prefix(60)) * FigureLayout.headingCharacterWidth + 24
        width = max(120, figure.width ?? max(content, min(titleWidth, 300))).rounded(.up)
        let indent = max(0, (width - content) / 2)

        titleLines = TextFit.lines(figure.title, room: (width - 20) / FigureLayout.headingCharacterWidth, most: 3)
        panelTitles = []
        var rowTop = [Double](repeating: 0, count: rows)
        var rowHeight = rowTop, rowBottom = rowTop
        for (index, panel) in figure.panels.enumerated() {
            let (row, column) = (index / columns, index % columns)
            // Centred over the axes, a title may reach as far to both sides as there is room on either.
            let margin = min(columnLeft[column], columnRight[column] + (column == columns - 1 ? legendWidth : 0))
            let room = columnWidth[column] + 2 * max(0, margin - 4)
            let lines = TextFit.lines(panel.title, room: room / FigureLayout.titleCharacterWidth, most: 2)
            panelTitles.append(lines)
            let top = margins[index].top + Double(max(0, lines.count - 1)) * FigureLayout.titleLineHeight
            rowTop[row] = max(rowTop[row], top)
            rowBottom[row] = max(rowBottom[row], margins[index].bottom + (row < rows - 1 ? 8 : 0))
            rowHeight[row] = max(rowHeight[row], natural[index].height)
        }
        let titleHeight = titleLines.isEmpty ? 4.0 : 22 + Double(titleLines.count) * FigureLayout.headingLineHeight
        let fixedHeight = sum(rowTop) + sum(rowBottom) + titleHeight
        let stretchY = figure.height.map { max(0.1, ($0 - fixedHeight) / max(1, sum(rowHeight))) } ?? 1
        rowHeight = rowHeight.map { $0 * stretchY }
        let legendBottom =
            figure.legend.isEmpty
            ? 0 : titleHeight + (rowTop.first ?? 0) + Double(FigureLayout.legendRows(figure)) * (FigureLayout.legendLineHeight + 2) + 10
        height = max(60, figure.height ?? max(fixedHeight + sum(rowHeight), legendBottom)).rounded(.up)

        plots = []
        var top = titleHeight
        for row in 0..<rows {
            var left = indent
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
        // Beyond what stands to the right of the last panel, its own legend for instance.
        let margin = figure.panels.prefix(columns).last.map { $0.image == nil ? columnRight[columns - 1] : 14 } ?? 14
        legend = ((firstRow.last?.right ?? 0) + margin, firstRow.first?.top ?? titleHeight)
    }

    /// Up to four images or two charts side by side.
    private static func columns(for figure: Figure) -> Int {
        let count = figure.panels.count
        if figure.hasImage { return count <= 4 ? count : count <= 6 ? 3 : count <= 12 ? 4 : 6 }
        return count == 1 ? 1 : 2
    }

    /// - Parameter scale: points a millimetre, for images.
    private static func naturalSize(_ panel: Panel, among count: Int, scale: Double) -> (width: Double, height: Double) {
        guard let image = panel.image else {
            let share = count > 2 ? 0.8 : 1
            let bars = panel.series.filter { $0.style == .bars }.count
            let wanted = Double(panel.categories.count) * max(16, Double(bars) * 8)
            let legend = hasLegend(panel) ? Double(panel.series.filter { !$0.name.isEmpty }.count) * legendLineHeight + 8 : 0
            return (max(chartSize.width * share, min(1200, wanted)), max(chartSize.height * share, legend))
        }
        let extent = image.extent
        return (max(24, extent.width * scale), max(24, extent.height * scale))
    }

    private static func margins(_ panel: Panel, _ categories: CategoryNames) -> Margins {
        let top = panel.title.isEmpty ? 14.0 : 32.0
        if !panel.rowNames.isEmpty || !panel.columnNames.isEmpty {
            return Margins(
                left: namesLength(panel.rowNames) + (panel.yLabel.isEmpty ? 0 : 26), right: 10, top: top,
                bottom: columnNamesLength(panel) + (panel.xLabel.isEmpty ? 0 : 26))
        }
        if panel.image != nil {
            return Margins(left: 10, right: 10, top: panel.title.isEmpty ? 8 : 26, bottom: panel.xLabel.isEmpty ? 10 : 28)
        }
        let range = AxisRange.y(of: panel)
        let ticks = panel.logarithmic ? AxisRange.logarithmicTicks(range) : AxisRange.ticks(range, count: 6)
        let longest = ticks.map { AxisRange.text($0).count }.max() ?? 1
        let names = panel.series.map(\.name).filter { !$0.isEmpty }
        let left = Double(max(3, longest)) * characterWidth + 20 + (panel.yLabel.isEmpty ? 0 : 26)
        return Margins(
            left: max(left, categories.left), right: hasLegend(panel) ? legendWidth(names) : 28, top: top,
            bottom: categories.below + (panel.xLabel.isEmpty ? 0 : 22))
    }

    private static func namesLength(_ names: [String]) -> Double {
        min(names.map { TextFit.letters($0.prefix(64)) }.max() ?? 0, longestTick) * nameWidth + 16
    }

    /// Whether the names of columns are turned upright, because they would meet.
    static func turnsColumns(_ panel: Panel) -> Bool {
        let cells = max(panel.columnNames.count, panel.rowNames.count, panel.image.map { max($0.width, $0.height) } ?? 1)
        return (panel.columnNames.map { TextFit.letters($0.prefix(64)) }.max() ?? 0) * nameWidth + 4 > imageSide / Double(cells)
    }

    private static func columnNamesLength(_ panel: Panel) -> Double {
        turnsColumns(panel) || panel.columnNames.isEmpty ? namesLength(panel.columnNames) : 24
    }

    /// Where the labels of axes with names go: from the left edge, and from the top.
    static func axisLabelPlaces(_ panel: Panel, _ box: Box) -> (left: Double, below: Double) {
        (box.left - namesLength(panel.rowNames) - 16, box.bottom + columnNamesLength(panel) + 10)
    }

    /// Named series have a legend, a single one too.
    static func hasLegend(_ panel: Panel) -> Bool {
        panel.image == nil && panel.series.contains { !$0.name.isEmpty }
    }

    /// A long legend stands in columns of equal length.
    static func legendColumns(_ figure: Figure) -> Int { (figure.legend.count + mostLegendRows - 1) / mostLegendRows }

    static func legendRows(_ figure: Figure) -> Int {
        figure.legend.isEmpty ? 0 : (figure.legend.count - 1) / legendColumns(figure) + 1
    }

    static func legendWidth(_ names: [String]) -> Double {
        min(names.map { TextFit.letters($0.prefix(80)) }.max() ?? 0, longestName + 1) * characterWidth + 64
    }
}

private func sum(_ values: [Double]) -> Double { values.reduce(0, +) }
