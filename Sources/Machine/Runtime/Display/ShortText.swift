/// Pieces of text on their way to the end of a string. Adding to a string costs more than copying a few bytes, so short
/// pieces wait here until they are as many as a string holds in place.
struct ShortText {
    private var bytes: (UInt64, UInt64) = (0, 0)
    private var count = 0
    private static let capacity = 15

    /// Adds a piece; what does not wait goes to the end of `text`.
    mutating func add(_ piece: String, to text: inout String) {
        let size = piece.utf8.count
        guard size <= ShortText.capacity else {
            flush(to: &text)
            text += piece
            return
        }
        if count + size > ShortText.capacity { flush(to: &text) }
        var piece = piece
        piece.withUTF8 { put($0) }
    }

    mutating func add(_ piece: UnsafeBufferPointer<UInt8>, to text: inout String) {
        if count + piece.count > ShortText.capacity { flush(to: &text) }
        if piece.count > ShortText.capacity {
            text += String(decoding: piece, as: UTF8.self)
        } else {
            put(piece)
        }
    }

    /// Adds the decimal digits of a number.
    mutating func add(_ number: Int, to text: inout String) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var place = digits.count
            var rest = number.magnitude
            repeat {
                place -= 1
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[place] = 0x30 + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            } while rest > 0
            if number < 0 {
                place -= 1
                digits[place] = 0x2D
            }
            add(UnsafeBufferPointer(rebasing: digits[place...]), to: &text)
        }
    }

    private mutating func put(_ piece: UnsafeBufferPointer<UInt8>) {
        withUnsafeMutableBytes(of: &bytes) { bytes in
            for position in 0..<piece.count { bytes[count + position] = piece[position] }
        }
        count += piece.count
    }

    /// Sends what waits to the end of `text`.
    mutating func flush(to text: inout String) {
        guard count > 0 else { return }
        text += withUnsafeBytes(of: &bytes) { String(decoding: UnsafeRawBufferPointer(rebasing: $0[..<count]), as: UTF8.self) }
        count = 0
    }
}
