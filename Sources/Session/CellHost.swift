import Machine
import Syntax

/// What a cell gives, in the order in which it comes.
public enum CellOutput {
    /// What `print` wrote; one line may come in parts.
    case printed(String)
    /// What `display` showed: every form of the value, text first.
    case shown([MIMEItem])
    /// A line that takes the place of the last such line; nil when it is to go.
    case progress(String?)
    /// The line drawn last stays where it is; the next begins another.
    case progressLeft
    /// The value of the last statement, in every form, text first.
    case value([MIMEItem])
    /// Why the cell ended early.
    case failed([Diagnostic])
}

/// The host of a script while one of its cells runs: hands over what the cell gives; remarks and questions are those of the
/// host around it.
final class CellHost: ScriptHost {
    private let outer: ScriptHost
    private let showsText: Bool
    private let drawsProgress: Bool
    private let send: (CellOutput) -> Void
    /// Whether a line that may be drawn again stands there.
    private var hasLine = false

    /// - Parameters:
    ///   - showsText: whether values are shown as text for the outer host's terminal, and not in every form.
    ///   - drawsProgress: whether a line can be drawn again.
    init(in outer: ScriptHost, showsText: Bool, drawsProgress: Bool, to send: @escaping (CellOutput) -> Void) {
        self.outer = outer
        self.showsText = showsText
        self.drawsProgress = drawsProgress
        self.send = send
    }

    var terminal: TerminalDisplay { showsText ? outer.terminal : TerminalDisplay() }

    func write(_ text: String) {
        takeLineAway()
        send(.printed(text))
    }

    func show(_ value: Value, of machine: Machine) throws {
        let forms = try self.forms(of: value, machine)
        if showsText, case .text(let text)? = forms.first?.content { return write(text + "\n") }
        takeLineAway()
        send(.shown(forms))
    }

    /// What is shown of a value.
    func forms(of value: Value, _ machine: Machine) throws -> [MIMEItem] {
        try machine.display(value, on: showsText ? terminal : nil)
    }

    func warn(_ text: String) {
        takeLineAway()
        outer.warn(text)
    }

    func ask(_ prompt: String, for machine: Machine) throws -> String? { try outer.ask(prompt, for: machine) }

    func clear(waits: Bool) -> Bool { outer.clear(waits: waits) }

    func draw(_ line: String) -> Bool {
        guard drawsProgress else { return false }
        send(.progress(line))
        hasLine = true
        return true
    }

    func leaveLine() {
        if hasLine { send(.progressLeft) }
        hasLine = false
    }

    private func takeLineAway() {
        guard hasLine else { return }
        hasLine = false
        send(.progress(nil))
    }
}
