import Base
import Machine
import Syntax

extension Checker {
    /// Checks an expression; gives what is known of its value.
    @discardableResult
    func value(_ expression: Expression) -> Known? {
        switch expression.kind {
        case .none: return .exact(.none)
        case .boolean(let truth): return .exact(.boolean(truth))
        case .integer(let number): return .exact(.integer(number))
        case .float(let number): return .exact(.float(number))
        case .string(let parts): return string(parts)
        case .name(let name): return read(name, expression.span)
        case .list(let items):
            for item in items { value(item) }
            return Known(value: .list([]))
        case .map(let entries): return map(entries)
        case .range(let lower, let upper, let isClosed): return range(lower, upper, isClosed, expression.span)
        case .unary(let operation, let inner): return unary(operation, inner, expression.span)
        case .binary(let operation, let left, let right, _):
            guard let a = value(left) else {
                value(right)
                return nil
            }
            return value(right).flatMap { apply(operation, a, left.span, $0, right.span, expression.span) }
        case .and(let left, let right):
            let known = checkCondition(left)
            unless(known, is: false) { value(right) }
            return nil
        case .or(let left, let right):
            let known = checkCondition(left)
            unless(known, is: true) { value(right) }
            return nil
        case .call(let callee, let arguments, let trailing):
            return call(callee, arguments, trailing, expression.span, piped: nil)
        case .pipe(let first, let second):
            if case .call(let callee, let arguments, let trailing) = second.kind {
                return call(callee, arguments, trailing, expression.span, piped: first)
            }
            return call(second, [], nil, expression.span, piped: first)
        case .index(let base, let items): return index(base, items, expression.span)
        case .field(let base, let name): return field(base, name)
        case .function(let function):
            let signature = Signature("function", function.parameters, result: function.result)
            signature.types = { [unowned self] in self.type($0) }
            checkFunction(function, name: "function", signature: signature)
            return .object(StandIn("Function", signature: signature))
        case .ifElse(let condition, let then, let otherwise): return choice(condition, then, otherwise)
        case .match(let subject, let arms): return match(subject, arms)
        case .tryCatch(let body, let name, let handler):
            tryDepth += 1
            _ = check(body)
            tryDepth -= 1
            inScope {
                if let name { scope.bind(newBinding(name, .other)) }
                _ = checkStatements(handler.statements)
            }
            return nil
        case .block(let block): return check(block)
        case .returning(let result):
            let known = result.map { value($0) } ?? .exact(.none)
            if let signature = functions.last?.signature { hold(known, to: signature.result, at: result?.span ?? expression.span) }
            return nil
        case .breaking, .continuing: return nil
        case .raise(let inner):
            value(inner)
            return nil
        case .assert(let condition, let message):
            checkCondition(condition)
            if let message { value(message) }
            return .exact(.none)
        }
    }

    // MARK: literals

    private func string(_ parts: [StringPart]) -> Known? {
        var text = ""
        var isExact = true
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .value(let expression, let format):
                isExact = false
                if let known = value(expression), known.isOrdinary, let format {
                    _ = judgeFormat(expression.span) { .string(try formatted(known.sample, as: format)) }
                }
            }
        }
        return isExact ? .exact(.string(text)) : Known(value: .string(""))
    }

    /// A format that takes a number, given something else.
    private func judgeFormat(_ span: Span, _ run: () throws -> Value) -> Value? {
        do { return try run() } catch let failure as Failure {
            if failure.message.contains("takes a number") { report(failure, span) }
            return nil
        } catch { return nil }
    }

    private func map(_ entries: [MapEntry]) -> Known? {
        var seen: [String: Span] = [:]
        for entry in entries {
            switch entry.key {
            case .name(let name): reportTwice(name.text, name.span, &seen)
            case .expression(let expression):
                if let known = value(expression), known.isExact, let text = known.value.object as? StringObject {
                    reportTwice(text.string, expression.span, &seen)
                }
            }
            value(entry.value)
        }
        return Known(value: .object(MapObject()))
    }

    private func reportTwice(_ key: String, _ span: Span, _ seen: inout [String: Span]) {
        if let earlier = seen[key] {
            warn(
                "duplicate", "the keys of a map must be different, but `\(key)` stands twice", span, "replaces the first",
                help: "remove one of them", also: [.init(Location(program.file, earlier), "never seen")])
        }
        seen[key] = span
    }

    private func range(_ lower: Expression, _ upper: Expression, _ isClosed: Bool, _ span: Span) -> Known? {
        let bounds = [value(lower), value(upper)].map { $0?.sample ?? .integer(1) }
        _ = judge(span) { try machine.makeRange(bounds[0], bounds[1], isClosed: isClosed) }
        return Known(value: .object(RangeObject(0, 1)))
    }

    // MARK: operators

    private func unary(_ operation: UnaryOperator, _ inner: Expression, _ span: Span) -> Known? {
        guard let known = value(inner), known.isOrdinary else { return nil }
        let operand = known.isExact ? known.value : known.sample
        return judge(span) { try machine.apply(operation, operand) }.map { Known(value: $0, isExact: known.isExact) }
    }

    /// An operator on two known values: on the values themselves where both are numbers known exactly, else on samples.
    func apply(
        _ operation: BinaryOperator, _ left: Known, _ leftSpan: Span, _ right: Known, _ rightSpan: Span, _ span: Span
    ) -> Known? {
        guard left.isOrdinary, right.isOrdinary else { return nil }
        let isExact = left.isExact && right.isExact && left.value.isNumber && right.value.isNumber
        let operands = isExact ? [left.value, right.value] : [left.sample, right.sample]
        let result: Value
        do { result = try machine.apply(operation, operands[0], operands[1]) } catch {
            guard let failure = error as? Failure, failure.code == "type" || isExact else { return nil }
            let labels = Operands.labels(failure, operands[0], leftSpan, operands[1], rightSpan, program.file)
            report(failure, span, labels: failure.code == "type" ? labels : [])
            return nil
        }
        // The power of two integers is an integer or a float, depending on them.
        if operation == .power, !isExact { return nil }
        return Known(value: result, isExact: isExact)
    }

    /// Gives the condition's truth where that is known.
    @discardableResult
    func checkCondition(_ condition: Expression) -> Bool? {
        guard let known = value(condition), known.isOrdinary else { return nil }
        guard case .boolean(let truth)? = judge(condition.span, { .boolean(try machine.truth(of: known.isExact ? known.value : known.sample)) })
        else { return nil }
        return known.isExact ? truth : nil
    }

    /// What a condition keeps from running cannot fail.
    private func unless<Result>(_ truth: Bool?, is blocking: Bool, _ body: () -> Result) -> Result {
        if truth == blocking { tryDepth += 1 }
        defer { if truth == blocking { tryDepth -= 1 } }
        return body()
    }

    // MARK: fields and indices

    private func index(_ base: Expression, _ items: [IndexItem], _ span: Span) -> Known? {
        let known = value(base)
        var single: Known?
        for item in items {
            switch item {
            case .single(let expression): single = value(expression)
            case .slice(let lower, let upper, let step, _): for case let bound? in [lower, upper, step] { value(bound) }
            case .ellipsis: break
            }
        }
        guard let known, known.isOrdinary else { return nil }
        switch known.value.object {
        case is StringObject, is ListObject, is RangeObject:
            if items.count == 1, case .single = items[0], let single {
                _ = judge(span) { try known.sample.object?.element(at: [.value(single.sample)], machine: machine) ?? .none }
            }
            return known.value.object is StringObject ? Known(value: .string("")) : nil
        case is MapObject: return nil
        default:
            report(Mistake.notIndexable(known.value), span)
            return nil
        }
    }

    private func field(_ base: Expression, _ name: Name) -> Known? {
        guard let known = value(base) else { return nil }
        if let module = known.standIn?.module { return module.known[name.text] }
        guard known.isOrdinary, !(known.value.object is MapObject) else { return nil }
        if let type = known.standIn?.instanceOf {
            if !type.has(name.text) { reportUnknownField(name, of: known) }
            return type.methods[name.text].map { .object(StandIn("Function", signature: $0)) }
        }
        reportUnknownField(name, of: known)
        return nil
    }

    private func reportUnknownField(_ name: Name, of known: Known) {
        report(Mistake.unknownField(name.text, of: known.value, functions: machine.prelude.values), name.span)
    }

    // MARK: control

    private func choice(_ condition: Expression, _ then: Block, _ otherwise: Expression?) -> Known? {
        let truth = checkCondition(condition)
        let first = unless(truth, is: false) { check(then) }
        guard let otherwise else { return nil }
        return join([first, unless(truth, is: true) { value(otherwise) }])
    }

    /// What is known when one of these is the value.
    private func join(_ values: [Known?]) -> Known? {
        guard let first = values.first ?? nil else { return nil }
        for other in values.dropFirst() {
            guard let other, other.value.typeName == first.value.typeName else { return nil }
        }
        if let standIn = first.standIn {
            // Two functions or shapes of one type need not be alike.
            guard standIn.signature == nil, standIn.declares == nil else { return nil }
            return .object(StandIn(standIn.typeName, instanceOf: standIn.instanceOf))
        }
        return Known(value: first.sample)
    }

    private func match(_ subject: Expression, _ arms: [MatchArm]) -> Known? {
        value(subject)
        var values: [Known?] = []
        for arm in arms {
            values.append(
                inScope {
                    bind(arm.pattern, .other)
                    if let condition = arm.condition { checkCondition(condition) }
                    return value(arm.body)
                })
        }
        reportUnreachable(arms)
        return join(values)
    }
}

extension Value {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .float: return true
        default: return false
        }
    }
}
