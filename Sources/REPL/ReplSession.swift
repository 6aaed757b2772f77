/// What came of one piece of input.
public enum ReplOutcome {
    /// The parser needs more lines before the input means something.
    case incomplete
    /// A value to show, ready for the terminal.
    case value(String)
    /// Done, and nothing to show: a declaration, `nil`, or a statement that ended in `;`.
    case nothing
    /// A diagnostic, ready for the terminal; the session goes on.
    case failed(String)
    /// The input asked to leave, with this exit status.
    case leave(Int32)
}

/// What the prompt talks to. It keeps the names, runs the text and words the answers; the prompt only reads and shows.
public protocol ReplSession: AnyObject {
    /// Runs the text as one input.
    ///
    /// - Parameter isFinal: no more lines can follow, so unfinished input is a failure, not `incomplete`.
    func evaluate(_ text: String, isFinal: Bool) -> ReplOutcome

    /// Whole words that could stand in place of the name before `offset` (UTF-8 bytes into `text`); after `x.` the
    /// fields and functions of `x`. Any order; the prompt sorts them.
    func complete(_ text: String, at offset: Int) -> [String]

    /// Help for a name, ready for the terminal; nil when nothing has that name.
    func help(for name: String) -> String?

    /// Set to 1 by Ctrl-C while `evaluate` runs; lives as long as the process. nil when runs cannot be interrupted.
    var interruptFlag: UnsafeMutablePointer<Int32>? { get }
}
