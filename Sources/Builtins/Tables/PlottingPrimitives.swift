import Base
import Machine
import Plotting
import Tensors

/// Figures: curves, points, bars, slices with labels.
enum PlottingPrimitives {
    static let module = PrimitiveModule(
        "plotting", "Curves, clouds of points, slices with their labels; to the terminal, PNG, SVG and PDF.",
        chartPrimitives + categoryPrimitives + picturePrimitives + [comparePrimitive] + deformationPrimitives + figurePrimitives)
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

private let picturePrimitives: [Primitive] = [
    Primitive(
        "heatmap(values, rows = nil, columns = nil, title: String = \"\", x_label: String = \"\", y_label: String = \"\", "
            + "low = nil, high = nil)",
        "A table of numbers as colours.",
        details: "`values` is a tensor of two dimensions or a list of lists, one a row from the top; `nil` and values that are not "
            + "finite are grey. `rows` and `columns` are names. Colours run from `low` to `high`, or over the values that occur.",
        example: "heatmap([[0.9, 0.4], [nil, 0.8]], rows: [\"a\", \"b\"], title: \"Cycle Dice\").title  # => \"Cycle Dice\""
    ) { call in .figure(try heatMap(call)) },
    Primitive(
        "overlay(image, labels = nil, slice = nil, axis = nil, alpha: Float = 0.4, contour: Bool = true, names = nil, "
            + "title: String = \"\")",
        "A figure of a slice with its labels in colour.",
        details: "`image` is a volume, or a tensor [H, W] or [Z, H, W]; a list gives one panel each. `labels` lie on the same "
            + "grid; a map such as `{truth: a, predicted: b}` gives one panel a name. `slice` is a number or a list of them; "
            + "without it the slice nearest the middle is shown that has at least half as many labelled voxels as the fullest. "
            + "Each label has a colour of its own, up to 24 of them; where a figure has more than 8, their numbers stand in it and in "
            + "the legend as well. Labels below 0 are unknown, in grey. `axis` is the axis cut across: without it the one with the "
            + "thickest slices, else feet to head, else the first. `names` are the classes' names, `{[1]: \"RV\"}` or a list "
            + "that starts with class 1; without it labels bring their own. Volumes read from files are shown as radiologists do, the patient's right at the left.",
        example: "overlay(zeros([8, 8]), ones([8, 8]), title: \"One slice\").title  # => \"One slice\""
    ) { call in
        var builder = OverlayFigure()
        builder.alpha = try call.float(4)
        builder.outlined = try call.bool(5)
        let pairs = try OverlayFigure.pairs(call, images: 0, labels: 1)
        builder.names = try classNames(call, 6, for: pairs)
        return .figure(
            try builder.overlay(
                pairs, slices: try call.optional(2, call.ints), axis: try call.optional(3, call.int),
                title: try call.string(7)))
    },
    Primitive(
        "show(item, labels = nil, at = nil, title: String = \"\", names = nil, montage: Int? = nil, axis = nil)",
        "Three slices through a volume at right angles, or many side by side; a figure is drawn for you to see.",
        details: "`at` is the voxel [i, j, k] that the slices meet in; without it the middle, or slices as `overlay` chooses them. `montage: n` "
            + "gives n slices across `axis` instead, evenly spread over those with labels, or over all where none has any. A figure "
            + "opens in a window where there is a display and gnuplot has one (qt, wxt or x11), else it is drawn in the terminal: as "
            + "pixels where the terminal knows sixel, else with characters. `RS4_GRAPHICS=window`, `sixel` or `blocks` decides.",
        example: "show(zeros([8, 8, 8]), montage: 4)  # => <Figure \"slice 1\": 4 images>"
    ) { call in
        if let object = call[0].object as? FigureObject {
            try object.show(by: call.machine)
            return .none
        }
        var builder = OverlayFigure()
        let point = try call.optional(2, call.ints)
        if let point, point.count != 3 {
            throw call.mismatch(2, expected: "three voxel indices", found: "\(point.count)")
        }
        let pairs = try OverlayFigure.pairs(call, images: 0, labels: 1)
        guard let pair = pairs.first, pairs.count == 1 else {
            throw call.mismatch(0, expected: "one volume", help: "`overlay` takes several")
        }
        builder.names = try classNames(call, 4, for: pairs)
        let (montage, axis) = (try call.optional(5, call.int), try call.optional(6, call.int))
        guard let montage else {
            if axis != nil { throw call.mismatch(6, expected: "left out unless `montage` is given") }
            return .figure(try builder.orthogonal(pair, at: point, title: try call.string(3)))
        }
        guard (1...100).contains(montage) else {
            throw call.mismatch(5, expected: "from 1 to 100 slices", found: String(montage))
        }
        if point != nil { throw call.mismatch(2, expected: "left out where `montage` is given") }
        return .figure(try builder.montage(pair, count: montage, axis: axis, title: try call.string(3)))
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
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
        throw call.mismatch(0, expected: "at least one finite value", found: "none")
    }
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
    return .figure(
        Figure(panels: [Panel(title: try call.string(2), xLabel: try call.string(3), yLabel: "count", series: [bars])]))
}

/// Names of classes by number: a map from number to name, or a list that starts with class 1 and names every class of `pairs`.
private func classNames(_ call: PrimitiveCall, _ position: Int, for pairs: [OverlayFigure.Pair]) throws -> [Int: String] {
    switch call[position].object {
    case let list as ListObject:
        let count = try pairs.compactMap { try $0.labels?.greatestLabel() }.max() ?? 0
        guard list.items.count >= count else {
            throw call.mismatch(
                position, expected: "a list of \(count) names, one for each class from 1", found: "a list of \(list.items.count)",
                help: "name some of the labels with a map: {[1]: \"RV\", [3]: \"LV\"}")
        }
        // `labels.names` begin with the background: taken for those from class 1, every class would have its neighbour's.
        if let known = pairs.compactMap({ $0.labels?.volume?.labels?.values?.count }).max(), list.items.count >= known {
            throw call.mismatch(
                position, expected: "a list of \(known - 1) names, one for each class from 1", found: "a list of \(list.items.count)",
                help: "the background has no name here; left out, `names` are those that the labels bring")
        }
        return Dictionary(uniqueKeysWithValues: list.items.enumerated().map { ($0.offset + 1, $0.element.text) })
    case let map as MapObject:
        var names: [Int: String] = [:]
        for (key, value) in map.items {
            guard let number = Int(key.value.text) else {
                throw call.mismatch(position, expected: "a map from class numbers to names", found: "a map with `\(key.value.text)`")
            }
            names[number] = value.text
        }
        return names
    default:
        if call.isNone(position) { return OverlayFigure.ownNames(of: pairs) }
        throw call.mismatch(position, expected: "a list or map of names")
    }
}
