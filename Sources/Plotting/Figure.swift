/// A drawing as data: panels with curves, points or an image, and what is written beside them. A figure is a value;
/// rendering reads it and changes nothing.
public struct Figure: Sendable {
    /// Above all panels; one panel usually carries its title itself.
    public var title: String
    /// In reading order.
    public var panels: [Panel]
    /// Panels side by side; nil lets the layout choose.
    public var columns: Int?
    /// One legend for the whole figure, to the right of the first row.
    public var legend: [LegendEntry]
    /// Width in points (1/72 inch; pixels at scale 1); nil takes what the panels need.
    public var width: Double?
    /// Height in points; nil takes what the panels need.
    public var height: Double?

    public init(
        title: String = "", panels: [Panel], columns: Int? = nil, legend: [LegendEntry] = [], width: Double? = nil,
        height: Double? = nil
    ) {
        self.title = title
        self.panels = panels
        self.columns = columns
        self.legend = legend
        self.width = width
        self.height = height
    }

    /// The title that a reader sees first: the figure's own, else that of a single panel. Setting it replaces that one.
    public var heading: String {
        get { title.isEmpty && panels.count == 1 ? panels[0].title : title }
        set {
            if title.isEmpty, panels.count == 1 { panels[0].title = newValue } else { title = newValue }
        }
    }

    /// True when a panel holds pixels; then a bitmap is the better form for a page, otherwise a vector drawing.
    public var hasImage: Bool { panels.contains { $0.image != nil } }

    /// Points from edge to edge as it is drawn, whether `width` is set or not.
    public var drawnWidth: Double { GnuplotScript.size(of: self).width }

    /// One line that says what is drawn: `<Figure "Dice": 3 series of up to 200 points>`.
    public var summary: String {
        let name = title.isEmpty ? panels.first(where: { !$0.title.isEmpty })?.title ?? "" : title
        let images = panels.filter { $0.image != nil }.count
        let drawn = panels.filter { $0.image == nil }.flatMap(\.series)
        let named = drawn.filter { $0.boxes.isEmpty }
        let boxes = drawn.reduce(0) { $0 + $1.boxes.count }
        var parts: [String] = []
        if images > 0 { parts.append(images == 1 ? "1 image" : "\(images) images") }
        if !named.isEmpty {
            let longest = named.map(\.x.count).max() ?? 0
            parts.append("\(named.count) series of up to \(longest) \(longest == 1 ? "point" : "points")")
        }
        if boxes > 0 { parts.append(boxes == 1 ? "1 box" : "\(boxes) boxes") }
        if parts.isEmpty { parts.append("empty") }
        return "<Figure\(name.isEmpty ? "" : " \"\(name)\""): \(parts.joined(separator: ", "))>"
    }
}

/// One set of axes.
public struct Panel: Sendable {
    public var title: String
    public var xLabel: String
    public var yLabel: String
    /// nil takes the range of the data.
    public var xRange: ClosedRange<Double>?
    public var yRange: ClosedRange<Double>?
    /// A logarithmic vertical axis; values that are not positive are left out.
    public var logarithmic: Bool
    public var series: [Series]
    /// Pixels under the series. The axes are then millimetres from the image's upper left corner and are not drawn.
    public var image: ImageLayer?
    /// Names beside the rows and below the columns of the image, one a pixel; empty for none.
    public var rowNames: [String] = []
    public var columnNames: [String] = []
    /// Names below the horizontal axis in place of numbers: the first at 0, the next at 1, …
    public var categories: [String] = []
    /// Where the horizontal axis has its numbers; empty takes round ones.
    public var xTicks: [Double] = []
    /// Short texts at places of the image.
    public var marks: [Mark] = []
    /// True where the series over an image matter without colours as well, so that a terminal draws them too.
    public var drawsLinesAsText = false

    public init(
        title: String = "", xLabel: String = "", yLabel: String = "", xRange: ClosedRange<Double>? = nil,
        yRange: ClosedRange<Double>? = nil, logarithmic: Bool = false, series: [Series] = [], image: ImageLayer? = nil
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.xRange = xRange
        self.yRange = yRange
        self.logarithmic = logarithmic
        self.series = series
        self.image = image
    }
}

/// A short text at a place of an image, legible on light and dark.
public struct Mark: Sendable {
    public var text: String
    /// Its middle, in millimetres from the upper left corner.
    public var x: Double
    public var y: Double
    /// How far from there it stays on what it names, in millimetres; where it needs more it stands to the right.
    public var room: Double

    public init(_ text: String, x: Double, y: Double, room: Double) {
        (self.text, self.x, self.y, self.room) = (text, x, y, room)
    }
}

/// One curve or cloud of points. Points with a coordinate that is not finite interrupt the curve.
public struct Series: Sendable {
    public enum Style: Sendable { case line, points, steps, bars, boxes }

    /// Shown in the legend; an empty name is left out of it.
    public var name: String
    public var x: [Double]
    public var y: [Double]
    public var style: Style
    /// nil takes the next colour of the palette.
    public var color: Color?
    /// A shaded band around the curve, for instance mean ± standard deviation over seeds, or error bars of points and
    /// bars; both or neither.
    public var low: [Double]
    public var high: [Double]
    /// How wide bars and boxes are, in units of the horizontal axis; nil takes most of the room between neighbours.
    public var barWidth: Double?
    /// How opaque each point is, 0 to 1, where thousands lie on top of each other; empty for all alike.
    public var weights: [Double] = []
    /// One a place of `x`, for the style `.boxes`.
    public var boxes: [BoxSummary] = []

    /// Boxes at these places, as many as there are places.
    public init(name: String = "", x: [Double], boxes: [BoxSummary], color: Color? = nil) {
        self.init(name: name, x: x, y: boxes.map(\.median), style: .boxes, color: color)
        self.boxes = Array(boxes.prefix(self.x.count))
    }

    /// Where `x` and `y` differ in length the longer one is cut.
    public init(
        name: String = "", x: [Double], y: [Double], style: Style = .line, color: Color? = nil, low: [Double] = [],
        high: [Double] = []
    ) {
        let count = min(x.count, y.count)
        self.name = name
        self.x = Array(x.prefix(count))
        self.y = Array(y.prefix(count))
        self.style = style
        self.color = color
        self.low = low.count == count && high.count == count ? low : []
        self.high = low.count == count && high.count == count ? high : []
    }
}

/// Pixels with a size in space.
public struct ImageLayer: Sendable {
    public let width: Int
    public let height: Int
    /// Row by row from the top, three bytes a pixel: width × height × 3.
    public let rgb: [UInt8]
    /// Size of one pixel in millimetres (or any unit, the same for both).
    public let pixelWidth: Double
    public let pixelHeight: Double

    /// nil when the sizes are not positive or `rgb` does not hold width × height × 3 bytes.
    public init?(width: Int, height: Int, rgb: [UInt8], pixelWidth: Double = 1, pixelHeight: Double = 1) {
        guard width > 0, height > 0, rgb.count == width * height * 3, pixelWidth > 0, pixelHeight > 0,
            pixelWidth.isFinite, pixelHeight.isFinite
        else { return nil }
        self.width = width
        self.height = height
        self.rgb = rgb
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
    }

    /// The image's width and height in millimetres.
    public var extent: (width: Double, height: Double) { (Double(width) * pixelWidth, Double(height) * pixelHeight) }

    public func color(row: Int, column: Int) -> Color {
        let start = (row * width + column) * 3
        return Color(rgb[start], rgb[start + 1], rgb[start + 2])
    }
}

/// A coloured square and a name.
public struct LegendEntry: Hashable, Sendable {
    public var name: String
    public var color: Color

    public init(_ name: String, _ color: Color) {
        self.name = name
        self.color = color
    }
}
