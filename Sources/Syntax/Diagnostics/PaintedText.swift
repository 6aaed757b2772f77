/// A text whose parts have roles, for whoever gives them colours: a terminal or a page.
public struct PaintedText: ExpressibleByStringInterpolation {
    /// What a part of a diagnostic is.
    public enum Role: String { case error, warning, strong, gutter, mark }
    public struct Part {
        public var text: String
        /// nil for text without a colour.
        public var role: Role?
    }

    public private(set) var parts: [Part] = []

    public init(_ text: String, _ role: Role? = nil) {
        if !text.isEmpty { parts = [Part(text: text, role: role)] }
    }

    public init(stringLiteral text: String) { self.init(text) }

    public init(stringInterpolation: Interpolation) { parts = stringInterpolation.text.parts }

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = PaintedText("")
        public init(literalCapacity: Int, interpolationCount: Int) {}
        public mutating func appendLiteral(_ literal: String) { text.append(PaintedText(literal)) }
        public mutating func appendInterpolation(_ piece: PaintedText) { text.append(piece) }
        public mutating func appendInterpolation(_ piece: some CustomStringConvertible) {
            text.append(PaintedText(piece.description))
        }
    }

    public mutating func append(_ other: PaintedText) {
        for part in other.parts {
            if let last = parts.last, last.role == part.role {
                parts[parts.count - 1].text += part.text
            } else {
                parts.append(part)
            }
        }
    }

    static func joined(_ lines: [PaintedText]) -> PaintedText {
        var whole = PaintedText("")
        for (number, line) in lines.enumerated() {
            if number > 0 { whole.append("\n") }
            whole.append(line)
        }
        return whole
    }

    /// Without blanks at the end of its last part, where that has no colour.
    var trimmingTrailingBlanks: PaintedText {
        guard let last = parts.last, last.role == nil else { return self }
        var result = self
        result.parts.removeLast()
        result.append(PaintedText(last.text.trimmingTrailingBlanks))
        return result
    }

    /// The text alone.
    public var plain: String { parts.map(\.text).joined() }

    /// With a terminal's colours.
    public var terminal: String {
        parts.map { part in part.role.map { PaintedText.colour($0) + part.text + "\u{1B}[0m" } ?? part.text }.joined()
    }

    private static func colour(_ role: Role) -> String {
        switch role {
        case .error: return "\u{1B}[1;31m"
        case .warning: return "\u{1B}[1;33m"
        case .strong: return "\u{1B}[1m"
        case .gutter: return "\u{1B}[34m"
        case .mark: return "\u{1B}[31m"
        }
    }
}
