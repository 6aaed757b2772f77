import Foundation

/// Curves and clouds of very many points, cut down to what a drawing of a certain size can show.
///
/// Of a curve each pixel column keeps the first, the least, the greatest and the last value (Jugel et al., M4: a
/// visualization-oriented time series data aggregation, VLDB 2014), so that a spike of one point stays.
extension Panel {
    /// Clouds of more points than this are drawn as one point a cell, the more opaque the more points it holds.
    static let densestCloud = 20_000
    /// Ways of a curve that goes to and fro are looked at one by one beyond this.
    static let longestWay = 20_000

    /// The panel with at most a few values for each of `columns` pixel columns; itself where it holds no more. The
    /// ranges of the axes stay those of all points.
    ///
    /// - Parameter showsDensity: clouds may get `Series.weights`; else their points stay equal.
    func thinned(columns: Int, rows: Int, showsDensity: Bool = true) -> Panel {
        let columns = max(1, columns)
        let isLong = series.contains { $0.x.count > columns * 4 }
        guard image == nil, isLong else { return self }
        var panel = self
        panel.xRange = AxisRange.x(of: self)
        panel.yRange = AxisRange.y(of: self)
        guard let xRange = panel.xRange, let yRange = panel.yRange else { return self }
        let raster = Raster(x: xRange, y: yRange, isLogarithmic: logarithmic, columns: columns, rows: max(1, rows))
        panel.series = series.map { series in
            switch series.style {
            case .points where series.x.count > Panel.densestCloud && series.low.isEmpty && showsDensity:
                return raster.density(series)
            case .points: return raster.onePointEach(series)
            case .bars, .line, .steps:
                guard series.x.count > columns * 4 else { return series }
                let kept = raster.columnExtremes(series)
                if series.style == .bars {
                    var bars = kept
                    bars.barWidth = max(
                        series.barWidth ?? 0, (xRange.upperBound - xRange.lowerBound) / Double(columns))
                    return bars
                }
                return kept.x.count > Panel.longestWay && series.style == .line && series.low.isEmpty
                    ? raster.withoutHiddenWays(kept) : kept
            case .boxes: return series
            }
        }
        return panel
    }
}

/// The pixels of a drawing, and where values fall among them.
private struct Raster {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    let isLogarithmic: Bool
    let columns: Int
    let rows: Int

    /// -1 and `columns` for what lies outside.
    func column(_ value: Double) -> Int {
        place((value - x.lowerBound) / (x.upperBound - x.lowerBound), columns)
    }

    func row(_ value: Double) -> Int {
        let share =
            isLogarithmic
            ? log(value / y.lowerBound) / log(y.upperBound / y.lowerBound)
            : (value - y.lowerBound) / (y.upperBound - y.lowerBound)
        return place(share, rows)
    }

    private func place(_ share: Double, _ count: Int) -> Int {
        guard share.isFinite else { return -1 }
        return min(count, max(-1, Int((max(-1, min(2, share)) * Double(count)).rounded(.down))))
    }

    func isShown(_ x: Double, _ y: Double) -> Bool { x.isFinite && y.isFinite && (!isLogarithmic || y > 0) }

    /// Runs of neighbours in one pixel column, each as its first, last, least and greatest points. Gaps stay gaps.
    func columnExtremes(_ series: Series) -> Series {
        var kept: [Int?] = []
        var run: (column: Int, first: Int, last: Int, least: Int, greatest: Int, lowest: Int, highest: Int)?
        let hasBand = !series.low.isEmpty
        func finish() {
            guard let done = run else { return }
            var places = [done.first, done.least, done.greatest, done.last]
            if hasBand { places += [done.lowest, done.highest] }
            places.sort()
            for (number, place) in places.enumerated() where number == 0 || places[number - 1] != place { kept.append(place) }
            run = nil
        }
        for place in series.x.indices {
            let (x, y) = (series.x[place], series.y[place])
            guard isShown(x, y) else {
                finish()
                if let last = kept.last, last != nil { kept.append(nil) }
                continue
            }
            let pixel = column(x)
            if run?.column != pixel {
                finish()
                run = (pixel, place, place, place, place, place, place)
                continue
            }
            run?.last = place
            if let least = run?.least, y < series.y[least] { run?.least = place }
            if let greatest = run?.greatest, y > series.y[greatest] { run?.greatest = place }
            if hasBand {
                if let lowest = run?.lowest, series.low[place] < series.low[lowest] { run?.lowest = place }
                if let highest = run?.highest, series.high[place] > series.high[highest] { run?.highest = place }
            }
        }
        finish()
        return with(kept, of: series)
    }

    /// One point of a cloud for each pixel that has any: more would be drawn over it.
    func onePointEach(_ series: Series) -> Series {
        var taken = [Bool](repeating: false, count: (columns + 2) * (rows + 2))
        var kept: [Int?] = []
        for place in series.x.indices where isShown(series.x[place], series.y[place]) {
            let cell = (row(series.y[place]) + 1) * (columns + 2) + column(series.x[place]) + 1
            if taken[cell] { continue }
            taken[cell] = true
            kept.append(place)
        }
        return with(kept, of: series)
    }

    /// One point of a cloud for each cell of a coarser raster, at the mean of those in the cell and weighted by how many
    /// there are.
    func density(_ series: Series) -> Series {
        let cells = Raster(x: x, y: y, isLogarithmic: isLogarithmic, columns: min(columns, 220), rows: min(rows, 140))
        var counts = [Int](repeating: 0, count: (cells.columns + 2) * (cells.rows + 2))
        var (meansX, meansY) = ([Double](repeating: 0, count: counts.count), [Double](repeating: 0, count: counts.count))
        for place in series.x.indices where isShown(series.x[place], series.y[place]) {
            let cell = (cells.row(series.y[place]) + 1) * (cells.columns + 2) + cells.column(series.x[place]) + 1
            counts[cell] += 1
            // The mean, kept up step by step so that no sum grows beyond all numbers.
            meansX[cell] += (series.x[place] - meansX[cell]) / Double(counts[cell])
            meansY[cell] += (series.y[place] - meansY[cell]) / Double(counts[cell])
        }
        let used = counts.indices.filter { counts[$0] > 0 }
        let most = log(Double(max(2, counts.max() ?? 2)))
        var result = Series(
            name: series.name, x: used.map { meansX[$0] }, y: used.map { meansY[$0] }, style: .points, color: series.color)
        // By the logarithm, as the eye sees.
        result.weights = used.map { log(Double(counts[$0])) / most }
        return result
    }

    /// The steps of a curve that would put ink where none is yet; the others would be drawn over it.
    func withoutHiddenWays(_ series: Series) -> Series {
        var inked = [Bool](repeating: false, count: columns * rows)
        var kept: [Int?] = []
        func drawsNew(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int)) -> Bool {
            let steps = max(1, abs(to.x - from.x), abs(to.y - from.y))
            var isNew = false
            for step in 0...steps {
                let column = from.x + (to.x - from.x) * step / steps
                let row = from.y + (to.y - from.y) * step / steps
                guard column >= 0, column < columns, row >= 0, row < rows else { continue }
                if !inked[row * columns + column] {
                    inked[row * columns + column] = true
                    isNew = true
                }
            }
            return isNew
        }
        for place in series.x.indices.dropFirst() {
            guard isShown(series.x[place - 1], series.y[place - 1]), isShown(series.x[place], series.y[place]) else { continue }
            let from = (column(series.x[place - 1]), row(series.y[place - 1]))
            let to = (column(series.x[place]), row(series.y[place]))
            guard drawsNew(from, to) else { continue }
            if kept.last != place - 1 {
                if !kept.isEmpty { kept.append(nil) }
                kept.append(place - 1)
            }
            kept.append(place)
        }
        return with(kept, of: series)
    }

    /// The series at these places; nil is a gap.
    private func with(_ places: [Int?], of series: Series) -> Series {
        func values(_ all: [Double]) -> [Double] { all.isEmpty ? [] : places.map { $0.map { all[$0] } ?? .nan } }
        var result = Series(
            name: series.name, x: values(series.x), y: values(series.y), style: series.style, color: series.color,
            low: values(series.low), high: values(series.high))
        result.barWidth = series.barWidth
        return result
    }
}
