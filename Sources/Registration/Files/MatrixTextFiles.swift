import Base
import Foundation
import Tensors
import Volumes

/// Affine maps as four lines of four numbers, the form of greedy, NiftyReg and c3d: fixed to moving, in RAS+ mm.
enum MatrixText {
    /// nil when the text is anything but sixteen numbers.
    static func recognizes(_ text: String) -> Bool { numbers(text)?.count == 16 }

    private static func numbers(_ text: String) -> [Double]? {
        var found: [Double] = []
        for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
            guard found.count < 17, let number = Double(word) else { return nil }
            found.append(number)
        }
        return found
    }

    static func read(_ text: String, _ path: String) throws -> Affine {
        func wrong(_ found: String) -> Failure {
            FileAccess.failure(path, mustBe: "four lines of four numbers, an affine map", but: found)
        }
        guard let values = numbers(text), values.count == 16 else {
            throw wrong("it holds \(numbers(text).map { "\($0.count) numbers" } ?? "other things than numbers")")
        }
        if let wrongNumber = values.first(where: { !$0.isFinite }) { throw wrong("one number is \(wrongNumber)") }
        guard let affine = Affine(rows: (0..<4).map { Array(values[(4 * $0)..<(4 * $0 + 4)]) }), affine.isFinite else {
            throw wrong("its last line is \(values.suffix(4).map { "\($0)" }.joined(separator: " ")) instead of 0 0 0 1")
        }
        guard affine.inverse != nil else { throw wrong("it cannot be inverted") }
        return affine
    }

    static func format(_ affine: Affine) -> String {
        affine.rows.map { row in row.map { "\($0)" }.joined(separator: " ") + "\n" }.joined()
    }
}
