/// A figure as gnuplot reads it: lines of commands, and the data that follow some of them through the same pipe.
struct GnuplotScript {
    enum Step {
        case command(String)
        case table([Double])
        case bytes([UInt8])
    }

    private(set) var steps: [Step] = []
    private let layout: FigureLayout
    private let scale: Double
    private let grid: Bool

    /// - Parameter scale: pixels a point; images are enlarged to it so that every pixel keeps its sharp edges.
    init(_ figure: Figure, terminal: String, scale: Double, grid: Bool = true) {
        self.grid = grid
        layout = FigureLayout(figure)
        self.scale = scale
        command("set terminal \(terminal)")
        command("set encoding utf8")
        command("set multiplot")
        command("set border 3 lc rgb '#404040' lw 1")
        command("set boxwidth 0.92 relative")
        command("set tics out nomirror scale 0.6 textcolor rgb '#202020'")
        for (index, panel) in figure.panels.enumerated() {
            place(layout.plots[index])
            if panel.image == nil { chart(panel) } else { picture(panel, in: layout.plots[index]) }
        }
        if figure.panels.isEmpty { command("set label 1 'nothing to draw' at screen 0.5, screen 0.5 center") }
        heading(figure)
        command("unset multiplot")
    }

    /// Commands whose size in points is known only after the layout.
    static func size(of figure: Figure) -> (width: Double, height: Double) {
        let layout = FigureLayout(figure)
        return (layout.width, layout.height)
    }

    private mutating func command(_ text: String) { steps.append(.command(text)) }

    private func screenX(_ points: Double) -> String { GnuplotText.number(points / layout.width) }
    private func screenY(_ points: Double) -> String { GnuplotText.number(1 - points / layout.height) }

    private mutating func place(_ box: FigureLayout.Box) {
        command("set lmargin at screen \(screenX(box.left))")
        command("set rmargin at screen \(screenX(box.right))")
        command("set tmargin at screen \(screenY(box.top))")
        command("set bmargin at screen \(screenY(box.bottom))")
    }

    private mutating func titles(_ panel: Panel) {
        command("set title \(GnuplotText.quoted(panel.title)) noenhanced font ',12' offset 0,-0.2")
        command("set xlabel \(GnuplotText.quoted(panel.xLabel)) noenhanced")
        command("set ylabel \(GnuplotText.quoted(panel.yLabel)) noenhanced")
    }

    private mutating func chart(_ panel: Panel) {
        titles(panel)
        let xRange = AxisRange.x(of: panel)
        let yRange = AxisRange.y(of: panel)
        command("set size noratio")
        command("set border 3")
        if grid { command("set grid xtics ytics lt 1 lc rgb '#e4e4e4' lw 0.8") }
        command("set tics format '%g'")
        command("set xtics \(GnuplotText.number(AxisRange.step(AxisRange.ticks(xRange, count: 7), of: panel)))")
        if panel.logarithmic {
            command("set logscale y")
            command("set ytics auto")
        } else {
            command("unset logscale")
            let yTicks = AxisRange.ticks(yRange, count: 6)
            command("set ytics \(GnuplotText.number(yTicks.count > 1 ? yTicks[1] - yTicks[0] : 1))")
        }
        if FigureLayout.hasLegend(panel) {
            command("set key at graph 1.03,graph 1.0 left top Left reverse noenhanced samplen 1.8 spacing 1.2 width 0")
        } else {
            command("unset key")
        }
        draw(panel, xRange, yRange)
    }

    private mutating func picture(_ panel: Panel, in box: FigureLayout.Box) {
        guard let image = panel.image else { return }
        titles(panel)
        command("unset key")
        command("unset tics")
        command("unset grid")
        command("unset border")
        command("unset logscale")
        command("set size ratio -1")
        let extent = image.extent
        let hasNames = !panel.rowNames.isEmpty || !panel.columnNames.isEmpty
        if hasNames { axisLabels(panel, box) }
        names(panel.rowNames, "ytics", "", every: image.pixelHeight, room: box.height)
        names(panel.columnNames, "xtics", "rotate by 90 right ", every: image.pixelWidth, room: box.width)
        draw(panel, 0...extent.width, 0...extent.height, upsideDown: true)
        command("set tics")
        if !panel.columnNames.isEmpty { command("set xtics norotate autofreq scale 0.6 font ','") }
        if !panel.rowNames.isEmpty { command("set ytics autofreq scale 0.6 font ','") }
        if hasNames { for number in [3, 4] { command("unset label \(number)") } }
    }

    /// Beside the names of rows and columns, where the layout left room: gnuplot would place them by a guess of the
    /// names' length.
    private mutating func axisLabels(_ panel: Panel, _ box: FigureLayout.Box) {
        command("unset xlabel")
        command("unset ylabel")
        let (left, below) = FigureLayout.axisLabelPlaces(panel, box)
        for (number, label, x, y, turn) in [
            (3, panel.xLabel, box.left + box.width / 2, below, ""), (4, panel.yLabel, left, box.top + box.height / 2, "rotate by 90 "),
        ] where !label.isEmpty {
            command(
                "set label \(number) \(GnuplotText.quoted(label)) at screen \(screenX(x)), screen \(screenY(y)) center \(turn)noenhanced")
        }
    }

    /// One name a pixel along an axis; some are left out where they would meet.
    private mutating func names(_ names: [String], _ axis: String, _ turn: String, every size: Double, room: Double) {
        guard !names.isEmpty else { return }
        let step = max(1, Int((10 * Double(names.count) / max(1, room)).rounded(.up)))
        let ticks = stride(from: 0, to: names.count, by: step).map { place in
            let cut = names[place].count > 48 ? String(names[place].prefix(47)) + "…" : names[place]
            // A tick's name is a format of numbers, in which a percent sign is doubled.
            let name = GnuplotText.quoted(cut.replacing("%", with: "%%"))
            return "\(name) \(GnuplotText.number((Double(place) + 0.5) * size))"
        }
        command("set \(axis) \(turn)scale 0 (\(ticks.joined(separator: ", "))) noenhanced font ',8'")
    }

    private mutating func draw(
        _ panel: Panel, _ xRange: ClosedRange<Double>, _ yRange: ClosedRange<Double>, upsideDown: Bool = false
    ) {
        command("set xrange \(GnuplotText.range(xRange))")
        let vertical = "[\(GnuplotText.number(yRange.upperBound)):\(GnuplotText.number(yRange.lowerBound))]"
        command("set yrange \(upsideDown ? vertical : GnuplotText.range(yRange))")
        var elements: [String] = []
        var data: [Step] = []
        if let image = panel.image {
            let (width, height, factor, bytes) = enlarged(image)
            let (stepX, stepY) = (image.pixelWidth / Double(factor), image.pixelHeight / Double(factor))
            elements.append(
                "'-' binary array=(\(width),\(height)) dx=\(stepX) dy=\(stepY) "
                    + "origin=(\(stepX / 2),\(stepY / 2)) format='%uchar' using 1:2:3 with rgbimage notitle")
            data.append(.bytes(bytes))
        }
        for (index, series) in panel.series.enumerated() {
            append(series, index, panel, &elements, &data)
        }
        if data.isEmpty { elements.append("1/0 notitle") }
        command("plot \(elements.joined(separator: ", "))")
        steps += data
    }

    private func append(
        _ series: Series, _ index: Int, _ panel: Panel, _ elements: inout [String], _ data: inout [Step]
    ) {
        let color = (series.color ?? Palette.line(index)).hexText
        let dash = series.color == nil ? Palette.dash(index) : 1
        let title = series.name.isEmpty ? "notitle" : "title \(GnuplotText.quoted(series.name)) noenhanced"
        let shown = series.x.indices.map { isShown(series.x[$0], series.y[$0], panel) }
        guard shown.contains(true) else {
            if !series.name.isEmpty { elements.append("keyentry with lines lw 2 lc rgb '\(color)' \(title)") }
            return
        }
        if !series.low.isEmpty {
            let rows = series.x.indices.filter {
                isShown(series.x[$0], series.low[$0], panel) && series.high[$0].isFinite
            }
            if !rows.isEmpty {
                elements.append(
                    "'-' binary record=(\(rows.count)) format='%double%double%double' using 1:2:3 "
                        + "with filledcurves fs transparent solid 0.18 noborder lc rgb '\(color)' notitle")
                data.append(.table(rows.flatMap { [series.x[$0], series.low[$0], series.high[$0]] }))
            }
        }
        let drawing: String
        let width = panel.image == nil ? "2.2" : "1.8"
        switch series.style {
        case .line where series.x.count == 1:
            drawing = "with points pt 7 ps 0.8 lc rgb '\(color)'"
        case .line where series.x.count <= 30 && panel.image == nil:
            drawing = "with linespoints lw \(width) dt \(dash) pt 7 ps 0.55 lc rgb '\(color)'"
        case .line: drawing = "with lines lw \(width) dt \(dash) lc rgb '\(color)'"
        case .steps: drawing = "with steps lw \(width) dt \(dash) lc rgb '\(color)'"
        case .points: drawing = "with points pt 7 ps 0.6 lc rgb '\(color)'"
        case .bars: drawing = "with boxes fs transparent solid 0.8 noborder fc rgb '\(color)'"
        }
        elements.append("'-' binary record=(\(series.x.count)) format='%double%double' using 1:2 \(drawing) \(title)")
        data.append(
            .table(series.x.indices.flatMap { shown[$0] ? [series.x[$0], series.y[$0]] : [.nan, .nan] }))
    }

    private func isShown(_ x: Double, _ y: Double, _ panel: Panel) -> Bool {
        x.isFinite && y.isFinite && (!panel.logarithmic || y > 0)
    }

    /// Pixels repeated until the image is at least as fine as the drawing, for crisp edges in every format.
    private func enlarged(_ image: ImageLayer) -> (width: Int, height: Int, factor: Int, bytes: [UInt8]) {
        let target = FigureLayout.imageSide * 1.4 * scale
        let factor = max(1, min(32, Int((target / Double(max(image.width, image.height))).rounded(.up))))
        guard factor > 1 else { return (image.width, image.height, 1, image.rgb) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(image.rgb.count * factor * factor)
        for row in 0..<image.height {
            var line: [UInt8] = []
            line.reserveCapacity(image.width * 3 * factor)
            for column in 0..<image.width {
                let start = (row * image.width + column) * 3
                for _ in 0..<factor { line += image.rgb[start..<start + 3] }
            }
            for _ in 0..<factor { bytes += line }
        }
        return (image.width * factor, image.height * factor, factor, bytes)
    }

    /// The figure's title and legend, drawn by an empty plot over everything.
    private mutating func heading(_ figure: Figure) {
        guard !figure.title.isEmpty || !figure.legend.isEmpty || figure.panels.isEmpty else { return }
        command("set lmargin at screen 0")
        command("set rmargin at screen 1")
        command("set tmargin at screen 1")
        command("set bmargin at screen 0")
        for setting in ["size noratio", "xrange [0:1]", "yrange [0:1]"] { command("set \(setting)") }
        for setting in ["title", "xlabel", "ylabel", "tics", "border", "grid", "logscale"] { command("unset \(setting)") }
        if !figure.title.isEmpty {
            command(
                "set label 2 \(GnuplotText.quoted(figure.title)) at screen 0.5, screen \(screenY(20)) center noenhanced font ',14'")
        }
        var elements = ["1/0 notitle"]
        if !figure.legend.isEmpty {
            let (left, top) = (screenX(layout.legend.left), screenY(layout.legend.top))
            command("set key at screen \(left), screen \(top) left top Left reverse noenhanced samplen 1 spacing 1.3")
            for entry in figure.legend {
                elements.append(
                    "keyentry with points pt 5 ps 1.5 lc rgb '\(entry.color.hexText)' title "
                        + "\(GnuplotText.quoted(entry.name)) noenhanced")
            }
        }
        command("plot \(elements.joined(separator: ", "))")
    }
}
