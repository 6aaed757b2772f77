/// What other languages write, and what RS4 writes instead.
extension Parser {
    static let foreignLiterals = [
        "True": "true", "False": "false", "TRUE": "true", "FALSE": "false", "None": "nil", "null": "nil", "NULL": "nil",
        "Nil": "nil", "Null": "nil",
        "undefined": "nil", "nothing": "nil",
    ]

    private static let foreignDeclarations = [
        "def": "fn name(a, b) = … or fn name(a, b) { … }", "function": "fn name(a, b) { … }",
        "func": "fn name(a, b) { … }", "fun": "fn name(a, b) { … }", "var": "let name = value",
        "const": "let name = value", "val": "let name = value", "mut": "let name = value",
        "class": "record Name(fields) or model Name(parameters) { … }", "struct": "record Name(fields)",
        "import": "use name", "from": "use name.{a, b}", "switch": "match value { 0 => …, _ => … }",
        "throw": "raise \"why\"", "except": "try { … } catch problem { … }", "elif": "} else if condition {",
        "elsif": "} else if condition {", "elseif": "} else if condition {", "unless": "if not condition { … }",
        "until": "while not condition { … }", "loop": "while true { … }", "del": "name = nil", "global": "name = value",
    ]

    /// At the start of a statement: `def f`, `var x`, `import y` and kin.
    func foreignStatement() -> Diagnostic? {
        if kind == .name, current.text == "with", kind(ahead: 1) == .name {
            let name = tokens[index + 1]
            return failure("`with` is not a word of RS4", help: "a block follows what runs it: `\(file.text(of: name.span)) { … }`")
        }
        if kind == .name, current.text == "use", kind(ahead: 1) == .dot, kind(ahead: 2) == .slash {
            return failure("the path after `use` must stand between quotes", at: tokens[index + 1].span, help: "write `use \"\(restOfLine(from: index + 1))\"`")
        }
        guard kind == .name, let written = Parser.foreignDeclarations[current.text] else { return nil }
        switch kind(ahead: 1) {
        case .name, .string, .leftBracket, .true, .false, .not: break
        case .leftParenthesis where ["switch", "elif", "elsif", "elseif", "unless", "until"].contains(current.text): break
        default: return nil
        }
        return failure("`\(current.text)` is not a word of RS4", help: "write `\(written)`")
    }

    /// The text from a token to the end of its line.
    private func restOfLine(from start: Int) -> String {
        let last = tokens[start...].firstIndex { $0.kind == .newline || $0.kind == .semicolon || $0.kind == .end } ?? tokens.count - 1
        return shortText(Span(tokens[start].span.start, tokens[max(start, last - 1)].span.end))
    }

    /// For `a if b else c` at its `if`: what RS4 writes instead; nil when the line has no such `else`.
    private func choiceHint() -> String? {
        var start = index
        while start > 0 {
            let before = tokens[start - 1]
            switch before.kind {
            case .newline, .semicolon, .assign, .plusAssign, .minusAssign, .timesAssign, .divideAssign, .arrow, .comma, .return, .raise:
                break
            case _ where before.kind.isCloser && partners[start - 1] >= 0:
                start = partners[start - 1]
                continue
            case _ where before.kind.closer != nil: break
            default:
                start -= 1
                continue
            }
            break
        }
        var middle = index + 1
        while middle < tokens.count, ![.else, .newline, .semicolon, .end].contains(tokens[middle].kind) {
            middle = partners[middle] > middle ? partners[middle] + 1 : middle + 1
        }
        guard start < index, middle > index + 1, middle + 1 < tokens.count, tokens[middle].kind == .else else { return nil }
        var last = middle + 1
        while last < tokens.count, ![.newline, .semicolon, .end, .comma].contains(tokens[last].kind), !tokens[last].kind.isCloser {
            last = partners[last] > last ? partners[last] + 1 : last + 1
        }
        guard last > middle + 1 else { return nil }
        func text(_ first: Int, _ end: Int) -> String { shortText(Span(tokens[first].span.start, tokens[end - 1].span.end)) }
        return "write `if \(text(index + 1, middle)) { \(text(start, index)) } else { \(text(middle + 1, last)) }`"
    }

    /// For `assert (condition, reason)` at its `(`.
    func parenthesizedReason() -> Diagnostic? {
        guard kind == .leftParenthesis, partners[index] > index, kind(after: partners[index]) != .arrow else { return nil }
        let end = partners[index]
        var place = index + 1
        while place < end, tokens[place].kind != .comma { place = max(place, partners[place]) + 1 }
        guard place < end, place > index + 1 else { return nil }
        let condition = shortText(Span(tokens[index + 1].span.start, tokens[place - 1].span.end))
        let reason = place + 1 < end ? shortText(Span(tokens[place + 1].span.start, tokens[end - 1].span.end)) : "\"why\""
        return failure(
            "the condition and the reason of `assert` must stand without parentheses", at: current.span,
            help: "write `assert \(condition), \(reason)`")
    }

    /// At the start of an arm: `case 3: …`.
    func foreignArm() -> Diagnostic? {
        guard kind == .name, current.text == "case" || current.text == "when" else { return nil }
        switch kind(ahead: 1) {
        case .integer, .float, .string, .minus, .name, .true, .false, .nil, .leftBracket:
            return failure(
                "`\(current.text)` is not a word of RS4", help: "an arm is written `\(file.text(of: tokens[index + 1].span)) => …`")
        default: return nil
        }
    }

    /// At a name where a value is expected.
    func foreignExpression() -> Diagnostic? {
        let word = current.text
        if let written = Parser.foreignLiterals[word] {
            return failure("`\(word)` is not a word of RS4", help: "write `\(written)`")
        }
        let next = kind(ahead: 1)
        if word == "lambda", next == .name || next == .colon {
            return failure("`lambda` is not a word of RS4", help: "write `x => …` or `(a, b) => …`")
        }
        if word == "function" || word == "func", next == .leftParenthesis, partners[index + 1] > 0,
            kind(ahead: partners[index + 1] - index + 1) == .leftBrace
        {
            return failure("`\(word)` is not a word of RS4", help: "write `(a, b) => { … }`")
        }
        if word == "f" || word == "r" || word == "b", next == .string || next == .stringStart,
            tokens[index + 1].span.start == current.span.end
        {
            return failure("a string must not have a prefix", help: "every string takes values in: \"{x}\"")
        }
        if word == "await" || word == "async" || word == "yield" || word == "new", next == .name {
            return failure("`\(word)` is not a word of RS4", help: word == "new" ? "call the record: `Case(1, 2)`" : nil)
        }
        return nil
    }

    /// Where a value is expected and something else stands.
    func missingExpression() -> Diagnostic {
        var help: String?
        let previous = index > 0 ? tokens[index - 1].kind : .newline
        switch kind {
        case .doubleSlash where previous == .newline: help = "a comment begins with `#`"
        case .slash where kind(ahead: 1) == .star: help = "a comment begins with `#`"
        case .dot where kind(ahead: 1) == .integer: help = "write the zero: `0.5`"
        case .assign where previous == .colon: help = "write `let x = 1`"
        case .assign where [.doubleSlash, .percent, .doubleStar, .at, .bar, .ampersand, .caret].contains(previous):
            let sign = file.text(of: tokens[index - 1].span)
            help = "there is no `\(sign)=`; write `x = x \(sign) …`"
            if index > 1, tokens[index - 2].kind == .name {
                let name = file.text(of: tokens[index - 2].span)
                help = "there is no `\(sign)=`; write `\(name) = \(name) \(sign) …`"
            }
        case .assign where previous == .equal || previous == .notEqual: help = "equality is `==`, and its opposite `!=`"
        case .plus where previous == .plus: help = "write `x += 1`"
        case .star, .doubleStar: help = "arguments cannot be spread out from a list or map here"
        case .fn: help = "a function without a name is written `(a, b) => …`"
        case .for, .while: help = "a loop is a statement of its own; `map(things, x => …)` makes a list"
        case .let: help = "a `let` is a statement of its own"
        case .else: help = "`else` follows the `}` of an `if` on the same line: `} else {`"
        case .catch: help = "`catch` follows the `}` of a `try` on the same line: `} catch problem {`"
        case .arrow: help = "parameters stand before `=>`: `x => …`, `(a, b) => …`, `() => …`"
        case .greater where previous == .less: help = "write `!=`"
        case .not: help = "put it in parentheses: `(not x)`"
        default: break
        }
        if kind.isCloser, openers.isEmpty {
            return failure("\(describe(current)) closes nothing here", help: "remove it, or open the bracket before")
        }
        let after = previous.continuesLine && index > 0 ? " after `\(file.text(of: tokens[index - 1].span))`" : ""
        let found = kind == .end || kind == .newline ? "\(describe(current)) comes" : "\(describe(current)) stands"
        return failure("a value must stand\(after), but \(found) here", help: help)
    }

    /// After a whole statement, when something else than its end follows; `start` is its first token.
    func unexpectedAfterStatement(from start: Int) -> Diagnostic {
        if kind.isCloser, openers.isEmpty || kind != openers.last?.kind.closer {
            return failure("\(describe(current)) closes nothing here", help: "remove it, or open the bracket before")
        }
        let separation = "between two statements stands a newline or a `;`"
        return failure(
            "a statement must end here, but \(describe(current)) follows", help: beginsStatement(from: start) ? separation : hint() ?? separation)
    }

    /// Whether what follows a whole statement on its line is another one, and not the rest of a call without parentheses, of a
    /// choice or of a loop as other languages write them.
    private func beginsStatement(from start: Int) -> Bool {
        switch kind {
        case .comma: return tokens[start].kind == .let && kind(ahead: 1) == .name && kind(ahead: 2) == .assign
        case .let, .fn, .while, .return, .match, .try, .raise, .assert, .break, .continue: return true
        case .for, .if: return opensBlock && (kind == .for || choiceHint() == nil)
        case .name:
            if Parser.misplacedWords.contains(current.text) { return false }
            // `print x`, `print f(x)`: the statement was one name.
            if index - start == 1, tokens[start].kind == .name { return false }
            switch (current.text, kind(ahead: 1)) {
            case ("use", .name), ("use", .string), ("record", .name), ("model", .name), ("param", .name): return true
            case (_, .assign), (_, .plusAssign), (_, .minusAssign), (_, .timesAssign), (_, .divideAssign), (_, .leftParenthesis): return true
            default: return tokens[index - 1].kind != .name
            }
        default: return false
        }
    }

    /// Words of other languages that stand inside a statement; `hint` knows what is written in their place.
    private static let misplacedWords: Set<String> = [
        "elif", "elsif", "elseif", "then", "except", "finally", "is", "as", "mod", "div", "xor", "AND", "OR", "of",
    ]

    /// Whether a `{` stands in the rest of the line.
    private var opensBlock: Bool {
        let rest = tokens[index...].prefix { $0.kind != .newline && $0.kind != .end }
        return rest.contains { $0.kind == .leftBrace }
    }

    /// A word of advice for a token that is out of place.
    func hint() -> String? {
        let previous = index > 0 ? tokens[index - 1] : nil
        switch kind {
        case .name:
            switch current.text {
            case "elif", "elsif", "elseif": return "write `} else if condition {`"
            case "then": return "a block stands between braces: `{ … }`"
            case "except": return "write `} catch problem {`"
            case "finally": return "there is no `finally`; write the last steps after the `try`"
            case "is": return "write `==`, and for the type `type(x) == …`"
            case "as": return "`as` belongs to `use`"
            case "mod": return "write `%`"
            case "div": return "write `//`"
            case "xor": return "write `!=` for truth values, `^` for bits"
            case "AND": return "write `and`"
            case "OR": return "write `or`"
            case "of": return "write `in`"
            default: break
            }
            if previous?.kind == .name, let word = previous?.text {
                // `print f(x)` means the whole call.
                let isCall = kind(ahead: 1) == .leftParenthesis && partners[index + 1] > index
                let argument = isCall ? shortText(Span(current.span.start, tokens[partners[index + 1]].span.end)) : current.text
                return "a call has parentheses\(word == "print" ? "" : " and commas"): `\(word)(\(argument))`"
            }
            return nil
        case .string, .stringStart:
            if previous?.kind == .name, let word = previous?.text { return "a call has parentheses: `\(word)(…)`" }
            return previous?.kind == .string || previous?.kind == .stringEnd ? "join strings with `+`" : "is a `,` or an operator missing?"
        case .integer, .float: return "is a `,` or an operator missing?"
        case .question: return "a choice is written `if condition { a } else { b }`"
        case .if: return choiceHint() ?? "a choice is written `if condition { a } else { b }`"
        case .assign:
            if previous?.kind == .colon { return "write `let x = 1`" }
            return "`=` binds a name at the start of a statement; to compare, write `==`"
        case .colon:
            if kind(ahead: 1) == .assign { return "write `let x = 1`" }
            return "a block stands between braces: `{ … }`, and a map is `{key: value}`"
        case .comma: return "a list is written `[a, b]`"
        case .arrow: return "parameters stand before `=>`: `x => …` or `(a, b) => …`, in parentheses after an operator"
        case .else: return "`else` follows the `}` of an `if` on the same line: `} else {`"
        case .leftBrace: return "a block follows a call, a name or a control word"
        case .for: return "write `map(things, x => …)`"
        case .doubleSlash: return "a comment begins with `#`"
        case .plus where previous?.kind == .plus: return "write `x += 1`"
        case .resultArrow: return "a function without a name is written `x => …`"
        default: return nil
        }
    }
}
