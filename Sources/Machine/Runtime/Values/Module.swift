import Syntax

/// The top-level names of one script, library file or prompt session, each in a numbered slot.
public final class ModuleScope: Object {
    public enum State { case compiled, running, done }

    public let name: String
    public private(set) var slots: [String: Int] = [:]
    public private(set) var names: [String] = []
    public private(set) var values: UnsafeMutablePointer<Value>
    private var capacity = 64
    public var state = State.compiled
    /// Names brought in by `use`: the module that holds them and its slot.
    var imports: [String: (module: ModuleScope, slot: Int)] = [:]
    /// `use losses as l`
    var aliases: [String: ModuleScope] = [:]
    /// Names that `fn`, `record` or `model` declares.
    var functionSlots: Set<Int> = []
    /// Names that functions of the prompt mention and that nothing has declared yet.
    var mentionedSlots: Set<Int> = []
    /// What runs the module's top level, once.
    public var start: ClosureObject?
    /// Texts of `param` declarations in order, for messages about unknown `--set` names.
    public internal(set) var parameters: [String] = []

    public init(name: String) {
        self.name = name
        values = .allocate(capacity: capacity)
        values.initialize(repeating: .missing, count: capacity)
    }

    deinit {
        values.deinitialize(count: capacity)
        values.deallocate()
    }

    /// The slot of a top-level name, made at its first mention.
    public func slot(for name: String) -> Int {
        if let slot = slots[name] { return slot }
        if names.count == capacity {
            let grown = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
            grown.moveInitialize(from: values, count: capacity)
            (grown + capacity).initialize(repeating: .missing, count: capacity)
            values.deallocate()
            values = grown
            capacity *= 2
        }
        slots[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// Takes back the newest names, from the given number on.
    func removeNames(from first: Int) {
        while names.count > first { slots[names.removeLast()] = nil }
        mentionedSlots = mentionedSlots.filter { $0 < first }
    }

    /// The value of a top-level name; nil when there is none or it is not bound yet.
    public func value(of name: String) -> Value? {
        guard let slot = slots[name] else { return nil }
        if case .missing = values[slot] { return nil }
        return values[slot]
    }

    /// The value of a name that `use` brought in, or the module that an alias stands for.
    public func importedValue(_ name: String) -> Value? {
        if let alias = aliases[name] { return .object(alias) }
        return imports[name].flatMap { $0.module.value(of: $0.module.names[$0.slot]) }
    }
    public var importedNames: [String] { Array(imports.keys) + Array(aliases.keys) }

    /// What `use` has brought in so far, and what is declared, to go back to when a text fails.
    public struct Declarations {
        fileprivate let imports: [String: (module: ModuleScope, slot: Int)]
        fileprivate let aliases: [String: ModuleScope]
        fileprivate let functionSlots: Set<Int>
        fileprivate let parameters: [String]
        fileprivate let count: Int
    }

    public var declarations: Declarations {
        Declarations(
            imports: imports, aliases: aliases, functionSlots: functionSlots, parameters: parameters, count: names.count)
    }

    /// Takes back all that a text has declared that did not compile.
    func restore(_ earlier: Declarations) {
        removeNames(from: earlier.count)
        (imports, aliases) = (earlier.imports, earlier.aliases)
        (functionSlots, parameters) = (earlier.functionSlots, earlier.parameters)
    }

    /// Gives the names back to modules that a text was to bind anew and, because it failed, has not.
    public func restoreUnbound(_ earlier: Declarations) {
        for (name, place) in earlier.imports where imports[name] == nil && aliases[name] == nil && value(of: name) == nil {
            imports[name] = place
        }
        for (name, module) in earlier.aliases where imports[name] == nil && aliases[name] == nil && value(of: name) == nil {
            aliases[name] = module
        }
    }

    /// Binds a top-level name from outside the language.
    public func bind(_ name: String, to value: Value) {
        let place = slot(for: name)
        values[place] = value
    }

    /// Names that `use` may bring in: those that do not start with `_`.
    public var publicNames: [String] { names.filter { !$0.hasPrefix("_") } }

    public override var typeName: String { "Module" }
    public override var text: String { "<module \(name)>" }
    public override func field(_ name: String) -> Value? { name.hasPrefix("_") ? nil : value(of: name) }
    public override var fieldNames: [String] { publicNames }
}
