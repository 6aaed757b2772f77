import Machine
import Session
import Testing

/// Writes down, in order, what reaches it.
private final class Listener: ScriptHost {
    var received: [String] = []
    var answers: [String] = []

    func write(_ text: String) { received.append("write \(text)") }
    func warn(_ text: String) { received.append("warn \(text)") }
    func ask(_ prompt: String, for machine: Machine) throws -> String? {
        received.append("ask \(prompt)")
        return answers.isEmpty ? nil : answers.removeFirst()
    }
    func clear(waits: Bool) -> Bool {
        received.append("clear \(waits)")
        return true
    }
    func draw(_ line: String) -> Bool {
        received.append("draw \(line)")
        return true
    }
    func leaveLine() { received.append("leave") }
    var terminal: TerminalDisplay { TerminalDisplay(columns: 24) }
}

/// What a script says, shows and asks reaches whoever runs it, and nobody else.
@Suite struct HostTests {
    private let listener = Listener()
    private let session: Session
    /// What cells hand over.
    private var given: [String] { gathered.lines }
    private let gathered = Gathered()

    private final class Gathered {
        var lines: [String] = []
        func add(_ output: CellOutput) {
            switch output {
            case .printed(let text): lines.append("printed \(text)")
            case .shown(let forms): lines.append("shown \(forms.map(\.type).joined(separator: " "))")
            case .progress(let line): lines.append("progress \(line ?? "away")")
            case .progressLeft: lines.append("left")
            case .value(let forms): lines.append("value \(forms.map(\.type).joined(separator: " "))")
            case .failed(let diagnostics): lines.append("failed \(diagnostics.map(\.code).joined(separator: " "))")
            }
        }
    }

    init() { session = Session(host: listener) }

    private func cell(_ text: String, showsText: Bool = false, drawsProgress: Bool = true) -> Session.Outcome {
        session.runCell(text, showsText: showsText, drawsProgress: drawsProgress, to: gathered.add)
    }

    @Test func aScriptSpeaksToItsHost() {
        listener.answers = ["seven"]
        let outcome = session.evaluate("""
            print("a", end: "")
            warn("b", 1)
            display(list(0..<20))
            [input("c? "), clear_output(wait: true), draw_progress("d\\nand more"), draw_progress("e", last: true)]
            """)
        #expect(outcome.value?.representation == "[\"seven\", true, true, true]")
        #expect(listener.received.map { $0.prefix(11) } == [
            "write a", "warn b 1", "write [ 0, ", "ask c? ", "clear true", "draw d", "draw e", "leave",
        ].map { $0.prefix(11) })
    }

    @Test func nobodyAnswersWhereNobodyIs() {
        let session = Session()
        #expect(session.evaluate("[clear_output(), draw_progress(\"x\")]").value?.representation == "[false, false]")
        guard case .failed(let diagnostics) = session.evaluate("input(\"who? \")") else { return #expect(Bool(false)) }
        #expect(diagnostics.map(\.code) == ["file"])
    }

    @Test func aCellHandsOverWhatItGives() {
        let outcome = cell("draw_progress(\"1\"); print(\"x\"); display([1]); draw_progress(\"2\"); warn(\"w\"); draw_progress(\"3\"); 4")
        #expect(outcome.value?.representation == "4")
        #expect(given == [
            "progress 1", "progress away", "printed x\n", "shown text/plain", "progress 2", "progress away", "progress 3", "left",
            "value text/plain",
        ])
        #expect(listener.received == ["warn w"])
    }

    @Test func questionsGoThroughACell() {
        listener.answers = ["yes"]
        #expect(cell("let a = input(\"sure? \"); clear_output(); a").value?.representation == "\"yes\"")
        #expect(listener.received == ["ask sure? ", "clear false"])
    }

    @Test func aTerminalGetsText() {
        #expect(cell("display([1]); draw_progress(\"1\")", showsText: true, drawsProgress: false).value?.representation == "false")
        #expect(given == ["printed [1]\n", "value text/plain"])
    }

    @Test func theHostIsThereAgainBehindACell() {
        for text in ["print(1)", "1 +", "raise \"no\"", "let = 2"] {
            let outcome = cell(text)
            #expect(session.machine.host === listener)
            #expect((outcome.value == nil) == (text != "print(1)"))
        }
        #expect(given == ["printed 1\n", "failed syntax", "failed raised", "failed syntax"])
        #expect(listener.received.isEmpty)
    }
}
