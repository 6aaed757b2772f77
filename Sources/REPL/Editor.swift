import Foundation
import Syntax

/// The reader's own editor: what `VISUAL`, else `EDITOR` names, else `vi`.
enum Editor {
    /// Opens a file and waits until the editor is closed.
    ///
    /// - Parameter line: where to begin, from 1, told as `+LINE`, which editors of the terminal understand.
    /// - Returns: what went wrong; nil when the editor ended well.
    static func open(_ path: String, line: Int) -> Diagnostic? {
        let environment = ProcessInfo.processInfo.environment
        let chosen = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "vi"
        // The editor may be several words; the path is one, whatever it holds. `system` keeps Ctrl-C for the editor.
        let place = "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        fflush(stdout)
        let status = system("\(chosen) +\(line) \(path.hasPrefix("-") ? "./" : "")\(place)")
        guard status != 0 else { return nil }
        let code = (status >> 8) & 0xFF
        return Diagnostic(
            code: "file", message: "the editor must end well, but `\(chosen)` \(code == 127 ? "is not there" : "ended with status \(code)")",
            help: "`EDITOR` names it, for instance `EDITOR=nano rs4`")
    }
}
