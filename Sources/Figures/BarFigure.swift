import Plotting

/// Bars beside each other.
public enum BarFigure {
    /// How high a bar is, and how far its error bar reaches; what is not known is not drawn.
    public struct Height {
        var y: Double
        var low: Double
        var high: Double

        public init(_ y: Double, low: Double = .nan, high: Double = .nan) { (self.y, self.low, self.high) = (y, low, high) }

        /// No bar.
        public static let unknown = Height(.nan)
    }

    /// Bars over numbers: those of several series at one place stand side by side.
    public static func panel(_ series: [Series]) -> Panel {
        var panel = Panel(series: sideBySide(series))
        // A few bars have their own numbers below them, not round ones between them.
        let places = Set(series.flatMap(\.x).filter(\.isFinite))
        if (1...12).contains(places.count) { panel.xTicks = places.sorted() }
        return panel
    }

    /// Bars over names: each series has a height for each.
    public static func panel(_ categories: [String], _ series: [(name: String, heights: [Height])]) -> Panel {
        let drawn = series.map { name, heights in
            let hasRange = heights.contains { $0.low.isFinite }
            return Series(
                name: name, x: heights.indices.map(Double.init), y: heights.map(\.y), style: .bars,
                low: hasRange ? heights.map(\.low) : [], high: hasRange ? heights.map(\.high) : [])
        }
        var panel = Panel(series: sideBySide(drawn))
        panel.categories = categories
        return panel
    }

    /// Bars of several series at one place share its room.
    private static func sideBySide(_ series: [Series]) -> [Series] {
        let places = Set(series.flatMap(\.x).filter(\.isFinite)).sorted()
        let gap = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? 1
        let room = gap * (series.count == 1 ? 0.72 : 0.84)
        return series.enumerated().map { index, one in
            var moved = one
            let offset = (Double(index) - Double(series.count - 1) / 2) * room / Double(series.count)
            moved.x = one.x.map { $0 + offset }
            moved.barWidth = room / Double(series.count) * (series.count == 1 ? 1 : 0.94)
            return moved
        }
    }
}

/// Bars that count values in equal steps; nil where no value is finite.
///
/// - Parameter bins: how many steps, at least one.
public func histogram(of values: [Double], bins: Int) -> Series? {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    // Divided first, since the whole range of doubles has no finite length; halved below for the same reason.
    let share = (high - low).isFinite ? (high - low) / Double(bins) : high / Double(bins) - low / Double(bins)
    let width = share > 0 ? share : 1
    var counts = [Double](repeating: 0, count: bins)
    for value in finite {
        let place = value - low < .infinity ? (value - low) / width : (value / 2 - low / 2) / (width / 2)
        counts[Int(max(0, min(Double(bins - 1), place.rounded(.down))))] += 1
    }
    let centers = (0..<bins).map { low + (Double($0) + 0.5) * width }
    var bars = Series(x: centers, y: counts, style: .bars)
    bars.barWidth = width * 0.97
    return bars
}
