import Machine
import Plotting

/// A figure as scripts hold it. Printing draws it with characters; notebooks get a picture.
public final class FigureObject: Object {
    public var figure: Figure

    public init(_ figure: Figure) { self.figure = figure }

    public override var typeName: String { "Figure" }
    /// The drawing itself, for `print` and the prompt.
    public override var text: String { figure.terminalText(.current) }
    public override func terminalForm(_ display: TerminalDisplay) -> String { text }
    /// One line, for lists and maps.
    public override var representation: String { figure.summary }

    public override func richForms() throws -> [MIMEItem] {
        let png = MIMEItem(type: "image/png", content: .data(try figure.render(as: .png, scale: 2)), width: figure.drawnWidth)
        guard !figure.hasImage else { return [png] }
        let svg = String(decoding: try figure.render(as: .svg), as: UTF8.self)
        return [MIMEItem(type: "image/svg+xml", content: .text(svg), width: figure.drawnWidth), png]
    }

    public override var fieldNames: [String] { ["title", "width", "height", "columns"] }

    public override func field(_ name: String) throws -> Value? {
        switch name {
        case "title": return .string(figure.heading)
        case "width": return figure.width.map(Value.float) ?? Value.none
        case "height": return figure.height.map(Value.float) ?? Value.none
        case "columns": return figure.columns.map(Value.integer) ?? Value.none
        default: return nil
        }
    }

    public override func setField(_ name: String, to value: Value) throws -> Bool {
        switch (name, value) {
        case ("title", .object(let text as StringObject)): figure.heading = text.string
        case ("width", _): figure.width = try points(value, name)
        case ("height", _): figure.height = try points(value, name)
        case ("columns", .integer(let count)) where count > 0: figure.columns = count
        case ("columns", .none): figure.columns = nil
        default: return false
        }
        return true
    }

    private func points(_ value: Value, _ name: String) throws -> Double? {
        if case .none = value { return nil }
        guard let size = PlotSeries.number(value), size >= 50, size <= 10_000 else {
            throw Failure("value", "`\(name)` of a figure must be from 50 to 10000 points, but is \(value.representation)")
        }
        return size
    }
}

extension Value {
    public static func figure(_ figure: Figure) -> Value { .object(FigureObject(figure)) }
}

extension PrimitiveCall {
    /// The figure given as parameter `position`.
    public func figure(_ position: Int) throws -> Figure {
        if case .object(let object as FigureObject) = values[position] { return object.figure }
        throw mismatch(position, expected: "a figure", help: "make one with `plot`, `dice_curves`, `overlay` or `show`")
    }
}
