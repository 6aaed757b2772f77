import Base
import Machine
import Tensors

/// What a long run needs to be pleasant to wait for: a line that says how far it is, and Ctrl-C at a good moment.
enum StoppingPrimitives {
    static let module = PrimitiveModule(
        "stopping", "Progress on a terminal, and Ctrl-C at a good moment.",
        [
            Primitive(
                "hold_interrupts(on: Bool = true)", "From now on the first Ctrl-C only asks: `stop_requested()` tells of it.",
                details: """
                    A second Ctrl-C stops at once. SIGTERM, which clusters send before they end a job, asks too. With `on: false`,
                    and when the script ends, Ctrl-C stops at once again.
                    """,
                example: "hold_interrupts()\nlet asked = stop_requested()\nhold_interrupts(on: false)\nasked  # => false"
            ) { (on: Bool) in
                Interruption.hold(on)
                return Value.none
            },
            Primitive(
                "stop_requested() -> Bool", "True when Ctrl-C was pressed since `hold_interrupts()`.",
                example: "stop_requested()  # => false"
            ) { _ in .boolean(Interruption.isRequested) },
            Primitive(
                "interrupt(message: String = \"the script was interrupted\")",
                "Ends the script as Ctrl-C does: nothing catches it, and the exit status is 130.",
                example: "interrupt(\"enough\")  # error: interrupted, enough"
            ) { (message: String) -> Value in throw Failure("interrupted", message) },
            Primitive(
                "draw_progress(text: String, last: Bool = false) -> Bool",
                "Draws a line in place of the last one that was drawn; gives false where nothing can be redrawn.",
                details: """
                    On a terminal whatever is printed next takes the line away, unless it was the `last`; the line of a script, or of an \
                    input of the prompt, that ends stays as well. In Jupyter it stays in its place. Into a file or a \
                    pipe nothing is written.
                    """,
                example: "draw_progress(\"step 3 of 10\")  # => false"
            ) { (text: String, last: Bool, machine: Machine) in
                let isDrawn = machine.host.draw(String(text.prefix { !$0.isNewline }))
                if last { machine.host.leaveLine() }
                return isDrawn
            },
        ])
}
