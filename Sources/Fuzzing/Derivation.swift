/// Derives random texts from a grammar: a choice is rolled at every turn, and past a depth only the shortest ways are.
public struct Derivation {
    /// A production or a word, with what it was made of.
    public final class Node {
        /// The production's name; empty for a word.
        public let symbol: String
        public let text: String
        public internal(set) var children: [Node]

        init(symbol: String, children: [Node]) {
            self.symbol = symbol
            text = ""
            self.children = children
        }

        init(text: String) {
            symbol = ""
            self.text = text
            children = []
        }

        var isWord: Bool { symbol.isEmpty }
    }

    let grammar: Grammar
    /// The fewest levels in which a production comes to an end.
    private var heights: [String: Int] = [:]
    /// What stands for a production without deriving it, tried first: names that mean something, single characters.
    public var sources: [String: (inout Dice) -> String?] = [:]
    /// Whether the text of a production will do, for rules that are told in words.
    public var checks: [String: (String) -> Bool] = [:]
    /// How deep productions stand in each other before the shortest way is taken.
    public var depth = 40
    /// How many productions a tree holds before the shortest way is taken everywhere.
    public var size = 2000

    public init(_ grammar: Grammar) {
        self.grammar = grammar
        var isChanged = true
        while isChanged {
            isChanged = false
            for name in grammar.names {
                guard let rule = grammar.productions[name], let height = height(rule) else { continue }
                if heights[name].map({ height + 1 < $0 }) ?? true {
                    heights[name] = height + 1
                    isChanged = true
                }
            }
        }
    }

    private func height(_ rule: Grammar.Rule) -> Int? {
        switch rule {
        case .terminal, .special, .optional, .repeated: return 0
        case .reference(let name): return heights[name]
        case .choice(let choices): return choices.compactMap(height).min()
        case .sequence(let parts):
            var highest = 0
            for part in parts {
                guard let height = height(part) else { return nil }
                highest = max(highest, height)
            }
            return highest
        }
    }

    /// A random tree of a production.
    public func tree(_ symbol: String, _ dice: inout Dice) -> Node {
        var count = 0
        return tree(symbol, &dice, 0, &count)
    }

    private func tree(_ symbol: String, _ dice: inout Dice, _ depth: Int, _ count: inout Int) -> Node {
        count += 1
        if let source = sources[symbol], let text = source(&dice) {
            return Node(symbol: symbol, children: [Node(text: text)])
        }
        var node = Node(symbol: symbol, children: [])
        for _ in 0..<20 {
            node = Node(
                symbol: symbol, children: grammar.productions[symbol].map { nodes($0, &dice, depth + 1, &count) } ?? [])
            guard let check = checks[symbol], !check(Derivation.text(node)) else { break }
        }
        return node
    }

    private func nodes(_ rule: Grammar.Rule, _ dice: inout Dice, _ level: Int, _ count: inout Int) -> [Node] {
        let isDeep = level > depth || count > size
        switch rule {
        case .terminal(let text): return [Node(text: text)]
        case .special: return []
        case .reference(let name): return [tree(name, &dice, level, &count)]
        case .sequence(let parts): return parts.flatMap { nodes($0, &dice, level, &count) }
        case .optional(let inner): return !isDeep && dice.once(in: 3) ? nodes(inner, &dice, level, &count) : []
        case .repeated(let inner):
            var result: [Node] = []
            // One level after the other hands repetitions on; most must end at once for a tree to stay small.
            while !isDeep, dice.once(in: 4), result.count < 12 { result += nodes(inner, &dice, level, &count) }
            return result
        case .choice(let choices):
            guard isDeep else { return nodes(choices[dice.roll(choices.count)], &dice, level, &count) }
            let shortest = choices.compactMap(height).min() ?? 0
            let short = choices.filter { height($0) == shortest }
            return dice.pick(short).map { nodes($0, &dice, level, &count) } ?? []
        }
    }

    /// The words of a tree, put together without anything between them.
    static func text(_ node: Node) -> String {
        node.isWord ? node.text : node.children.map(text).joined()
    }
}
