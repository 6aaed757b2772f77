/// Strings: `"text {value:format}"`, and `"""` over several lines.
///
/// A string with values in it becomes `stringStart`, `stringText`, `interpolationStart`, the value's tokens,
/// perhaps `interpolationFormat`, `interpolationEnd`, … and `stringEnd`.
extension Lexer {
    func string() {
        let start = position
        let isMultiline = byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\"")
        position += isMultiline ? 3 : 1
        let firstToken = tokens.count
        tokens.append(Token(.stringStart, Span(start, position)))
        stringDepth += 1
        defer { stringDepth -= 1 }
        guard stringDepth <= Lexer.stringDepthLimit else {
            isTooDeep = true
            report("strings must be nested at most \(Lexer.stringDepthLimit) deep", Span(start, position))
            position = bytes.count
            tokens[firstToken] = Token(.string, Span(start, position))
            return
        }
        var layout = MultilineLayout(isMultiline: isMultiline, indentation: 0)
        if isMultiline {
            layout.indentation = closingIndentation(from: position)
            skipOpeningLine(layout)
        }
        var text: [UInt8] = []
        var textStart = position
        var isClosed = false
        scan: while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                if isMultiline, !(self.byte(1) == byte && self.byte(2) == byte) {
                    text.append(byte)
                    position += 1
                    continue
                }
                isClosed = true
                break scan
            case 0x0A where !isMultiline:
                break scan
            case 0x0D:
                let first = position
                while self.byte() == 0x0D { position += 1 }
                if self.byte() != 0x0A { text.append(contentsOf: bytes[first..<position]) }
            case 0x0A:
                position += 1
                let isLast = skipIndentation(layout)
                if !isLast { text.append(0x0A) }
            case UInt8(ascii: "\\"):
                escape(into: &text)
            case UInt8(ascii: "{"):
                if self.byte(1) == byte {
                    text.append(byte)
                    position += 2
                    continue
                }
                flush(&text, from: textStart)
                guard interpolation(isMultiline: isMultiline) else {
                    isClosed = true
                    skipBrokenString(isMultiline: isMultiline)
                    break scan
                }
                textStart = position
            case UInt8(ascii: "}"):
                if self.byte(1) == byte {
                    position += 1
                } else {
                    report("a literal `}` in a string must be doubled", Span(position, position + 1), help: "write `}}`")
                }
                text.append(byte)
                position += 1
            default:
                text.append(byte)
                position += 1
            }
        }
        let textEnd = position
        if isClosed, position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            position += isMultiline ? 3 : 1
        } else if !isClosed {
            unterminated(start, isMultiline: isMultiline)
        }
        if stringDepth == 1 { countLines(from: start) }
        if tokens.count == firstToken + 1 {
            tokens[firstToken] = Token(.string, Span(start, position), text: String(decoding: text, as: UTF8.self))
            return
        }
        flush(&text, from: textStart)
        tokens.append(Token(.stringEnd, Span(textEnd, position)))
    }

    private func flush(_ text: inout [UInt8], from start: Int) {
        guard !text.isEmpty else { return }
        tokens.append(Token(.stringText, Span(start, position), text: String(decoding: text, as: UTF8.self)))
        text = []
    }

    private func unterminated(_ start: Int, isMultiline: Bool) {
        if isMultiline {
            endsInsideString = true
            report(
                "a `\"\"\"` string must end in `\"\"\"`, but the text ends first", Span(start, start + 3),
                label: "the string begins here")
        } else {
            report(
                "a string must end on its line", Span(start, position), label: "no closing `\"`",
                help: "close it with `\"`, or use `\"\"\"` for text over several lines")
        }
    }

    // MARK: Values in strings

    /// Reads `{value:format}`; false, with one diagnostic, when it has no end.
    private func interpolation(isMultiline: Bool) -> Bool {
        let start = position
        let firstToken = tokens.count
        let diagnosticCount = diagnostics.count
        tokens.append(Token(.interpolationStart, Span(position, position + 1)))
        position += 1
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case 0x0A where !isMultiline:
                return brokenInterpolation(start, firstToken, diagnosticCount, isMultiline: isMultiline)
            case 0x0A:
                position += 1
                newlineToken(at: position - 1)
                continue
            case UInt8(ascii: "#"):
                report(
                    "a value in a string must not contain a comment", Span(position, position + 1),
                    help: "a literal `{` is written `{{`")
                return false
            case UInt8(ascii: "(") , UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: "}") where depth > 0:
                depth -= 1
            case UInt8(ascii: "}"):
                endInterpolation(firstToken)
                return true
            case UInt8(ascii: ":") where depth <= 0:
                return format(start, firstToken, diagnosticCount, isMultiline: isMultiline)
            default:
                break
            }
            next()
        }
        return brokenInterpolation(start, firstToken, diagnosticCount, isMultiline: isMultiline)
    }

    private func endInterpolation(_ firstToken: Int) {
        if tokens.count == firstToken + 1 {
            report(
                "a `{ }` in a string must hold a value, but is empty", Span(tokens[firstToken].span.start, position + 1),
                help: "literal braces are doubled: `{{}}`")
            tokens.append(Token(.nil, Span(position, position)))
        }
        tokens.append(Token(.interpolationEnd, Span(position, position + 1)))
        position += 1
    }

    private func format(_ start: Int, _ firstToken: Int, _ diagnosticCount: Int, isMultiline: Bool) -> Bool {
        position += 1
        let formatStart = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "}") {
            if bytes[position] == 0x0A || bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "{") {
                return brokenInterpolation(start, firstToken, diagnosticCount, isMultiline: isMultiline)
            }
            position += 1
        }
        guard position < bytes.count else { return brokenInterpolation(start, firstToken, diagnosticCount, isMultiline: isMultiline) }
        let span = Span(formatStart, position)
        if tokens.count > firstToken + 1 {
            tokens.append(Token(.interpolationFormat, span, text: file.text(of: span)))
        }
        endInterpolation(firstToken)
        return true
    }

    /// The value has no end. In a `"""` string that the text ends in, more lines may bring it.
    private func brokenInterpolation(_ start: Int, _ firstToken: Int, _ diagnosticCount: Int, isMultiline: Bool) -> Bool {
        tokens.removeSubrange(firstToken...)
        if isTooDeep { return false }
        let isSound = diagnostics.count <= diagnosticCount || endsInsideString
        diagnostics.removeSubrange(min(diagnosticCount, diagnostics.count)...)
        endsInsideString = isMultiline && isSound && position >= bytes.count
        report(
            "the `{` in this string must be closed with `}`", Span(start, start + 1), label: "opened here",
            help: "a literal `{` is written `{{`")
        return false
    }

    private func skipBrokenString(isMultiline: Bool) {
        if isMultiline {
            while position < bytes.count,
                !(byte() == UInt8(ascii: "\"") && byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\""))
            {
                position += 1
            }
        } else {
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        }
    }

    // MARK: Escapes

    private func escape(into text: inout [UInt8]) {
        let start = position
        position += 1
        switch byte() {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "0"): text.append(0x00)
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "u") where byte(1) == UInt8(ascii: "{"):
            position += 2
            let digitStart = position
            while position < bytes.count, position - digitStart < 9, isNameByte(bytes[position]) { position += 1 }
            let digits = file.text(of: Span(digitStart, position))
            guard byte() == UInt8(ascii: "}"), let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
            else {
                report(
                    "`\\u{…}` must hold the number of a Unicode character, but is `\(digits)`",
                    Span(start, min(position + 1, bytes.count)), help: "for instance `\\u{e9}` is é")
                if byte() == UInt8(ascii: "}") { position += 1 }
                return
            }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default:
            let end = position < bytes.count ? position + scalar(at: position).length : position
            let isLineEnd = position >= bytes.count || byte() == 0x0A || byte() == 0x0D
            report(
                isLineEnd ? "a `\\` in a string must be followed by a letter" : "`\(file.text(of: Span(start, end)))` is not an escape",
                Span(start, isLineEnd ? start + 1 : end),
                help: "the escapes are \\n \\t \\r \\0 \\\" \\\\ \\u{…}; a literal `\\` is doubled")
            if isLineEnd { return }
            position = end
            return
        }
        position += 1
    }

    // MARK: Layout of `"""` strings

    struct MultilineLayout {
        var isMultiline: Bool
        /// Blanks before the closing `"""`, taken off each line.
        var indentation: Int
    }

    /// The number of blanks before the closing quotes when they stand alone on their line, else 0.
    private func closingIndentation(from start: Int) -> Int {
        var place = start
        while place + 2 < bytes.count {
            if bytes[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            if bytes[place] == UInt8(ascii: "\""), bytes[place + 1] == bytes[place], bytes[place + 2] == bytes[place] { break }
            place += 1
        }
        var blanks = 0
        while place - blanks > start, bytes[place - blanks - 1] == 0x20 || bytes[place - blanks - 1] == 0x09 { blanks += 1 }
        return place - blanks > start && bytes[place - blanks - 1] == 0x0A ? blanks : 0
    }

    /// A line break right after the opening quotes is not part of the text.
    private func skipOpeningLine(_ layout: MultilineLayout) {
        let mark = position
        while byte().isBlank { position += 1 }
        guard position < bytes.count, byte() == 0x0A else {
            position = mark
            return
        }
        position += 1
        _ = skipIndentation(layout)
    }

    /// Takes the layout's blanks off the line that begins here; true when the closing quotes come next and stand alone.
    private func skipIndentation(_ layout: MultilineLayout) -> Bool {
        var place = position
        while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
        let isClosing =
            place + 2 < bytes.count && bytes[place] == UInt8(ascii: "\"") && bytes[place + 1] == UInt8(ascii: "\"")
            && bytes[place + 2] == UInt8(ascii: "\"")
        position = isClosing ? place : min(place, position + layout.indentation)
        return isClosing
    }
}
