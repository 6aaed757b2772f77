import Base
import Machine
import Session
import Syntax

/// What a cell gave.
public enum NotebookOutput {
    /// Text of `print`, all that came in a row.
    case printed(String)
    /// What `display` showed: every form, text first.
    case shown([MIMEItem])
    /// The value of the last statement: every form, text first.
    case value([MIMEItem])
    case failed([Diagnostic])
}

/// Gathers what one cell gives, within limits: a page that nobody can open is of no use, and what is left out is said.
struct OutputGatherer {
    private(set) var outputs: [NotebookOutput] = []
    private(set) var problems: [Diagnostic] = []

    /// Bytes of printed text that are kept from the beginning of a cell and from its end.
    private static let printedHead = 1 << 20, printedTail = 1 << 18
    /// Bytes of all shown values.
    private static let shownRoom = 64 << 20
    private var printedBytes = 0
    private var shownBytes = 0
    private var skippedValues = 0
    /// What was printed since the last other output.
    private var printed = ""
    /// The end of a long text; what stood before it is left out.
    private var tail = ""
    private var skippedBytes = 0

    mutating func add(_ output: CellOutput) {
        switch output {
        case .printed(let text): addPrinted(text)
        case .shown(let forms):
            if hasRoom(for: forms) { append(.shown(forms)) }
        case .value(let forms):
            if hasRoom(for: forms) { append(.value(forms)) }
        case .progress, .progressLeft: break
        case .failed(let diagnostics):
            finish()
            problems += diagnostics
            append(.failed(diagnostics))
        }
    }

    private mutating func addPrinted(_ text: String) {
        printedBytes += text.utf8.count
        if printedBytes <= OutputGatherer.printedHead, tail.isEmpty {
            printed += text
            return
        }
        tail += text
        let most = OutputGatherer.printedTail
        guard tail.utf8.count > 2 * most else { return }
        let kept = tail.utf8.suffix(most)
        // Whole lines where there are some.
        let start = kept.firstIndex(of: 0x0A).map { kept.index(after: $0) } ?? kept.startIndex
        let rest = String(decoding: kept[start...], as: UTF8.self)
        skippedBytes += tail.utf8.count - rest.utf8.count
        tail = rest
    }

    private mutating func append(_ output: NotebookOutput) {
        settle()
        outputs.append(output)
    }

    private mutating func settle() {
        if !printed.isEmpty { outputs.append(.printed(printed)) }
        printed = ""
    }

    private mutating func hasRoom(for forms: [MIMEItem]) -> Bool {
        for form in forms {
            switch form.content {
            case .text(let text): shownBytes += text.utf8.count
            case .data(let bytes): shownBytes += bytes.count
            }
        }
        if shownBytes <= OutputGatherer.shownRoom { return true }
        skippedValues += 1
        return false
    }

    /// Says of the interruption that ended the cell that it took too long.
    mutating func blameTime(cell number: Int, limit: Double) {
        let seconds = limit == limit.rounded() && limit < 1e9 ? String(Int(limit)) : String(limit)
        problems = problems.map { problem in
            guard problem.code == "interrupted" else { return problem }
            return Diagnostic(
                code: "timeout", message: "cell \(number) must end within \(seconds) s, but has not", labels: problem.labels,
                help: "`--timeout` gives every cell so many seconds", notes: problem.notes, trace: problem.trace)
        }
        if case .failed? = outputs.last { outputs[outputs.count - 1] = .failed(problems) }
    }

    /// Puts what was held back behind the rest; to be called when the cell has ended.
    mutating func finish() {
        if skippedBytes > 0 { printed += "\n… \(ByteSize.decimal(skippedBytes)) of text left out …\n" }
        printed += tail
        (tail, skippedBytes) = ("", 0)
        if skippedValues > 0 {
            let values = skippedValues == 1 ? "1 value" : "\(skippedValues) values"
            printed += "\n… \(values) left out, because a cell shows at most \(ByteSize.decimal(OutputGatherer.shownRoom)) …\n"
            skippedValues = 0
        }
        settle()
    }
}
