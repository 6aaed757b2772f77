/// A named table of primitives: what `use NAME` accepts, and how `help` and the reference pages group them.
public struct PrimitiveModule {
    public let name: String
    public let summary: String
    public let primitives: [Primitive]
    /// Kinds of objects that these primitives make: annotations may name them, and a checkpoint gives back as they were those
    /// that the library's `Keepable` marks.
    public let kinds: [Object.Type]

    public init(_ name: String, _ summary: String, kinds: [Object.Type] = [], _ primitives: [Primitive]) {
        self.kinds = kinds
        self.name = name
        self.summary = summary
        self.primitives = primitives
    }
}
