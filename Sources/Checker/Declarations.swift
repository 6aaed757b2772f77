import Machine
import Syntax

/// What a call of a function takes and gives, as its declaration says.
final class Signature {
    struct Parameter {
        var name: String
        /// nil when any value is accepted.
        var type: String?
        var dimensions: [Annotation.Dimension]?
        var isOptional: Bool
        var isRequired: Bool
        var isVariadic = false
        /// The words that may be given, where the type lists some.
        var words: [String] = []
        var span = Span.none
    }

    /// The name under which messages speak of the function.
    let name: String
    let parameters: [Parameter]
    let result: Annotation?
    /// A primitive's result.
    let resultType: String?
    /// The record or model that the function makes.
    weak var makes: DeclaredType?
    /// Record and model names as the function's own file knows them.
    var types: (String) -> DeclaredType? = { _ in nil }

    init(_ name: String, _ declared: [ParameterDeclaration], result: Annotation?, makes: DeclaredType? = nil) {
        self.name = name
        parameters = declared.map {
            Parameter(
                name: $0.name.text, type: $0.annotation?.name.text, dimensions: $0.annotation?.dimensions,
                isOptional: $0.annotation?.isOptional ?? false, isRequired: $0.defaultValue == nil,
                span: $0.annotation?.span ?? $0.name.span)
        }
        self.result = result
        resultType = nil
        self.makes = makes
    }

    init(_ primitive: Primitive) {
        name = primitive.name
        parameters = primitive.parameters.map {
            Parameter(
                name: $0.name, type: $0.isVariadic ? nil : $0.type, dimensions: nil, isOptional: $0.isOptional,
                isRequired: $0.defaultValue == nil, isVariadic: $0.isVariadic, words: $0.words)
        }
        result = nil
        resultType = primitive.resultType
    }
}

/// A record or model as its declaration shows it.
final class DeclaredType {
    let name: String
    let isModel: Bool
    /// Fields, in order: those of the constructor, then those that a model's block binds.
    let fields: [String]
    let methods: [String: Signature]
    private(set) var constructor: Signature

    init(_ record: RecordDeclaration) {
        name = record.name.text
        isModel = false
        fields = record.fields.map(\.name.text)
        methods = DeclaredType.signatures(record.methods, of: record.name.text)
        constructor = Signature(record.name.text, record.fields, result: nil)
        constructor.makes = self
    }

    init(_ model: ModelDeclaration) {
        name = model.name.text
        isModel = true
        var fields = model.parameters.map(\.name.text)
        for statement in model.body {
            if case .binding(let pattern, _, _) = statement.kind {
                for name in pattern.names where !fields.contains(name.text) { fields.append(name.text) }
            }
        }
        self.fields = fields
        methods = DeclaredType.signatures(model.methods, of: model.name.text)
        constructor = Signature(model.name.text, model.parameters, result: nil)
        constructor.makes = self
    }

    private static func signatures(_ methods: [FunctionDeclaration], of type: String) -> [String: Signature] {
        var signatures: [String: Signature] = [:]
        for method in methods {
            guard let name = method.name?.text else { continue }
            signatures[name] = Signature("\(type).\(name)", method.parameters, result: method.result)
        }
        return signatures
    }

    var isCallable: Bool { methods["forward"] != nil }
    /// Every name after the point: fields, methods, and what the machine adds to models.
    var names: [String] { fields + methods.keys.sorted() }
    func has(_ name: String) -> Bool { fields.contains(name) || methods[name] != nil || (isModel && name == "training") }

    func resolveTypes(_ types: @escaping (String) -> DeclaredType?) {
        constructor.types = types
        for method in methods.values { method.types = types }
    }

    /// The type itself, as a value.
    var known: Known { .object(StandIn(isModel ? "Model" : "Record", signature: constructor, declares: self)) }
}

/// What is known of the top-level names of a file or module.
final class Interface {
    let name: String
    private(set) var known: [String: Known] = [:]
    private(set) var names: Set<String> = []
    private(set) var types: [String: DeclaredType] = [:]

    init(_ name: String, primitives: [Primitive]) {
        self.name = name
        for primitive in primitives {
            names.insert(primitive.name)
            known[primitive.name] = .object(StandIn("Function", signature: Signature(primitive)))
        }
    }

    /// Functions, records and models that the statements declare at the top level, each once and never assigned.
    init(_ name: String, _ statements: [Statement], assigned: Set<String>) {
        self.name = name
        var twice: Set<String> = []
        func declare(_ name: String, _ value: Known?) {
            if !names.insert(name).inserted { twice.insert(name) }
            known[name] = value
        }
        for statement in statements {
            switch statement.kind {
            case .function(let function):
                guard let name = function.name?.text else { continue }
                let signature = Signature(name, function.parameters, result: function.result)
                signature.types = { [unowned self] in self.types[$0] }
                declare(name, .object(StandIn("Function", signature: signature)))
            case .record(let record):
                let type = DeclaredType(record)
                hold(type)
                declare(type.name, type.known)
            case .model(let model):
                let type = DeclaredType(model)
                hold(type)
                declare(type.name, type.known)
            case .binding(let pattern, _, _): for name in pattern.names { declare(name.text, nil) }
            case .parameter(let name, _, _): declare(name.text, nil)
            default: break
            }
        }
        for name in twice.union(assigned) {
            known[name] = nil
            types[name] = nil
        }
    }

    private func hold(_ type: DeclaredType) {
        type.resolveTypes { [unowned self] in self.types[$0] }
        types[type.name] = type
    }
}
