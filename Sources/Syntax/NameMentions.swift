/// Where names stand in a text that need not parse.
public enum NameMentions {
    /// Every name of the text with its place, inside the values of strings too; no keywords, no fields, no comments.
    public static func find(in text: String) -> [(name: String, span: Span)] {
        let file = SourceFile(name: "", text: text)
        let lexer = Lexer(file)
        lexer.run()
        var mentions: [(name: String, span: Span)] = []
        var previous = TokenKind.newline
        for token in lexer.tokens {
            if token.kind == .name, previous != .dot { mentions.append((file.text(of: token.span), token.span)) }
            previous = token.kind
        }
        return mentions
    }
}
