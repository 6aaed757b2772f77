/// Text and numbers on their way into a gnuplot command. Everything a user wrote passes through `quoted`, so nothing
/// of it can become a command.
enum GnuplotText {
    /// Longer text is cut: no label of this length can be read.
    static let longest = 500

    /// A double-quoted gnuplot string in which every ASCII character but letters and spaces is an octal escape.
    ///
    /// gnuplot looks for backquotes before it reads strings, and takes a doubled quote at the start of a
    /// single-quoted string for its end; escapes have neither meaning. Digits are escaped too, because an octal
    /// escape takes all that follow. Control characters and line ends become spaces.
    static func quoted(_ text: String) -> String {
        let cut = text.count > longest ? String(text.prefix(longest)) + "…" : text
        var result = "\""
        for scalar in cut.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", " ": result.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .control, "\u{2028}", "\u{2029}": result += " "
            // No document may hold these: an SVG would not be XML any more.
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            case _ where scalar.isASCII:
                let digits = String(scalar.value, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Several lines as one gnuplot string.
    static func quoted(lines: [String]) -> String {
        "\"" + lines.map { String(quoted($0).dropFirst().dropLast()) }.joined(separator: "\\n") + "\""
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
