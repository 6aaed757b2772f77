import Foundation

/// Ranges and tick positions of an axis.
enum AxisRange {
    /// Smallest range that holds every finite value (and, for a logarithmic axis, every positive one); 0...1 without
    /// values, widened where all values are equal.
    static func covering(_ values: some Sequence<Double>, logarithmic: Bool = false) -> ClosedRange<Double> {
        var low = Double.infinity
        var high = -Double.infinity
        for value in values where value.isFinite && (!logarithmic || value > 0) {
            low = min(low, value)
            high = max(high, value)
        }
        guard low <= high else { return logarithmic ? 0.1...1 : 0...1 }
        if low == high {
            if logarithmic { return low / 2...high * 2 }
            let half = max(abs(low) * 0.05, low == 0 ? 0.5 : 0)
            return (low - half)...(high + half)
        }
        return low...high
    }

    static func x(of panel: Panel) -> ClosedRange<Double> {
        if let range = usable(panel.xRange) { return range }
        if !panel.categories.isEmpty { return -0.6...Double(panel.categories.count) - 0.4 }
        let range = covering(panel.series.lazy.flatMap { $0.x })
        let widest = panel.series.filter { $0.style == .bars }.map(barWidth).max()
        if let widest {
            let margin = widest * 0.65
            return (range.lowerBound - margin)...(range.upperBound + margin)
        }
        guard panel.series.contains(where: { $0.style == .points }) else { return range }
        return widened(range, by: 0.03)
    }

    /// How wide the bars or boxes of a series are: most of the shortest way between two of them.
    static func barWidth(_ series: Series) -> Double {
        if let width = series.barWidth { return width }
        let gap = zip(series.x, series.x.dropFirst()).map { abs($1 - $0) }.filter { $0 > 0 && $0.isFinite }.min() ?? 1
        return gap * (series.style == .boxes ? 0.5 : 0.92)
    }

    static func y(of panel: Panel) -> ClosedRange<Double> {
        if let range = usable(panel.yRange), !panel.logarithmic || range.lowerBound > 0 { return range }
        var values: [Double] = []
        for series in panel.series {
            values += series.y
            values += series.low
            values += series.high
            for box in series.boxes {
                values += [box.lowerWhisker, box.upperWhisker]
                values += [box.outliers.first, box.outliers.last].compactMap { $0 }
            }
        }
        if !panel.logarithmic, panel.series.contains(where: { $0.style == .bars }) { values.append(0) }
        let range = covering(values, logarithmic: panel.logarithmic)
        if panel.logarithmic {
            return range.lowerBound * 0.9...range.upperBound * 1.1
        }
        let wide = widened(range, by: 0.04)
        // Bars and curves that start at zero stand on the axis.
        return range.lowerBound >= 0 && wide.lowerBound < 0 ? 0...wide.upperBound : wide
    }

    static func widened(_ range: ClosedRange<Double>, by share: Double) -> ClosedRange<Double> {
        let margin = (range.upperBound - range.lowerBound) * share
        let low = range.lowerBound - margin
        let high = range.upperBound + margin
        return low.isFinite && high.isFinite ? low...high : range
    }

    private static func usable(_ range: ClosedRange<Double>?) -> ClosedRange<Double>? {
        guard let range, range.lowerBound.isFinite, range.upperBound.isFinite, range.lowerBound < range.upperBound
        else { return nil }
        return range
    }

    /// About `count` round positions inside the range: steps of 1, 2 or 5 times a power of ten (Heckbert, 1990).
    static func ticks(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite, count > 0 else { return [range.lowerBound] }
        let rough = span / Double(count)
        let power = pow(10, floor(log10(rough)))
        guard power > 0, power.isFinite else { return [range.lowerBound, range.upperBound] }
        let step = power * ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10)
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 1000, abs(first) < 1e15 else { return [range.lowerBound, range.upperBound] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// The distance between horizontal ticks: whole where every x is whole (iterations, epochs, cases).
    static func step(_ ticks: [Double], of panel: Panel) -> Double {
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
        let isWhole = panel.series.allSatisfy { $0.x.allSatisfy { $0 == $0.rounded() || !$0.isFinite } }
        return isWhole ? max(1, step) : step
    }

    /// Horizontal tick positions at such a distance.
    static func xTicks(of panel: Panel, _ range: ClosedRange<Double>, count: Int) -> [Double] {
        if !panel.xTicks.isEmpty { return panel.xTicks.filter(range.contains) }
        let found = ticks(range, count: count)
        let wanted = step(found, of: panel)
        return found.count > 1 && wanted > found[1] - found[0] ? found.filter { $0 == $0.rounded() } : found
    }

    /// Powers of ten inside the range, or its two ends where it holds fewer than two.
    static func logarithmicTicks(_ range: ClosedRange<Double>) -> [Double] {
        let first = Int(log10(range.lowerBound).rounded(.up))
        let last = Int(log10(range.upperBound).rounded(.down))
        guard last > first else { return [range.lowerBound, range.upperBound] }
        let step = max(1, (last - first) / 6)
        return stride(from: first, through: last, by: step).map { pow(10, Double($0)) }
    }

    /// A tick's text: up to six significant digits, without trailing zeros (C's `%g`).
    static func text(_ value: Double) -> String {
        String(format: "%g", abs(value) < 1e-12 ? 0 : value)
    }
}
