/// The one error of everything that is no diagnostic yet: what libraries, primitives and objects throw. The machine adds the
/// place in the script, the argument's own span where one is named, and the call trace.
public struct Failure: Error, CustomStringConvertible {
    /// A short stable word with a page in `docs/errors`: `shape`, `type`, `value`, `file`, `memory`, `device`, `index`, ….
    public var code: String
    /// One sentence, "X must be Y, but is Z" where it fits.
    public var message: String
    /// What to do about it.
    public var help: String?
    public var notes: [String]
    /// Name of the parameter whose argument is at fault, as the function that scripts call has it; nil when no single one is.
    /// The call site's span of that argument gets the label.
    public var argument: String?
    /// More labelled arguments: parameter name and the words beside its span (`H = 256 here`).
    public var labels: [(argument: String, text: String)]
    /// Whether the message is in the words of a library that knows nothing of the script.
    public var isForeign = false
    /// What the machine sends along: the value given to `raise`.
    public var payload: AnyObject?

    /// A message that begins with a parameter of a function, "`smoothness` of register must be …", is about that argument,
    /// unless another is named.
    public init(
        _ code: String, _ message: String, help: String? = nil, notes: [String] = [], argument: String? = nil,
        labels: [(argument: String, text: String)] = [], payload: AnyObject? = nil
    ) {
        self.code = code
        self.message = message
        self.help = help
        self.notes = notes
        self.argument = argument ?? Failure.subject(of: message)
        self.labels = labels
        self.payload = payload
    }

    private static func subject(of message: String) -> String? {
        guard message.utf8.first == UInt8(ascii: "`"), let end = message.dropFirst().firstIndex(of: "`") else { return nil }
        guard message[end...].hasPrefix("` of ") else { return nil }
        let name = message[..<end].dropFirst()
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? String(name) : nil
    }

    public var description: String { "\(code): \(message)" }
}
