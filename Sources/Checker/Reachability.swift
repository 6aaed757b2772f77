import Syntax

extension Checker {
    /// True when what follows the statement never runs.
    func diverges(_ statement: Statement) -> Bool {
        switch statement.kind {
        case .expression(let expression): return diverges(expression)
        case .whileLoop(let condition, let body):
            guard case .boolean(true) = condition.kind else { return false }
            // A `break` anywhere in the text may leave it.
            return !program.file.text(of: body.span).contains("break")
        default: return false
        }
    }

    private func diverges(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .returning, .breaking, .continuing, .raise: return true
        case .block(let block): return diverges(block)
        case .ifElse(_, let then, let otherwise): return diverges(then) && (otherwise.map(diverges) ?? false)
        case .match(_, let arms): return !arms.isEmpty && arms.allSatisfy { diverges($0.body) }
        case .tryCatch(let body, _, let handler): return diverges(body) && diverges(handler)
        default: return false
        }
    }

    private func diverges(_ block: Block) -> Bool { block.statements.contains(where: diverges) }

    /// The first statement that comes after one which always leaves.
    func reportUnreachable(_ statements: [Statement]) {
        guard let last = statements.firstIndex(where: diverges), last + 1 < statements.count else { return }
        let leaving = statements[last].span
        warn(
            "unreachable", "a statement must be reachable, but this one never runs", statements[last + 1].span,
            help: "remove it, or move it above",
            also: [.init(Location(program.file, firstLine(of: leaving)), "always leaves")])
    }

    /// Arms after one that takes everything, and literals that stand twice.
    func reportUnreachable(_ arms: [MatchArm]) {
        var literals: [String: Span] = [:]
        for (number, arm) in arms.enumerated() where arm.condition == nil {
            switch arm.pattern.kind {
            case .wildcard, .name:
                guard number + 1 < arms.count else { return }
                var help = "move it to the end"
                if case .name(let name) = arm.pattern.kind {
                    help = "a name takes anything; to compare with what `\(name)` holds, write `x if x == \(name) => …`"
                }
                warn(
                    "unreachable", "an arm must be reachable, but an earlier one takes every value", arms[number + 1].pattern.span,
                    help: help, also: [.init(Location(program.file, arm.pattern.span), "takes every value")])
                return
            case .literal(let expression):
                let text = program.file.text(of: expression.span)
                if let earlier = literals[text] {
                    warn(
                        "unreachable", "an arm must be reachable, but an earlier one takes the same value", arm.pattern.span,
                        help: "remove one of them", also: [.init(Location(program.file, earlier), "takes it")])
                }
                literals[text] = arm.pattern.span
            default: break
            }
        }
    }

    /// A comparison or sum whose value nobody takes; at the top level a prompt or notebook may show it.
    func reportIdle(_ statement: Statement) {
        guard scope.parent != nil, !statement.isSilenced, case .expression(let expression) = statement.kind,
            case .binary(let operation, let left, _, _) = expression.kind
        else { return }
        var help = "bind it, `let x = …`, or remove it"
        if operation == .equal, case .name(let name) = left.kind { help = "to change `\(name)`, write `=`" }
        warn("unused", "the value of `\(operation.rawValue)` must be used, but nothing takes it", expression.span, help: help)
    }

    private func firstLine(of span: Span) -> Span {
        let line = program.file.position(of: span.start).line - program.file.firstLine + 1
        let end = line < program.file.lineStarts.count ? program.file.lineStarts[line] - 1 : span.end
        return Span(span.start, min(span.end, end))
    }
}
