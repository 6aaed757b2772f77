import Foundation

/// Texts longer than the terminal.
enum Pager {
    /// The first lines of a text that has more than fit on a page, and how many are left out.
    static func shortened(_ text: String, rows: Int) -> (text: String, missing: Int) {
        let page = max(40, rows)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > page else { return (text, 0) }
        let shown = page - 8
        return (lines.prefix(shown).joined(separator: "\n"), lines.count - shown)
    }

    /// Shows a text in the reader's pager (`PAGER`, else `less`) when it is longer than the screen, else prints it.
    static func show(_ text: String, rows: Int, isInteractive: Bool) {
        let isLong = text.split(separator: "\n", omittingEmptySubsequences: false).count >= rows
            || text.utf8.count > rows * 400
        guard isInteractive, isLong, page(text) else {
            print(text)
            return
        }
    }

    /// False when there is no pager.
    private static func page(_ text: String) -> Bool {
        let chosen = ProcessInfo.processInfo.environment["PAGER"] ?? ""
        let command = chosen.isEmpty ? "less -R" : chosen
        let program = command.split(separator: " ").first.map(String.init) ?? ""
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let isThere = program.contains("/")
            ? access(program, X_OK) == 0 : folders.contains { access("\($0)/\(program)", X_OK) == 0 }
        guard isThere else { return false }
        fflush(stdout)
        // A reader may leave before the end.
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        guard let pipe = popen(command, "w") else { return false }
        fputs(text + "\n", pipe)
        pclose(pipe)
        return true
    }
}
