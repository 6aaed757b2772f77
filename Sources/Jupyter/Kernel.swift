import Base
import Builtins
import Foundation
import Machine
import Session
import Syntax

/// Answers Jupyter's requests, one after the other, on the thread of the machine.
public final class Kernel {
    let session: Session
    let jobs = JobQueue()
    let outbox = Outbox()
    let input = InputExchange()
    let history = History()
    let results = Results()
    /// The number of the last cell that counts.
    var executionCount = 0
    /// The cell that runs.
    var cell: Cell?
    /// After a cell has failed: when, and until when cells count as sent before that was known.
    var failure: (time: Date, deadline: Date)?
    private let channels: Channels

    /// Binds the sockets of a connection; throws a `Diagnostic` when it cannot.
    public init(_ connection: Connection, session: Session) throws {
        self.session = session
        channels = try Channels(connection, jobs: jobs, outbox: outbox, input: input)
        session.keepsInterrupts = true
        session.leaving = "Jupyter ends the kernel: in its menu Kernel, Shut Down Kernel"
        session.machine.host = KernelHost(self)
    }

    /// Serves until a client asks for the end; gives the exit status.
    public func run() -> Int32 {
        channels.start()
        while let request = jobs.next() { answer(request) }
        channels.waitForEnd()
        return 0
    }

    /// Sends a message; at once, because a client may look at what is broadcast only when it has its reply.
    func post(_ message: Outgoing) { outbox.post(message) }

    /// Sends what a cell shows, of which there may be more than anyone reads: it waits for room.
    func show(_ message: Outgoing) {
        outbox.waitForRoom { Interruption.flag.pointee != 0 }
        outbox.post(message)
    }

    private func answer(_ request: Request) {
        post(.status("busy", for: request))
        defer { post(.status("idle", for: request)) }
        do {
            switch request.type {
            case "execute_request": try execute(request)
            case "complete_request": try reply(to: request, complete(request))
            case "inspect_request": try reply(to: request, inspect(request))
            case "is_complete_request": try reply(to: request, completeness(request))
            case "history_request": try reply(to: request, history.answer(request))
            case "kernel_info_request": reply(to: request, KernelInfo.content)
            // No kind of widget is known here.
            case "comm_info_request": reply(to: request, ["status": "ok", "comms": [:]])
            case "comm_open": try refuse(request)
            case "comm_msg", "comm_close": break
            default: complain(request, "must be one that the kernel knows, but is not")
            }
        } catch let error as DecodingError {
            let words = "must say what the protocol asks for, but does not: \(Kernel.words(of: error))"
            complain(request, words)
            if request.type.hasSuffix("_request") {
                reply(to: request, Kernel.error(Diagnostic(code: "value", message: "\(request.type) \(words)")).adding(["status": "error"]))
            }
        } catch {
            complain(request, "must be answered, but is not: \(error)")
        }
    }

    private func reply(to request: Request, _ content: JSON) { post(.reply(to: request, content)) }

    /// A remark for whoever reads the kernel's log.
    private func complain(_ request: Request, _ words: String) {
        KernelLog.say("\(request.type) \(words)")
    }

    private func refuse(_ request: Request) throws {
        struct Opening: Decodable { var comm_id: String }
        let opening = try request.content(Opening.self)
        post(.broadcast("comm_close", ["comm_id": .string(opening.comm_id), "data": [:]], for: request))
    }

    private func completeness(_ request: Request) throws -> JSON {
        struct Content: Decodable { var code: String }
        let code = try request.content(Content.self).code
        if Question(code) != nil { return ["status": "complete"] }
        switch Parser.parse(SourceFile(name: "", text: code)) {
        case .complete: return ["status": "complete"]
        case .failed: return ["status": "invalid"]
        case .incomplete:
            let last = code.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
            let opens = last.last { !$0.isWhitespace }.map { "{[(".contains($0) } ?? false
            return ["status": "incomplete", "indent": .string(last.prefix { $0 == " " } + (opens ? "  " : ""))]
        }
    }

    /// An error as Jupyter's messages have it.
    static func error(_ diagnostics: Diagnostic...) -> JSON { error(diagnostics) }

    static func error(_ diagnostics: [Diagnostic]) -> JSON {
        let renderer = DiagnosticRenderer(usesColour: true, width: 100)
        return [
            "ename": .string(diagnostics.first?.code ?? "internal"), "evalue": .string(diagnostics.first?.message ?? ""),
            "traceback": .list(diagnostics.map { .string(renderer.render($0)) }),
        ]
    }

    private static func words(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "`\(key.stringValue)` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is of another kind"
        default: "it is no JSON object"
        }
    }
}
