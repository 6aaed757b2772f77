import Foundation

/// One chart drawn with characters: Braille dots inside, numbers or names along its axes.
struct TerminalChart {
    static let rows = 14
    static let glyphs: [Character] = ["o", "x", "+", "*", "#", "@", "%", "&"]
    /// Whiskers, medians and error bars.
    private static let strokes = Color(hex: 0x888888)

    private let panel: Panel
    private let style: TerminalStyle
    private let xRange: ClosedRange<Double>
    private let yRange: ClosedRange<Double>
    private let yTicks: [Double]
    private let labelWidth: Int
    private let width: Int
    private var canvas: TerminalCanvas

    static func lines(_ panel: Panel, _ style: TerminalStyle) -> [String] {
        var chart = TerminalChart(panel, style)
        chart.draw()
        return chart.lines()
    }

    private init(_ panel: Panel, _ style: TerminalStyle) {
        self.style = style
        xRange = AxisRange.x(of: panel)
        yRange = AxisRange.y(of: panel)
        yTicks = panel.logarithmic ? AxisRange.logarithmicTicks(yRange) : AxisRange.ticks(yRange, count: 5)
        labelWidth = yTicks.map { AxisRange.text($0).count }.max() ?? 1
        width = max(10, min(style.columns, 100) - labelWidth - 3)
        canvas = TerminalCanvas(columns: width, rows: TerminalChart.rows)
        self.panel = panel.thinned(columns: canvas.dotColumns, rows: canvas.dotRows, showsDensity: false)
    }

    private var isMarked: Bool { style.colors == .none && panel.series.count > 1 }

    // MARK: Inside the axes

    private func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
        let across = (x - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
        return (
            TerminalChart.dot(across, canvas.dotColumns),
            canvas.dotRows - 1 - TerminalChart.dot(TerminalChart.share(y, yRange, panel.logarithmic), canvas.dotRows)
        )
    }

    private mutating func draw() {
        for (index, series) in panel.series.enumerated() {
            let color = series.color ?? Palette.line(index)
            let halfBar = series.style == .bars || series.style == .boxes ? AxisRange.barWidth(series) / 2 : 0
            var last: (x: Int, y: Int)?
            let markEvery = max(1, series.x.count / 8)
            for (number, (x, y)) in zip(series.x, series.y).enumerated() {
                guard x.isFinite, y.isFinite, !panel.logarithmic || y > 0, xRange.contains(x) else {
                    last = nil
                    continue
                }
                let here = place(x, y)
                switch series.style {
                case .points: canvas.set(here.x, here.y, color)
                case .bars: fill(from: place(x - halfBar, max(0, yRange.lowerBound)), to: place(x + halfBar, y), color)
                case .boxes:
                    if number < series.boxes.count { box(series.boxes[number], at: x, halfBar, color) }
                    continue
                case .line: canvas.line(from: last ?? here, to: here, color)
                case .steps:
                    let before = last ?? here
                    canvas.line(from: before, to: (here.x, before.y), color)
                    canvas.line(from: (here.x, before.y), to: here, color)
                }
                last = here
                if series.style == .points || series.style == .bars, !series.low.isEmpty, series.low[number].isFinite,
                    series.high[number].isFinite
                {
                    let stroke = series.style == .bars ? TerminalChart.strokes : color
                    canvas.line(from: place(x, series.low[number]), to: place(x, series.high[number]), stroke)
                }
                if isMarked, (number + index * markEvery / max(1, panel.series.count)) % markEvery == 0 {
                    canvas.mark(here.x, here.y, TerminalChart.glyphs[index % TerminalChart.glyphs.count])
                }
            }
        }
    }

    /// All dots of a rectangle; bars beside each other keep a dot of room where there is enough.
    private mutating func fill(from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ color: Color) {
        let isNarrow = end.x - start.x < 6
        let right = max(start.x, isNarrow ? end.x : end.x - 1)
        for x in max(0, start.x)...max(0, right) { canvas.line(from: (x, start.y), to: (x, end.y), color) }
    }

    private mutating func box(_ box: BoxSummary, at x: Double, _ half: Double, _ color: Color) {
        let (lower, upper) = (place(x - half, box.lowerQuartile), place(x + half, box.upperQuartile))
        let (middle, median) = (place(x, box.median).x, place(x, box.median).y)
        canvas.line(from: (middle, place(x, box.lowerWhisker).y), to: (middle, lower.y), color)
        canvas.line(from: (middle, upper.y), to: (middle, place(x, box.upperWhisker).y), color)
        for whisker in [box.lowerWhisker, box.upperWhisker] {
            canvas.line(from: place(x - half / 2, whisker), to: place(x + half / 2, whisker), color)
        }
        for side in [lower.x, upper.x] { canvas.line(from: (side, lower.y), to: (side, upper.y), color) }
        for edge in [lower.y, upper.y] { canvas.line(from: (lower.x, edge), to: (upper.x, edge), color) }
        for column in stride(from: lower.x, through: upper.x, by: 2) { canvas.mark(column, median, "━") }
        for outlier in box.outliers {
            let dot = place(x, outlier)
            canvas.mark(dot.x, dot.y, "∘")
            canvas.set(dot.x, dot.y, color)
        }
    }

    private static func share(_ value: Double, _ range: ClosedRange<Double>, _ logarithmic: Bool) -> Double {
        logarithmic
            ? log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
            : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// A share of 0...1 as a dot's number; far outside values stay just outside.
    private static func dot(_ share: Double, _ count: Int) -> Int {
        guard share.isFinite else { return -1 }
        return Int((max(-1, min(2, share)) * Double(count - 1)).rounded())
    }

    // MARK: Around it

    private func lines() -> [String] {
        let rows = TerminalChart.rows
        var lines = titleLines(panel.title, labelWidth + 2 + width)
        if !panel.yLabel.isEmpty { lines.append(cut(panel.yLabel)) }
        var labels = [String](repeating: "", count: rows)
        for tick in yTicks {
            let row = rows - 1 - TerminalChart.dot(TerminalChart.share(tick, yRange, panel.logarithmic), rows * 4) / 4
            if labels.indices.contains(row) { labels[row] = AxisRange.text(tick) }
        }
        for row in 0..<rows {
            let label = String(repeating: " ", count: labelWidth - labels[row].count) + labels[row]
            lines.append("\(label) \(labels[row].isEmpty ? "│" : "┤")\(canvas.text(row: row, style))")
        }
        lines += panel.categories.isEmpty ? numbersBelow() : namesBelow()
        if !panel.xLabel.isEmpty { lines.append(centered(cut(panel.xLabel), labelWidth + 2 + width)) }
        let entries = panel.series.enumerated().filter { !$0.element.name.isEmpty }
        if !entries.isEmpty {
            lines += wrapped(
                entries.map { index, series in
                    let name = TextFit.shortened(
                        visible(series.name), to: Double(max(8, style.columns - labelWidth - 6)), TextFit.cells)
                    let sign = isMarked ? String(TerminalChart.glyphs[index % TerminalChart.glyphs.count]) : "──"
                    return (
                        style.colored(sign, series.color ?? Palette.line(index)) + " " + name,
                        sign.count + 1 + Int(TextFit.cells(name))
                    )
                }, width: style.columns, indent: labelWidth + 2)
        }
        return lines
    }

    private func cut(_ text: String) -> String { TextFit.shortened(visible(text), to: Double(style.columns), TextFit.cells) }

    private func numbersBelow() -> [String] {
        let indent = labelWidth + 1
        var axis = [Character](repeating: "─", count: width)
        var labels = [Character](repeating: " ", count: width + indent + 1)
        var taken = -1
        for tick in AxisRange.xTicks(of: panel, xRange, count: max(2, width / 12)) {
            let across = (tick - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            let column = TerminalChart.dot(across, width)
            guard axis.indices.contains(column) else { continue }
            axis[column] = "┬"
            let text = Array(AxisRange.text(tick))
            let start = max(0, min(labels.count - text.count, indent + 1 + column - text.count / 2))
            guard start > taken else { continue }
            for (offset, character) in text.enumerated() { labels[start + offset] = character }
            taken = start + text.count
        }
        return [String(repeating: " ", count: indent) + "└" + String(axis), String(labels)]
    }

    /// The names of categories below their places; numbers, and the names after them, where they do not fit.
    private func namesBelow() -> [String] {
        let indent = labelWidth + 2
        let names = panel.categories.map(visible)
        let places = names.indices.map { place(Double($0), yRange.lowerBound).x / 2 }
        var axis = [Character](repeating: "─", count: width)
        for column in places where axis.indices.contains(column) { axis[column] = "┬" }
        let room = Double(width) / (Double(names.count) + 0.2)
        func row(_ texts: [String]) -> String {
            var line = ""
            for (text, column) in zip(texts, places) {
                let cells = TextFit.cells(text)
                let start = max(0, min(indent + width - Int(cells), indent + column - Int(cells) / 2))
                let used = Int(TextFit.cells(line))
                // A number that does not fit beside the one before is left out.
                guard line.isEmpty || start > used else { continue }
                line += String(repeating: " ", count: max(0, start - used)) + text
            }
            return line
        }
        let edge = String(repeating: " ", count: indent - 1) + "└" + String(axis)
        if names.allSatisfy({ TextFit.cells($0) < room }) { return [edge, row(names)] }
        let numbers = names.indices.map { String($0 + 1) }
        let list = zip(numbers, names).map { number, name -> (text: String, width: Int) in
            let short = TextFit.shortened(name, to: Double(max(8, style.columns - indent - number.count - 2)), TextFit.cells)
            return ("\(number) \(short)", number.count + 1 + Int(TextFit.cells(short)))
        }
        return [edge, row(numbers)] + wrapped(list, width: style.columns, indent: indent)
    }
}
