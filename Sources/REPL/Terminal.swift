import CEditline
import Foundation

/// What the process's own terminal can do.
public enum Terminal {
    /// True when the file descriptor is a terminal that understands escape sequences.
    public static func isInteractive(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Colours are for terminals, and for readers who have not said `NO_COLOR` (https://no-color.org).
    public static func hasColors(_ descriptor: Int32) -> Bool {
        let refused = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return !refused && isInteractive(descriptor)
    }

    /// Columns of the terminal behind standard output; 80 where there is none.
    public static var columns: Int {
        let columns = Int(ce_columns(STDOUT_FILENO))
        return columns > 0 ? columns : 80
    }

    /// Rows of the terminal behind standard output; 24 where there is none.
    public static var rows: Int {
        let rows = Int(ce_rows(STDOUT_FILENO))
        return rows > 0 ? rows : 24
    }

    /// Draws a line in place of the one before, cut to the terminal's width; nil takes it away.
    public static func drawProgress(_ text: String?) {
        fputs("\r\u{1B}[K\((text ?? "").prefix(max(1, columns - 1)))", stdout)
        fflush(stdout)
    }
}
