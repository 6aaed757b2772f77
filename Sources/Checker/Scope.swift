import Machine
import Syntax

/// One name that the program binds.
final class Binding {
    enum Kind {
        /// `let` or a function inside a function or block: someone must read it.
        case local
        /// Parameters, loop names, parts of patterns, fields, top-level names: they may stand unread.
        case other
    }
    let name: String
    let span: Span
    let kind: Kind
    /// Counts bindings in the order of the walk, the same in every walk.
    let number: Int
    var reads = 0
    var known: Known?
    /// The names bound by the same pattern, itself among them: one that is read speaks for all.
    var siblings: [Binding] = []

    init(_ name: Name, _ kind: Kind, number: Int, known: Known? = nil) {
        self.name = name.text
        span = name.span
        self.kind = kind
        self.number = number
        self.known = known
    }
}

/// The names bound in one block, function or type; the outermost holds those of the file.
final class Scope {
    let parent: Scope?
    /// True for the scope of a function's parameters: what stands inside runs later.
    let isFunction: Bool
    var bindings: [String: Binding] = [:]
    /// In the order in which they were bound; a name bound again leaves the earlier one here.
    var all: [Binding] = []

    init(parent: Scope?, isFunction: Bool = false) {
        self.parent = parent
        self.isFunction = isFunction
    }

    func bind(_ binding: Binding) {
        bindings[binding.name] = binding
        all.append(binding)
    }

    func find(_ name: String) -> Binding? {
        var scope: Scope? = self
        while let current = scope {
            if let binding = current.bindings[name] { return binding }
            scope = current.parent
        }
        return nil
    }
}
