import Base
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
            ) { (prompt: String, machine: Machine) in
                guard let line = try machine.host.ask(prompt, for: machine) else {
                    throw Failure(
                        "file", "standard input must have a line for `input`, but has ended",
                        help: "a `param` has a value that can be set from outside")
                }
                return line
            },
            Primitive(
                "warn(values..., separator: String = \" \")", "Writes the values' texts to standard error, as a line.",
                details: "A remark that is no result: `rs4 run script.rs4 > results.txt` shows it and keeps it out of the file. In Jupyter it has a colour of its own.",
                example: "warn(\"case_07 has no labels\")"
            ) { (values: [Value], separator: String, machine: Machine) in
                machine.host.warn(values.map(\.text).joined(separator: separator))
                return Value.none
            },
            Primitive(
                "clear_output(wait: Bool = false) -> Bool",
                "Takes away what the cell has shown so far, in Jupyter; gives false where nothing can be taken away.",
                details: "With `wait: true` it goes when something new comes, so that a picture drawn again and again does not flicker.",
                example: "clear_output()  # => false"
            ) { (wait: Bool, machine: Machine) in machine.host.clear(waits: wait) },
        ])
}
