/// A name that annotations may give to values, as whoever makes the kind states it: a kind of objects of the library says
/// so in its own file (`Object.typeNames`), and its table lists the kind.
public struct TypeName {
    /// The name itself: `Tensor`.
    public let text: String
    /// What it means in a sentence: "a tensor".
    public let words: String
    /// Names that some of the same values answer to as well: what is annotated `Volume` may be `Labels`.
    public let related: [String]
    /// Whether every value of the name can be called.
    public let isCallable: Bool
    /// What to do about a value that is none, given to the function of that name; nil where nothing is known.
    public let help: (_ given: Value, _ function: String) -> String?

    /// `words` are the name itself, small and with its article, unless given.
    public init(
        _ text: String, words: String? = nil, related: [String] = [], isCallable: Bool = false,
        help: @escaping (_ given: Value, _ function: String) -> String? = { _, _ in nil }
    ) {
        self.text = text
        self.words = words ?? TypeName.withArticle(text, text.lowercased())
        self.related = related
        self.isCallable = isCallable
        self.help = help
    }

    /// A name that a script declares, or nobody.
    init(unknown text: String) { self.init(text, words: TypeName.withArticle(text, "`\(text)`")) }

    private static func withArticle(_ name: String, _ words: String) -> String {
        (name.first.map { "AEIOU".contains($0) } ?? false ? "an " : "a ") + words
    }

    /// Those of the language.
    static let own: [TypeName] = [
        TypeName("Any"), TypeName("Nil", words: "nil"), TypeName("Bool", words: "true or false"), TypeName("Int", words: "an integer"),
        TypeName("Float", words: "a number"), TypeName("Number", words: "a number"), TypeName("String"), TypeName("List"),
        TypeName("Map"), TypeName("Range"), TypeName("Function", isCallable: true), TypeName("Module"), TypeName("Problem"),
        TypeName("Record"), TypeName("Model"),
    ]
}
