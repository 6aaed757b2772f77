/// A value inside another, under its name there.
public typealias Part = (name: String, value: Value)

/// What an object consists of. Whoever keeps, compares, measures or writes values asks for this and knows no kinds, so a new
/// kind is known to all of them by saying it.
public enum Content {
    /// Nothing that can be taken out: figures, modules, devices.
    case closed
    /// What is done, not held: functions.
    case code
    case text(String)
    /// The integers from the lower bound to below the upper one.
    case range(Range<Int>)
    /// Numbers in a form of the library's that the machine does not know: a tensor.
    case payload(AnyObject)
    case items([Value])
    case entries(OrderedMap)
    /// Data under names, as a record has them.
    case fields([Part])
    /// What a model or a layer has learned and is made of, under the names of state dicts. `parameters` names what optimisers
    /// change where the kind decides that; then its tensors may be written into, and never be replaced by others.
    case state([Part], parameters: [String]? = nil)
    /// One thing whose parts mean something only together: a volume, a transform, an optimiser. `holding` are the payloads
    /// that it keeps in memory, which costs nothing to ask; its parts are made when they are asked for.
    case whole(holding: [AnyObject], parts: () throws -> [Part])

    /// The values inside, without those of a whole, and without keys.
    public var parts: Parts { Parts(content: self) }

    /// The values inside in their order, each under the name that leads to it.
    public struct Parts: RandomAccessCollection {
        fileprivate let content: Content
        public var startIndex: Int { 0 }
        public var endIndex: Int {
            switch content {
            case .items(let items): return items.count
            case .entries(let entries): return entries.count
            case .fields(let parts), .state(let parts, _): return parts.count
            default: return 0
            }
        }
        public subscript(position: Int) -> (name: PartName, value: Value) {
            switch content {
            case .items(let items): return (.place(position), items[position])
            case .entries(let entries): return (.key(entries.keys[position].value), entries.values[position])
            case .fields(let parts), .state(let parts, _): return (.name(parts[position].name), parts[position].value)
            default: return (.place(position), .none)
            }
        }
    }
}

/// What leads to a part; its text is made only when someone asks, because most walks never do.
public enum PartName {
    case place(Int)
    case name(String)
    case key(Value)

    public var text: String {
        switch self {
        case .place(let place): return String(place)
        case .name(let name): return name
        case .key(let key): return key.text
        }
    }
}

extension Object {
    /// Parts with names for them: `[("a", 1), ("b", 2)]` of a map of two.
    public final var parts: [Part] { content.parts.map { ($0.name.text, $0.value) } }
}
