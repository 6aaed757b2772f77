import Base
import Machine
import Syntax

extension Checker {
    /// What an annotation promises of a value that passed it; nil when values of several types do.
    func promised(_ annotation: Annotation) -> Known? {
        guard !annotation.isOptional else { return nil }
        return Known.ofType(annotation.name.text, sizes: sizes(annotation.dimensions), in: machine.prelude, types: type)
    }

    /// Sizes that dimensions fix, -1 where they do not; nil where even their number is open.
    private func sizes(_ dimensions: [Annotation.Dimension]?, known: [String: Int] = [:]) -> [Int]? {
        guard let dimensions else { return nil }
        var sizes: [Int] = []
        for dimension in dimensions {
            switch dimension {
            case .ellipsis: return nil
            case .size(let size, _): sizes.append(size)
            case .name(let name): sizes.append(known[name.text] ?? -1)
            }
        }
        return sizes
    }

    /// What a call of a function gives, as its declaration states it.
    func result(of signature: Signature, dimensions: DimensionBindings) -> Known? {
        if let type = signature.makes { return .object(StandIn(type.name, instanceOf: type)) }
        if let annotation = signature.result, !annotation.isOptional {
            let known = dimensions.sizes.mapValues(\.size)
            return Known.ofType(
                annotation.name.text, sizes: sizes(annotation.dimensions, known: known), in: machine.prelude, types: signature.types)
        }
        return signature.resultType.flatMap { Known.ofType($0, in: machine.prelude) }
    }

    /// Holds a value to the annotation of a `let`, `param`, default (`parameter`) or, without one, of a function's result;
    /// false when it does not fit.
    @discardableResult
    func hold(_ known: Known?, to annotation: Annotation?, at span: Span, parameter: String? = nil) -> Bool {
        guard let known, let annotation else { return true }
        let context = functions.last
        let isResult = context?.signature?.result?.span == annotation.span
        let contract = Contract(
            register: 0, name: parameter ?? "", type: machine.prelude.type(annotation.name.text),
            dimensions: known.value.object?.shape == nil ? nil : annotation.dimensions?.map(plain),
            isOptional: annotation.isOptional, span: annotation.span)
        return withRegisters(1) { registers in
            do {
                try contract.check(
                    known.value, function: isResult || parameter != nil ? context?.name ?? "" : "",
                    bindings: DimensionBindings(), registers: registers)
                return true
            } catch var failure as Failure {
                failure.help = failure.help ?? meant(by: annotation.name.text).map { "did you mean `\($0)`?" }
                report(
                    failure, span,
                    labels: [
                        .init(Location(program.file, span), "this is \(words(known, failure))"),
                        .init(Location(program.file, annotation.span), "promised here"),
                    ])
                return false
            } catch { return true }
        }
    }

    private func words(_ known: Known, _ failure: Failure) -> String {
        guard failure.code == "shape", let shape = known.value.object?.shape else { return known.value.typeName }
        return "[\(shape.map { $0 < 0 ? "?" : String($0) }.joined(separator: ", "))]"
    }

    private func plain(_ dimension: Annotation.Dimension) -> Contract.Dimension {
        switch dimension {
        case .name(let name): return .name(name.text)
        case .size(let size, _): return .size(size)
        case .ellipsis: return .rest
        }
    }

    /// Holds one argument to the annotation of its parameter. Gives the failure for the caller to place.
    func failure(
        _ value: Value, _ position: Int, of signature: Signature, dimensions: DimensionBindings, values: [Value]
    ) -> Failure? {
        let parameter = signature.parameters[position]
        guard let type = parameter.type, parameter.span == .none || meant(by: type) == nil else { return nil }
        let labels = signature.parameters.map(\.name)
        let contract = Contract(
            register: position, name: parameter.name, type: machine.prelude.type(type),
            dimensions: value.object?.shape == nil
                ? nil
                : parameter.dimensions?.map { dimension in
                    if case .name(let name) = dimension, let fixed = labels.firstIndex(of: name.text) {
                        return .fixed(name.text, register: fixed)
                    }
                    return plain(dimension)
                }, isOptional: parameter.isOptional, span: parameter.span)
        return withRegisters(max(1, values.count)) { registers in
            for (number, value) in values.enumerated() { registers[number] = value }
            do {
                try contract.check(value, function: signature.name, bindings: dimensions, registers: registers)
                guard let text = values[position].object as? StringObject, !parameter.words.isEmpty,
                    PrimitiveParameter.word(text.string, among: parameter.words) == nil
                else { return nil }
                return Mistake.wrongWord(text, argument: parameter.name, of: signature.name, words: parameter.words)
            } catch { return error as? Failure }
        }
    }

    private func withRegisters<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Value>) -> Result) -> Result {
        let registers = UnsafeMutablePointer<Value>.allocate(capacity: count)
        registers.initialize(repeating: .none, count: count)
        defer {
            registers.deinitialize(count: count)
            registers.deallocate()
        }
        return body(registers)
    }

    /// Dimensions may name parameters and fields, which are read then, and the type itself is a name.
    func readNames(_ annotation: Annotation) {
        _ = scope.find(annotation.name.text).map { $0.reads += 1 }
        for case .name(let name) in annotation.dimensions ?? [] { _ = scope.find(name.text).map { $0.reads += 1 } }
    }

    /// A type that is no type's name but nearly one, or another language's, accepts nothing.
    func checkType(_ annotation: Annotation?) {
        guard let annotation else { return }
        readNames(annotation)
        guard let near = meant(by: annotation.name.text) else { return }
        report(
            Failure(
                "name", "`\(annotation.name.text)` must be the name of a type, but none of that name is known here",
                help: "did you mean `\(near)`?"), annotation.name.span)
    }

    /// Holds the value of a `let` or `param` to its annotation, which may be no type's name: one mistake is told, not both.
    func hold(_ known: Known?, toBinding annotation: Annotation?, at span: Span) {
        if hold(known, to: annotation, at: span) { checkType(annotation) } else if let annotation { readNames(annotation) }
    }

    /// The type that a name must have been meant to be; nil for one that is known, and where nothing is near.
    func meant(by name: String) -> String? {
        guard !machine.prelude.isType(name), !own.names.contains(name), scope.find(name) == nil, imports[name] == nil,
            !modules.contains(where: { $0.types[name] != nil })
        else { return nil }
        return ForeignNames.type(name)
            ?? Suggestion.nearest(to: name, among: machine.prelude.typeNames + own.types.keys + modules.flatMap(\.types.keys))
    }
}
