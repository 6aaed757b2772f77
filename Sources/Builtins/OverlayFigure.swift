import Machine
import Plotting
import Tensors

/// Builds the figures of `overlay` and `show` from images, label maps and the wishes beside them.
struct OverlayFigure {
    let call: PrimitiveCall
    var alpha = 0.4
    var outlined = true
    var names: [Int: String] = [:]

    /// One image with its labels, under a title.
    struct Pair {
        var title: String
        var image: SliceSource
        var labels: SliceSource?
    }

    /// What a value names: a list or a map gives several, everything else one.
    static func several(_ value: Value) -> [(name: String, value: Value)] {
        switch value.object {
        case let list as ListObject: return list.items.map { ("", $0) }
        case let map as MapObject: return map.items.map { ($0.key.value.text, $0.value) }
        default:
            if case .none = value { return [] }
            return [("", value)]
        }
    }

    /// Pairs images with labels: one image goes with every label map, else they go one by one.
    func pairs(images imagePosition: Int, labels labelPosition: Int) throws -> [Pair] {
        let images = OverlayFigure.several(call[imagePosition])
        let labels = OverlayFigure.several(call[labelPosition])
        guard !images.isEmpty else {
            throw call.mismatch(imagePosition, expected: "at least one image", found: "an empty list")
        }
        guard labels.isEmpty || images.count == 1 || labels.count == 1 || labels.count == images.count else {
            throw call.mismatch(
                labelPosition, expected: "one label map for each of the \(images.count) images", found: "\(labels.count)")
        }
        let sources = try images.map { try SliceSource($0.value, call, imagePosition) }
        let maps = try labels.map { label -> SliceSource? in
            if case .none = label.value { return nil }
            return try SliceSource(label.value, call, labelPosition)
        }
        return try (0..<max(images.count, labels.count)).map { index in
            let image = images.count == 1 ? 0 : index
            let label = labels.isEmpty ? nil : labels.count == 1 ? 0 : index
            let title = [images[image].name, label.map { labels[$0].name } ?? ""].filter { !$0.isEmpty }
            let map = label.flatMap { maps[$0] }
            if let map { try sources[image].require(map) }
            return Pair(title: title.joined(separator: ", "), image: sources[image], labels: map)
        }
    }

    func panel(_ pair: Pair, _ axis: Int, _ place: Int, title: String, window: ClosedRange<Double>) throws -> (Panel, Set<Int>) {
        let layout = pair.image.layout(across: axis)
        let wanted = try pair.image.place(place, across: axis, of: "image")
        let labels = try pair.labels?.labels(layout, at: wanted) ?? []
        guard let image = try pair.image.image(layout, at: wanted) else {
            throw Failure("value", "the slice cannot be drawn: its spacing must be positive")
        }
        var panel = image.panel(title: title, labels: labels, window: window, alpha: alpha, outlined: outlined)
        panel.xLabel = layout.sides
        return (panel, Set(labels).subtracting([0]))
    }

    func legend(_ seen: Set<Int>) -> [LegendEntry] {
        seen.sorted().prefix(24).compactMap { label in
            Palette.label(label).map { LegendEntry(names[label] ?? "label \(label)", $0) }
        }
    }

    /// The words for a slice; none where it is the only one.
    func caption(_ source: SliceSource, _ axis: Int, _ place: Int) -> String {
        let size = source.data.shape[axis]
        return size == 1 ? "" : source.caption(source.layout(across: axis), at: place < 0 ? place + size : place)
    }

    func overlay(_ pairs: [Pair], slices: [Int]?, axis: Int?, title: String) throws -> Figure {
        var panels: [Panel] = []
        var seen: Set<Int> = []
        // Every panel of one image shows the same slice, the fullest of the first label map.
        for pair in pairs {
            let axis = try pair.image.axis(axis, called: "`axis` of overlay")
            let window = try pair.image.window()
            let reference = pairs.first { $0.labels != nil && $0.image.data.shape == pair.image.data.shape }?.labels
            let usual = try reference?.fullestSlice(across: axis) ?? pair.image.data.shape[axis] / 2
            for place in slices ?? [usual] {
                let words = [pair.title, caption(pair.image, axis, place)].filter { !$0.isEmpty }
                let (panel, labels) = try panel(pair, axis, place, title: words.joined(separator: " · "), window: window)
                panels.append(panel)
                seen.formUnion(labels)
            }
        }
        return Figure(title: title, panels: panels, columns: slices.map { $0.count > 1 && pairs.count > 1 ? $0.count : nil } ?? nil, legend: legend(seen))
    }

    /// Three slices through one voxel.
    func orthogonal(_ pair: Pair, at point: [Int]?, title: String) throws -> Figure {
        let window = try pair.image.window()
        let axes = pair.image.data.shape[0] == 1 ? [0] : [2, 1, 0]
        var panels: [Panel] = []
        var seen: Set<Int> = []
        for axis in axes {
            let place = try point?[axis] ?? pair.labels?.fullestSlice(across: axis) ?? pair.image.data.shape[axis] / 2
            let words = caption(pair.image, axis, place)
            let name = pair.image.orientation == nil && axes.count > 1 ? "axis \(axis), \(words)" : words
            let (panel, labels) = try panel(pair, axis, place, title: name, window: window)
            panels.append(panel)
            seen.formUnion(labels)
        }
        return Figure(title: title, panels: panels, legend: legend(seen))
    }

    /// So many slices, evenly spread over those with labels, or over all where none has any.
    func montage(_ pair: Pair, count: Int, axis: Int?, title: String) throws -> Figure {
        let axis = try pair.image.axis(axis, called: "`axis` of show")
        let window = try pair.image.window()
        let range = try pair.labels?.labelledSlices(across: axis) ?? 0..<pair.image.data.shape[axis]
        let shown = min(count, range.count)
        var panels: [Panel] = []
        var seen: Set<Int> = []
        for number in 0..<shown {
            // The middles of as many equal parts.
            let place = range.lowerBound + (2 * number + 1) * range.count / (2 * shown)
            let (panel, labels) = try panel(pair, axis, place, title: caption(pair.image, axis, place), window: window)
            panels.append(panel)
            seen.formUnion(labels)
        }
        let columns = shown <= 4 ? nil : Int(Double(shown).squareRoot().rounded(.up))
        return Figure(title: title, panels: panels, columns: columns, legend: legend(seen))
    }
}
