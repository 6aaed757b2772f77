import Foundation

extension Figure {
    /// The figure drawn with characters: Braille dots for curves, half blocks for images. Needs no gnuplot.
    ///
    /// - Returns: lines separated by newlines, none longer than the style's columns, without a final newline.
    public func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
        var lines: [String] = []
        if !title.isEmpty { lines.append(centered(visible(title), style.columns)) }
        var row: [[String]] = []
        var rowWidths: [Int] = []
        func flush() {
            lines += TerminalRow.joined(row, widths: rowWidths)
            row = []
            rowWidths = []
        }
        let images = panels.filter { $0.image != nil }.count
        let across = max(1, min(images, columns ?? 4, style.columns / 20))
        let imageColumns = min(64, (style.columns - 2 * (across - 1)) / across)
        for panel in panels {
            if panel.image != nil {
                let drawn = TerminalImage.lines(panel, columns: imageColumns, style)
                if row.count == across { flush() }
                row.append(drawn.lines)
                rowWidths.append(drawn.width)
            } else {
                flush()
                lines += TerminalChart.lines(panel, style)
            }
        }
        flush()
        if !legend.isEmpty {
            lines.append(legend.map { style.colored("■", $0.color) + " " + visible($0.name) }.joined(separator: "   "))
        }
        return lines.joined(separator: "\n")
    }
}

/// Panels side by side.
enum TerminalRow {
    static func joined(_ blocks: [[String]], widths: [Int]) -> [String] {
        guard let height = blocks.map(\.count).max() else { return [] }
        return (0..<height).map { line in
            zip(blocks, widths).map { block, width in
                line < block.count ? block[line] : String(repeating: " ", count: width)
            }.joined(separator: "  ")
        }
    }
}

/// One chart.
enum TerminalChart {
    static let rows = 14
    static let glyphs: [Character] = ["o", "x", "+", "*", "#", "@", "%", "&"]

    static func lines(_ panel: Panel, _ style: TerminalStyle) -> [String] {
        let xRange = AxisRange.x(of: panel)
        let yRange = AxisRange.y(of: panel)
        let yTicks = panel.logarithmic ? AxisRange.logarithmicTicks(yRange) : AxisRange.ticks(yRange, count: 5)
        let labelWidth = yTicks.map { AxisRange.text($0).count }.max() ?? 1
        let width = max(10, min(style.columns, 100) - labelWidth - 3)
        var canvas = TerminalCanvas(columns: width, rows: rows)
        func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
            let across = (x - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            let up = share(y, yRange, panel.logarithmic)
            return (dot(across, canvas.dotColumns), canvas.dotRows - 1 - dot(up, canvas.dotRows))
        }
        let marked = style.colors == .none && panel.series.count > 1
        for (index, series) in panel.series.enumerated() {
            let color = series.color ?? Palette.line(index)
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
                case .bars: canvas.line(from: (here.x, place(x, max(0, yRange.lowerBound)).y), to: here, color)
                case .line: canvas.line(from: last ?? here, to: here, color)
                case .steps:
                    let before = last ?? here
                    canvas.line(from: before, to: (here.x, before.y), color)
                    canvas.line(from: (here.x, before.y), to: here, color)
                }
                last = here
                if marked, (number + index * markEvery / max(1, panel.series.count)) % markEvery == 0 {
                    canvas.mark(here.x, here.y, glyphs[index % glyphs.count])
                }
            }
        }
        var lines: [String] = []
        if !panel.title.isEmpty { lines.append(centered(visible(panel.title), labelWidth + 2 + width)) }
        if !panel.yLabel.isEmpty { lines.append(visible(panel.yLabel)) }
        var labels = [String](repeating: "", count: rows)
        for tick in yTicks {
            let up = share(tick, yRange, panel.logarithmic)
            let row = rows - 1 - dot(up, rows * 4) / 4
            if labels.indices.contains(row) { labels[row] = AxisRange.text(tick) }
        }
        for row in 0..<rows {
            let label = String(repeating: " ", count: labelWidth - labels[row].count) + labels[row]
            lines.append("\(label) \(labels[row].isEmpty ? "│" : "┤")\(canvas.text(row: row, style))")
        }
        lines += horizontalAxis(panel, xRange, width, indent: labelWidth + 1)
        if !panel.xLabel.isEmpty { lines.append(centered(visible(panel.xLabel), labelWidth + 2 + width)) }
        let entries = panel.series.enumerated().filter { !$0.element.name.isEmpty }
        if !entries.isEmpty {
            lines += wrapped(
                entries.map { index, series in
                    let name = visible(series.name)
                    let sign = marked ? String(glyphs[index % glyphs.count]) : "──"
                    return (style.colored(sign, series.color ?? Palette.line(index)) + " " + name, sign.count + 1 + name.count)
                }, width: style.columns, indent: labelWidth + 2)
        }
        return lines
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

    private static func horizontalAxis(
        _ panel: Panel, _ range: ClosedRange<Double>, _ width: Int, indent: Int
    ) -> [String] {
        var axis = [Character](repeating: "─", count: width)
        var labels = [Character](repeating: " ", count: width + indent + 1)
        var taken = -1
        for tick in AxisRange.xTicks(of: panel, range, count: max(2, width / 12)) {
            let across = (tick - range.lowerBound) / (range.upperBound - range.lowerBound)
            let column = dot(across, width)
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

    /// Legend entries on as few lines as they fit on.
    private static func wrapped(_ entries: [(text: String, width: Int)], width: Int, indent: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for entry in entries {
            if used > 0, indent + used + 3 + entry.width > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line += used == 0 ? String(repeating: " ", count: indent) + entry.text : "   " + entry.text
            used += entry.width + (used == 0 ? 0 : 3)
        }
        if used > 0 { lines.append(line) }
        return lines
    }
}

/// One image.
enum TerminalImage {
    static func lines(_ panel: Panel, columns: Int, _ style: TerminalStyle) -> (lines: [String], width: Int) {
        guard let image = panel.image else { return ([], 0) }
        let extent = image.extent
        // A character cell is about twice as high as wide; in colour a cell holds two pixels, one above the other.
        let most = 30.0
        let width = max(2, min(columns, Int((most * 2 * extent.width / extent.height).rounded())))
        let rows = max(1, Int((Double(width) * extent.height / extent.width / 2).rounded()))
        var lines: [String] = []
        if !panel.title.isEmpty { lines.append(centered(String(visible(panel.title).prefix(width)), width, padded: true)) }
        let crossed = panel.drawsLinesAsText ? cells(under: panel.series, extent, rows: rows, columns: width) : [:]
        for row in 0..<rows {
            var line = ""
            for column in 0..<width {
                if let color = crossed[row * width + column] {
                    line += style.colored("+", color)
                } else if style.colors == .none {
                    let ramp = Array(" .:-=+*#%@")
                    let level = average(image, row, rows, column, width).brightness
                    line.append(ramp[min(9, Int(level * 10))])
                } else {
                    let top = average(image, row * 2, rows * 2, column, width)
                    let bottom = average(image, row * 2 + 1, rows * 2, column, width)
                    line += style.colored("▀", top, on: bottom)
                }
            }
            lines.append(line)
        }
        return (lines, width)
    }

    /// The cells that lines over the image run through, with their colours.
    private static func cells(
        under series: [Series], _ extent: (width: Double, height: Double), rows: Int, columns: Int
    ) -> [Int: Color] {
        var found: [Int: Color] = [:]
        for (index, line) in series.enumerated() {
            let color = line.color ?? Palette.line(index)
            for place in line.x.indices where line.x[place].isFinite && line.y[place].isFinite {
                let isJoined = place > 0 && line.x[place - 1].isFinite && line.y[place - 1].isFinite
                let start = isJoined ? place - 1 : place
                let steps = 8
                for step in 0...steps {
                    let share = Double(step) / Double(steps)
                    let across = (line.x[start] + share * (line.x[place] - line.x[start])) / extent.width * Double(columns)
                    let down = (line.y[start] + share * (line.y[place] - line.y[start])) / extent.height * Double(rows)
                    guard across >= 0, across < Double(columns), down >= 0, down < Double(rows) else { continue }
                    found[Int(down) * columns + Int(across)] = color
                }
            }
        }
        return found
    }

    /// The mean colour of the pixels under one cell of a grid of rows × columns.
    private static func average(_ image: ImageLayer, _ row: Int, _ rows: Int, _ column: Int, _ columns: Int) -> Color {
        let top = row * image.height / rows
        let bottom = max(top + 1, (row + 1) * image.height / rows)
        let left = column * image.width / columns
        let right = max(left + 1, (column + 1) * image.width / columns)
        var sums = (0, 0, 0)
        for y in top..<min(bottom, image.height) {
            for x in left..<min(right, image.width) {
                let color = image.color(row: y, column: x)
                sums.0 += Int(color.red)
                sums.1 += Int(color.green)
                sums.2 += Int(color.blue)
            }
        }
        let count = max(1, (min(bottom, image.height) - top) * (min(right, image.width) - left))
        return Color(UInt8(sums.0 / count), UInt8(sums.1 / count), UInt8(sums.2 / count))
    }
}

/// Text without control characters, so that a title cannot send commands to the terminal.
func visible(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
}

func centered(_ text: String, _ width: Int, padded: Bool = false) -> String {
    let left = max(0, (width - text.count) / 2)
    let right = padded ? max(0, width - left - text.count) : 0
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: right)
}
