/// Names visible everywhere without `use`: the primitives, and the types that annotations may name.
public final class Prelude {
    public var values: [String: Value]
    public var directory = NameDirectory()
    /// Names of the library's kinds.
    public let kinds: [String: TypeName]
    /// Forms richer than text for values of the machine's own kinds, which know none; a text among them takes the place of
    /// the usual one.
    let richForms: (Value) -> [MIMEItem]
    private let own = Dictionary(uniqueKeysWithValues: TypeName.own.map { ($0.text, $0) })

    public init(
        _ values: [String: Value] = [:], kinds: [Object.Type] = [],
        richForms: @escaping (Value) -> [MIMEItem] = { _ in [] }
    ) {
        self.values = values
        self.richForms = richForms
        self.kinds = Dictionary(kinds.flatMap { $0.typeNames }.map { ($0.text, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Every name that stands for a type without being declared.
    public var typeNames: [String] { Array(own.keys) + kinds.keys }
    /// True for those.
    public func isType(_ name: String) -> Bool { own[name] != nil || kinds[name] != nil }
    /// What is known of the name of an annotation.
    public func type(_ name: String) -> TypeName { own[name] ?? kinds[name] ?? TypeName(unknown: name) }
}
