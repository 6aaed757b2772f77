/// A slice of an image and, where given, a label map over it, turned into pixels and outlines.
public struct GreyImage: Sendable {
    public let width: Int
    public let height: Int
    /// Row by row from the top: width × height intensities.
    public let values: [Double]
    public let pixelWidth: Double
    public let pixelHeight: Double

    /// nil when `values` does not hold width × height numbers or a size is not positive.
    public init?(width: Int, height: Int, values: [Double], pixelWidth: Double = 1, pixelHeight: Double = 1) {
        guard width > 0, height > 0, values.count == width * height, pixelWidth > 0, pixelHeight > 0 else { return nil }
        self.width = width
        self.height = height
        self.values = values
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
    }

    /// The grey window that leaves out the darkest and brightest half percent of the finite values, so that one
    /// bright vessel does not make everything else black.
    public static func window(of values: some Collection<Double>) -> ClosedRange<Double> {
        let step = max(1, values.count / 200_000)
        var finite: [Double] = []
        for (place, value) in values.enumerated() where place % step == 0 && value.isFinite { finite.append(value) }
        guard !finite.isEmpty else { return 0...1 }
        finite.sort()
        let low = finite[Int(Double(finite.count - 1) * 0.005)]
        let high = finite[Int((Double(finite.count - 1) * 0.995).rounded(.up))]
        return low < high ? low...high : low...(low + 1)
    }

    /// The image layer: greys through `window`, labels laid over with opacity `alpha`.
    ///
    /// - Parameters:
    ///   - labels: width × height label values, 0 for background; empty for none.
    ///   - window: intensities shown black and white; nil takes `GreyImage.window` of this slice.
    public func layer(
        labels: [Int] = [], window: ClosedRange<Double>? = nil, alpha: Double = 0.4, colors: LabelColors = LabelColors()
    ) -> ImageLayer? {
        let window = window ?? GreyImage.window(of: values)
        let span = window.upperBound - window.lowerBound
        var rgb: [UInt8] = []
        rgb.reserveCapacity(values.count * 3)
        for (index, value) in values.enumerated() {
            let share = value.isFinite && span > 0 ? max(0, min(1, (value - window.lowerBound) / span)) : 0
            let level = UInt8((share * 255).rounded())
            var color = Color(level, level, level)
            if labels.count == values.count, let overlay = colors[labels[index]] {
                color = overlay.over(color, alpha: max(0, min(1, alpha)))
            }
            rgb.append(color.red)
            rgb.append(color.green)
            rgb.append(color.blue)
        }
        return ImageLayer(width: width, height: height, rgb: rgb, pixelWidth: pixelWidth, pixelHeight: pixelHeight)
    }

    /// One closed outline series a label, along the edges of its pixels, in millimetres.
    public func outlines(of labels: [Int], colors: LabelColors = LabelColors()) -> [Series] {
        guard labels.count == values.count else { return [] }
        return Set(labels).subtracting([0]).sorted().map { label in
            let (x, y) = LabelOutline.trace(labels, width: width, height: height, label: label)
            return Series(x: x.map { $0 * pixelWidth }, y: y.map { $0 * pixelHeight }, color: colors[label])
        }
    }

    /// The number of each label, where it lies deepest inside its region.
    public func marks(of labels: [Int]) -> [Mark] {
        let places = LabelMarks.places(labels, width: width, height: height)
        return places.sorted { $0.key < $1.key }.map { label, place in
            Mark(
                String(label), x: place.x * pixelWidth, y: place.y * pixelHeight, room: place.room * min(pixelWidth, pixelHeight))
        }
    }

    /// A panel that shows the slice with its labels.
    public func panel(
        title: String = "", labels: [Int] = [], window: ClosedRange<Double>? = nil, alpha: Double = 0.4,
        outlined: Bool = true, colors: LabelColors = LabelColors()
    ) -> Panel {
        Panel(
            title: title, series: outlined ? outlines(of: labels, colors: colors) : [],
            image: layer(labels: labels, window: window, alpha: alpha, colors: colors))
    }
}

/// The border of a label as polylines on the corners of pixels.
enum LabelOutline {
    /// Coordinates in pixels; NaN between two polylines.
    static func trace(_ labels: [Int], width: Int, height: Int, label: Int) -> (x: [Double], y: [Double]) {
        func inside(_ row: Int, _ column: Int) -> Bool {
            row >= 0 && row < height && column >= 0 && column < width && labels[row * width + column] == label
        }
        // Directed edges with the label on their right, so that every corner is left as often as it is entered.
        var leaving: [Int: [Int]] = [:]
        let stride = width + 1
        func add(_ fromRow: Int, _ fromColumn: Int, _ toRow: Int, _ toColumn: Int) {
            leaving[fromRow * stride + fromColumn, default: []].append(toRow * stride + toColumn)
        }
        for row in 0..<height {
            for column in 0..<width where labels[row * width + column] == label {
                if !inside(row - 1, column) { add(row, column, row, column + 1) }
                if !inside(row, column + 1) { add(row, column + 1, row + 1, column + 1) }
                if !inside(row + 1, column) { add(row + 1, column + 1, row + 1, column) }
                if !inside(row, column - 1) { add(row + 1, column, row, column) }
            }
        }
        var x: [Double] = []
        var y: [Double] = []
        for start in leaving.keys.sorted() {
            while leaving[start]?.isEmpty == false {
                if !x.isEmpty {
                    x.append(.nan)
                    y.append(.nan)
                }
                var place = start
                while true {
                    x.append(Double(place % stride))
                    y.append(Double(place / stride))
                    guard let next = leaving[place]?.popLast() else { break }
                    place = next
                    if place == start {
                        x.append(Double(place % stride))
                        y.append(Double(place / stride))
                        break
                    }
                }
            }
        }
        return (x, y)
    }
}
