import Base
import Machine
import Syntax

extension Checker {
    /// One argument of a call.
    struct Fact {
        var name: Name?
        var span: Span
        var known: Known?
        var expression: Expression?
    }

    func call(
        _ callee: Expression, _ arguments: [Argument], _ trailing: FunctionDeclaration?, _ span: Span, piped: Expression?
    ) -> Known? {
        if case .field(let base, let name) = callee.kind, piped == nil {
            return method(base, name, arguments, trailing, span)
        }
        let known = value(callee)
        var facts: [Fact] = []
        if let piped { facts.append(fact(piped)) }
        facts += self.facts(arguments, trailing)
        return call(known, facts, span, callee: callee)
    }

    private func fact(_ expression: Expression, name: Name? = nil) -> Fact {
        Fact(name: name, span: expression.span, known: value(expression), expression: expression)
    }

    private func facts(_ arguments: [Argument], _ trailing: FunctionDeclaration?) -> [Fact] {
        var facts = arguments.map { fact($0.value, name: $0.name) }
        if let trailing {
            checkFunction(trailing, name: "function", signature: nil)
            facts.append(
                Fact(
                    name: Name(ArgumentBinding.trailing, trailing.span), span: trailing.span,
                    known: .object(StandIn("Function", signature: Signature("function", trailing.parameters, result: nil)))))
        }
        return facts
    }

    private func call(_ known: Known?, _ facts: [Fact], _ span: Span, callee: Expression) -> Known? {
        guard let known else { return nil }
        if let standIn = known.standIn {
            if let signature = standIn.signature { return call(signature, facts, span) }
            if let forward = standIn.instanceOf?.methods["forward"] { return call(forward, facts, span) }
        }
        if known.isOrdinary {
            report(Mistake.notCallable(known.value, "`\(program.file.text(of: callee.span))`"), callee.span)
        }
        return nil
    }

    /// `x.f(a)`: a method or field of `x`, else the function `f` with `x` first.
    private func method(
        _ base: Expression, _ name: Name, _ arguments: [Argument], _ trailing: FunctionDeclaration?, _ span: Span
    ) -> Known? {
        let receiver = fact(base)
        if let module = receiver.known?.standIn?.module {
            let facts = facts(arguments, trailing)
            guard let signature = module.known[name.text]?.standIn?.signature else { return nil }
            return call(signature, facts, span)
        }
        // Which of the two it is may only show at run time: the function counts as read, and may be bound later.
        let function = isBound(name.text) ? read(name.text, name.span, mayBeUnbound: true) : nil
        let facts = facts(arguments, trailing)
        guard let known = receiver.known, known.isOrdinary, !(known.value.object is MapObject) else { return nil }
        if let type = known.standIn?.instanceOf {
            if let method = type.methods[name.text] { return call(method, facts, span) }
            if type.has(name.text) { return nil }
        }
        guard isBound(name.text) else {
            report(Mistake.unknownMethod(name.text, of: known.value, in: machine.prelude), name.span)
            return nil
        }
        // Now that it must be the function, it must be bound; a built-in one stands in for a name that is not called.
        guard machine.prelude.values[name.text] == nil || function?.standIn?.signature != nil else { return nil }
        return call(read(name.text, name.span), [receiver] + facts, span, callee: Expression(.name(name.text), name.span))
    }

    // MARK: a call against a declaration

    /// Binds the arguments by the machine's own rules, then holds each that is known to its annotation.
    private func call(_ signature: Signature, _ facts: [Fact], _ span: Span) -> Known? {
        let named = facts.drop { $0.name == nil }
        // A positional argument after a named one is the compiler's to report.
        guard named.allSatisfy({ $0.name != nil }) else { return nil }
        let positionalCount = facts.count - named.count
        // Each argument travels as its own number.
        let numbers = facts.indices.map { Value.integer($0) }
        let bound: [Value]
        do {
            bound = try ArgumentBinding.bind(
                function: signature.name, names: signature.parameters.map(\.name),
                isRequired: { signature.parameters[$0].isRequired },
                variadic: signature.parameters.lastIndex { $0.isVariadic }, positional: Array(numbers.prefix(positionalCount)),
                named: named.indices.map { (facts[$0].name?.text ?? "", numbers[$0]) })
        } catch {
            if let failure = error as? Failure { report(failure, span, labels: labels(failure, facts, [:])) }
            return nil
        }
        var places: [String: Int] = [:]
        var values = [Value](repeating: .none, count: signature.parameters.count)
        for (position, value) in bound.enumerated() {
            guard case .integer(let number) = value else { continue }
            places[signature.parameters[position].name] = number
            if let known = facts[number].known, known.isExact { values[position] = known.value }
        }
        let dimensions = DimensionBindings()
        for (position, parameter) in signature.parameters.enumerated() {
            guard let place = places[parameter.name], let known = facts[place].known else { continue }
            if let failure = failure(known.value, position, of: signature, dimensions: dimensions, values: values) {
                report(failure, span, labels: labels(failure, facts, places))
                return nil
            }
        }
        return shaped(result(of: signature, dimensions: dimensions), signature, bound, facts)
    }

    private func labels(_ failure: Failure, _ facts: [Fact], _ places: [String: Int]) -> [Diagnostic.Label] {
        func span(_ argument: String) -> Span? {
            if argument.hasPrefix("#") { return Int(argument.dropFirst()).flatMap { facts.indices.contains($0) ? facts[$0].span : nil } }
            if argument.hasPrefix("=") { return facts.first { $0.name?.text == String(argument.dropFirst()) }?.name?.span }
            return places[argument].map { facts[$0].span }
        }
        let labels = failure.labels.compactMap { label in
            span(label.argument).map { Diagnostic.Label(Location(program.file, $0), label.text) }
        }
        guard labels.isEmpty, let argument = failure.argument, let place = span(argument) else { return labels }
        return [.init(Location(program.file, place))]
    }

    // MARK: shapes

    /// Primitives whose result has the shape that an argument of theirs writes out.
    private static let shaping: Set<String> = ["zeros", "ones", "rand", "randn", "full", "randint", "reshape", "view"]

    /// The result of a primitive that makes a tensor of a given shape, with the sizes that are written out.
    private func shaped(_ known: Known?, _ signature: Signature, _ bound: [Value], _ facts: [Fact]) -> Known? {
        guard let known, signature.resultType == "Tensor", Checker.shaping.contains(signature.name),
            let position = signature.parameters.firstIndex(where: { $0.name == "shape" })
        else { return known }
        var written: [Expression] = []
        switch bound[position] {
        case .integer(let number):
            guard let expression = facts[number].expression else { return known }
            written = [expression]
        case .object(let object as ListObject):
            for case .integer(let number) in object.items { if let expression = facts[number].expression { written.append(expression) } }
        default: return known
        }
        if written.count == 1, case .list(let items) = written[0].kind { written = items }
        let sizes = written.map { expression -> Int in
            if case .integer(let size) = expression.kind { return size }
            guard case .name(let name) = expression.kind, let known = scope.find(name)?.known, known.isExact,
                case .integer(let size) = known.value
            else { return -1 }
            return size
        }
        // A name alone may stand for a list of sizes.
        if written.count == 1, sizes == [-1] { return known }
        return Known.ofType("Tensor", sizes: sizes, in: machine.prelude)
    }
}
