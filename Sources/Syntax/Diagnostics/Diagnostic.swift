/// What went wrong, as data: every failure of parser, machine, primitive or library has this one shape.
public struct Diagnostic: Error {
    /// A marked place with a few words beside it.
    public struct Label {
        public var location: Location
        public var text: String
        /// The first label is where the reader should look; the others explain.
        public init(_ location: Location, _ text: String = "") {
            self.location = location
            self.text = text
        }
    }

    /// One step of the script's own call trace, innermost first.
    public struct TraceEntry {
        public var function: String
        public var location: Location
        public init(function: String, location: Location) {
            self.function = function
            self.location = location
        }
    }

    /// How bad it is: an error ends the program, a warning of `rs4 check` says what looks wrong.
    public enum Severity: String { case error, warning }

    public var severity: Severity
    /// A short stable word, shown as `error[code]`: `syntax`, `name`, `type`, `shape`, `value`, `index`, `file`, …
    public var code: String
    /// One sentence, "X must be Y, but is Z" where it fits.
    public var message: String
    public var labels: [Label]
    /// What to do about it.
    public var help: String?
    public var notes: [String]
    public var trace: [TraceEntry]
    /// The value that `raise` was given, for `catch`; opaque to this module.
    public var payload: AnyObject?

    public init(
        code: String, message: String, labels: [Label] = [], help: String? = nil, notes: [String] = [],
        trace: [TraceEntry] = [], payload: AnyObject? = nil, severity: Severity = .error
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.labels = labels
        self.help = help
        self.notes = notes
        self.trace = trace
        self.payload = payload
    }
}
