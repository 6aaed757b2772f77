import Base
import Figures
import Machine
import Plotting
import Tensors

/// Figures: curves, points, bars, slices with labels.
enum PlottingPrimitives {
    static let module = PrimitiveModule(
        "plotting", "Curves, clouds of points, slices with their labels; to the terminal, PNG, SVG and PDF.", kinds: [FigureObject.self],
        chartPrimitives + categoryPrimitives + mapPrimitives + picturePrimitives + figurePrimitives)
}

private let chartWords = "title: String = \"\", x_label: String = \"\", y_label: String = \"\""
private let seriesDetails =
    "A series is a list of numbers, a range, a tensor of one dimension, a list of `[x, y]` pairs, a map with `x` and `y` "
    + "(and `low` and `high` for a band), or a log: a list of maps with `iteration`, `step` or "
    + "`epoch` beside the value (entries without it are left out; of several values the mean counts). Several runs of one "
    + "length, as a list of lists, are drawn as their mean with a band of one standard deviation. A map of names to series "
    + "draws them all, with a legend. `nil` and values that are not finite interrupt a curve."

private let chartPrimitives: [Primitive] = [
    Primitive(
        "plot(x, y = nil, \(chartWords), x_range = nil, y_range = nil, log: Bool = false)",
        "A figure with one curve, or one a name of a map.",
        details: "`plot(y)`, `plot(x, y)` or `plot({name: y})`. \(seriesDetails) `log: true` makes the vertical axis logarithmic.",
        example: "plot([1, 4, 9], title: \"Squares\").title  # => \"Squares\""
    ) { call in
        try chart(call, style: .line, title: try call.string(2))
    },
    Primitive(
        "scatter(x, y = nil, \(chartWords), x_range = nil, y_range = nil, line = nil)", "A figure with a cloud of points.",
        details: "`scatter(x, y)`, or `scatter({name: pairs})` with lists of `[x, y]` pairs; a map with `x`, `y`, "
            + "`low` and `high` gives points with error bars. `line` is drawn through them: `[x, y]` pairs, a fit for instance, "
            + "or a map from names to such lines.",
        example: "scatter([1, 2, 3], [2, 4, 7], line: [[1, 1.8], [3, 6.8]])  # => <Figure: 2 series of up to 3 points>"
    ) { call in
        try chart(call, style: .points, title: try call.string(2), lines: 7)
    },
    Primitive(
        "histogram(values, bins: Int = 20, title: String = \"\", x_label: String = \"value\")",
        "A figure with the counts of values in `bins` equal steps.",
        details: "Takes a list, a tensor or a volume of any shape; values that are not finite are left out."
    ) { call in
        try histogram(call)
    },
    Primitive(
        "dice_curves(runs, x = nil, title: String = \"Dice\", x_label: String = \"iteration\", y_label: String = \"Dice\")",
        "Dice over training, from 0 to 1, one curve a run.", details: seriesDetails,
        example: "dice_curves({supervised: [0.1, 0.4], \"with registration\": [0.3, 0.7]}).width  # => nil"
    ) { call in
        let x = try call.optional(1) { try PlotSeries(call: call).numbers(call[$0], $0) }
        let series = try PlotSeries(call: call, verticalNames: ["dice", "y", "value"]).all(0, x: x)
        return .figure(
            Figure(panels: [
                Panel(
                    title: try call.string(2), xLabel: try call.string(3), yLabel: try call.string(4), yRange: 0...1,
                    series: series)
            ]))
    },
    Primitive(
        "loss_curves(runs, x = nil, title: String = \"Loss\", log: Bool = false, x_label: String = \"iteration\", "
            + "y_label: String = \"loss\")",
        "Losses over training, one curve a name.", details: seriesDetails
    ) { call in
        let x = try call.optional(1) { try PlotSeries(call: call).numbers(call[$0], $0) }
        let series = try PlotSeries(call: call, verticalNames: ["loss", "y", "value"]).all(0, x: x)
        return .figure(
            Figure(panels: [
                Panel(
                    title: try call.string(2), xLabel: try call.string(4), yLabel: try call.string(5),
                    logarithmic: try call.bool(3), series: series)
            ]))
    },
]

private let mapPrimitives: [Primitive] = [
    Primitive(
        "heatmap(values, rows = nil, columns = nil, title: String = \"\", x_label: String = \"\", y_label: String = \"\", "
            + "low = nil, high = nil)",
        "A table of numbers as colours.",
        details: "`values` is a tensor of two dimensions or a list of lists, one a row from the top; `nil` and values that are not "
            + "finite are grey. `rows` and `columns` are names. Colours run from `low` to `high`, or over the values that occur.",
        example: "heatmap([[0.9, 0.4], [nil, 0.8]], rows: [\"a\", \"b\"], title: \"Cycle Dice\").title  # => \"Cycle Dice\""
    ) { call in .figure(try heatMap(call)) },
]

/// Figures of named things beside each other: bars and boxes.
private let categoryPrimitives: [Primitive] = [
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

private let figurePrimitives: [Primitive] = [
    Primitive(
        "save(figure: Figure, path: String, scale: Float = 2)", "Writes a figure as PNG, SVG, PDF or text.",
        details: "The ending of `path` decides: `.png`, `.svg`, `.pdf`, `.txt`. `scale` is pixels a point, for PNG. Gives the path."
    ) { call in
        let scale = try call.float(2)
        guard scale >= 0.25, scale <= 8 else {
            throw call.mismatch(2, expected: "from 0.25 to 8", found: call[2].representation)
        }
        let path = try call.string(1)
        try call.figure(0).save(to: path, scale: scale)
        return .string(path)
    },
    Primitive(
        "panels(figures: List, columns: Int? = nil, title: String = \"\")", "One figure with the panels of several.",
        details: "In reading order, `columns` side by side. The title of a figure stands before the titles of its panels.",
        example: "panels([overlay(zeros([4, 8, 8]), title: \"one\"), plot([1, 2], title: \"two\")])  # => <Figure \"one · slice 2\": 1 image, 1 series of up to 2 points>"
    ) { call in
        var figure = Figure(title: try call.string(2), panels: [], columns: try call.optional(1, call.int).map { max(1, $0) })
        for item in try call.list(0) {
            guard case .object(let object as FigureObject) = item else {
                throw call.mismatch(0, expected: "a list of figures", found: "a list that holds \(item.typeName)")
            }
            figure.panels += object.figure.panels.map { panel in
                var titled = panel
                titled.title = [object.figure.title, panel.title].filter { !$0.isEmpty }.joined(separator: " · ")
                return titled
            }
            for entry in object.figure.legend where !figure.legend.contains(entry) {
                figure.legend.append(entry)
            }
        }
        return .figure(figure)
    },
]

/// The figure of `plot` and `scatter`: parameters x, y, title, x_label, y_label, then ranges where there are
/// any, and at `lines` what is drawn as lines over it.
private func chart(_ call: PrimitiveCall, style: Series.Style, title: String, lines: Int? = nil) throws -> Value {
    let reader = PlotSeries(call: call, style: style)
    let series =
        call.isNone(1) ? try reader.all(0) : try reader.all(1, x: try reader.numbers(call[0], 0))
    var panel = Panel(title: title, xLabel: try call.string(3), yLabel: try call.string(4), series: series)
    if let lines, !call.isNone(lines) { panel.series += try PlotSeries(call: call, style: .line).all(lines) }
    panel.xRange = try call.range(5)
    panel.yRange = try call.range(6)
    if lines == nil, call.values.count > 7 { panel.logarithmic = try call.bool(7) }
    return .figure(Figure(panels: [panel]))
}

/// The figure of `heatmap`.
private func heatMap(_ call: PrimitiveCall) throws -> Figure {
    let values: [[Double]]
    if let tensor = (call[0].object as? TensorObject)?.tensor {
        guard tensor.rank == 2, tensor.count > 0 else {
            throw call.mismatch(0, expected: "a tensor of two dimensions with elements", found: "one of shape \(tensor.shape)")
        }
        let flat = try tensor.doubles()
        values = (0..<tensor.shape[0]).map { Array(flat[($0 * tensor.shape[1])..<(($0 + 1) * tensor.shape[1])]) }
    } else {
        let reader = PlotSeries(call: call)
        values = try call.list(0).map { try reader.numbers($0, 0) }
    }
    func names(_ position: Int, count: Int) throws -> [String] {
        let found = try call.optional(position, call.list)?.map(\.text) ?? []
        guard found.isEmpty || found.count == count else {
            throw call.mismatch(position, expected: "a list of \(count) names", found: "\(found.count)")
        }
        return found
    }
    let (low, high) = (try call.optional(6, call.float), try call.optional(7, call.float))
    let finite = values.joined().filter(\.isFinite)
    let (least, most) = (low ?? finite.min() ?? 0, high ?? finite.max() ?? 1)
    guard least <= most, least.isFinite, most.isFinite else {
        throw Failure("value", "`low` of heatmap must be a number of at most `high`, but they are \(least) and \(most)", argument: "low")
    }
    guard
        let map = HeatMap(
            values: values, rows: try names(1, count: values.count), columns: try names(2, count: values.first?.count ?? 0),
            range: least...most)
    else {
        throw call.mismatch(0, expected: "rows of one length, at least one", found: "rows of \(Set(values.map(\.count)).sorted()) numbers")
    }
    return map.figure(title: try call.string(3), xLabel: try call.string(4), yLabel: try call.string(5))
}

extension PrimitiveCall {
    /// `[low, high]` as a range; nil for `nil`.
    func range(_ position: Int) throws -> ClosedRange<Double>? {
        guard let bounds = try optional(position, floats) else { return nil }
        guard bounds.count == 2, bounds[0] < bounds[1], bounds.allSatisfy(\.isFinite) else {
            throw mismatch(position, expected: "[low, high] with low < high", found: self[position].representation)
        }
        return bounds[0]...bounds[1]
    }
}

private func histogram(_ call: PrimitiveCall) throws -> Value {
    let values: [Double]
    switch call[0].object {
    case let object as TensorObject: values = try object.tensor.doubles()
    case let object as VolumeObject: values = try object.volume.data.doubles()
    default: values = try PlotSeries(call: call).numbers(call[0], 0)
    }
    let bins = try call.int(1)
    guard (1...10_000).contains(bins) else {
        throw call.mismatch(1, expected: "from 1 to 10000", found: String(bins))
    }
    guard let bars = Figures.histogram(of: values, bins: bins) else {
        throw call.mismatch(0, expected: "at least one finite value", found: "none")
    }
    return .figure(
        Figure(panels: [Panel(title: try call.string(2), xLabel: try call.string(3), yLabel: "count", series: [bars])]))
}
