import Syntax

/// What primitives and objects throw: a diagnostic without a place. The machine adds the place in the script, the
/// argument's own span where one is named, and the call trace.
public struct Failure: Error {
    public var code: String
    public var message: String
    public var help: String?
    public var notes: [String]
    /// Name of the parameter whose argument is at fault; the call site's span of that argument gets the label.
    public var argument: String?
    /// More labelled arguments: parameter name and the words beside its span (`H = 256 here`).
    public var labels: [(argument: String, text: String)]
    /// Whether the message is in the words of a library that knows nothing of the script.
    public var isForeign = false
    /// The value given to `raise`.
    public var payload: Value?

    public init(
        _ code: String, _ message: String, help: String? = nil, notes: [String] = [], argument: String? = nil,
        labels: [(argument: String, text: String)] = [], payload: Value? = nil
    ) {
        self.code = code
        self.message = message
        self.help = help
        self.notes = notes
        self.argument = argument
        self.labels = labels
        self.payload = payload
    }
}
