import Base
import Plotting
import Tensors

/// Builds the figures of `overlay` and `show` from images, label maps and the wishes beside them.
public struct OverlayFigure {
    /// How much of a label's colour covers the image, from 0 to 1.
    public var alpha = 0.4
    /// Whether each label has a line around it.
    public var outlined = true
    /// What labels are called in the legend.
    public var names: [Int: String] = [:]
    /// With more labels than this their numbers are written into the figure, since colours alone no longer tell them apart.
    private static let mostByColor = 8
    /// Longer legends say how many entries follow.
    private static let mostNamed = 72

    public init() {}

    /// One image with its labels, under a title.
    public struct Pair {
        var title: String
        public var image: SliceSource
        public var labels: SliceSource?
        /// Labels without an image: full colours on black.
        public var isLabelsAlone = false

        init(title: String = "", image: SliceSource, labels: SliceSource?) {
            (self.title, self.image, self.labels) = (title, image, labels)
        }

        /// An image alone, or labels alone.
        public init(title: String = "", _ source: SliceSource) throws {
            self.init(title: title, image: source, labels: nil)
            guard let volume = source.volume, volume.labels != nil || volume.data.dtype == .bool else { return }
            labels = source
            image = try source.black()
            isLabelsAlone = true
        }

        func window() throws -> ClosedRange<Double> { isLabelsAlone ? 0...1 : try image.window() }
    }

    /// Pairs images with labels: one image goes with every label map, one label map with every image, else they go one by one.
    ///
    /// - Parameters:
    ///   - images: at least one.
    ///   - labels: none, one, or as many as there are images unless that is one; nil leaves an image without.
    /// - Throws: code `grid` unless labels lie on the grid of their image.
    public static func pairs(_ images: [(name: String, source: SliceSource)], _ labels: [(name: String, source: SliceSource?)]) throws -> [Pair] {
        // One number must be one class in the whole figure.
        let tables = labels.compactMap { $0.source?.volume?.labels }
        let agree = tables.dropFirst().allSatisfy { tables[0].agrees(with: $0) }
        let maps = try labels.map { agree ? $0.source : try $0.source?.inOwnValues() }
        return try (0..<max(images.count, labels.count)).map { index in
            let image = images[images.count == 1 ? 0 : index]
            let label = labels.isEmpty ? nil : labels.count == 1 ? 0 : index
            let words = [image.name, label.map { labels[$0].name } ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
            guard let map = label.flatMap({ maps[$0] }) else { return try Pair(title: words, image.source) }
            try image.source.require(map)
            return Pair(title: words, image: image.source, labels: map)
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
    public static func ownNames(of pairs: [Pair]) -> [Int: String] {
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

    /// Each pair at each of the slices, or at the one that its labels tell most in.
    ///
    /// - Throws: code `index` unless there are such an axis and such slices.
    public func overlay(_ pairs: [Pair], slices: [Int]?, axis: Int?, title: String) throws -> Figure {
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
    public func orthogonal(_ pair: Pair, at point: [Int]?, title: String) throws -> Figure {
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
    public func montage(_ pair: Pair, count: Int, axis: Int?, title: String) throws -> Figure {
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
