/// One line that is drawn again and again, until something else is written.
public enum ProgressLine {
    /// Draws the line in place of the last one, or takes it away (nil); itself nil where nothing can be redrawn.
    nonisolated(unsafe) public static var draws: ((String?) -> Void)?
    /// Leaves the line where it is and begins the next; nil where a line cannot be left so.
    nonisolated(unsafe) public static var leaves: (() -> Void)?
    nonisolated(unsafe) private static var isShown = false

    /// Draws the line in place of the last one; false when there is nowhere to draw it.
    static func draw(_ text: String) -> Bool {
        guard let draws else { return false }
        draws(String(text.prefix { !$0.isNewline }))
        isShown = true
        return true
    }

    /// Takes the line away; to be called before anything else is written.
    public static func clear() {
        guard isShown else { return }
        isShown = false
        draws?(nil)
    }

    /// Ends what drew the line: its last form stays, and whatever is written next begins a line of its own.
    public static func end() {
        guard isShown, let leaves else { return clear() }
        isShown = false
        leaves()
    }
}
