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
        let written = cells(of: panel.marks, extent, rows: rows, columns: width)
        let ramp = Array(" .:-=+*#%@")
        let colors = means(image, rows: style.colors == .none ? rows : rows * 2, columns: width)
        for row in 0..<rows {
            var line = ""
            for column in 0..<width {
                let cell = row * width + column
                if let letter = written[cell] {
                    let under = style.colors == .none ? Color(0, 0, 0) : colors[2 * row * width + column].over(colors[(2 * row + 1) * width + column], alpha: 0.5)
                    line += style.colored(String(letter), under.brightness > 0.5 ? Color(0, 0, 0) : Color(255, 255, 255), on: under)
                } else if let color = crossed[cell] {
                    line += style.colored("+", color)
                } else if style.colors == .none {
                    line.append(ramp[min(9, Int(colors[cell].brightness * 10))])
                } else {
                    line += style.colored("▀", colors[2 * row * width + column], on: colors[(2 * row + 1) * width + column])
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
            func cell(_ place: Int) -> (x: Double, y: Double) {
                (line.x[place] / extent.width * Double(columns), line.y[place] / extent.height * Double(rows))
            }
            for place in line.x.indices where line.x[place].isFinite && line.y[place].isFinite {
                let isJoined = place > 0 && line.x[place - 1].isFinite && line.y[place - 1].isFinite
                let (start, end) = (cell(isJoined ? place - 1 : place), cell(place))
                // Two looks a cell, so that none on the way is passed over; a point that is far away must not take forever.
                let length = max(abs(end.x - start.x), abs(end.y - start.y))
                let steps = max(1, Int(min(length * 2, 100_000).rounded(.up)))
                for step in 0...steps {
                    let share = Double(step) / Double(steps)
                    let (across, down) = (start.x + share * (end.x - start.x), start.y + share * (end.y - start.y))
                    guard across >= 0, across < Double(columns), down >= 0, down < Double(rows) else { continue }
                    found[Int(down) * columns + Int(across)] = color
                }
            }
        }
        return found
    }

    /// The letters of short texts, centred on the cells that their places lie in.
    private static func cells(of marks: [Mark], _ extent: (width: Double, height: Double), rows: Int, columns: Int) -> [Int: Character] {
        var found: [Int: Character] = [:]
        for mark in marks {
            let row = min(rows - 1, max(0, Int(mark.y / extent.height * Double(rows))))
            let letters = Array(visible(mark.text))
            let first = Int((mark.x / extent.width * Double(columns) - Double(letters.count) / 2).rounded())
            for (place, letter) in letters.enumerated() where (0..<columns).contains(first + place) {
                found[row * columns + first + place] = letter
            }
        }
        return found
    }

    /// The mean colour under each cell of a grid of rows × columns, row by row: every pixel counts by the share of it that lies
    /// under the cell, so that nothing moves against the image's edges whatever the sizes are.
    static func means(_ image: ImageLayer, rows: Int, columns: Int) -> [Color] {
        let (down, across) = (Covering.all(image.height, by: rows), Covering.all(image.width, by: columns))
        return down.flatMap { vertical in
            across.map { horizontal in
                var (red, green, blue) = (0.0, 0.0, 0.0)
                for (y, height) in vertical {
                    for (x, width) in horizontal {
                        let color = image.color(row: y, column: x)
                        let share = height * width
                        red += share * Double(color.red)
                        green += share * Double(color.green)
                        blue += share * Double(color.blue)
                    }
                }
                func byte(_ level: Double) -> UInt8 { UInt8(max(0, min(255, level.rounded()))) }
                return Color(byte(red), byte(green), byte(blue))
            }
        }
    }
}

/// How cells lie over pixels along one axis.
enum Covering {
    /// For each of `cells` equal parts of an axis the pixels under it, and which share of the part each takes up.
    static func all(_ pixels: Int, by cells: Int) -> [[(pixel: Int, share: Double)]] {
        let size = Double(pixels) / Double(cells)
        return (0..<cells).map { cell in
            let (start, end) = (Double(cell) * size, Double(cell + 1) * size)
            let last = min(pixels - 1, Int(end.rounded(.up)) - 1)
            return (min(last, Int(start))...last).map { ($0, (min(end, Double($0 + 1)) - max(start, Double($0))) / size) }
        }
    }
}
