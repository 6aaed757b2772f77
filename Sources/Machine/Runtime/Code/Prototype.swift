import Syntax

/// A parameter as calls see it.
public struct ParameterSummary {
    public let name: String
    public let hasDefault: Bool
    public let annotation: String?
}

/// A compiled function: its instructions and everything they refer to by number.
final class Prototype {
    struct CallSite {
        var span: Span
        var calleeText: String
        /// Receiver first for a method call.
        var argumentSpans: [Span]
        /// Names of the arguments, nil for positional ones; empty when all are positional.
        var names: [String?]
        /// Where the names stand, for each argument.
        var nameSpans: [Span?] = []
        /// The method's name for `callMethod`.
        var method = ""
    }
    enum IndexPart {
        case value(Int)
        /// Registers that hold integers or nil; -1 where left out.
        case slice(Int, Int, Int)
        case ellipsis
    }
    enum PatternParts {
        case list(count: Int, hasRest: Bool, first: Int)
        case keys([String], first: Int)
        case record(name: String, type: Int, count: Int, first: Int)
    }
    /// The record type last seen at a place of the code, and where the field stands in it.
    struct FieldCache {
        let name: String
        /// The name as a key of maps.
        let key: MapKey
        var type = 0
        var slot = 0
    }
    /// The record type last seen at a call site, and its method.
    struct MethodCache {
        var type = 0
        var method: Unmanaged<ClosureObject>?
    }
    struct UpvalueSource {
        enum Place { case local(Int), upvalue(Int), ownFunction }
        /// Where it is in the function around.
        var place: Place
    }
    struct TypeRecipe {
        let name: String
        let isModel: Bool
        let fields: [String]
        /// How many of the fields are the constructor's parameters.
        let parameterCount: Int
        let constructor: Int
        let methods: [(name: String, prototype: Int)]
        let documentation: String?
    }

    var name: String
    let file: SourceFile
    /// Where the function stands in the file; empty for a module's top level and what no text declares.
    var place = Span.none
    let module: ModuleScope
    var documentation: String?
    var signature = ""
    var parameters: [ParameterSummary] = []
    var requiredCount = 0
    var registerCount = 0
    var code: UnsafeMutablePointer<Instruction>
    private var codeCount = 0
    var spans: [Span] = []
    var constants: UnsafeMutablePointer<Value>
    private var constantCount = 0
    var prototypes: [Prototype] = []
    var upvalues: [UpvalueSource] = []
    var callSites: [CallSite] = []
    var templates: [TextTemplate] = []
    var indices: [[IndexPart]] = []
    var patterns: [PatternParts] = []
    var fieldCaches: UnsafeMutablePointer<FieldCache>
    private var fieldCacheCount = 0
    /// One a call site.
    private(set) var methodCaches: UnsafeMutablePointer<MethodCache>
    private(set) var parameterCount = 0
    /// Whether a contract binds names of dimensions.
    private(set) var bindsDimensions = false
    var contracts: [Contract] = []
    var typeRecipes: [TypeRecipe] = []
    var isMethod = false

    init(name: String, file: SourceFile, module: ModuleScope) {
        self.name = name
        self.file = file
        self.module = module
        code = .allocate(capacity: 1)
        constants = .allocate(capacity: 1)
        fieldCaches = .allocate(capacity: 1)
        methodCaches = .allocate(capacity: 1)
    }

    func install(code newCode: [Instruction], spans: [Span], constants newConstants: [Value], fields: [String]) {
        code.deallocate()
        constants.deallocate()
        fieldCaches.deallocate()
        code = .allocate(capacity: max(1, newCode.count))
        code.initialize(from: newCode, count: newCode.count)
        codeCount = newCode.count
        self.spans = spans
        constants = .allocate(capacity: max(1, newConstants.count))
        constants.initialize(from: newConstants, count: newConstants.count)
        constantCount = newConstants.count
        fieldCaches = .allocate(capacity: max(1, fields.count))
        for (position, name) in fields.enumerated() {
            (fieldCaches + position).initialize(to: FieldCache(name: name, key: MapKey(name)))
        }
        fieldCacheCount = fields.count
        methodCaches.deallocate()
        methodCaches = .allocate(capacity: max(1, callSites.count))
        methodCaches.initialize(repeating: MethodCache(), count: callSites.count)
        parameterCount = parameters.count
        bindsDimensions = contracts.contains { $0.dimensions != nil }
    }

    /// Whether the function is a constructor that makes a record of its arguments and does nothing else.
    var makesOnlyARecord: Bool {
        codeCount == 2 && code[0].operation == Operation.makeRecord.rawValue && code[1].operation == Operation.giveBack.rawValue
    }

    deinit {
        constants.deinitialize(count: constantCount)
        fieldCaches.deinitialize(count: fieldCacheCount)
        code.deallocate()
        constants.deallocate()
        fieldCaches.deallocate()
        methodCaches.deallocate()
    }
}

/// A variable that a closure shares with the function it was made in.
final class Box: Object {
    var value: Value
    init(_ value: Value) {
        self.value = value
        super.init()
        kind = .box
    }

    deinit { if case .object = value { Release.from(&value, leaving: .none) } }
}

/// A function of the language together with what it took along from the function around it: the value itself of a name
/// that nobody assigns, the box of one that somebody does.
public final class ClosureObject: Object {
    let prototype: Prototype
    var module: ModuleScope { prototype.module }
    /// Most functions take along one thing or nothing; more lie behind `others`.
    var first = Value.none
    private(set) var others: UnsafeMutablePointer<Value>?
    /// For the constructor of a record or model: the type it makes.
    /// The type holds it, and whoever calls the constructor holds the type.
    unowned(unsafe) var recordType: RecordType?

    /// `take` gives what the function takes along, one `prototype.upvalues` after the other.
    init(_ prototype: Prototype, taking take: (Prototype.UpvalueSource) -> Value) {
        self.prototype = prototype
        super.init()
        kind = .closure
        let count = prototype.upvalues.count
        guard count > 0 else { return }
        first = take(prototype.upvalues[0])
        guard count > 1 else { return }
        let rest = UnsafeMutablePointer<Value>.allocate(capacity: count - 1)
        for position in 1..<count { (rest + position - 1).initialize(to: take(prototype.upvalues[position])) }
        others = rest
    }

    deinit {
        if case .object = first { Release.from(&first, leaving: .none) }
        guard let others else { return }
        Release.from(others, count: prototype.upvalues.count - 1)
        others.deallocate()
    }

    subscript(_ number: Int) -> Value {
        guard number > 0, let others else { return first }
        return others[number - 1]
    }

    public var name: String { prototype.name }
    /// The text that declares it.
    public var file: SourceFile { prototype.file }
    /// Where it stands there.
    public var place: Span { prototype.place }
    public var parameters: [ParameterSummary] {
        prototype.isMethod ? Array(prototype.parameters.dropFirst()) : prototype.parameters
    }
    public var signature: String { prototype.signature }
    public override var typeName: String { "Function" }
    public override var text: String { "<function \(prototype.signature)>" }
    public override var isCallable: Bool { true }
    public override var documentation: String? {
        let head = "`\(prototype.signature)`"
        return prototype.documentation.map { "\(head)\n\n\($0)" } ?? head
    }
    public override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        try machine.call(.object(self), arguments)
    }
}

/// A method together with the record it was read from.
public final class BoundMethod: Object {
    let receiver: RecordObject
    let method: ClosureObject
    init(_ receiver: RecordObject, _ method: ClosureObject) {
        self.receiver = receiver
        self.method = method
    }
    public override var typeName: String { "Function" }
    public override var text: String { "<method \(method.name)>" }
    public override var isCallable: Bool { true }
    public override var documentation: String? { method.documentation }
    /// Without the record itself.
    public var parameters: [ParameterSummary] { method.parameters }
    public override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        try machine.call(
            .object(method), CallArguments([.object(receiver)] + arguments.positional, named: arguments.named))
    }
}
