/// Text made safe for HTML.
public enum HTML {
    /// The text as it may stand between tags and inside quoted attributes.
    public static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: if let shown = visible(scalar) { result.unicodeScalars.append(shown) }
            }
        }
        return result
    }

    /// The text without the characters that a page must not hold, for markdown: what `escaped` does apart from escaping.
    public static func visible(_ text: some StringProtocol) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.compactMap(visible)))
    }

    /// The character, one that stands for it, or nil where it is left out.
    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x09, 0x0A: return scalar
        case 0x0D: return nil
        // HTML has no place for NUL and other controls, nor for what is no character.
        case 0..<0x20, 0x7F..<0xA0, 0xFDD0...0xFDEF: return "\u{FFFD}"
        case _ where scalar.value & 0xFFFE == 0xFFFE: return "\u{FFFD}"
        // These turn the order of the letters around them, or hide some: a line would read as what it is not.
        case 0x202A...0x202E, 0x2066...0x206F, 0xFFF9...0xFFFB: return "\u{FFFD}"
        default: return scalar
        }
    }

    /// A link; without an address the text alone.
    public static func link(_ text: String, to address: String?) -> String {
        guard let address else { return escaped(text) }
        return "<a href=\"\(escaped(address))\">\(escaped(text))</a>"
    }

    /// A path as part of an address: everything but letters, digits and `-._~/` is written as `%XX`.
    public static func address(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
