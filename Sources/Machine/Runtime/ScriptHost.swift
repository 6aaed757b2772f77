/// Whoever a machine works for: takes what a script says and shows, and answers what it asks.
///
/// Only `write` has to be there. A host that has nothing else shows values as text, writes remarks between what is
/// printed, has no answers, and can neither take anything away nor draw a line again.
public protocol ScriptHost: AnyObject {
    /// Writes what `print` prints; a line may come in parts.
    func write(_ text: String)
    /// Shows a value as the end of a cell does.
    func show(_ value: Value, of machine: Machine) throws
    /// Says something that is no result, as a line.
    func warn(_ text: String)
    /// Asks for a line and gives it without its end; nil where there is none.
    func ask(_ prompt: String, for machine: Machine) throws -> String?
    /// Takes away what the cell has shown, at once or when the next output comes; false where nothing can be taken away.
    func clear(waits: Bool) -> Bool
    /// Draws a line in place of the last one; false where nothing can be redrawn. Whatever is written next takes it away.
    @discardableResult
    func draw(_ line: String) -> Bool
    /// Leaves the line that was drawn where it is: what drew it has ended.
    func leaveLine()
    /// How text is laid out there.
    var terminal: TerminalDisplay { get }
}

extension ScriptHost {
    public func show(_ value: Value, of machine: Machine) throws { write(value.terminalForm(terminal) + "\n") }
    public func warn(_ text: String) { write(text + "\n") }
    public func ask(_ prompt: String, for machine: Machine) throws -> String? { nil }
    public func clear(waits: Bool) -> Bool { false }
    public func draw(_ line: String) -> Bool { false }
    public func leaveLine() {}
    public var terminal: TerminalDisplay { TerminalDisplay() }
}

/// Nobody: what is written is gone.
public final class SilentHost: ScriptHost {
    public init() {}
    public func write(_ text: String) {}
}

/// Gathers what is written, remarks included, as one text.
public final class TextHost: ScriptHost {
    public var text = ""
    public init() {}
    public func write(_ text: String) { self.text += text }
}
