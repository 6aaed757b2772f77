extension SourceFormatter {
    func expression(_ expression: Expression) -> Document {
        let inner = unparenthesized(expression)
        guard expression.isParenthesized else { return inner }
        return .sequence([.text("("), inner, .text(")")])
    }

    private func unparenthesized(_ expression: Expression) -> Document {
        switch expression.kind {
        case .none: return .text("nil")
        case .boolean(let value): return .text(value ? "true" : "false")
        case .integer, .float, .string: return .text(literal(expression))
        case .name(let name): return .text(name)
        case .list(let elements): return list(elements, contents(expression))
        case .map(let entries): return map(entries, contents(expression))
        case .range(let lower, let upper, let isClosed):
            return .sequence([self.expression(lower), .text(isClosed ? "..." : "..<"), self.expression(upper)])
        case .unary(let operation, let operand): return unary(operation, operand)
        case .binary, .and, .or: return chain(expression)
        case .call(let callee, let arguments, let trailing): return call(callee, arguments, trailing)
        case .pipe: return pipe(expression)
        case .index(let base, let items):
            return .sequence([self.expression(base), .text("["), .sequence(joined(items.map(index))), .text("]")])
        case .field(let base, let name): return field(base, name)
        case .function(let function):
            return .sequence([arrowHead(function.parameters, function.span.start), .text(" "), self.expression(function.body)])
        case .ifElse: return .group(choice(expression))
        case .match(let value, let arms): return match(value, arms, expression)
        case .tryCatch(let block, let name, let handler):
            return .group(
                .text("try "), self.block(block.statements, span: block.span),
                .text(name.map { " catch \($0.text) " } ?? " catch "),
                self.block(handler.statements, span: handler.span))
        case .block(let block): return .group(self.block(block.statements, span: block.span))
        case .returning(let value): return prefixed("return", value)
        case .breaking: return .text("break")
        case .continuing: return .text("continue")
        case .raise(let value): return prefixed("raise", value)
        case .assert(let condition, let reason):
            let head = prefixed("assert", condition)
            guard let reason else { return head }
            return .sequence([head, .text(", "), self.expression(reason)])
        }
    }

    private func prefixed(_ word: String, _ value: Expression?) -> Document {
        guard let value else { return .text(word) }
        return .sequence([.text(word + " "), expression(value)])
    }

    /// The span of an expression without the parentheses around it.
    func contents(_ expression: Expression) -> Span {
        guard expression.isParenthesized else { return expression.span }
        var start = expression.span.start
        var end = expression.span.end
        while start < end, file.bytes[start] <= 0x20 || file.bytes[start] == UInt8(ascii: "(") { start += 1 }
        while end > start, file.bytes[end - 1] <= 0x20 || file.bytes[end - 1] == UInt8(ascii: ")") { end -= 1 }
        return Span(start, end)
    }

    private func literal(_ expression: Expression) -> String {
        source(contents(expression))
    }

    func joined(_ parts: [Document]) -> [Document] {
        parts.enumerated().flatMap { number, part in number == 0 ? [part] : [.text(", "), part] }
    }

    /// True for what begins with a bracket or a control word, and so may begin on the line at hand.
    func isBracket(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .list, .map, .block, .ifElse, .match, .tryCatch: return true
        case .string: return hasNewline(expression.span.start, expression.span.end)
        case .function(let function): return isBracket(function.body)
        default: return expression.isParenthesized
        }
    }

    // MARK: Operators

    private func unary(_ operation: UnaryOperator, _ operand: Expression) -> Document {
        if operation == .not { return .sequence([.text("not "), expression(operand)]) }
        var gap = ""
        if case .unary(let inner, _) = operand.kind, inner != .not, !operand.isParenthesized { gap = " " }
        return .sequence([.text(operation.rawValue + gap), expression(operand)])
    }

    /// Operators of one strength in a row; they break all or none, each behind its operator.
    private func chain(_ whole: Expression) -> Document {
        guard let strength = strength(whole) else { return .nothing }
        var steps: [(text: String, right: Expression)] = []
        var left = whole
        while steps.isEmpty || !left.isParenthesized, self.strength(left) == strength, let parts = parts(left) {
            steps.append((parts.text, parts.right))
            left = parts.left
            if strength == 0 { break }
        }
        var documents = [expression(left)]
        for step in steps.reversed() {
            documents.append(.text(" " + step.text))
            documents.append(.indented(.line, expression(step.right)))
        }
        guard steps.count == 1, let opening = opening(steps[0].right) else { return .group(.sequence(documents)) }
        let start = [Document(.flat(documents[0])), documents[1], .text(" ")]
        guard !documents[0].isForced, case .indented(let content) = documents[2].kind, case .sequence(let line) = content.kind,
            let right = line.last
        else { return .group(.sequence(documents)) }
        return Document(
            .hugging(
                head: .sequence(start + [.text(opening)]), whole: .sequence(start + [right]),
                packed: .group(.sequence(documents))))
    }

    /// The text up to the bracket that may open when an operand does not fit, for instance `0.5 * f(`; nil without one.
    private func opening(_ operand: Expression) -> String? {
        if operand.isParenthesized { return "(" }
        switch operand.kind {
        case .call(let callee, let arguments, nil) where !arguments.isEmpty:
            if case .name(let name) = callee.kind { return name + "(" }
            return nil
        case .binary(let operation, let left, let right, _):
            switch left.kind {
            case .name, .integer, .float: break
            default: return nil
            }
            guard !left.isParenthesized, let inner = opening(right) else { return nil }
            return "\(source(left.span)) \(operation.rawValue) \(inner)"
        default: return nil
        }
    }

    private func parts(_ expression: Expression) -> (left: Expression, text: String, right: Expression)? {
        switch expression.kind {
        case .and(let left, let right): return (left, "and", right)
        case .or(let left, let right): return (left, "or", right)
        case .binary(let operation, let left, let right, _): return (left, operation.rawValue, right)
        default: return nil
        }
    }

    private func strength(_ expression: Expression) -> Int? {
        switch expression.kind {
        case .or: return 1
        case .and: return 2
        case .binary(let operation, _, _, _):
            switch operation {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contains, .notContains: return 4
            case .bitOr: return 6
            case .bitXor: return 7
            case .bitAnd: return 8
            case .add, .subtract: return 9
            case .multiply, .divide, .floorDivide, .remainder, .matrixProduct: return 10
            case .power: return 0
            }
        default: return nil
        }
    }

    /// `a |> f |> g`, each step on its own line when it was so or does not fit.
    private func pipe(_ whole: Expression) -> Document {
        var steps: [Expression] = []
        var left = whole
        var isOpen = false
        while case .pipe(let inner, let right) = left.kind, steps.isEmpty || !left.isParenthesized {
            isOpen = hasNewline(inner.span.end, right.span.start)
            steps.append(right)
            left = inner
        }
        var documents = [expression(left)]
        for step in steps.reversed() {
            documents.append(.indented(.line, .text("|> "), expression(step)))
        }
        if isOpen { documents.append(.breakGroup) }
        return .group(.sequence(documents))
    }

    // MARK: Calls, fields, elements

    private func call(_ callee: Expression, _ arguments: [Argument], _ trailing: FunctionDeclaration?) -> Document {
        var parts = [expression(callee)]
        if !arguments.isEmpty || trailing == nil || !mayBeFollowedByBlock(callee) {
            parts.append(self.arguments(arguments, from: callee.span.end))
        }
        if let trailing, case .block(let block) = trailing.body.kind {
            parts.append(.text(" "))
            var head = Document.nothing
            if !trailing.parameters.isEmpty || beginsWithFunction(block) {
                head = .sequence([.text(" "), arrowHead(trailing.parameters, trailing.span.start)])
            }
            parts.append(.group(self.block(block.statements, span: block.span, head: head)))
        }
        return .sequence(parts)
    }

    /// True for a block whose first words would be read as its parameters.
    private func beginsWithFunction(_ block: Block) -> Bool {
        guard case .expression(let first)? = block.statements.first?.kind, case .function = first.kind else { return false }
        return !first.isParenthesized
    }

    /// True for what takes a block as an argument without parentheses: a name, a field, an element.
    private func mayBeFollowedByBlock(_ callee: Expression) -> Bool {
        switch callee.kind {
        case .name, .field, .index: return !callee.isParenthesized
        default: return false
        }
    }

    private func field(_ base: Expression, _ name: Name) -> Document {
        let dot = Document.text("." + name.text)
        guard hasNewline(base.span.end, name.span.start) else { return .sequence([expression(base), dot]) }
        return .sequence([expression(base), .indented(.hardLine, dot)])
    }

    private func index(_ item: IndexItem) -> Document {
        switch item {
        case .single(let value): return expression(value)
        case .ellipsis: return .text("...")
        case .slice(let lower, let upper, let step, _):
            var parts = [lower.map(expression) ?? .nothing, .text(":"), upper.map(expression) ?? .nothing]
            if let step { parts += [.text(":"), expression(step)] }
            return .sequence(parts)
        }
    }

    /// `x =>` or `(a, b) =>`
    private func arrowHead(_ parameters: [ParameterDeclaration], _ start: Int) -> Document {
        if parameters.count == 1, parameters[0].annotation == nil, parameters[0].defaultValue == nil {
            return .text("\(parameters[0].name.text) =>")
        }
        return .sequence([self.parameters(parameters, from: start), .text(" =>")])
    }

    // MARK: Control

    private func choice(_ expression: Expression) -> Document {
        guard case .ifElse(let condition, let block, let otherwise) = expression.kind else { return self.expression(expression) }
        var parts: [Document] = [
            .text("if "), self.expression(condition), .text(" "), self.block(block.statements, span: block.span),
        ]
        if let otherwise {
            parts.append(.text(" else "))
            if case .block(let block) = otherwise.kind {
                parts.append(self.block(block.statements, span: block.span))
            } else {
                parts.append(choice(otherwise))
            }
        }
        return .sequence(parts)
    }

    private func match(_ value: Expression, _ arms: [MatchArm], _ whole: Expression) -> Document {
        let head = Document.sequence([.text("match "), expression(value), .text(" {")])
        let items = arms.map { arm in
            Item(span: Span(arm.pattern.span.start, arm.body.span.end)) { self.arm(arm) }
        }
        let end = contents(whole).end - 1
        let isOpen = hasComment(before: end) || hasNewline(value.span.end, arms.first?.pattern.span.start ?? end)
        if isOpen {
            let body = lines(items, in: Span(value.span.end, end))
            return .sequence([head, .indented(.hardLine, .sequence(body)), .hardLine, .text("}")])
        }
        var body: [Document] = []
        for (number, item) in items.enumerated() {
            if number > 0 { body.append(.either(broken: .hardLine, flat: .text(", "))) }
            body.append(item.document())
        }
        return .group(head, .indented(.line, .sequence(body)), .line, .text("}"))
    }

    private func arm(_ arm: MatchArm) -> Document {
        var parts = [pattern(arm.pattern)]
        if let condition = arm.condition { parts += [.text(" if "), expression(condition)] }
        return .sequence(parts + [.text(" => "), expression(arm.body)])
    }
}
