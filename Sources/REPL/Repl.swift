import Base
import Foundation
import Machine
import Session
import Syntax

/// Reads, evaluates, shows, and again: with editing, history and completion at a terminal, plainly from a pipe.
public final class Repl {
    let session: PromptSession
    private let version: String
    let isInteractive: Bool
    let colors: Bool
    /// Lines of an input that is not finished yet.
    private var pending: [String] = []
    var transcript = Transcript()
    var deck: CellDeck?
    var isTimingEverything = false
    /// Whether the reader has been told how to see what is left out.
    private var hasToldOfAll = false

    private var host: TerminalHost { session.host }

    /// - Parameters:
    ///   - makeSession: makes a session of that host, at the start and for `:reset`.
    ///   - version: for the greeting.
    public init(_ host: TerminalHost, _ makeSession: @escaping () -> Session, version: String) {
        session = PromptSession(host, makeSession)
        self.version = version
        isInteractive = Terminal.isInteractive(STDIN_FILENO) && Terminal.isInteractive(STDOUT_FILENO)
        colors = Terminal.hasColors(STDOUT_FILENO)
        session.remark = { [weak self] name in self?.deck?.remark(on: name) }
    }

    /// Runs until the input ends or asks to leave.
    ///
    /// - Returns: the exit status: 0, or 1 when there is more to read than can be.
    public func run() -> Int32 {
        var status: Int32 = 0
        if isInteractive, let editor = LineEditor(owner: self) {
            Interruption.heedInterrupts()
            converse(editor)
            editor.close()
            Interruption.releaseInterrupts()
        } else {
            // Ctrl-C ends a run without a prompt as it ends any other command.
            status = readAll()
        }
        fflush(stdout)
        return status
    }

    // MARK: At a terminal

    private func converse(_ editor: LineEditor) {
        print("RS4 \(version) · :help for help, ?name for a function, Tab completes, Ctrl-D leaves")
        let path = Repl.historyPath
        editor.loadHistory(path)
        var canSave = true
        func remember(_ input: String) {
            guard canSave, !input.trimmed.isEmpty else { return }
            canSave = editor.remember(input, in: path)
            if !canSave { warn("the history cannot be written to `\(path)`; RS4_HISTORY names another file") }
        }
        let color = colors ? "\u{1B}[1;36m" : ""
        var begun = ""
        while true {
            if !host.endsLine {
                print("")
                host.endsLine = true
            }
            fflush(stdout)
            let reading = editor.read(
                prompt: pending.isEmpty ? Prompts.first : Prompts.following, color: color, text: begun,
                isAbove: pending.isEmpty, canReopen: !pending.isEmpty && begun.isEmpty)
            begun = ""
            switch reading {
            case .line(let line):
                let input = (pending + [line]).joined(separator: "\n")
                let goesOn = take(line)
                if pending.isEmpty { remember(input) }
                if !goesOn { return }
            case .pasted(let line): pending.append(line)
            case .reopened(let line): begun = reopen(line)
            case .interrupted:
                print("^C")
                pending = []
            case .end:
                print("")
                finish()
                return
            }
        }
    }

    /// Takes the lines of the unfinished input off the screen, to be edited as one.
    private func reopen(_ line: String) -> String {
        let lines = pending + [line]
        let columns = Terminal.columns
        let rows = lines.reduce(0) { $0 + max(1, (Prompts.first.count + displayWidth($1) + columns - 1) / columns) }
        guard rows < Terminal.rows else {
            print("\u{7}\u{1B}[1A\r\u{1B}[J", terminator: "")
            return line
        }
        print("\u{1B}[\(rows)A\r\u{1B}[J", terminator: "")
        pending = []
        return lines.joined(separator: "\n")
    }

    private static var historyPath: String {
        let chosen = ProcessInfo.processInfo.environment["RS4_HISTORY"] ?? ""
        return chosen.isEmpty ? NSHomeDirectory() + "/.rs4_history" : chosen
    }

    // MARK: From a pipe

    private func readAll() -> Int32 {
        func refuse(_ count: Int? = nil) -> Int32 {
            mistake(SourceFile.tooLarge("an input", "standard input", count))
            return 1
        }
        var status = stat()
        if fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > SourceFile.largest {
            return refuse(Int(status.st_size))
        }
        let reader = host.input
        var (size, nextTrial) = (0, 0)
        while let line = reader.next() {
            if pending.isEmpty { (size, nextTrial) = (0, 0) }
            size += line.utf8.count + 1
            guard size <= SourceFile.largest else { return refuse() }
            // Whether a text is whole takes longer to find out the longer it is: a large one is tried ever less often.
            if size > 1 << 18 && size < nextTrial || reader.peek().map(Repl.continues) ?? false {
                pending.append(line)
                continue
            }
            nextTrial = 2 * size
            if !take(line) { return 0 }
        }
        if reader.isTooLong { return refuse() }
        finish()
        return 0
    }

    /// True for a line that belongs to the one before it.
    static func continues(_ line: String) -> Bool {
        let text = line.trimmed
        if text.hasPrefix("|>") { return true }
        guard text.hasPrefix("."), let second = text.dropFirst().first else { return false }
        return second.isLetter || second == "_"
    }

    // MARK: Both

    /// Runs the pending lines with one more; false when the session is over.
    private func take(_ line: String) -> Bool {
        if pending.isEmpty {
            if line.trimmed.isEmpty { return true }
            if let command = ReplCommand(line) { return obey(command) }
        }
        pending.append(line)
        if !run(pending.joined(separator: "\n"), isFinal: false) { return true }
        pending = []
        return true
    }

    private func finish() {
        guard !pending.isEmpty else { return }
        run(pending.joined(separator: "\n"), isFinal: true)
        pending = []
    }

    /// Runs one input and shows what came of it; false when more lines must follow.
    @discardableResult
    private func run(_ text: String, isFinal: Bool) -> Bool {
        let watch = Stopwatch()
        let outcome = session.run(text, isFinal: isFinal)
        if case .incomplete = outcome, !isFinal { return false }
        let isGood = show(outcome)
        if isTimingEverything { note(watch.text) }
        if isGood { record(text, outcome) }
        return true
    }

    /// Remembers an input that succeeded, for `:save`.
    func record(_ text: String, _ outcome: PromptSession.Outcome) {
        if case .value(_, let number, _) = outcome {
            transcript.add(text, result: number)
        } else {
            transcript.add(text, result: nil)
        }
    }

    /// Shows what came of an input; false when it failed.
    @discardableResult
    func show(_ outcome: PromptSession.Outcome) -> Bool {
        fflush(stdout)
        if !host.endsLine, isInteractive {
            print("")
            host.endsLine = true
        }
        switch outcome {
        case .incomplete: warn("the input ends before it is complete")
        case .nothing: break
        case .value(let text, let number, let isNumbered): show(text, isNumbered ? "_\(number) =" : "_ =")
        case .failed(let text): warn(text)
        }
        fflush(stdout)
        if case .failed = outcome { return false }
        if case .incomplete = outcome { return false }
        return true
    }

    /// `_3 = 42`; a value of several lines begins under its name. A pipe gets the value alone.
    private func show(_ value: String, _ name: String) {
        guard isInteractive else { return print(value) }
        let (text, missing) = Pager.shortened(value, rows: Terminal.rows)
        let fits = !text.contains("\n") && displayWidth(text) + name.count + 1 <= Terminal.columns
        // A string is one however long it is, and may be copied.
        let broken = text.hasPrefix("\"") ? text : text.brokenAtWords(columns: Terminal.columns)
        print(dimmed(name) + (fits ? " " : "\n") + broken)
        if missing > 0 {
            note("… \(missing) more lines; `:all` shows them")
        } else if text.contains("…"), !hasToldOfAll {
            hasToldOfAll = true
            note("`:all` shows what is left out")
        }
    }

    func dimmed(_ text: String) -> String { colors ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    /// A remark of the prompt itself.
    func note(_ text: String) { print(dimmed(text)) }

    func warn(_ text: String) {
        fflush(stdout)
        FileHandle.standardError.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }
}

extension Repl: LineEditorOwner {
    func completion(_ line: String, at cursor: Int) -> Completion {
        if pending.isEmpty, let completion = CommandCompletion.completion(line, at: cursor, session) { return completion }
        let before = pending.map { $0 + "\n" }.joined()
        return session.complete(before + line, at: before.utf8.count + cursor)
    }

    func isUnfinished(_ line: String) -> Bool {
        session.isIncomplete((pending + [line]).joined(separator: "\n"))
    }
}
