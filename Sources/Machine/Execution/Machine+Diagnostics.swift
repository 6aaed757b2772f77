import Base
import Syntax

extension Machine {
    /// The diagnostic for an error thrown while the innermost frame ran: place, labels, trace.
    func describe(_ error: Error) -> Diagnostic {
        if let diagnostic = error as? Diagnostic { return diagnostic }
        let failure = error as? Failure ?? Failure("internal", "\(error)")
        if failure.code == "memory" { Interruption.forgetMemory() }
        guard frameCount > 0 else { return Diagnostic(code: failure.code, message: failure.message, help: failure.help, notes: failure.notes) }
        var diagnostic = Diagnostic(code: failure.code, message: failure.message, help: failure.help, notes: failure.notes)
        diagnostic.payload = failure.payload
        diagnostic.labels = labels(failure)
        diagnostic.trace = trace()
        markCaller(&diagnostic)
        return diagnostic
    }

    /// Span of the instruction that a frame executes, or called from.
    private func place(_ number: Int) -> (prototype: Prototype, instruction: Instruction, span: Span) {
        let frame = frames[number]
        let prototype = frame.closure._withUnsafeGuaranteedRef { $0.prototype }
        let position = max(0, frame.pc - prototype.code - 1)
        return (prototype, prototype.code[position], position < prototype.spans.count ? prototype.spans[position] : .none)
    }

    private func labels(_ failure: Failure) -> [Diagnostic.Label] {
        var number = frameCount - 1
        var (prototype, instruction, span) = place(number)
        // A broken contract of an argument is the caller's: show the call.
        let isContract = instruction.operation == Operation.checkArguments.rawValue
        var names: [String] = prototype.parameters.map(\.name)
        if isContract {
            if prototype.isMethod { names.removeFirst() }
            guard number > 0, isCall(place(number - 1).instruction) else {
                return [.init(Location(prototype.file, span))]
            }
            let isMethod = prototype.isMethod
            number -= 1
            (prototype, instruction, span) = place(number)
            return callLabels(failure, number, prototype, instruction, span, names, hidesReceiver: isMethod)
        }
        guard isCall(instruction) else {
            let operands = operandLabels(failure, instruction, frames[number].base, Location(prototype.file, span))
            return operands.isEmpty ? [.init(Location(prototype.file, span))] : operands
        }
        let callee = frames[number].base[instruction.a]
        switch callee.object {
        case let primitive as Primitive: names = primitive.parameters.map(\.name)
        case let closure as ClosureObject: names = closure.parameters.map(\.name)
        case let type as RecordType: names = type.parameters.map(\.name)
        case let model as RecordObject: names = model.type.methods["forward"]?.parameters.map(\.name) ?? []
        default: names = []
        }
        return callLabels(failure, number, prototype, instruction, span, names, hidesReceiver: false)
    }

    private func isCall(_ instruction: Instruction) -> Bool {
        instruction.operation == Operation.call.rawValue || instruction.operation == Operation.callMethod.rawValue
    }

    private func callLabels(
        _ failure: Failure, _ number: Int, _ prototype: Prototype, _ instruction: Instruction, _ span: Span,
        _ parameters: [String], hidesReceiver: Bool
    ) -> [Diagnostic.Label] {
        let site = prototype.callSites[instruction.c]
        // The receiver of a method written in the language is no argument of the signature.
        let drop =
            frames[number].siteShift
            + (hidesReceiver && instruction.operation == Operation.callMethod.rawValue && frames[number].siteShift == 0 ? 1 : 0)
        let spans = Array(site.argumentSpans.dropFirst(drop))
        let names = Array(site.names.dropFirst(drop))
        func find(_ argument: String) -> Span? {
            if argument.hasPrefix("#"), let position = Int(argument.dropFirst()) {
                return position < spans.count ? spans[position] : nil
            }
            let wanted = argument.hasPrefix("=") ? String(argument.dropFirst()) : argument
            // The name itself is at fault, not the value beside it.
            if argument.hasPrefix("="), let position = names.firstIndex(where: { $0 == wanted }),
                position + drop < site.nameSpans.count, let span = site.nameSpans[position + drop]
            {
                return span
            }
            if let position = names.firstIndex(where: { $0 == wanted }), position < spans.count { return spans[position] }
            guard let index = parameters.firstIndex(of: wanted) else { return nil }
            if index == parameters.count - 1, let block = names.firstIndex(where: { $0 == ArgumentBinding.trailing }) {
                return spans[block]
            }
            let positional = names.isEmpty ? spans.count : names.prefix { $0 == nil }.count
            return index < positional && index < spans.count ? spans[index] : nil
        }
        var labels: [Diagnostic.Label] = []
        for (argument, text) in failure.labels {
            if let span = find(argument) { labels.append(.init(Location(prototype.file, span), text)) }
        }
        let extents = failure.code == "shape" || failure.code == "grid" ? argumentExtents(number, instruction, spans) : [:]
        if labels.isEmpty, let argument = failure.argument, let span = find(argument) {
            labels.append(.init(Location(prototype.file, span), extents[span] ?? ""))
        }
        if labels.isEmpty {
            for span in spans { if let words = extents[span] { labels.append(.init(Location(prototype.file, span), words)) } }
        }
        if labels.isEmpty { labels.append(.init(Location(prototype.file, span))) }
        return labels
    }

    /// Shapes or grids of the arguments of the call that a frame is making; they still lie after its function.
    private func argumentExtents(_ number: Int, _ instruction: Instruction, _ spans: [Span]) -> [Span: String] {
        let frame = frames[number]
        let room = frame.closure._withUnsafeGuaranteedRef { $0.prototype.registerCount } - instruction.a - 1
        var extents: [Span: String] = [:]
        for (position, span) in spans.prefix(max(0, room)).enumerated() {
            extents[span] = frame.base[instruction.a + 1 + position].object?.extent
        }
        return extents
    }

    private func trace() -> [Diagnostic.TraceEntry] {
        guard frameCount > 1 else { return [] }
        var entries: [Diagnostic.TraceEntry] = []
        for number in stride(from: frameCount - 1, through: 0, by: -1) {
            if entries.count == 12, number > 3 { continue }
            let (prototype, _, span) = place(number)
            entries.append(
                .init(
                    function: prototype.name.isEmpty ? "top level" : prototype.name,
                    location: Location(prototype.file, span)))
        }
        return entries
    }

    /// When the failure lies inside the library, marks the call in the user's own file as well.
    private func markCaller(_ diagnostic: inout Diagnostic) {
        guard let first = diagnostic.labels.first, first.location.file.isLibrary else { return }
        for number in stride(from: frameCount - 1, through: 0, by: -1) {
            let (prototype, _, span) = place(number)
            if !prototype.file.isLibrary {
                diagnostic.labels.append(.init(Location(prototype.file, span), "called from here"))
                return
            }
        }
    }
}
