import Foundation

/// One line of a terminal that is drawn again and again, until something else is written.
public enum ProgressLine {
    /// Columns of the terminal behind standard output; nil when there is none, and then nothing is drawn.
    nonisolated(unsafe) public static var columns: (() -> Int)?
    nonisolated(unsafe) private static var isShown = false

    /// Draws the line in place of the last one, cut to the terminal's width; false when there is no terminal.
    static func draw(_ text: String) -> Bool {
        guard let columns else { return false }
        let line = text.prefix { !$0.isNewline }.prefix(max(1, columns() - 1))
        fputs("\r\u{1B}[K\(line)", stdout)
        fflush(stdout)
        isShown = true
        return true
    }

    /// Takes the line away; to be called before anything else is written.
    public static func clear() {
        guard isShown else { return }
        fputs("\r\u{1B}[K", stdout)
        fflush(stdout)
        isShown = false
    }
}
