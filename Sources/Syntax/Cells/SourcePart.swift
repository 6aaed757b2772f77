/// What a stretch of source text is, for whoever colours it.
public struct SourcePart: Equatable {
    public enum Kind: String {
        case keyword
        /// `true`, `false`, `nil`
        case constant
        case number
        case string
        case comment
        /// A `##` line.
        case documentation
        /// A name behind `fn`, `record`, `model`, or before `(`.
        case function
        /// A name with a capital: a record, a model, an annotation.
        case type
        /// A name before `:`: an argument, a key.
        case label
        case name
        case symbol
    }
    public let kind: Kind
    public let span: Span
    /// Set for a name that is called without a value before it: `f(x)`, `x |> f`.
    public let isCall: Bool
}

extension SourcePart {
    /// The parts of a text in order, without the blanks between them. The text need not parse.
    public static func parts(of file: SourceFile) -> [SourcePart] {
        let lexer = Lexer(file)
        lexer.run()
        let tokens = lexer.tokens.filter { $0.kind != .newline && $0.kind != .end && $0.span.start < $0.span.end }
        var parts = tokens.indices.map { part(tokens, at: $0) }
        parts += lexer.comments.map {
            SourcePart(kind: $0.kind == .documentation ? .documentation : .comment, span: $0.span, isCall: false)
        }
        parts.sort { $0.span.start < $1.span.start }
        var end = 0
        return parts.filter { part in
            guard part.span.start >= end, part.span.end <= file.bytes.count else { return false }
            end = part.span.end
            return true
        }
    }

    private static let declaring: Set<String> = ["record", "model", "use", "param", "as"]

    private static func part(_ tokens: [Token], at place: Int) -> SourcePart {
        let token = tokens[place]
        let previous = place > 0 ? tokens[place - 1] : nil
        let next = place + 1 < tokens.count ? tokens[place + 1] : nil
        func made(_ kind: Kind, isCall: Bool = false) -> SourcePart { SourcePart(kind: kind, span: token.span, isCall: isCall) }
        switch token.kind {
        case .integer, .float: return made(.number)
        case .string, .stringStart, .stringText, .stringEnd, .interpolationFormat: return made(.string)
        case .true, .false, .nil: return made(next?.kind == .colon ? .label : .constant)
        case .name:
            if declaring.contains(token.text), let next, next.kind == .name || token.text == "use" && next.kind == .string {
                return made(.keyword)
            }
            let isDeclared = previous?.kind == .fn
            let isCalled = next?.kind == .leftParenthesis && next?.span.start == token.span.end
            let isPiped = previous?.kind == .pipe
            if token.text.first?.isUppercase ?? false { return made(.type) }
            if isDeclared || isCalled || isPiped {
                return made(.function, isCall: !isDeclared && (isCalled || isPiped) && (previous?.kind != .dot))
            }
            return made(next?.kind == .colon ? .label : .name)
        default:
            if token.kind.isKeyword { return made(next?.kind == .colon || previous?.kind == .dot ? .label : .keyword) }
            return made(.symbol)
        }
    }
}
