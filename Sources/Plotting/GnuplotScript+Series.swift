/// Each series as elements of a `plot` command, and the tables that follow it.
extension GnuplotScript {
    func append(_ series: Series, _ index: Int, _ panel: Panel, _ elements: inout [String], _ data: inout [Step]) {
        let color = (series.color ?? Palette.line(index)).hexText
        // Short enough to be seen in the legend.
        let dash = ["solid", "(6,3.5)", "(1.5,2.5)", "(6,3,1.5,3)"][series.color == nil ? Palette.dash(index) - 1 : 0]
        let name = TextFit.shortened(series.name, to: FigureLayout.longestName)
        let title = name.isEmpty ? "notitle" : "title \(GnuplotText.quoted(name)) noenhanced"
        let shown = series.x.indices.map { isShown(series.x[$0], series.y[$0], panel) }
        guard shown.contains(true) else {
            if !name.isEmpty { elements.append("keyentry with lines lw 2 lc rgb '\(color)' \(title)") }
            return
        }
        /// An element that reads rows of numbers; rows without a place become gaps.
        func add(_ drawing: String, _ columns: Int, _ rows: [[Double]]) {
            let format = String(repeating: "%double", count: columns)
            let using = (1...columns).map(String.init).joined(separator: ":")
            elements.append("'-' binary record=(\(rows.count)) format='\(format)' using \(using) \(drawing)")
            data.append(.table(rows.flatMap { $0 }))
        }
        func rows(_ columns: [[Double]]) -> [[Double]] {
            series.x.indices.map { place in columns.map { shown[place] ? $0[place] : .nan } }
        }
        let hasRange = !series.low.isEmpty
        if hasRange, series.style == .line || series.style == .steps {
            let places = series.x.indices.filter { isShown(series.x[$0], series.low[$0], panel) && series.high[$0].isFinite }
            if !places.isEmpty {
                add(
                    "with filledcurves fs transparent solid 0.18 noborder lc rgb '\(color)' notitle", 3,
                    places.map { [series.x[$0], series.low[$0], series.high[$0]] })
            }
        }
        let width = panel.image == nil ? "2.2" : "1.8"
        switch series.style {
        case .line where series.x.count == 1: add("with points pt 7 ps 0.8 lc rgb '\(color)' \(title)", 2, rows([series.x, series.y]))
        case .line where series.x.count <= 30 && panel.image == nil:
            add("with linespoints lw \(width) dt \(dash) pt 7 ps 0.55 lc rgb '\(color)' \(title)", 2, rows([series.x, series.y]))
        case .line: add("with lines lw \(width) dt \(dash) lc rgb '\(color)' \(title)", 2, rows([series.x, series.y]))
        case .steps: add("with steps lw \(width) dt \(dash) lc rgb '\(color)' \(title)", 2, rows([series.x, series.y]))
        case .points where hasRange:
            errorBars(series, shown, color, add)
            add("with points pt 7 ps 0.6 lc rgb '\(color)' \(title)", 2, rows([series.x, series.y]))
        case .points where !series.weights.isEmpty:
            add("with points pt 7 ps 0.3 lc rgb variable notitle", 3, rows([series.x, series.y, colors(series, index)]))
            if !name.isEmpty { elements.append("keyentry with points pt 7 ps 0.6 lc rgb '\(color)' \(title)") }
        case .points:
            // Many points are small, so that they do not run together.
            let size = series.x.count > 2000 ? "0.3" : "0.6"
            add("with points pt 7 ps \(size) lc rgb '\(color)' \(title)", 2, rows([series.x, series.y]))
        case .bars:
            let widths = [Double](repeating: AxisRange.barWidth(series), count: series.x.count)
            add("with boxes fs solid 0.85 noborder fc rgb '\(color)' \(title)", 3, rows([series.x, series.y, widths]))
            if hasRange { errorBars(series, shown, "#303030", add) }
        case .boxes: boxes(series, color, title, add)
        }
    }

    /// From low to high with a stroke at both ends. (gnuplot's own error bars leave a hole around the point.)
    private func errorBars(_ series: Series, _ shown: [Bool], _ color: String, _ add: (String, Int, [[Double]]) -> Void) {
        let places = series.x.indices.filter { shown[$0] && series.low[$0].isFinite && series.high[$0].isFinite }
        guard !places.isEmpty else { return }
        add(
            "with vectors heads size graph 0.009,90 lw 1.4 lc rgb '\(color)' notitle", 4,
            places.map { [series.x[$0], series.low[$0], 0, series.high[$0] - series.low[$0]] })
    }

    /// Box, whiskers, a strong line at the median, and the outliers.
    private func boxes(_ series: Series, _ color: String, _ title: String, _ add: (String, Int, [[Double]]) -> Void) {
        let width = AxisRange.barWidth(series)
        let pairs = zip(series.x, series.boxes)
        add(
            "with candlesticks whiskerbars 0.5 fs solid 0.3 border lw 1.4 lc rgb '\(color)' \(title)", 6,
            pairs.map { [$0, $1.lowerQuartile, $1.lowerWhisker, $1.upperWhisker, $1.upperQuartile, width] })
        add("with vectors nohead lw 2.6 lc rgb '#202020' notitle", 4, pairs.map { [$0 - width / 2, $1.median, width, 0] })
        let outliers = pairs.flatMap { place, box in thinned(box.outliers).map { [place, $0] } }
        if !outliers.isEmpty { add("with points pt 6 ps 0.55 lw 1.2 lc rgb '\(color)' notitle", 2, outliers) }
    }

    /// Outliers, ascending, as many as a drawing can show one above the other.
    private func thinned(_ outliers: [Double]) -> [Double] {
        guard outliers.count > 1000, let low = outliers.first, let high = outliers.last, high > low else { return outliers }
        let step = high / 1000 - low / 1000
        var last = -Double.infinity
        return outliers.filter { value in
            guard value - last >= step || value == high else { return false }
            last = value
            return true
        }
    }

    /// The colour of each weighted point as gnuplot counts them, with 0 in the first byte for opaque.
    private func colors(_ series: Series, _ index: Int) -> [Double] {
        let color = series.color ?? Palette.line(index)
        let base = Double(Int(color.red) << 16 | Int(color.green) << 8 | Int(color.blue))
        return series.weights.map { weight in
            let opacity = 0.25 + 0.75 * max(0, min(1, weight))
            return Double(Int((1 - opacity) * 255) << 24) + base
        }
    }

    private func isShown(_ x: Double, _ y: Double, _ panel: Panel) -> Bool {
        x.isFinite && y.isFinite && (!panel.logarithmic || y > 0)
    }
}
