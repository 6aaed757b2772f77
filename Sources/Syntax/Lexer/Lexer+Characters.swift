extension UInt8 {
    /// True for what separates words without meaning anything: a space, a tabulator, a carriage return.
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}

extension Collection where Element == UInt8 {
    /// Without the carriage returns that belong to a line's end: all of those in a row before a line feed. Any other is a
    /// character of its own.
    public func withPlainLineEnds() -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(count)
        for byte in self {
            if byte == 0x0A { while kept.last == 0x0D { kept.removeLast() } }
            kept.append(byte)
        }
        return kept
    }
}

extension Unicode.Scalar {
    /// False for what a terminal draws as nothing, as a blank, or onto the character before.
    var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator,
            .nonspacingMark, .enclosingMark:
            return false
        default: return true
        }
    }
}

extension Lexer {
    /// The character at a place of the text, which is known to be valid UTF-8, and its length in bytes.
    func scalar(at place: Int) -> (value: Unicode.Scalar, length: Int) {
        let first = UInt32(bytes[place])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        func following(_ ahead: Int) -> UInt32 {
            place + ahead < bytes.count ? UInt32(bytes[place + ahead] & 0x3F) : 0
        }
        let value: UInt32
        let length: Int
        if first < 0xE0 {
            value = (first & 0x1F) << 6 | following(1)
            length = 2
        } else if first < 0xF0 {
            value = (first & 0x0F) << 12 | following(1) << 6 | following(2)
            length = 3
        } else {
            value = (first & 0x07) << 18 | following(1) << 12 | following(2) << 6 | following(3)
            length = 4
        }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Reports the first byte that is no UTF-8 and the first NUL; false when the text cannot be read on.
    func checkEncoding() -> Bool {
        var place = 0
        while place < bytes.count {
            let first = bytes[place]
            if first == 0 {
                report(
                    "a script must be text, but has a NUL byte here", Span(place, place + 1),
                    help: "is this the right file?")
                return false
            }
            if first < 0x80 {
                place += 1
                continue
            }
            guard let length = sequenceLength(at: place) else {
                report(
                    "a script must be UTF-8 text, but has the byte 0x\(String(first, radix: 16, uppercase: true)) here",
                    Span(place, place + 1), help: "save the file as UTF-8")
                return false
            }
            place += length
        }
        return true
    }

    /// The length of the well-formed multi-byte character at a place (Unicode 15, table 3-7), nil when there is none.
    private func sequenceLength(at place: Int) -> Int? {
        let first = bytes[place]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: length = 3
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard place + length <= bytes.count, second.contains(bytes[place + 1]) else { return nil }
        for ahead in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[place + ahead]) { return nil }
        return length
    }

    /// Reports the character at the current place and steps over it.
    func unknownCharacter() {
        let (value, length) = scalar(at: position)
        let span = Span(position, position + length)
        position += length
        let shown = value.value < 0x20 || value.value == 0x7F ? "a control character" : value.isVisible ? "`\(value)`" : "U+\(hexadecimal(value))"
        var help: String?
        switch value {
        case "'", "‘", "’", "“", "”", "„", "«", "»", "`":
            help = "strings stand between straight double quotes: \"text\""
            // What stands between two such marks is one mistake, and a string to whatever follows.
            if let end = endOfText(between: value) {
                tokens.append(Token(.string, Span(span.start, end)))
                position = end
            }
        case "\u{A0}", "\u{2007}", "\u{202F}", "\u{200B}", "\u{3000}", "\u{FEFF}":
            report("a blank must be an ordinary space, but is U+\(hexadecimal(value))", span, help: "type the space again")
            return
        case "−", "–", "—":
            help = "the minus sign is `-`"
        case "×", "·": help = "multiplication is `*`"
        case "÷": help = "division is `/`"
        case "≤": help = "write `<=`"
        case "≥": help = "write `>=`"
        case "≠": help = "write `!=`"
        case "→": help = "write `->` or `=>`"
        case "…": help = "write three dots: `...`"
        case "\\": help = "a line goes on by itself inside brackets and after an operator"
        case "$": help = "a string takes values in as \"{name}\""
        case "~": help = "negation is `not`; for a tensor of truth values write `x == false`"
        default: break
        }
        report("\(shown) means nothing here", span, label: "U+\(hexadecimal(value))", help: help)
    }

    /// Just behind the mark that closes a text which `mark`, that was just read, opens; nil when none does in this line.
    private func endOfText(between mark: Unicode.Scalar) -> Int? {
        let closers: [Unicode.Scalar: [Unicode.Scalar]] = ["‘": ["’"], "“": ["”"], "„": ["“", "”"], "«": ["»"], "'": ["'"], "`": ["`"]]
        guard let wanted = closers[mark] else { return nil }
        var place = position
        while place < bytes.count, bytes[place] != 0x0A, bytes[place] != 0x0D {
            let (value, length) = scalar(at: place)
            place += length
            if wanted.contains(value) { return place }
        }
        return nil
    }

    private func hexadecimal(_ value: Unicode.Scalar) -> String {
        let digits = String(value.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
