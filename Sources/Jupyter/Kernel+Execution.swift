import Base
import Foundation
import Machine
import Session
import Syntax

/// A cell that runs, and what there is to know of it meanwhile.
final class Cell {
    let request: Request
    let isSilent: Bool
    let allowsInput: Bool
    /// The place in which lines are drawn again and again, once there is one.
    var line: String?

    init(_ request: Request, isSilent: Bool, allowsInput: Bool) {
        (self.request, self.isSilent, self.allowsInput) = (request, isSilent, allowsInput)
    }
}

extension Kernel {
    private struct Execution: Decodable {
        var code: String
        var silent: Bool?
        var store_history: Bool?
        var user_expressions: [String: String]?
        var allow_stdin: Bool?
        var stop_on_error: Bool?
    }

    /// Runs a cell and tells everyone what it gives, its sender how it went.
    func execute(_ request: Request) throws {
        if let failure, Date() < failure.deadline, let date = request.date, date < failure.time {
            return abort(request)
        }
        failure = nil
        let content = try request.content(Execution.self)
        let isSilent = content.silent ?? false
        let counts = !isSilent && (content.store_history ?? true)
        if counts { executionCount += 1 }
        if !isSilent {
            post(.broadcast("execute_input", ["code": .string(content.code), "execution_count": .integer(executionCount)], for: request))
        }
        let cell = Cell(request, isSilent: isSilent, allowsInput: content.allow_stdin ?? true)
        self.cell = cell
        defer { self.cell = nil }

        var shown: [MIMEItem]?
        var failed: [Diagnostic]?
        var page: JSON?
        var value: Value?
        if let question = Question(content.code), !question.name.contains(where: \.isWhitespace) {
            do { page = try self.page(question) } catch { failed = [Diagnostic(of: error)] }
        } else {
            value = run(content.code, as: counts ? "cell \(executionCount)" : "hidden cell", for: cell, &shown, &failed)
        }
        if counts {
            history.add(content.code, number: executionCount, output: shown.flatMap(Kernel.plain))
            if let value, shown != nil { results.keep(value, in: session.scope, as: executionCount) }
        }
        if let failed {
            let stopped = content.stop_on_error ?? true ? stopWaiting() : []
            let error = Kernel.error(failed)
            post(.broadcast("error", error, for: request))
            post(.reply(to: request, error.adding([
                "status": "error", "execution_count": .integer(executionCount), "user_expressions": [:], "payload": [],
            ])))
            for request in stopped {
                post(.status("busy", for: request))
                abort(request)
                post(.status("idle", for: request))
            }
        } else {
            finish(cell, page: page, evaluate(content.user_expressions ?? [:]))
        }
    }

    private func run(
        _ code: String, as name: String, for cell: Cell, _ shown: inout [MIMEItem]?, _ failed: inout [Diagnostic]?
    ) -> Value? {
        var (forms, diagnostics): ([MIMEItem]?, [Diagnostic]?)
        let outcome = session.runCell(code, name: name, drawsProgress: true) { [unowned self] output in
            switch output {
            case .value(let found):
                forms = found
                guard !cell.isSilent else { return }
                let result: JSON = ["execution_count": .integer(executionCount), "data": Kernel.bundle(found), "metadata": Kernel.sizes(found)]
                show(.broadcast("execute_result", result, for: cell.request))
            case .failed(let found): diagnostics = found
            case .printed, .shown, .progress, .progressLeft: pass(on: output)
            }
        }
        (shown, failed) = (forms, diagnostics)
        return outcome.value
    }

    private func finish(_ cell: Cell, page: JSON?, _ expressions: [String: JSON]) {
        post(.reply(to: cell.request, [
            "status": "ok", "execution_count": .integer(executionCount), "user_expressions": .object(expressions),
            "payload": .list(page.map { [["source": "page", "data": $0, "start": 0]] } ?? []),
        ]))
    }

    /// Cells that were sent before anyone knew that this one has failed are not run: those that wait, which are given, and
    /// those that are still on their way.
    private func stopWaiting() -> [Request] {
        let now = Date()
        failure = (now, now.addingTimeInterval(0.5))
        return jobs.takeExecutions()
    }

    private func abort(_ request: Request) {
        post(.reply(to: request, ["status": "aborted", "execution_count": .integer(executionCount)]))
    }

    /// Values of expressions that a client wants to know after its cell.
    private func evaluate(_ expressions: [String: String]) -> [String: JSON] {
        expressions.mapValues { code in
            var shown: JSON?
            let outcome = session.runCell(code, name: "expression", drawsProgress: true) { [unowned self] output in
                switch output {
                case .value(let forms): shown = ["status": "ok", "data": Kernel.bundle(forms), "metadata": Kernel.sizes(forms)]
                case .failed(let diagnostics): shown = Kernel.error(diagnostics).adding(["status": "error"])
                case .printed, .shown, .progress, .progressLeft: pass(on: output)
                }
            }
            if let shown { return shown }
            let text: JSON = .string(outcome.value?.representation ?? "nil")
            return ["status": "ok", "data": ["text/plain": text], "metadata": [:]]
        }
    }

    // MARK: what a cell gives while it runs

    private func pass(on output: CellOutput) {
        switch output {
        case .printed(let text): print(text, to: "stdout")
        case .shown(let forms):
            guard let cell else { return }
            show(.broadcast("display_data", ["data": Kernel.bundle(forms), "metadata": Kernel.sizes(forms), "transient": [:]], for: cell.request))
        case .progress(let text):
            // The line stays in its place, whatever is printed below it.
            guard let cell, let text else { return }
            let identifier = cell.line ?? UUID().uuidString.lowercased()
            outbox.draw(text, identifier: identifier, isFirst: cell.line == nil, for: cell.request)
            cell.line = identifier
        case .progressLeft, .value, .failed: break
        }
    }

    func print(_ text: String, to stream: String) {
        guard let cell, !text.isEmpty else { return }
        var rest = text[...]
        while !rest.isEmpty {
            outbox.waitForRoom { Interruption.flag.pointee != 0 }
            let piece = Kernel.beginning(of: rest)
            outbox.print(String(piece), to: stream, for: cell.request)
            rest = rest[piece.endIndex...]
            // Whoever stops a cell does not wait for the rest of a long text.
            if Interruption.flag.pointee != 0 { return }
        }
    }

    /// As much of a text as one message carries: a long one must not keep the thread of the sockets from everything else.
    private static func beginning(of text: Substring) -> Substring {
        let bytes = text.utf8
        guard var end = bytes.index(bytes.startIndex, offsetBy: 1 << 18, limitedBy: bytes.endIndex), end < bytes.endIndex else { return text }
        while bytes[end] & 0xC0 == 0x80 { end = bytes.index(before: end) }
        return text[..<end]
    }

    /// Takes away what the cell has shown.
    func clear(_ waits: Bool) {
        guard let cell else { return }
        cell.line = nil
        show(.broadcast("clear_output", ["wait": .boolean(waits)], for: cell.request))
    }

    /// Asks whoever sent the cell for a line.
    func ask(_ prompt: String) throws -> String? {
        guard let cell else { return nil }
        guard cell.allowsInput else {
            throw Failure(
                "file", "input must be able to ask whoever runs the cell, but may not",
                help: "a notebook that runs by itself has nobody to ask; a `param` has a value that can be set from outside")
        }
        return try input.wait {
            post(Outgoing(
                channel: .stdin, identities: cell.request.identities, type: "input_request",
                content: ["prompt": .string(prompt), "password": false], parent: cell.request.headerBytes))
        } check: { try session.machine.checkInterrupt() }
    }

    // MARK: forms

    /// A value's forms, pictures in base 64.
    static func bundle(_ forms: [MIMEItem]) -> JSON {
        var bundle: [String: JSON] = [:]
        for form in forms {
            switch form.content {
            case .text(let text): bundle[form.type] = .string(text)
            case .data(let bytes): bundle[form.type] = .string(Data(bytes).base64EncodedString())
            }
        }
        return .object(bundle)
    }

    /// How wide pictures are drawn, which have more points than that.
    private static func sizes(_ forms: [MIMEItem]) -> JSON {
        var sizes: [String: JSON] = [:]
        for form in forms { if let width = form.width { sizes[form.type] = ["width": .integer(Int(width.rounded()))] } }
        return .object(sizes)
    }

    private static func plain(_ forms: [MIMEItem]) -> String? {
        for case .text(let text) in forms.filter({ $0.type == "text/plain" }).map(\.content) { return text }
        return nil
    }
}
