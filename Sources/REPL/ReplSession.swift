import Session

/// One piece of input: its text, and for text out of a file where it comes from.
public struct ReplInput {
    public var text: String
    /// What diagnostics call it; nil for typed input.
    public var name: String?
    /// Where its `use "./file.rs4"` starts; nil for the working folder.
    public var folder: String?
    /// The number of its first line, when it is a part of a file.
    public var line: Int

    public init(_ text: String, name: String? = nil, folder: String? = nil, line: Int = 1) {
        self.text = text
        self.name = name
        self.folder = folder
        self.line = line
    }
}

/// A value as it is shown.
public struct ReplValue {
    /// Ready for the terminal.
    public var text: String
    /// The result's number.
    public var number: Int
    /// Whether a name such as `_3` stands for it; else only `_` does.
    public var isNumbered: Bool

    public init(text: String, number: Int, isNumbered: Bool) {
        self.text = text
        self.number = number
        self.isNumbered = isNumbered
    }
}

/// What came of one piece of input.
public enum ReplOutcome {
    /// The parser needs more lines before the input means something.
    case incomplete
    case value(ReplValue)
    /// Done, and nothing to show: a declaration, `nil`, or a statement that ended in `;`.
    case nothing
    /// A diagnostic, ready for the terminal; the session goes on.
    case failed(String)
}

/// What the prompt talks to. It keeps the names, runs the text and words the answers; the prompt only reads and shows.
public protocol ReplSession: AnyObject {
    /// Runs the text as one input.
    ///
    /// - Parameter isFinal: no more lines can follow, so unfinished input is a failure, not `incomplete`.
    func evaluate(_ input: ReplInput, isFinal: Bool) -> ReplOutcome

    /// True when the text ends inside something open.
    func isIncomplete(_ text: String) -> Bool

    /// What could stand at `offset` (UTF-8 bytes into `text`).
    func complete(_ text: String, at offset: Int) -> Completion

    /// What is known of what is asked, markdown; throws a `Diagnostic` when nothing is.
    func answer(_ question: Question) throws -> String

    /// Told of a name that nothing binds yet, gives what the prompt knows of it.
    var remark: (String) -> String? { get set }

    /// Everything of the last value that was shown, nothing left out; nil when there is none.
    func wholeLastValue() -> String?

    /// The session's own names, their types, sizes and contents as aligned text; nil when there are none.
    func variables() -> String?

    /// Takes `_` and the numbered results away.
    func forgetResults()

    /// Begins anew, without names, results and loaded modules.
    func reset()

    /// True when what was printed last ended its line.
    var outputEndsLine: Bool { get set }
}
