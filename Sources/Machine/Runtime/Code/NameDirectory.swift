import Syntax

/// What there is to know of names that a script has not bound. It is asked only once one is unknown, so that nothing of it
/// is worked out for scripts without such a mistake.
public struct NameDirectory {
    /// The modules of the library that offer a name, those that declare it first.
    public var homes: (String) -> [String] = { _ in [] }
    /// Every name that the library's modules offer.
    public var offered: () -> [String] = { [] }
    /// True for the name of a module of the library.
    public var isModule: (String) -> Bool = { _ in false }
    /// False for the name of a number, such as `pi`.
    public var isFunction: (String) -> Bool = { _ in true }
    /// What whoever runs the script knows of a name: which cell binds it, how a prompt is left.
    public var remark: (String) -> String? = { _ in nil }

    public init() {}

    /// A help line for a name that nothing has: where it is, what it is called here, or which name is near; nil where nothing
    /// is known, because wrong advice is worse than none.
    ///
    /// - Parameters:
    ///   - visible: the names that could have been meant as they stand.
    ///   - member: the name behind the dot, when one follows: `zeros` of `np.zeros`.
    public func help(for name: String, visible: some Collection<String>, member: String? = nil) -> String? {
        if let known = remark(name) ?? ForeignNames.help(for: name) ?? placeHelp(for: name) { return known }
        if ForeignNames.isLibrary(name) {
            if let member, ForeignNames.isDtype(member), let dtype = ForeignNames.help(for: member) { return dtype }
            let meant = member.flatMap { member in
                ForeignNames.function(member, of: name) ?? visible.first { $0 == member }
                    ?? visible.first { $0.lowercased() == member.lowercased() }
            }
            return "functions stand without `\(name).` here" + (meant.map { ": `\($0)\(isFunction($0) ? "(…)" : "")`" } ?? "")
        }
        let near = Suggestion.nearest(to: name, among: visible)
        let offered = offered()
        // A name that can be used as it stands is taken before one of a module that is as near.
        if let meant = Suggestion.nearest(to: name, among: Array(visible) + offered), meant != near,
            near.map({ Suggestion.distance(name, meant) < Suggestion.distance(name, $0) }) ?? true, let home = homes(meant).first
        {
            return "did you mean `\(meant)`? It is in the library's module \(home): say `use \(home)`"
        }
        return near.map { "did you mean `\($0)`?" }
    }

    /// The module that offers the name; nil when none does.
    public func placeHelp(for name: String) -> String? {
        let homes = homes(name)
        guard let first = homes.first else { return isModule(name) ? "`\(name)` is a module of the library: say `use \(name)`" : nil }
        if homes.count == 1 { return "`\(name)` is in the library's module \(first): say `use \(first)`" }
        return "`\(name)` is in the library's modules \(homes.joined(separator: ", ")): say `use \(first)`"
    }
}
