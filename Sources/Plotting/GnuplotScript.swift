/// A figure as gnuplot reads it: lines of commands, and the data that follow some of them through the same pipe.
struct GnuplotScript {
    enum Step {
        case command(String)
        case table([Double])
        case bytes([UInt8])
    }

    private(set) var steps: [Step] = []
    let layout: FigureLayout
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
        command("set tics out nomirror scale 0.6 textcolor rgb '#202020'")
        for (index, panel) in figure.panels.enumerated() {
            let box = layout.plots[index]
            place(box)
            titles(panel, layout.panelTitles[index], in: box)
            let pixels = (columns: Int(box.width * max(1, scale)), rows: Int(box.height * max(1, scale)))
            let thinned = panel.thinned(columns: pixels.columns, rows: pixels.rows)
            if panel.image == nil { chart(thinned, in: box, layout.categories[index]) } else { picture(panel, in: box) }
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

    private mutating func titles(_ panel: Panel, _ lines: [String], in box: FigureLayout.Box) {
        command("set title \(GnuplotText.quoted(lines: lines)) noenhanced font ',12' offset 0,\(panel.image == nil ? -0.2 : -0.5)")
        let (across, up) = (box.width + 60, box.height + 40)
        let (xLabel, yLabel) = (
            TextFit.shortened(panel.xLabel, to: across / FigureLayout.characterWidth),
            TextFit.shortened(panel.yLabel, to: up / FigureLayout.characterWidth)
        )
        command("set xlabel \(GnuplotText.quoted(xLabel)) noenhanced")
        command("set ylabel \(GnuplotText.quoted(yLabel)) noenhanced")
    }

    private mutating func chart(_ panel: Panel, in box: FigureLayout.Box, _ categories: FigureLayout.CategoryNames) {
        let xRange = AxisRange.x(of: panel)
        let yRange = AxisRange.y(of: panel)
        command("set size noratio")
        command("set border 3")
        let hasCategories = !panel.categories.isEmpty
        if grid { command("set grid \(hasCategories ? "noxtics" : "xtics") ytics lt 1 lc rgb '#e4e4e4' lw 0.8") }
        command("set tics format '%g'")
        if hasCategories {
            let turn = categories.isTurned ? "rotate by 45 right " : "norotate "
            names(categories.lines, "xtics", turn, from: 0, every: 1, room: categories.isTurned ? box.width : .infinity, font: 9)
            // gnuplot would place it by a guess of the names' height.
            command("unset xlabel")
            label(3, panel.xLabel, box.left + box.width / 2, box.bottom + categories.below + 8)
        } else if !panel.xTicks.isEmpty {
            let places = panel.xTicks.map { "\(GnuplotText.quoted(AxisRange.text($0))) \(GnuplotText.number($0))" }
            command("set xtics norotate (\(places.joined(separator: ", "))) font ','")
        } else {
            command("set xtics norotate \(GnuplotText.number(AxisRange.step(AxisRange.ticks(xRange, count: 7), of: panel))) font ','")
        }
        if panel.logarithmic {
            command("set logscale y")
            command("set ytics auto")
        } else {
            command("unset logscale")
            let yTicks = AxisRange.ticks(yRange, count: 6)
            command("set ytics \(GnuplotText.number(yTicks.count > 1 ? yTicks[1] - yTicks[0] : 1))")
        }
        if FigureLayout.hasLegend(panel) {
            command("set key at graph 1.03,graph 1.0 left top Left reverse noenhanced samplen 2.2 spacing 1.2 width 0 maxcols 1")
        } else {
            command("unset key")
        }
        draw(panel, xRange, yRange)
        if hasCategories || !panel.xTicks.isEmpty {
            command("set xtics norotate autofreq scale 0.6 font ','")
            command("unset label 3")
        }
    }

    private mutating func picture(_ panel: Panel, in box: FigureLayout.Box) {
        guard let image = panel.image else { return }
        command("unset key")
        command("unset tics")
        command("unset grid")
        command("unset border")
        command("unset logscale")
        command("set size ratio -1")
        let extent = image.extent
        let hasNames = !panel.rowNames.isEmpty || !panel.columnNames.isEmpty
        if hasNames { axisLabels(panel, box) }
        names(panel.rowNames.map { [$0] }, "ytics", "", from: image.pixelHeight / 2, every: image.pixelHeight, room: box.height)
        names(
            panel.columnNames.map { [$0] }, "xtics", FigureLayout.turnsColumns(panel) ? "rotate by 90 right " : "norotate ",
            from: image.pixelWidth / 2, every: image.pixelWidth, room: box.width)
        let marks = write(panel.marks, over: extent, in: box)
        draw(panel, 0...extent.width, 0...extent.height, upsideDown: true)
        for number in marks { command("unset label \(number)") }
        command("set tics")
        if !panel.columnNames.isEmpty { command("set xtics norotate autofreq scale 0.6 font ','") }
        if !panel.rowNames.isEmpty { command("set ytics autofreq scale 0.6 font ','") }
        if hasNames { for number in [3, 4] { command("unset label \(number)") } }
    }

    /// Short texts over an image: white with a dark edge, small beside their region where it is smaller than they are.
    ///
    /// - Returns: the numbers of the labels that they are for gnuplot.
    private mutating func write(_ marks: [Mark], over extent: (width: Double, height: Double), in box: FigureLayout.Box) -> Range<Int> {
        let first = 100
        var next = first
        // The image lies in its box as gnuplot fits it there, so that places count along its axes.
        let scale = min(box.width / extent.width, box.height / extent.height)
        for mark in marks {
            let text = TextFit.shortened(mark.text, to: 12)
            let half = TextFit.letters(text) * FigureLayout.nameWidth / 2
            let fits = mark.room * scale >= half - 1
            let shift = fits ? 0 : mark.room * scale + half + 1
            let place = "first \(GnuplotText.number(mark.x)), first \(GnuplotText.number(mark.y))"
            for (across, down, color) in [(-0.8, 0.0, "#000000"), (0.8, 0, "#000000"), (0, -0.8, "#000000"), (0, 0.8, "#000000"), (0, 0, "#ffffff")] {
                command(
                    "set label \(next) \(GnuplotText.quoted(text)) at \(place) center front noenhanced font ',8' textcolor rgb '\(color)' "
                        + "offset screen \(screenX(shift + across)), screen \(GnuplotText.number(-down / layout.height))")
                next += 1
            }
        }
        return first..<next
    }

    /// Beside the names of rows and columns, where the layout left room: gnuplot would place them by a guess of the
    /// names' length.
    private mutating func axisLabels(_ panel: Panel, _ box: FigureLayout.Box) {
        command("unset xlabel")
        command("unset ylabel")
        let (left, below) = FigureLayout.axisLabelPlaces(panel, box)
        label(3, panel.xLabel, box.left + box.width / 2, below)
        label(4, panel.yLabel, left, box.top + box.height / 2, "rotate by 90 ")
    }

    private mutating func label(_ number: Int, _ text: String, _ x: Double, _ y: Double, _ turn: String = "") {
        guard !text.isEmpty else { return }
        let short = TextFit.shortened(text, to: (turn.isEmpty ? layout.width : layout.height) * 0.9 / FigureLayout.characterWidth)
        command(
            "set label \(number) \(GnuplotText.quoted(short)) at screen \(screenX(x)), screen \(screenY(y)) center \(turn)noenhanced")
    }

    /// One name a place along an axis; some are left out where they would meet.
    private mutating func names(
        _ names: [[String]], _ axis: String, _ turn: String, from first: Double, every size: Double, room: Double, font: Int = 8
    ) {
        guard !names.isEmpty else { return }
        let step = max(1, Int((Double(font + 2) * Double(names.count) / max(1, room)).rounded(.up)))
        let ticks = stride(from: 0, to: names.count, by: step).map { place in
            // A tick's name is a format of numbers, in which a percent sign is doubled.
            let name = names[place].map { TextFit.shortened($0, to: FigureLayout.longestTick).replacing("%", with: "%%") }
            return "\(GnuplotText.quoted(lines: name)) \(GnuplotText.number(first + Double(place) * size))"
        }
        command("set \(axis) \(turn)scale 0 (\(ticks.joined(separator: ", "))) noenhanced font ',\(font)'")
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
                "set label 2 \(GnuplotText.quoted(lines: layout.titleLines)) at screen 0.5, screen \(screenY(20)) center noenhanced font ',14'")
        }
        var elements = ["1/0 notitle"]
        if !figure.legend.isEmpty {
            let (left, top) = (screenX(layout.legend.left), screenY(layout.legend.top))
            command(
                "set key at screen \(left), screen \(top) left top Left reverse noenhanced samplen 1 spacing 1.3 "
                    + "maxrows \(FigureLayout.legendRows(figure)) maxcols \(FigureLayout.legendColumns(figure))")
            for entry in figure.legend {
                elements.append(
                    "keyentry with points pt 5 ps 1.5 lc rgb '\(entry.color.hexText)' title "
                        + "\(GnuplotText.quoted(TextFit.shortened(entry.name, to: FigureLayout.longestName))) noenhanced")
            }
        }
        command("plot \(elements.joined(separator: ", "))")
    }
}
