import CEditline
import Foundation

/// Reads, evaluates, shows, and again: with editing, history and completion at a terminal, plainly from a pipe.
public final class Repl {
    private let session: ReplSession
    private let version: String
    private let colors: Bool
    /// Lines of an input that is not finished yet.
    private var pending: [String] = []

    /// - Parameter version: for the greeting.
    public init(_ session: ReplSession, version: String) {
        self.session = session
        self.version = version
        colors = Terminal.hasColors(STDOUT_FILENO)
    }

    /// Runs until the input ends or asks to leave.
    ///
    /// - Returns: the exit status: 0, or what the input asked for.
    public func run() -> Int32 {
        let status: Int32
        if Terminal.isInteractive(STDIN_FILENO), Terminal.isInteractive(STDOUT_FILENO), let editor = ce_open("rs4") {
            rs4_install_interrupt(session.interruptFlag)
            status = converse(editor)
            ce_close(editor)
            rs4_remove_interrupt()
        } else {
            // Ctrl-C ends a run without a prompt as it ends any other command.
            status = readAll()
        }
        fflush(stdout)
        return status
    }

    // MARK: At a terminal

    private func converse(_ editor: OpaquePointer) -> Int32 {
        print("RS4 \(version) · :help for help, ?name for a function, Ctrl-D to leave")
        let history = Repl.historyPath
        _ = ce_load_history(editor, history)
        ce_set_completion(editor, completeAtCursor, Unmanaged.passUnretained(self).toOpaque())
        defer {
            if ce_save_history(editor, history) != 0 {
                warn("the history cannot be written to `\(history)`; RS4_HISTORY names another file")
            }
        }
        let color = colors ? "\u{1B}[1;36m" : ""
        while true {
            var text: UnsafeMutablePointer<CChar>?
            switch ce_read(editor, pending.isEmpty ? "rs4> " : "...  ", color, &text) {
            case ce_line:
                let line = text.map { String(cString: $0) } ?? ""
                free(text)
                if !line.trimmed.isEmpty { ce_add_history(editor, line) }
                if let status = take(line) { return status }
            case ce_interrupted:
                print("^C")
                pending = []
            default:
                print("")
                return finish() ?? 0
            }
        }
    }

    private static var historyPath: String {
        let chosen = ProcessInfo.processInfo.environment["RS4_HISTORY"] ?? ""
        return chosen.isEmpty ? (NSHomeDirectory() as NSString).appendingPathComponent(".rs4_history") : chosen
    }

    fileprivate func complete(_ editor: OpaquePointer, _ line: String, _ cursor: Int) {
        let before = pending.map { $0 + "\n" }.joined()
        let completion = Completion(before + line, at: before.utf8.count + cursor, session: session)
        guard !completion.candidates.isEmpty else { return }
        let shared = completion.shared
        if shared.utf8.count > completion.replaced || completion.candidates.count == 1 {
            ce_insert(editor, completion.replaced, shared)
        } else {
            ce_show(editor, Completion.listing(completion.candidates, width: Terminal.columns))
        }
    }

    // MARK: From a pipe

    private func readAll() -> Int32 {
        let reader = LineReader(STDIN_FILENO)
        while let line = reader.next() {
            if let following = reader.peek(), Repl.continues(following) {
                pending.append(line)
                continue
            }
            if let status = take(line) { return status }
        }
        return finish() ?? 0
    }

    /// True for a line that belongs to the one before it.
    static func continues(_ line: String) -> Bool {
        let text = line.trimmed
        if text.hasPrefix("|>") { return true }
        guard text.hasPrefix("."), let second = text.dropFirst().first else { return false }
        return second.isLetter || second == "_"
    }

    // MARK: Both

    /// Runs the pending lines with one more; a status when the session is over.
    private func take(_ line: String) -> Int32? {
        if pending.isEmpty {
            if line.trimmed.isEmpty { return nil }
            if let command = ReplCommand(line) { return obey(command) }
        }
        pending.append(line)
        return run(isFinal: false)
    }

    private func finish() -> Int32? {
        pending.isEmpty ? nil : run(isFinal: true)
    }

    private func run(isFinal: Bool) -> Int32? {
        session.interruptFlag?.pointee = 0
        let outcome = session.evaluate(pending.joined(separator: "\n"), isFinal: isFinal)
        if case .incomplete = outcome, !isFinal { return nil }
        pending = []
        fflush(stdout)
        switch outcome {
        case .incomplete: warn("the input ends before it is complete")
        case .nothing: break
        case .value(let text): print(text)
        case .failed(let text): warn(text)
        case .leave(let status): return status
        }
        fflush(stdout)
        return nil
    }

    private func obey(_ command: ReplCommand) -> Int32? {
        switch command {
        case .quit: return 0
        case .overview: print(ReplCommand.overviewText)
        case .help(let name):
            if let text = session.help(for: name) {
                print(text)
            } else {
                warn("nothing is named `\(name)`")
            }
        case .unknown(let text): warn("`\(text)` must be :help or :quit")
        }
        fflush(stdout)
        return nil
    }

    private func warn(_ text: String) {
        fflush(stdout)
        FileHandle.standardError.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }
}

private func completeAtCursor(
    context: UnsafeMutableRawPointer?, editor: OpaquePointer?, line: UnsafePointer<CChar>?, cursor: Int
) {
    guard let context, let editor, let line else { return }
    Unmanaged<Repl>.fromOpaque(context).takeUnretainedValue().complete(editor, String(cString: line), cursor)
}
