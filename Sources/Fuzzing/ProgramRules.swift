/// The rules that the grammar's page tells in words, applied to a derived tree.
enum ProgramRules {
    private typealias Node = Derivation.Node

    static func apply(to tree: Derivation.Node) {
        wrap(tree, next: nil, isComma: false, inHead: false)
    }

    /// Mends a node and those below it.
    ///
    /// - Parameters:
    ///   - next: the word that comes behind the node.
    ///   - isComma: whether a comma belongs to the surroundings, so that it cannot begin the reason of `assert`.
    ///   - inHead: whether a `{` would open the body.
    private static func wrap(_ node: Node, next: String?, isComma: Bool, inHead: Bool) {
        switch node.symbol {
        case "parameters": parameters(node)
        case "arguments": arguments(node)
        case "head": if first(node) == "{" { parenthesize(node) }
        case "use", "field", "part", "literal": plain(node)
        case "postfix" where inHead, "step" where inHead: node.children.removeAll { $0.symbol == "trailing" }
        default: break
        }
        var comma = isComma
        var head = inHead
        switch node.symbol {
        case "block", "trailing", "program": (comma, head) = (false, false)
        case "arguments", "items", "map", "parameters", "value", "arm": (comma, head) = (true, false)
        case "head": head = true
        default: break
        }
        for (place, child) in node.children.enumerated() {
            let behind = node.children[(place + 1)...].lazy.compactMap(first).first ?? next
            let isInBrackets = node.symbol == "primary" || node.symbol == "step" || node.symbol == "entry"
            let isBracketed = isInBrackets && ["(", "["].contains(node.children.first?.text ?? "")
            wrap(child, next: behind, isComma: comma || isBracketed, inHead: head && !isBracketed)
        }
        if node.symbol == "jump" { jump(node, next: next, isComma: isComma) }
    }

    /// The first word of a node; nil when it has none.
    private static func first(_ node: Node) -> String? {
        if node.isWord { return node.text }
        for child in node.children { if let word = first(child) { return word } }
        return nil
    }

    private static func parenthesize(_ node: Node) {
        node.children = [Node(symbol: "primary", children: [Node(text: "(")] + node.children + [Node(text: ")")])]
    }

    /// A string without values.
    private static func plain(_ node: Node) {
        if node.symbol == "piece", node.children.first?.symbol == "value" {
            node.children = [Node(symbol: "character", children: [Node(text: "v")])]
        }
        for child in node.children { plain(child) }
    }

    /// A jump reaches as far as it can; where something follows that is not the end of its statement, it stands in
    /// parentheses. Its reason begins with a string where the comma has another meaning.
    private static func jump(_ node: Node, next: String?, isComma: Bool) {
        let ends: Set<String> = ["\n", ";", ",", ")", "]", "}"]
        let mustWrap = next.map { !ends.contains($0) } ?? false
        if isComma || mustWrap, let comma = node.children.firstIndex(where: { $0.text == "," }),
            first(node.children[comma + 1]).map({ !$0.hasPrefix("\"") }) ?? true
        {
            node.children[comma + 1] = Node(symbol: "string", children: [Node(text: "\"why\"")])
        }
        if mustWrap { parenthesize(node) }
    }

    /// Every parameter has its own name, and after one default all have one.
    private static func parameters(_ node: Node) {
        var hasDefault = false
        for (number, parameter) in node.children.filter({ $0.symbol == "parameter" }).enumerated() {
            parameter.children[0] = Node(symbol: "name", children: [Node(text: "p\(number)")])
            if parameter.children.contains(where: { $0.text == "=" }) {
                hasDefault = true
            } else if hasDefault {
                parameter.children += [Node(text: "="), Node(symbol: "expression", children: [Node(text: "nil")])]
            }
        }
    }

    /// Behind an argument with a name all have one, each its own.
    private static func arguments(_ node: Node) {
        var isNamed = false
        for (number, argument) in node.children.filter({ $0.symbol == "argument" }).enumerated() {
            let hasName = argument.children.first?.symbol == "word"
            if hasName { argument.children.removeFirst(2) }
            isNamed = isNamed || hasName
            guard isNamed else { continue }
            let name = number == 0 ? "in" : "p\(number)"
            argument.children = [Node(symbol: "word", children: [Node(text: name)]), Node(text: ":")] + argument.children
        }
    }
}
