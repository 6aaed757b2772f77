/// What everything below the machine throws: the parts of a diagnostic that need no place in a script.
public struct TensorError: Error, CustomStringConvertible {
    /// `shape`, `type`, `value`, `file`, `memory`, `device`, `index`, `gradient`.
    public var code: String
    public var message: String
    public var help: String?
    /// Whether the message is libtorch's own.
    public var isForeign = false

    public init(_ code: String, _ message: String, help: String? = nil) {
        self.code = code
        self.message = message
        self.help = help
    }

    public init(code: String, message: String, help: String? = nil) { self.init(code, message, help: help) }

    public var description: String { "\(code): \(message)" }
}
