import Foundation

extension TerminalStyle {
    /// What standard output can show: no colours unless it is a terminal, nor where the reader has set `NO_COLOR`.
    public static var current: TerminalStyle {
        let environment = ProcessInfo.processInfo.environment
        var size = winsize()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let hasSize = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        let columns = hasSize ? Int(size.ws_col) : 80
        guard isTerminal, !refused, environment["TERM"] != "dumb" else { return TerminalStyle(columns: columns) }
        let all = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
        return TerminalStyle(columns: columns, colors: all ? .all : .palette256)
    }
}
