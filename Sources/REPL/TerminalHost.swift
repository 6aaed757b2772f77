import Foundation
import Machine
import Session
import Syntax

/// The process's own streams, with the terminal behind them where there is one.
public final class TerminalHost: ScriptHost {
    /// Whether a line can be drawn again.
    let drawsLines = Terminal.isInteractive(STDOUT_FILENO)
    /// Whether a line that may be drawn again stands there.
    private var hasLine = false
    /// True when what was written last ended its line.
    var endsLine = true
    /// Why standard output could not be written, once that has happened.
    public private(set) var problem: String?
    /// Standard input. The prompt reads from here too when it is no terminal, so that a script which is piped in may be
    /// followed by what it asks for; lines may be as long as a script.
    let input = LineReader(STDIN_FILENO, longest: SourceFile.largest)

    public init() {}

    public var terminal: TerminalDisplay { TerminalDisplay(columns: Terminal.columns, isDirect: true) }

    public func write(_ text: String) {
        takeLineAway()
        if fputs(text, stdout) < 0 || fflush(stdout) != 0 { problem = String(cString: strerror(errno)) }
        // Line feed, vertical tab, form feed, carriage return.
        if let last = text.utf8.last { endsLine = (0x0A...0x0D).contains(last) }
    }

    public func warn(_ text: String) {
        takeLineAway()
        fflush(stdout)
        fputs(text + "\n", stderr)
    }

    /// Ctrl-C ends the wait.
    public func ask(_ prompt: String, for machine: Machine) throws -> String? {
        // The question belongs to what the script prints, wherever that goes.
        if !prompt.isEmpty { machine.host.write(prompt) }
        while !input.wait(0.05) { try machine.checkInterrupt() }
        let line = input.next()
        if line == nil, isatty(STDIN_FILENO) == 1 { input.reopen() }
        // Enter has ended the line of the question.
        endsLine = line != nil
        return line
    }

    @discardableResult
    public func draw(_ line: String) -> Bool {
        guard drawsLines else { return false }
        Terminal.drawProgress(line)
        hasLine = true
        return true
    }

    public func leaveLine() {
        if hasLine { print("") }
        hasLine = false
    }

    private func takeLineAway() {
        guard hasLine else { return }
        hasLine = false
        Terminal.drawProgress(nil)
    }

    /// Writes out what is held back; false, with a `problem`, when something that was written got lost.
    public func flush() -> Bool {
        if fflush(stdout) != 0, problem == nil { problem = String(cString: strerror(errno)) }
        return problem == nil
    }
}
