import Base
import Syntax

/// Runs compiled functions. One machine runs one thing at a time; primitives may call back into it.
public final class Machine {
    struct Frame {
        var closure: Unmanaged<ClosureObject>
        var pc: UnsafeMutablePointer<Instruction>
        var base: UnsafeMutablePointer<Value>
        var result: UnsafeMutablePointer<Value>
        /// Whether the caller ran as in training.
        var callerIsTraining: Bool
        /// 1 while a call through a field is made: its site's first span is the receiver, which is no argument.
        var siteShift = 0
    }

    struct Handler {
        var frameCount: Int
        var pc: UnsafeMutablePointer<Instruction>
        var problem: UnsafeMutablePointer<Value>
    }

    public static let stackSize = 1 << 18
    static let frameLimit = 20_000

    let stack: UnsafeMutablePointer<Value>
    let stackEnd: UnsafeMutablePointer<Value>
    let frames: UnsafeMutablePointer<Frame>
    var frameCount = 0
    var handlers: [Handler] = []
    /// Functions whose global got another value while they ran; kept until nothing runs.
    var replaced: [Value] = []
    var nativeDepth = 0
    /// How many calls from primitives back into the language may stand inside each other; the stack of the thread that
    /// runs the machine decides.
    public var nativeDepthLimit = 150

    /// Names visible everywhere.
    public let prelude: Prelude
    /// Whether `dropout` and its kin act as in training: set by the model whose `forward` runs.
    public var isTraining = true
    /// Whoever takes what scripts say and answers what they ask.
    public var host: ScriptHost
    /// `--set` values for the main script, as given.
    public var parameterValues: [String: String] = [:]
    public var mainModule: ModuleScope?

    /// - Parameter stackSize: how many values all calls that are open may hold; the stack is filled when it is made.
    public init(prelude: Prelude = Prelude(), host: ScriptHost = SilentHost(), stackSize: Int = Machine.stackSize) {
        self.prelude = prelude
        self.host = host
        stack = .allocate(capacity: stackSize)
        stack.initialize(repeating: .none, count: stackSize)
        stackEnd = stack + stackSize
        frames = .allocate(capacity: Machine.frameLimit + 1)
    }

    deinit {
        stack.deinitialize(count: stackEnd - stack)
        stack.deallocate()
        frames.deallocate()
    }

    /// Throws when someone asked to stop or the memory is used up; primitives that work long call this between steps.
    @inline(never)
    public func checkInterrupt() throws { try Interruption.take() }

    /// Every form in which a value can be shown, text first: laid out on lines, or in one line where a picture follows.
    ///
    /// - Parameter terminal: where only text is wanted, laid out for this terminal and as large as a drawing.
    public func display(_ value: Value, on terminal: TerminalDisplay? = nil) throws -> [MIMEItem] {
        if let terminal {
            return [MIMEItem(type: "text/plain", content: .text(value.terminalForm(terminal)))]
        }
        let rich = try value.object?.richForms() ?? []
        if rich.isEmpty {
            let forms = prelude.richForms(value)
            if forms.first?.type == "text/plain" { return forms }
            return [MIMEItem(type: "text/plain", content: .text(value.terminalForm(TerminalDisplay())))] + forms
        }
        let isPicture = rich.contains { $0.type.hasPrefix("image/") }
        let text = isPicture ? value.representation : value.terminalForm(TerminalDisplay())
        return [MIMEItem(type: "text/plain", content: .text(text))] + rich
    }

    /// Shows a value as the end of a cell does: where pictures can be shown, else as text for this terminal.
    public func show(_ value: Value) throws { try host.show(value, of: self) }
}
