import Machine
import Plotting
import Tensors

/// Figures of named things beside each other: bars and boxes.
let categoryPrimitives: [Primitive] = [
    Primitive(
        "bar(x, y = nil, title: String = \"\", x_label: String = \"\", y_label: String = \"\", y_range = nil) -> Figure",
        "A figure with bars.",
        details: "A map of names to heights names the bars on the axis; `{y: 0.8, low: 0.7, high: 0.9}` in place of a height adds an "
            + "error bar. Where each value is a map of names to heights, its bars stand side by side, with a legend. `bar(heights)` and "
            + "`bar(places, heights)` draw over numbers; a map of names to lists draws several such series side by side. `nil` "
            + "leaves a bar out.",
        example: "bar({ours: {RV: 0.84, LV: {y: 0.91, low: 0.88, high: 0.93}}, theirs: {RV: 0.79, LV: 0.9}})  "
            + "# => <Figure: 2 series of up to 2 points>"
    ) { call in
        var panel = try BarReader(call: call).panel()
        (panel.title, panel.xLabel, panel.yLabel) = (try call.string(2), try call.string(3), try call.string(4))
        panel.yRange = try call.range(5)
        return .figure(Figure(panels: [panel]))
    },
    Primitive(
        "box(groups, title: String = \"\", x_label: String = \"\", y_label: String = \"\", y_range = nil) -> Figure",
        "A figure with a box for each group of numbers: median, quartiles, whiskers, outliers.",
        details: "`groups` is a list of numbers or a tensor of one dimension, or a map of names to them, with the names under the boxes. "
            + "The box reaches from the lower to the upper quartile, the line across it is the median, the whiskers reach to the "
            + "outermost values within 1.5 times the box's length (Tukey), and every value beyond is a point. `nil` and values that are "
            + "not finite are left out.",
        example: "box({\"one case\": [0.7, 0.8, 0.75, 0.2], \"three cases\": [0.8, 0.85, 0.9, 0.82]}, y_label: \"Dice\")  "
            + "# => <Figure: 2 boxes>"
    ) { call in
        let groups = try boxGroups(call)
        var panel = Panel(title: try call.string(1), xLabel: try call.string(2), yLabel: try call.string(3), yRange: try call.range(4))
        panel.categories = groups.map(\.name)
        panel.series = [Series(x: groups.indices.map(Double.init), boxes: groups.map(\.box))]
        return .figure(Figure(panels: [panel]))
    },
]

/// The groups of `box` with their names.
private func boxGroups(_ call: PrimitiveCall) throws -> [(name: String, box: BoxSummary)] {
    let reader = PlotSeries(call: call)
    func group(_ name: String, _ value: Value) throws -> (String, BoxSummary) {
        guard let box = BoxSummary(try reader.numbers(value, 0)) else {
            throw call.mismatch(
                0, expected: "lists with at least one finite value", found: name.isEmpty ? "one without any" : "one without any at `\(name)`")
        }
        return (name, box)
    }
    switch call[0].object {
    case let map as MapObject:
        guard !map.items.isEmpty else { throw call.mismatch(0, expected: "a map with at least one group", found: "an empty map") }
        return try map.items.map { try group($0.key.value.text, $0.value) }
    case let list as ListObject where list.items.contains { $0.object is ListObject }:
        return try list.items.enumerated().map { try group(String($0.offset + 1), $0.element) }
    default: return [try group("", call[0])]
    }
}

/// Reads what `bar` is given.
private struct BarReader {
    let call: PrimitiveCall

    private struct Height {
        var y = Double.nan
        var low = Double.nan
        var high = Double.nan
    }

    func panel() throws -> Panel {
        if call.isNone(1), let map = call[0].object as? MapObject, !map.items.isEmpty {
            let names = map.items.map { $0.key.value.text }
            let values = map.items.map(\.value)
            if values.allSatisfy(isHeight) {
                return panel(names, [("", try values.map(height))])
            }
            let groups = values.compactMap { $0.object as? MapObject }
            if groups.count == values.count, groups.allSatisfy({ !$0.items.isEmpty && $0.items.allSatisfy { isHeight($0.value) } }) {
                var order: [String] = []
                for group in groups { for key in group.items.map({ $0.key.value.text }) where !order.contains(key) { order.append(key) } }
                return panel(names, try order.map { name in (name, try groups.map { try $0.field(name).map(height) ?? Height() }) })
            }
        }
        let reader = PlotSeries(call: call, style: .bars)
        let series = call.isNone(1) ? try reader.all(0) : try reader.all(1, x: try reader.numbers(call[0], 0))
        var panel = Panel(series: sideBySide(series))
        // A few bars have their own numbers below them, not round ones between them.
        let places = Set(series.flatMap(\.x).filter(\.isFinite))
        if (1...12).contains(places.count) { panel.xTicks = places.sorted() }
        return panel
    }

    private func panel(_ categories: [String], _ series: [(name: String, heights: [Height])]) -> Panel {
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
    private func sideBySide(_ series: [Series]) -> [Series] {
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

    private func isHeight(_ value: Value) -> Bool {
        if PlotSeries.number(value) != nil { return true }
        if case .none = value { return true }
        if let tensor = (value.object as? TensorObject)?.tensor { return tensor.rank == 0 }
        guard let map = value.object as? MapObject, let y = map.field("y") else { return false }
        return map.fieldNames.allSatisfy { ["y", "low", "high"].contains($0) } && PlotSeries.number(y) != nil
    }

    private func height(_ value: Value) throws -> Height {
        guard let map = value.object as? MapObject else {
            if case .none = value { return Height() }
            return Height(y: try PlotSeries(call: call).numbers(value, 0).first ?? .nan)
        }
        func number(_ name: String) throws -> Double? {
            guard let value = map.field(name) else { return nil }
            guard let number = PlotSeries.number(value) else {
                throw call.mismatch(0, expected: "heights with numbers as `low` and `high`", found: "one with \(value.typeName) as `\(name)`")
            }
            return number
        }
        let (low, high) = (try number("low"), try number("high"))
        guard (low == nil) == (high == nil) else {
            throw call.mismatch(0, expected: "heights with both `low` and `high` or neither", found: "one with `\(low == nil ? "high" : "low")` alone")
        }
        return Height(y: try number("y") ?? .nan, low: low ?? .nan, high: high ?? .nan)
    }
}
