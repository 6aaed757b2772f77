/// What a token is; the raw value is how diagnostics name it.
enum TokenKind: String {
    case end = "the end of the input"
    case newline = "the end of the line"
    case integer = "a whole number"
    case float = "a number"
    case name = "a name"
    /// A string without `{…}` in it; `stringStart … stringEnd` is one with.
    case string = "a string"
    case stringStart = "the start of a string"
    case stringText = "the text of a string"
    case stringEnd = "the end of a string"
    case interpolationStart = "`{` in a string"
    case interpolationFormat = "the format after `:`"
    case interpolationEnd = "the `}` in a string"

    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"

    case comma = ","
    case colon = ":"
    case semicolon = ";"
    case dot = "."
    case question = "?"
    case assign = "="
    case plusAssign = "+="
    case minusAssign = "-="
    case timesAssign = "*="
    case divideAssign = "/="
    case arrow = "=>"
    case resultArrow = "->"
    case pipe = "|>"
    case halfOpenRange = "..<"
    case ellipsis = "..."
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case doubleSlash = "//"
    case percent = "%"
    case doubleStar = "**"
    case at = "@"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case bar = "|"
    case caret = "^"
    case ampersand = "&"

    case `let`, fn, `if`, `else`, `for`, `in`, `while`, `break`, `continue`, match, `try`, `catch`, raise
    case `return`, assert, and, or, not
    case `nil`, `true`, `false`

    /// The words that cannot be names.
    static let keywords: [String: TokenKind] = {
        let kinds: [TokenKind] = [
            .let, .fn, .if, .else, .for, .in, .while, .break, .continue, .match, .try, .catch, .raise, .return,
            .assert, .and, .or, .not, .nil, .true, .false,
        ]
        return Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, $0) })
    }()

    var isKeyword: Bool { TokenKind.keywords[rawValue] == self }

    /// True when a line that ends in this token goes on with the next line.
    var continuesLine: Bool {
        switch self {
        case .comma, .dot, .assign, .plusAssign, .minusAssign, .timesAssign, .divideAssign, .arrow, .resultArrow,
            .pipe, .halfOpenRange, .ellipsis, .plus, .minus, .star, .slash, .doubleSlash, .percent, .doubleStar, .at,
            .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .bar, .caret, .ampersand, .and, .or,
            .not, .in:
            return true
        default:
            return false
        }
    }

    /// The token that closes this one, for brackets and for the parts of strings.
    var closer: TokenKind? {
        switch self {
        case .leftParenthesis: return .rightParenthesis
        case .leftBracket: return .rightBracket
        case .leftBrace: return .rightBrace
        case .stringStart: return .stringEnd
        case .interpolationStart: return .interpolationEnd
        default: return nil
        }
    }

    var isCloser: Bool {
        switch self {
        case .rightParenthesis, .rightBracket, .rightBrace, .stringEnd, .interpolationEnd: return true
        default: return false
        }
    }
}

/// One word of the text.
struct Token {
    var kind: TokenKind
    var span: Span
    /// A name's letters, a string's text with its escapes resolved, or a format.
    var text = ""
    var integer = 0
    var float = 0.0

    init(_ kind: TokenKind, _ span: Span, text: String = "") {
        self.kind = kind
        self.span = span
        self.text = text
    }
}

/// A comment, kept beside the tree.
public struct Comment {
    public enum Kind {
        case plain
        /// `## text`
        case documentation
        /// `# %% title`
        case cell
    }
    public var kind: Kind
    /// From the `#` to the last character before the line's end.
    public var span: Span
    /// True when nothing but blanks stands before it on its line.
    public var isAlone: Bool

    public init(kind: Kind, span: Span, isAlone: Bool) {
        self.kind = kind
        self.span = span
        self.isAlone = isAlone
    }

    /// The comments of a text in order; nil when it is not made of whole words, so that what is a comment is open.
    public static func all(in file: SourceFile) -> [Comment]? {
        let lexer = Lexer(file)
        lexer.run()
        return lexer.diagnostics.isEmpty ? lexer.comments : nil
    }

    /// True for a comment that starts a cell: `# %%`, alone or followed by a blank or a title.
    static func startsCell(_ comment: ArraySlice<UInt8>) -> Bool {
        let text = Array(comment)
        var place = 1
        while place < text.count, text[place] == 0x20 { place += 1 }
        guard place > 1, place + 1 < text.count, text[place] == UInt8(ascii: "%"), text[place + 1] == UInt8(ascii: "%")
        else { return false }
        return place + 2 == text.count || text[place + 2] == 0x20 || text[place + 2] == UInt8(ascii: "[")
    }
}
