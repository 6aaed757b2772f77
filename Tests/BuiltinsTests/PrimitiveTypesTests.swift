import Builtins
import Machine
import Testing

/// What signatures state, held against the Swift functions behind them.
@Suite struct PrimitiveTypesTests {
    private let primitives = Library.modules.flatMap(\.primitives)

    /// A parameter put in the middle of a signature, or a type that its function does not take, is found here.
    @Test func signaturesStateTheTypesOfTheirFunctions() {
        for primitive in primitives {
            guard let types = primitive.types?() else { continue }
            let arguments = types.arguments.filter { $0.isArgument }
            let parameters = primitive.parameters
            #expect(arguments.count == parameters.count, "\(primitive.signature) takes \(arguments.map { "\($0)" })")
            for (parameter, type) in zip(parameters, arguments) {
                #expect(type.fits(parameter), "`\(parameter.name)` of \(primitive.signature) is read as \(type)")
            }
            #expect(types.result.fits(result: primitive.resultType), "\(primitive.signature) gives \(types.result)")
        }
    }

    @Test func mostPrimitivesHaveTypedFunctions() {
        #expect(primitives.filter { $0.types != nil }.count > 100)
    }

    @Test func defaultsAreAmongTheWords() {
        for primitive in primitives {
            for parameter in primitive.parameters where !parameter.words.isEmpty {
                #expect(Set(parameter.words).count == parameter.words.count, "\(primitive.signature)")
                guard let text = parameter.defaultValue?.object as? StringObject else { continue }
                #expect(parameter.words.contains(text.string), "\(primitive.signature)")
            }
        }
    }

    @Test func typesOfSignaturesAreKnown() {
        let prelude = Library.prelude()
        for primitive in primitives {
            for type in primitive.parameters.compactMap(\.type) { #expect(prelude.isType(type), "\(type) in \(primitive.signature)") }
            if let type = primitive.resultType { #expect(prelude.isType(type), "\(type) in \(primitive.signature)") }
        }
    }

    @Test func readsWords() {
        let primitive = Primitive("f(x, mode: \"a-b\" | \"c\" = \"c\", of: \"d\" | \"e\" = nil, rest...)", "") { _ in .none }
        #expect(primitive.parameters.map(\.name) == ["x", "mode", "of", "rest"])
        #expect(primitive.parameters.map(\.words) == [[], ["a-b", "c"], ["d", "e"], []])
        #expect(primitive.parameters.map(\.isOptional) == [false, false, true, false])
        #expect(primitive.parameters[1].typeText == "\"a-b\" | \"c\"")
    }
}
