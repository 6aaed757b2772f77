import Base
import Syntax

/// What `record` and `model` declare; calling it makes a record.
public final class RecordType: Object {
    nonisolated(unsafe) private static var count = 0
    /// A number that no other type ever has; caches know types by it.
    let identity: Int
    public let name: String
    public let isModel: Bool
    public let fields: [String]
    /// Fields that are the constructor's parameters; they come first.
    public let parameterCount: Int
    let slots: [String: Int]
    let methods: [String: ClosureObject]
    /// Set once, right after creation: the constructor makes records of this type.
    var constructor: ClosureObject? {
        didSet { isPlain = constructor?.prototype.makesOnlyARecord ?? false }
    }
    /// The text that declares it.
    public var file: SourceFile? { constructor?.file }
    /// Whether the constructor does nothing but make a record of its arguments.
    private(set) var isPlain = false
    private let comment: String?

    init(
        name: String, isModel: Bool, fields: [String], parameterCount: Int, methods: [String: ClosureObject],
        documentation: String?
    ) {
        self.name = name
        self.isModel = isModel
        self.fields = fields
        self.parameterCount = parameterCount
        self.methods = methods
        comment = documentation
        slots = Dictionary(fields.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        RecordType.count += 1
        identity = RecordType.count
        super.init()
        kind = .recordType
    }

    public override var typeName: String { isModel ? "Model" : "Record" }
    public override var text: String {
        "<\(isModel ? "model" : "record") \(signature)>"
    }
    public var signature: String { constructor?.prototype.signature ?? name }
    public var parameters: [ParameterSummary] { constructor?.parameters ?? [] }
    public var methodNames: [String] { methods.keys.sorted() }
    public func method(_ name: String) -> ClosureObject? { methods[name] }
    public override var isCallable: Bool { true }
    public override var documentation: String? {
        let head = "`\(isModel ? "model" : "record") \(signature)`"
        return comment.map { "\(head)\n\n\($0)" } ?? head
    }
    public override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        guard let constructor else { throw Failure("type", "\(name) must be complete before it is called") }
        return try machine.call(.object(constructor), arguments)
    }
}

/// One record, or one model (a record with parameters and a `forward`).
public final class RecordObject: Object {
    public let type: RecordType
    /// One for each of `type.fields`.
    let slots: UnsafeMutablePointer<Value>
    /// In the order of `type.fields`.
    public var values: [Value] { Array(UnsafeBufferPointer(start: slots, count: type.fields.count)) }
    /// Models only: whether `dropout`, batch normalisation and their kin act as in training.
    public var isTraining = true

    /// A record that holds the same as another of its type.
    public init(copying other: RecordObject) {
        type = other.type
        slots = .allocate(capacity: max(1, type.fields.count))
        slots.initialize(from: other.slots, count: type.fields.count)
        super.init()
        kind = .record
    }

    /// A record of what `count` registers hold, which hold nil from then on; its other fields are not bound yet.
    init(_ type: RecordType, taking registers: UnsafeMutablePointer<Value>, count: Int) {
        self.type = type
        let size = type.fields.count
        slots = .allocate(capacity: max(1, size))
        slots.moveInitialize(from: registers, count: count)
        for position in 0..<count { (registers + position).initialize(to: .none) }
        for position in count..<max(count, size) { (slots + position).initialize(to: .missing) }
        super.init()
        kind = .record
    }

    deinit {
        Release.from(slots, count: type.fields.count)
        slots.deallocate()
    }

    public override var typeName: String { type.name }
    /// A model's fields are its state, a record's are data.
    public override var content: Content {
        let parts = zip(type.fields, values).map { (name: $0, value: $1) }
        return type.isModel ? .state(parts) : .fields(parts)
    }
    public override func matches(annotation name: String) -> Bool {
        name == type.name || (type.isModel && name == "Model") || (!type.isModel && name == "Record")
    }
    public override var text: String {
        Nesting.describe {
            if type.isModel {
                let inner = zip(type.fields, values).dropFirst(type.parameterCount)
                    .map { "  \($0): \($1.representation.replacingNewlines(with: "\n  "))" }
                let given = zip(type.fields, values).prefix(type.parameterCount)
                    .map { "\($0): \($1.representation)" }.joined(separator: ", ")
                return "\(type.name)(\(given))" + (inner.isEmpty ? "" : " {\n" + inner.joined(separator: "\n") + "\n}")
            }
            return "\(type.name)("
                + zip(type.fields, values).map { "\($0): \($1.representation)" }.joined(separator: ", ") + ")"
        } ?? "\(type.name)(…)"
    }
    public override func isEqual(to other: Object) -> Bool {
        guard let other = other as? RecordObject, other.type === type, !type.isModel else { return false }
        return zip(values, other.values).allSatisfy { valuesAreEqual($0, $1) }
    }
    public override var keyHash: Int? {
        guard !type.isModel else { return ObjectIdentifier(self).hashValue }
        var hasher = Hasher()
        for value in values {
            guard let hash = valueHash(value) else { return nil }
            hasher.combine(hash)
        }
        return hasher.finalize()
    }
    public override func field(_ name: String) -> Value? {
        if let slot = type.slots[name] { return slots[slot] }
        if name == "training", type.isModel { return .boolean(isTraining) }
        if let method = type.methods[name] { return .object(BoundMethod(self, method)) }
        return nil
    }
    public override func setField(_ name: String, to value: Value) -> Bool {
        guard let slot = type.slots[name] else { return false }
        slots[slot] = value
        return true
    }
    public override var fieldNames: [String] { type.fields + type.methods.keys.sorted() }
    public override var isCallable: Bool { type.methods["forward"] != nil }
    public override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        try machine.call(.object(self), arguments)
    }
    public override var documentation: String? { type.documentation }
}

extension String {
    func replacingNewlines(with replacement: String) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: replacement)
    }
}
