import Base
import Foundation
import Machine

/// Talking with whoever runs the script: at the prompt, in a shell, in Jupyter.
enum DialoguePrimitives {
    static let module = PrimitiveModule(
        "dialogue", "Questions and remarks to whoever runs the script.",
        [
            Primitive(
                "input(prompt: String = \"\") -> String", "Asks for a line and gives it, without its end.",
                details: """
                    At the prompt and in a script the line comes from standard input, in Jupyter from a field below the cell. Where \
                    nobody answers, because standard input has ended or the notebook runs by itself, that is an error of code `file`.
                    """,
                example: "input(\"How many cases? \")  # error: file, has ended"
            ) { call in
                let prompt = try call.string(0)
                guard let line = try call.machine.input.map({ try $0(prompt) }) ?? StandardInput.line(prompt, call.machine) else {
                    throw Failure(
                        "file", "standard input must have a line for `input`, but has ended",
                        help: "a `param` has a value that can be set from outside")
                }
                return .string(line)
            },
            Primitive(
                "warn(values..., separator: String = \" \")", "Writes the values' texts to standard error, as a line.",
                details: "A remark that is no result: `rs4 run script.rs4 > results.txt` shows it and keeps it out of the file. In Jupyter it has a colour of its own.",
                example: "warn(\"case_07 has no labels\")"
            ) { call in
                call.warn(try call.list(0).map(\.text).joined(separator: call.string(1)))
                return .none
            },
            Primitive(
                "clear_output(wait: Bool = false) -> Bool",
                "Takes away what the cell has shown so far, in Jupyter; gives false where nothing can be taken away.",
                details: "With `wait: true` it goes when something new comes, so that a picture drawn again and again does not flicker.",
                example: "clear_output()  # => false"
            ) { call in
                guard let clears = call.machine.clears else { return .boolean(false) }
                clears(try call.bool(0))
                return .boolean(true)
            },
        ])
}

extension PrimitiveCall {
    /// Says something that is no result, as `warn` does.
    func warn(_ text: String) {
        if let warnings = machine.warnings {
            warnings(text + "\n")
        } else {
            ProgressLine.clear()
            fflush(stdout)
            fputs(text + "\n", stderr)
        }
    }
}

/// Standard input, line by line; the prompt reads from here too when it is no terminal.
public enum StandardInput {
    /// Lines may be as long as a script (`SourceFile.largest`).
    nonisolated(unsafe) public static let reader = LineReader(STDIN_FILENO, longest: 16 << 20)

    /// Asks for a line; nil when there is none. Ctrl-C ends the wait.
    public static func line(_ prompt: String, _ machine: Machine) throws -> String? {
        if !prompt.isEmpty { machine.output(prompt) }
        while !reader.wait(0.05) { try machine.checkInterrupt() }
        let line = reader.next()
        if line == nil, isatty(STDIN_FILENO) == 1 { reader.reopen() }
        return line
    }
}
