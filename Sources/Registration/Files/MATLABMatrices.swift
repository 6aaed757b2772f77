import Base
import Foundation
import Tensors

/// A column of numbers in MATLAB's version 4 form, which ITK uses for its binary transforms: five 32-bit words (type,
/// rows, columns, imaginary part, length of the name with its closing zero), the name, and the numbers.
struct MATLABMatrix {
    var name: String
    var values: [Double]

    /// Type 0: little-endian doubles; type 10: little-endian floats.
    static func read(_ bytes: [UInt8], _ path: String) throws -> [MATLABMatrix] {
        func damaged(_ what: String) -> Failure {
            FileAccess.failure(
                path, mustBe: "an ITK transform in MATLAB's version 4 form", but: what,
                help: "the file is truncated or of another kind; write it again with the tool that made it")
        }
        func word(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        var found: [MATLABMatrix] = []
        var place = 0
        while place < bytes.count {
            guard place + 20 <= bytes.count else { throw damaged("a header is cut off") }
            let (type, rows, columns, imaginary, length) = (
                word(place), word(place + 4), word(place + 8), word(place + 12), word(place + 16))
            guard type == 0 || type == 10, imaginary == 0, rows < 1 << 16, columns < 1 << 16, length < 1 << 10 else {
                throw damaged("a header holds type \(type) and \(rows)×\(columns) numbers")
            }
            let size = type == 0 ? 8 : 4
            let start = place + 20 + length
            let end = start + rows * columns * size
            guard end <= bytes.count else { throw damaged("its numbers are cut off") }
            let name = String(decoding: bytes[(place + 20)..<start].prefix { $0 != 0 }, as: UTF8.self)
            let values = (0..<(rows * columns)).map { index -> Double in
                let at = start + index * size
                let low = UInt32(truncatingIfNeeded: word(at))
                if size == 4 { return Double(Float(bitPattern: low)) }
                return Double(bitPattern: UInt64(low) | UInt64(UInt32(truncatingIfNeeded: word(at + 4))) << 32)
            }
            guard values.allSatisfy(\.isFinite) else { throw damaged("it holds numbers that are not finite") }
            found.append(MATLABMatrix(name: name, values: values))
            place = end
        }
        return found
    }

    /// True when the first bytes can be such a header.
    static func recognizes(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 20 && (bytes[0] == 0 || bytes[0] == 10) && bytes[1...3].allSatisfy { $0 == 0 }
    }

    /// One column of doubles.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { result += $0 }
        }
        for word in [0, values.count, 1, 0, name.utf8.count + 1] { append(UInt32(word)) }
        result += Array(name.utf8) + [0]
        for value in values { append(value.bitPattern) }
        return result
    }
}
