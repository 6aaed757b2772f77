/// Cuts a source text into tokens; comments are kept on the side.
///
/// Mistakes are collected, never thrown: the tokens that remain still make a program worth parsing.
final class Lexer {
    let file: SourceFile
    let bytes: [UInt8]
    var position = 0
    var tokens: [Token] = []
    var comments: [Comment] = []
    /// Text of the `##` lines that stand alone, by zero-based line.
    var documentation: [Int: String] = [:]
    var diagnostics: [Diagnostic] = []
    /// Set when the text ends inside a `"""` string.
    var endsInsideString = false
    /// How many strings are open around the current place.
    var stringDepth = 0
    /// Set when strings stand too deep in each other; nothing else is said about them then.
    var isTooDeep = false
    static let stringDepthLimit = 20
    private var line = 0
    private var lineStart = 0

    init(_ file: SourceFile) {
        self.file = file
        bytes = file.bytes
        tokens.reserveCapacity(bytes.count / 4 + 8)
    }

    /// Reads the whole text; the last token is `.end`.
    func run() {
        guard checkEncoding() else {
            tokens = [Token(.end, Span(bytes.count, bytes.count))]
            return
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            lineStart = 3
        }
        while position < bytes.count {
            next()
        }
        tokens.append(Token(.end, Span(bytes.count, bytes.count)))
    }

    func byte(_ ahead: Int = 0) -> UInt8 {
        let place = position + ahead
        return place < bytes.count ? bytes[place] : 0
    }

    func report(_ message: String, _ span: Span, label: String = "", help: String? = nil) {
        guard diagnostics.count < 50 else { return }
        diagnostics.append(
            Diagnostic(code: "syntax", message: message, labels: [.init(Location(file, span), label)], help: help))
    }

    /// Reads one token, comment or run of blanks.
    func next() {
        let start = position
        let first = bytes[position]
        switch first {
        case _ where first.isBlank:
            position += 1
        case 0x0A:
            position += 1
            newline(at: start)
        case UInt8(ascii: "#"):
            comment()
        case UInt8(ascii: "\""):
            string()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            name()
        case 0x80...:
            if scalar(at: position).value.properties.isXIDStart { name() } else { unknownCharacter() }
        default:
            if !symbol() { unknownCharacter() }
        }
    }

    // MARK: Lines and comments

    private func newline(at start: Int) {
        line += 1
        lineStart = position
        newlineToken(at: start)
    }

    /// A newline counts unless nothing stands before it or the line goes on.
    func newlineToken(at start: Int) {
        guard let last = tokens.last, last.kind != .newline, !last.kind.continuesLine else { return }
        tokens.append(Token(.newline, Span(start, start + 1)))
    }

    /// A string that spans lines tells the lexer how far it went.
    func countLines(from start: Int) {
        for place in start..<position where bytes[place] == 0x0A {
            line += 1
            lineStart = place + 1
        }
    }

    private func comment() {
        let start = position
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        var end = position
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        let isAlone = bytes[lineStart..<start].allSatisfy { $0.isBlank || $0 == UInt8(ascii: ";") }
        var kind = Comment.Kind.plain
        if isAlone, Comment.startsCell(bytes[start..<end]) {
            kind = .cell
        } else if isAlone, end > start + 1, bytes[start + 1] == UInt8(ascii: "#"),
            end == start + 2 || bytes[start + 2] != UInt8(ascii: "#")
        {
            kind = .documentation
            var textStart = start + 2
            if textStart < end, bytes[textStart] == 0x20 { textStart += 1 }
            documentation[line] = String(decoding: bytes[textStart..<end], as: UTF8.self)
        }
        comments.append(Comment(kind: kind, span: Span(start, end), isAlone: isAlone))
    }

    // MARK: Names

    private func name() {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                guard isNameByte(byte) else { break }
                position += 1
            } else {
                let (value, length) = scalar(at: position)
                guard value.properties.isXIDContinue else { break }
                position += length
            }
        }
        let span = Span(start, position)
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let keyword = TokenKind.keywords[text], tokens.last?.kind != .dot {
            tokens.append(Token(keyword, span, text: text))
        } else {
            tokens.append(Token(.name, span, text: text))
        }
    }

    func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default:
            return false
        }
    }

    // MARK: Operators

    /// Reads an operator or bracket; false when the character starts none.
    private func symbol() -> Bool {
        let second = byte(1)
        let third = byte(2)
        let kind: TokenKind
        switch bytes[position] {
        case UInt8(ascii: "("): kind = .leftParenthesis
        case UInt8(ascii: ")"): kind = .rightParenthesis
        case UInt8(ascii: "["): kind = .leftBracket
        case UInt8(ascii: "]"): kind = .rightBracket
        case UInt8(ascii: "{"): kind = .leftBrace
        case UInt8(ascii: "}"): kind = .rightBrace
        case UInt8(ascii: ","): kind = .comma
        case UInt8(ascii: ":"): kind = .colon
        case UInt8(ascii: ";"): kind = .semicolon
        case UInt8(ascii: "?"): kind = .question
        case UInt8(ascii: "@"): kind = .at
        case UInt8(ascii: "^"): kind = .caret
        case UInt8(ascii: "%"): kind = .percent
        case UInt8(ascii: "."):
            guard second == UInt8(ascii: ".") else { kind = .dot; break }
            if third == UInt8(ascii: "<") {
                kind = .halfOpenRange
            } else if third == UInt8(ascii: ".") {
                kind = .ellipsis
            } else {
                report(
                    "a range must be written `..<` or `...`, but is `..`", Span(position, position + 2),
                    help: "`0..<n` leaves out the end, `1...n` has it")
                tokens.append(Token(.halfOpenRange, Span(position, position + 2)))
                position += 2
                return true
            }
        case UInt8(ascii: "="):
            kind = second == UInt8(ascii: "=") ? .equal : second == UInt8(ascii: ">") ? .arrow : .assign
        case UInt8(ascii: "+"):
            kind = second == UInt8(ascii: "=") ? .plusAssign : .plus
        case UInt8(ascii: "-"):
            kind = second == UInt8(ascii: "=") ? .minusAssign : second == UInt8(ascii: ">") ? .resultArrow : .minus
        case UInt8(ascii: "*"):
            kind = second == UInt8(ascii: "*") ? .doubleStar : second == UInt8(ascii: "=") ? .timesAssign : .star
        case UInt8(ascii: "/"):
            kind = second == UInt8(ascii: "/") ? .doubleSlash : second == UInt8(ascii: "=") ? .divideAssign : .slash
        case UInt8(ascii: "<"):
            kind = second == UInt8(ascii: "=") ? .lessOrEqual : .less
        case UInt8(ascii: ">"):
            kind = second == UInt8(ascii: "=") ? .greaterOrEqual : .greater
        case UInt8(ascii: "!"):
            guard second == UInt8(ascii: "=") else { return foreign("!", 1, .not, "`not` is written out: `not ready`") }
            kind = .notEqual
        case UInt8(ascii: "|"):
            if second == UInt8(ascii: "|") { return foreign("||", 2, .or, "write `or`") }
            kind = second == UInt8(ascii: ">") ? .pipe : .bar
        case UInt8(ascii: "&"):
            if second == UInt8(ascii: "&") { return foreign("&&", 2, .and, "write `and`") }
            kind = .ampersand
        default:
            return false
        }
        if kind == .plus || kind == .minus, second == bytes[position], endsLine(at: position + 2) {
            let text = String(repeating: kind.rawValue, count: 2)
            report("`\(text)` is not an operator of RS4", Span(position, position + 2), help: "write `x \(kind.rawValue)= 1`")
            position += 2
            return true
        }
        if kind == .pipe || kind == .dot, tokens.last?.kind == .newline { tokens.removeLast() }
        let length = kind.rawValue.utf8.count
        tokens.append(Token(kind, Span(position, position + length)))
        position += length
        return true
    }

    private func endsLine(at start: Int) -> Bool {
        var place = start
        while place < bytes.count, bytes[place].isBlank { place += 1 }
        return place >= bytes.count || bytes[place] == 0x0A || bytes[place] == UInt8(ascii: ";") || bytes[place] == UInt8(ascii: "}")
    }

    /// An operator of other languages: reported, then read as the one that RS4 has.
    private func foreign(_ text: String, _ length: Int, _ kind: TokenKind, _ help: String) -> Bool {
        let span = Span(position, position + length)
        report("`\(text)` is not an operator of RS4", span, help: help)
        tokens.append(Token(kind, span, text: kind.rawValue))
        position += length
        return true
    }
}
