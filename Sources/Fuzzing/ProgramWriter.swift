/// Writes the words of a derived program with blanks, comments and line breaks where they may stand.
struct ProgramWriter {
    private(set) var text = ""

    private enum Lines {
        /// A line's end ends a statement.
        case count
        /// Inside brackets it does not.
        case areBlank
        /// In a value of a plain string there must be none.
        case areForbidden
    }
    private var lines: [Lines] = [.count]
    private var last = ""
    /// How many strings are open; a value inside one holds no comment.
    private var stringDepth = 0

    private static let lexical: Set<String> = ["name", "keyword", "integer", "float", "piece"]
    private static let continuing: Set<String> = [
        ",", ".", "=", "+=", "-=", "*=", "/=", "=>", "->", "|>", "..<", "...", "+", "-", "*", "/", "//", "%", "**", "@", "==", "!=",
        "<", "<=", ">", ">=", "|", "^", "&", "and", "or", "not", "in",
    ]

    mutating func write(_ node: Derivation.Node, _ dice: inout Dice) {
        switch node.symbol {
        case "":
            word(node.text, owner: "", &dice)
        case "string":
            string(node, &dice)
        case "format":
            text += Derivation.text(node)
        case _ where ProgramWriter.lexical.contains(node.symbol):
            word(Derivation.text(node), owner: node.symbol, &dice)
        case "separator", "arm_end":
            separator(node, &dice)
        default:
            for child in node.children {
                if child.isWord { word(child.text, owner: node.symbol, &dice) } else { write(child, &dice) }
            }
        }
    }

    private mutating func separator(_ node: Derivation.Node, _ dice: inout Dice) {
        for mark in Derivation.text(node).map(String.init) {
            if mark != "\n" {
                text += mark
            } else if case .areForbidden = lines.last {
                text += node.symbol == "arm_end" ? "," : ";"
            } else {
                lineEnd(&dice)
            }
        }
        last = "\n"
    }

    private mutating func lineEnd(_ dice: inout Dice) {
        if stringDepth == 0, dice.once(in: 12) { text += "  # why" }
        text += "\n"
        if stringDepth == 0, dice.once(in: 15) { text += dice.pick(["# alone\n", "## told\n", "# %% Cell\n", "# %% [markdown] T\n# text\n", "\n", "#\n"]) ?? "" }
        text += String(repeating: " ", count: dice.roll(5))
    }

    private mutating func word(_ word: String, owner: String, _ dice: inout Dice) {
        // A keyword after `.` is a name, and ends a line as names do.
        defer { last = owner == "keyword" ? "name" : word }
        let mode = lines.last ?? .count
        if word == ")" || word == "]" || word == "}" , lines.count > 1 { lines.removeLast() }
        var mayBreak = ProgramWriter.continuing.contains(last) || word == "|>" || word == "."
        switch mode {
        case .areForbidden: mayBreak = false
        case .areBlank: mayBreak = !(word == "{" && owner == "trailing")
        case .count: break
        }
        let mayTouch = "()[]{},:".contains(word) && last != "{" || last == "(" || last == "["
        if mayBreak, dice.once(in: 10) {
            lineEnd(&dice)
        } else if !mayTouch || dice.once(in: 2) {
            text += dice.once(in: 40) ? " \t" : " "
        }
        text += word
        switch word {
        case "(", "[": lines.append(inside(.areBlank))
        case "{": lines.append(inside(["map", "pattern", "tested", "use"].contains(owner) ? .areBlank : .count))
        default: break
        }
    }

    /// Inside a plain string's value no line ends, whatever opens there.
    private func inside(_ wanted: Lines) -> Lines {
        if case .areForbidden = lines.last { return .areForbidden }
        return wanted
    }

    private mutating func string(_ node: Derivation.Node, _ dice: inout Dice) {
        guard node.children.count > 1, let quotes = node.children.first?.text else {
            return word(Derivation.text(node), owner: "string", &dice)
        }
        word(quotes, owner: "string", &dice)
        var isPlain = quotes == "\""
        if case .areForbidden = lines.last { isPlain = true }
        for child in node.children.dropFirst() {
            guard child.symbol == "piece", let value = child.children.first, value.symbol == "value" else {
                let part = Derivation.text(child)
                text += isPlain && child.symbol == "line_end" ? " " : part
                continue
            }
            text += "{"
            last = "{"
            lines.append(isPlain ? .areForbidden : .areBlank)
            stringDepth += 1
            for part in value.children.dropFirst().dropLast() {
                if part.text == ":" { text += ":" } else { write(part, &dice) }
            }
            lines.removeLast()
            stringDepth -= 1
            text += value.children.contains { $0.text == ":" } ? "}" : " }"
        }
        last = quotes
    }
}
