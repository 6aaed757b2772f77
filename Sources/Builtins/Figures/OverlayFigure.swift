import Base
import Machine
import Plotting
import Tensors

/// Builds the figures of `overlay` and `show` from images, label maps and the wishes beside them.
struct OverlayFigure {
    var alpha = 0.4
    var outlined = true
    var names: [Int: String] = [:]
    /// With more labels than this their numbers are written into the figure, since colours alone no longer tell them apart.
    private static let mostByColor = 8
    /// Longer legends say how many entries follow.
    private static let mostNamed = 72

    /// One image with its labels, under a title.
    struct Pair {
        var title: String
        var image: SliceSource
        var labels: SliceSource?
        /// Labels without an image: full colours on black.
        var isLabelsAlone = false

        init(title: String = "", image: SliceSource, labels: SliceSource?) {
            (self.title, self.image, self.labels) = (title, image, labels)
        }

        init(title: String = "", _ source: SliceSource) throws {
            self.init(title: title, image: source, labels: nil)
            guard let volume = source.volume, volume.labels != nil || volume.data.dtype == .bool else { return }
            labels = source
            image = try source.black()
            isLabelsAlone = true
        }

        func window() throws -> ClosedRange<Double> { isLabelsAlone ? 0...1 : try image.window() }
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
    static func pairs(_ call: PrimitiveCall, images imagePosition: Int, labels labelPosition: Int) throws -> [Pair] {
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
        let given = try labels.map { label -> SliceSource? in
            if case .none = label.value { return nil }
            return try SliceSource(label.value, call, labelPosition)
        }
        // One number must be one class in the whole figure.
        let tables = given.compactMap { $0?.volume?.labels }
        let agree = tables.dropFirst().allSatisfy { tables[0].agrees(with: $0) }
        let maps = agree ? given : try given.map { try $0?.inOwnValues() }
        return try (0..<max(images.count, labels.count)).map { index in
            let image = images.count == 1 ? 0 : index
            let label = labels.isEmpty ? nil : labels.count == 1 ? 0 : index
            let title = [images[image].name, label.map { labels[$0].name } ?? ""].filter { !$0.isEmpty }
            let words = title.joined(separator: ", ")
            guard let map = label.flatMap({ maps[$0] }) else { return try Pair(title: words, sources[image]) }
            try sources[image].require(map)
            return Pair(title: words, image: sources[image], labels: map)
        }
    }

    /// A slice that is to become a panel.
    private struct Slice {
        var title: String
        var sides: String
        var image: GreyImage
        var labels: [Int]
        var window: ClosedRange<Double>
        var isLabelsAlone: Bool
    }

    private func slice(_ pair: Pair, _ axis: Int, _ place: Int, title: String, window: ClosedRange<Double>) throws -> Slice {
        let layout = pair.image.layout(across: axis)
        let wanted = try pair.image.place(place, across: axis, of: "image")
        guard let image = try pair.image.image(layout, at: wanted) else {
            throw Failure("value", "the slice cannot be drawn: its spacing must be positive")
        }
        return Slice(
            title: title, sides: layout.sides, image: image, labels: try pair.labels?.labels(layout, at: wanted) ?? [], window: window,
            isLabelsAlone: pair.isLabelsAlone)
    }

    /// The figure of slices from `pairs`: one colour a label in all of them, one legend.
    private func figure(_ slices: [Slice], of pairs: [Pair], title: String, columns: Int? = nil) throws -> Figure {
        let seen = slices.reduce(into: Set<Int>()) { $0.formUnion($1.labels) }.subtracting([0])
        let colors = LabelColors(try pairs.reduce(into: seen) { $0.formUnion(try $1.labels?.greatLabels() ?? []) })
        let isNumbered = seen.count > OverlayFigure.mostByColor
        let panels = slices.map { slice in
            var panel = slice.image.panel(
                title: slice.title, labels: slice.labels, window: slice.window, alpha: slice.isLabelsAlone ? 1 : alpha,
                outlined: outlined && !slice.isLabelsAlone, colors: colors)
            panel.xLabel = slice.sides
            if isNumbered { panel.marks = slice.image.marks(of: slice.labels) }
            return panel
        }
        var legend = seen.sorted().prefix(OverlayFigure.mostNamed).compactMap { label -> LegendEntry? in
            colors[label].map { LegendEntry(words(for: label, isNumbered: isNumbered), $0) }
        }
        if seen.count > legend.count { legend.append(LegendEntry("and \(seen.count - legend.count) more", Color(255, 255, 255))) }
        return Figure(title: title, panels: panels, columns: columns, legend: legend)
    }

    /// The names that label maps bring; where two differ, the first has its way.
    static func ownNames(of pairs: [Pair]) -> [Int: String] {
        pairs.reduce(into: [:]) { names, pair in
            names.merge(pair.labels?.names ?? [:]) { first, _ in first }
        }
    }

    private func words(for label: Int, isNumbered: Bool) -> String {
        guard let name = names[label] else { return label < 0 ? "unknown (\(label))" : "label \(label)" }
        return isNumbered ? "\(label) \(name)" : name
    }

    /// The words for a slice; none where it is the only one.
    func caption(_ source: SliceSource, _ axis: Int, _ place: Int) -> String {
        let size = source.data.shape[axis]
        return size == 1 ? "" : source.caption(source.layout(across: axis), at: place < 0 ? place + size : place)
    }

    func overlay(_ pairs: [Pair], slices: [Int]?, axis: Int?, title: String) throws -> Figure {
        var found: [Slice] = []
        // Every panel of one image shows the same slice, that of the first label map.
        for pair in pairs {
            let axis = try pair.image.axis(axis, called: "`axis` of overlay")
            let window = try pair.window()
            let reference = pairs.first { $0.labels != nil && $0.image.data.shape == pair.image.data.shape }?.labels
            let usual = try reference?.tellingSlice(across: axis) ?? pair.image.data.shape[axis] / 2
            for place in slices ?? [usual] {
                let words = [pair.title, caption(pair.image, axis, place)].filter { !$0.isEmpty }
                found.append(try slice(pair, axis, place, title: words.joined(separator: " · "), window: window))
            }
        }
        let columns = slices.map { $0.count > 1 && pairs.count > 1 ? $0.count : nil } ?? nil
        return try figure(found, of: pairs, title: title, columns: columns)
    }

    /// Three slices through one voxel.
    func orthogonal(_ pair: Pair, at point: [Int]?, title: String) throws -> Figure {
        let window = try pair.window()
        let axes = pair.image.data.shape[0] == 1 ? [0] : [2, 1, 0]
        let slices = try axes.map { axis -> Slice in
            let place = try point?[axis] ?? pair.labels?.tellingSlice(across: axis) ?? pair.image.data.shape[axis] / 2
            let words = caption(pair.image, axis, place)
            let name = pair.image.orientation == nil && axes.count > 1 ? "axis \(axis), \(words)" : words
            return try slice(pair, axis, place, title: name, window: window)
        }
        return try figure(slices, of: [pair], title: title)
    }

    /// So many slices, evenly spread over those with labels, or over all where none has any.
    func montage(_ pair: Pair, count: Int, axis: Int?, title: String) throws -> Figure {
        let axis = try pair.image.axis(axis, called: "`axis` of show")
        let window = try pair.window()
        let range = try pair.labels?.labelledSlices(across: axis) ?? 0..<pair.image.data.shape[axis]
        let shown = min(count, range.count)
        let slices = try (0..<shown).map { number -> Slice in
            // The middles of as many equal parts.
            let place = range.lowerBound + (2 * number + 1) * range.count / (2 * shown)
            return try slice(pair, axis, place, title: caption(pair.image, axis, place), window: window)
        }
        let columns = shown <= 4 ? nil : Int(Double(shown).squareRoot().rounded(.up))
        return try figure(slices, of: [pair], title: title, columns: columns)
    }
}
