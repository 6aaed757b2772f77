import Syntax

/// Random programs of the language, derived from the grammar in `docs/language/grammar.md`.
///
/// The page tells some rules in words: which names are taken, where a jump must stand in parentheses, which names must
/// differ. They are kept here, each beside the production that it belongs to, so every program must parse.
public struct ProgramMaker {
    private var derivation: Derivation

    /// - Parameter names: what `name` stands for; without any, letters of several scripts.
    public init(_ grammar: Grammar, names: [String] = []) {
        derivation = Derivation(grammar)
        for (symbol, characters) in ProgramMaker.characters {
            derivation.sources[symbol] = { dice in dice.pick(characters) }
        }
        if !names.isEmpty { derivation.sources["name"] = { dice in dice.pick(names) } }
        derivation.sources["size"] = { dice in dice.once(in: 3) ? dice.pick(["B", "C", "3", "...", "0"]) : nil }
        derivation.checks["integer"] = { text in
            let digits = text.replacing("_", with: "").lowercased()
            if digits.hasPrefix("0x") { return Int(digits.dropFirst(2), radix: 16) != nil }
            return digits.hasPrefix("0b") ? Int(digits.dropFirst(2), radix: 2) != nil : Int(digits) != nil
        }
        derivation.checks["float"] = { text in Double(text.replacing("_", with: "")).map { $0.isFinite } ?? false }
        derivation.checks["escape"] = { text in
            guard text.hasPrefix("\\u{") else { return true }
            return text.count < 13 && UInt32(text.dropFirst(3).dropLast(), radix: 16).flatMap(Unicode.Scalar.init) != nil
        }
    }

    private static let characters: [String: [String]] = [
        "letter": ["a", "x", "Z", "_", "é", "ß", "漢", "n", "k"],
        "digit": "0123456789".map(String.init),
        "hex": "0123456789abcdefABCDEF".map(String.init),
        "bit": ["0", "1"],
        "character": ["a", " ", "#", "é", "e\u{301}", "漢", "👩‍🔬", "'", "/", ":", "(", "]", "0", "\t", "|>"],
        "in_format": [".", "3", "f", ">", "<", "0", ",", "d", "%", "x", "+", "é", " "],
        "in_line": ["a", " ", "%", "#", "é", "{", "\""],
        "line_end": ["\n"], "tab": ["\t"], "carriage_return": ["\r"],
    ]

    /// How many productions a program holds before it comes to its end by the shortest way.
    public var size: Int {
        get { derivation.size }
        set { derivation.size = newValue }
    }

    /// How deep productions may stand in each other; expressions alone take some fifteen levels.
    public var depth: Int {
        get { derivation.depth }
        set { derivation.depth = newValue }
    }

    /// A random program.
    public func program(_ dice: inout Dice) -> String {
        text("program", &dice)
    }

    /// A random text of one production.
    public func text(_ symbol: String, _ dice: inout Dice) -> String {
        let tree = derivation.tree(symbol, &dice)
        ProgramRules.apply(to: tree)
        var writer = ProgramWriter()
        writer.write(tree, &dice)
        let text = writer.text
        return dice.once(in: 30) ? text.replacing("\n", with: "\r\n") : text
    }
}
