import Builtins
import Foundation

extension Notebook {
    /// `0.12 s`, `34 s`, `3 min 20 s`.
    static func shown(seconds: Double) -> String {
        if seconds < 9.995 { return String(format: "%.2f s", seconds) }
        let whole = Int(min(seconds, 1e9).rounded())
        if whole < 100 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// The level of a cell's title: one below the last heading of a text cell, and never deeper than 3, which is as deep as the list of contents goes.
    static func titleLevel(below level: Int) -> Int { min(level + 1, 3) }

    /// Why the page ends before the script does; nil when it does not.
    var stopped: String? {
        switch ending {
        case .whole: return nil
        case .interrupted: return "Interrupted: the cells that follow did not run."
        case .failed(let place):
            let left = cells[(place + 1)...].count { $0.kind == .code }
            guard left > 0 else { return nil }
            return "The script ended with this error; \(left == 1 ? "1 cell" : "\(left) cells") of code did not run."
        }
    }

    /// What the page was made from, with which values, by what, and how long it took.
    var made: String {
        let values = settings.isEmpty ? "" : " with " + settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        return "RS4 \(Versions.rs4) ran \(name)\(values); its cells took \(Notebook.shown(seconds: seconds)) in all"
    }
}
