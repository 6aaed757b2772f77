/// Text and numbers on their way into a gnuplot command. Everything a user wrote passes through `quoted`, so nothing
/// of it can become a command: gnuplot substitutes neither backquotes nor macros nor escapes in single quotes.
enum GnuplotText {
    /// A single-quoted gnuplot string: quotes doubled, control characters and line ends replaced by spaces.
    static func quoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": result += "''"
            case let control where control.properties.generalCategory == .control: result += " "
            case "\u{2028}", "\u{2029}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }

    /// A number as gnuplot reads it; what is not finite becomes 0, so that no command ever holds `nan`.
    static func number(_ value: Double) -> String {
        value.isFinite ? "\(value)" : "0"
    }

    /// `[low:high]`
    static func range(_ range: ClosedRange<Double>) -> String {
        "[\(number(range.lowerBound)):\(number(range.upperBound))]"
    }
}
