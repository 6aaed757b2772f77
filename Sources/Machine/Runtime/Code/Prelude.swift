/// Names visible everywhere without `use`: the primitives.
public final class Prelude {
    public var values: [String: Value]
    public var directory = NameDirectory()
    /// Forms richer than text for values of the machine's own kinds, which know none; a text among them takes the place of
    /// the usual one.
    let richForms: (Value) -> [MIMEItem]

    public init(_ values: [String: Value] = [:], richForms: @escaping (Value) -> [MIMEItem] = { _ in [] }) {
        self.values = values
        self.richForms = richForms
    }
}
