/// What everything below the machine throws: the parts of a diagnostic that need no place in a script.
public struct TensorError: Error, CustomStringConvertible {
    /// `shape`, `type`, `value`, `file`, `memory`, `device`, `index`, `gradient`.
    public var code: String
    public var message: String
    public var help: String?
    /// Whether the message is libtorch's own.
    public var isForeign = false
    /// The name of the parameter whose value is at fault, as the function that scripts call has it; nil when no single one is.
    public var argument: String?

    /// A message that begins with the name of a parameter, "`smoothness` of register must be …", is about that argument, unless
    /// another is named.
    public init(_ code: String, _ message: String, help: String? = nil, argument: String? = nil) {
        self.code = code
        self.message = message
        self.help = help
        self.argument = argument ?? TensorError.subject(of: message)
    }

    private static func subject(of message: String) -> String? {
        guard message.first == "`", let end = message.dropFirst().firstIndex(of: "`") else { return nil }
        let name = message[..<end].dropFirst()
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? String(name) : nil
    }

    public init(code: String, message: String, help: String? = nil) { self.init(code, message, help: help) }

    public var description: String { "\(code): \(message)" }
}
