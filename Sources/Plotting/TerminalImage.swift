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
        if !panel.title.isEmpty { lines.append(centered(TextFit.shortened(visible(panel.title), to: Double(width), TextFit.cells), width, padded: true)) }
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
