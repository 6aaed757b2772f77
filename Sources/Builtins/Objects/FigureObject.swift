import Base
import Machine
import Plotting
import Tensors

/// A figure as scripts hold it. Printing draws it with characters; notebooks get a picture.
public final class FigureObject: Object {
    public var figure: Figure

    public init(_ figure: Figure) { self.figure = figure }

    public override var typeName: String { "Figure" }
    public override class var typeNames: [TypeName] { [TypeName("Figure")] }
    /// The drawing in characters without colours, as wide as the terminal.
    public override var text: String { figure.terminalText(TerminalStyle(columns: TerminalStyle.current.columns)) }

    /// The drawing for a terminal: pixels where it shows them, else characters, in colour where the text goes straight there.
    public override func terminalForm(_ display: TerminalDisplay) -> String {
        guard display.isDirect else { return text }
        // What the prompt shows by itself says nothing of a gnuplot that is missing or of a mistaken setting: `show` does.
        if !display.isFull, (try? FigureView.current(opensWindows: false)) == .sixel, let pixels = try? figure.terminalForm(.sixel) {
            return pixels
        }
        return figure.terminalText(.current)
    }

    /// What `print` writes: always characters.
    func printed(by machine: Machine) -> String { isDirect(machine) ? figure.terminalText(.current) : text }

    private func isDirect(_ machine: Machine) -> Bool { machine.host.terminal.isDirect }

    /// What `show` does: a picture where those are shown, else a window, pixels or characters at the terminal.
    func show(by machine: Machine) throws {
        guard isDirect(machine) else { return try machine.show(.object(self)) }
        // Who asked for a view is told why there is none; else a display that is gone, or a gnuplot, is no reason to show nothing.
        func attempt<Result>(_ draw: () throws -> Result) throws -> Result? {
            do { return try draw() } catch let problem as Failure where !FigureView.isAskedFor && problem.code == "plot" { return nil }
        }
        var view = try FigureView.current(opensWindows: true)
        if case .window(let terminal) = view {
            if try attempt({ try figure.openWindow(terminal: terminal) }) != nil { return }
            view = try FigureView.current(opensWindows: false)
        }
        machine.host.write(try (attempt { try figure.terminalForm(view) } ?? figure.terminalText(.current)) + "\n")
    }

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
        guard let size = value.plainNumber, size >= 50, size <= 10_000 else {
            throw Failure("value", "`\(name)` of a figure must be from 50 to 10000 points, but is \(value.representation)")
        }
        return size
    }
}

extension Value {
    public static func figure(_ figure: Figure) -> Value { .object(FigureObject(figure)) }

    /// An integer or float as a float; nil for all else.
    var plainNumber: Double? {
        switch self {
        case .integer(let number): return Double(number)
        case .float(let number): return number
        default: return nil
        }
    }
}

extension PrimitiveCall {
    /// The figure given as parameter `position`.
    public func figure(_ position: Int) throws -> Figure {
        if case .object(let object as FigureObject) = values[position] { return object.figure }
        throw mismatch(position, expected: "a figure", help: "make one with `plot`, `dice_curves`, `overlay` or `show`")
    }
}
