extension Lexer {
    /// `1_000`, `0xFF`, `0b101`, `1.5`, `1e-3`.
    func number() {
        let start = position
        if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x") || byte(1) == UInt8(ascii: "X") {
            return radixNumber(16, "hexadecimal digits")
        }
        if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "b") || byte(1) == UInt8(ascii: "B") {
            return radixNumber(2, "zeros and ones")
        }
        skipDigits()
        var isFloat = false
        if byte() == UInt8(ascii: "."), isDigit(byte(1)) {
            isFloat = true
            position += 1
            skipDigits()
        }
        if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
            let signed = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+")
            if isDigit(byte(signed ? 2 : 1)) {
                isFloat = true
                position += signed ? 2 : 1
                skipDigits()
            }
        }
        let digits = digits(Span(start, position))
        guard endOfNumber(start) else { return }
        let span = Span(start, position)
        if isFloat {
            var token = Token(.float, span)
            token.float = Double(digits) ?? 0
            if token.float.isInfinite {
                report("a float must be below 1.8e308, but is \(shortened(digits))", span, help: "`inf` is infinity")
                token.float = 0
            }
            tokens.append(token)
        } else {
            integer(Int(digits), span)
        }
    }

    private func radixNumber(_ radix: Int, _ digitName: String) {
        let start = position
        position += 2
        while isNameByte(byte()) { position += 1 }
        let span = Span(start, position)
        let digits = digits(Span(start + 2, position))
        let legal = digits.allSatisfy { radix == 2 ? $0 == "0" || $0 == "1" : $0.isHexDigit }
        guard !digits.isEmpty, legal else {
            report("`\(file.text(of: Span(start, start + 2)))` must be followed by \(digitName), but is `\(shortened(digits))`", span)
            tokens.append(Token(.integer, span))
            return
        }
        integer(Int(digits, radix: radix), span)
    }

    /// `-9223372036854775808` is the one integer whose digits alone do not fit; behind a `-` they are kept as it, and
    /// the parser takes them only as the sign's own number.
    private func integer(_ value: Int?, _ span: Span) {
        let isLowest = value == nil && tokens.last?.kind == .minus && UInt64(digits(span)) == 1 << 63
        if isLowest {
            var token = Token(.integer, span)
            token.integer = Int.min
            tokens.append(token)
            return
        }
        if value == nil {
            report(
                "an integer must be at most 9223372036854775807, but is \(shortened(file.text(of: span)))", span,
                help: "write it as a float, for instance 1e20")
        }
        var token = Token(.integer, span)
        token.integer = value ?? 0
        tokens.append(token)
    }

    private func digits(_ span: Span) -> String {
        String(decoding: bytes[span.start..<span.end].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }

    private func skipDigits() {
        while isDigit(byte()) || byte() == UInt8(ascii: "_") { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// False, with a diagnostic, when letters hang on to the number.
    private func endOfNumber(_ start: Int) -> Bool {
        let end = position
        while position < bytes.count {
            if isNameByte(bytes[position]) {
                position += 1
            } else if bytes[position] >= 0x80, scalar(at: position).value.properties.isXIDContinue {
                position += scalar(at: position).length
            } else {
                break
            }
        }
        guard position > end else { return true }
        let letters = file.text(of: Span(end, position))
        let span = Span(start, position)
        report(
            "a number must not run into a name, but `\(shortened(letters))` follows `\(shortened(file.text(of: Span(start, end))))`",
            span, help: "a product is written with `*`, and a name begins with a letter")
        tokens.append(Token(.integer, span))
        return false
    }

    private func shortened(_ text: String) -> String {
        text.count > 30 ? text.prefix(27) + "..." : text
    }
}
