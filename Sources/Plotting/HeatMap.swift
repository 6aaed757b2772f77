/// A table of numbers as colours, with a name for each row and column.
public struct HeatMap: Sendable {
    /// Rows from the top; values that are not finite are drawn grey.
    public let values: [[Double]]
    public let rows: [String]
    public let columns: [String]
    /// The values of the darkest and the brightest colour; nil takes those that occur.
    public var range: ClosedRange<Double>?

    /// nil unless there is a value, every row has as many, and names are as many as rows and columns (or none).
    public init?(values: [[Double]], rows: [String] = [], columns: [String] = [], range: ClosedRange<Double>? = nil) {
        guard let width = values.first?.count, width > 0, values.allSatisfy({ $0.count == width }),
            rows.isEmpty || rows.count == values.count, columns.isEmpty || columns.count == width
        else { return nil }
        (self.values, self.rows, self.columns, self.range) = (values, rows, columns, range)
    }

    /// The figure, with a scale from high to low as its legend.
    public func figure(title: String = "", xLabel: String = "", yLabel: String = "") -> Figure {
        let finite = values.joined().filter(\.isFinite)
        let (low, high) = range.map { ($0.lowerBound, $0.upperBound) } ?? (finite.min() ?? 0, finite.max() ?? 1)
        // Halved, because the whole range of doubles has no finite length.
        let half = high / 2 - low / 2
        func share(_ value: Double) -> Double { half > 0 ? (value / 2 - low / 2) / half : value - value + 0.5 }
        let rgb = values.joined().flatMap { value -> [UInt8] in
            let color = Palette.heat(share(value))
            return [color.red, color.green, color.blue]
        }
        var panel = Panel(
            title: title, xLabel: xLabel, yLabel: yLabel,
            image: ImageLayer(width: values[0].count, height: values.count, rgb: rgb))
        (panel.rowNames, panel.columnNames) = (rows, columns)
        let steps = half > 0 ? 5 : 0
        var legend = (0...steps).map { step -> LegendEntry in
            let part = steps == 0 ? 0 : 1 - Double(step) / Double(steps)
            return LegendEntry(AxisRange.text(rounded(low + 2 * half * part, to: half)), Palette.heat(steps == 0 ? 0.5 : part))
        }
        if finite.count < values.count * values[0].count { legend.append(LegendEntry("unknown", Palette.heat(.nan))) }
        return Figure(panels: [panel], legend: finite.isEmpty ? Array(legend.suffix(1)) : legend)
    }

    /// Three digits of the range.
    private func rounded(_ value: Double, to half: Double) -> Double {
        guard half > 0, half.isFinite, value.isFinite else { return value }
        var unit = 1.0
        while unit > half / 50 { unit /= 10 }
        while unit * 10 <= half / 50 { unit *= 10 }
        return (value / unit).rounded() * unit
    }
}
