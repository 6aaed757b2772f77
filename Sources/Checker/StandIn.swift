import Machine
import Syntax

/// Stands in a check for an object that only a run would make: what is known of it, and nothing else.
final class StandIn: Object {
    private let type: String
    /// What is known of a type of the library.
    private let kind: TypeName?
    /// Sizes, -1 where unknown; nil when nothing is known of the shape.
    let sizes: [Int]?
    /// What a call of it takes, when it is a function whose declaration is visible.
    let signature: Signature?
    /// The record or model that it is one of.
    let instanceOf: DeclaredType?
    /// The record or model that it is itself.
    let declares: DeclaredType?
    /// The module that it is.
    let module: Interface?

    init(
        _ type: String, kind: TypeName? = nil, sizes: [Int]? = nil, signature: Signature? = nil, instanceOf: DeclaredType? = nil,
        declares: DeclaredType? = nil, module: Interface? = nil
    ) {
        self.type = type
        self.kind = kind
        self.sizes = sizes
        self.signature = signature
        self.instanceOf = instanceOf
        self.declares = declares
        self.module = module
    }

    override var typeName: String { type }
    override var shape: [Int]? { sizes }
    override var isCallable: Bool { signature != nil || type == "Function" || instanceOf?.isCallable ?? kind?.isCallable ?? false }
    override func matches(annotation name: String) -> Bool {
        if let instanceOf { return name == instanceOf.name || name == (instanceOf.isModel ? "Model" : "Record") }
        return name == type || kind?.related.contains(name) ?? false
    }
    override var fieldNames: [String] { instanceOf?.names ?? [] }

    /// True when the kind has no operators, fields or indices beyond those that its declaration shows.
    var isFullyDeclared: Bool { signature != nil || instanceOf != nil || declares != nil }
}

/// What is known of a value without running the program.
struct Known {
    /// The value itself, or another of its type.
    var value: Value
    /// True when it is the value itself.
    var isExact = false

    var standIn: StandIn? { value.object as? StandIn }

    /// False for objects of the library, of which only the type is known.
    var isOrdinary: Bool {
        guard let object = value.object else { return true }
        if let standIn = object as? StandIn { return standIn.isFullyDeclared }
        return object is StringObject || object is ListObject || object is MapObject || object is RangeObject
    }

    /// Some value of the same type.
    var sample: Value {
        switch value {
        case .integer: return .integer(1)
        case .float: return .float(1)
        case .boolean: return .boolean(true)
        case .object(is StringObject): return .string("")
        case .object(is ListObject): return .list([])
        default: return value
        }
    }

    static func exact(_ value: Value) -> Known { Known(value: value, isExact: true) }
    static func object(_ standIn: StandIn) -> Known { Known(value: .object(standIn)) }

    /// A value that an annotation of this name accepts, when all such values are of one type.
    static func ofType(
        _ name: String, sizes: [Int]? = nil, in prelude: Prelude, types: (String) -> DeclaredType? = { _ in nil }
    ) -> Known? {
        switch name {
        case "Int": return Known(value: .integer(1))
        case "Bool": return Known(value: .boolean(true))
        case "String": return Known(value: .string(""))
        case "List": return Known(value: .list([]))
        case "Map": return Known(value: .object(MapObject()))
        case "Range": return Known(value: .object(RangeObject(0, 1)))
        default:
            if let declared = types(name) { return .object(StandIn(name, instanceOf: declared)) }
            return prelude.kinds[name].map { .object(StandIn(name, kind: $0, sizes: sizes)) }
        }
    }
}
