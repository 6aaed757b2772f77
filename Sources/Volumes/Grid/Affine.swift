import Foundation

/// An affine map of points in three dimensions, as a 4×4 matrix in row-major order with the last row 0 0 0 1.
public struct Affine: Equatable, Sendable {
    /// Sixteen numbers, row-major.
    public private(set) var elements: [Double]

    public static let identity = Affine(columns: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], translation: [0, 0, 0])

    /// From four rows of four numbers; nil when the shape is another or the last row is not 0 0 0 1.
    public init?(rows: [[Double]]) {
        guard rows.count == 4, rows.allSatisfy({ $0.count == 4 }), rows[3] == [0, 0, 0, 1] else { return nil }
        elements = rows.flatMap { $0 }
    }

    /// From the images of the three axes and of the origin, three numbers each.
    public init(columns: [[Double]], translation: [Double]) {
        elements = [Double](repeating: 0, count: 16)
        for row in 0..<3 {
            for column in 0..<3 { elements[4 * row + column] = columns[column][row] }
            elements[4 * row + 3] = translation[row]
        }
        elements[15] = 1
    }

    /// A scaling along the axes followed by a shift.
    public init(scale: [Double], translation: [Double] = [0, 0, 0]) {
        self.init(
            columns: [[scale[0], 0, 0], [0, scale[1], 0], [0, 0, scale[2]]], translation: translation)
    }

    public subscript(row: Int, column: Int) -> Double { elements[4 * row + column] }

    public var rows: [[Double]] { (0..<4).map { Array(elements[(4 * $0)..<(4 * $0 + 4)]) } }
    /// The image of axis `index`, without the translation.
    public func column(_ index: Int) -> [Double] { (0..<3).map { self[$0, index] } }
    public var translation: [Double] { column(3) }
    public var isFinite: Bool { elements.allSatisfy(\.isFinite) }

    /// The map whose results are `factor` times as large, as in another unit.
    func scaled(by factor: Double) -> Affine {
        factor == 1 ? self : Affine(scale: [factor, factor, factor]) * self
    }

    /// Determinant of the linear part.
    public var determinant: Double {
        self[0, 0] * (self[1, 1] * self[2, 2] - self[1, 2] * self[2, 1])
            - self[0, 1] * (self[1, 0] * self[2, 2] - self[1, 2] * self[2, 0])
            + self[0, 2] * (self[1, 0] * self[2, 1] - self[1, 1] * self[2, 0])
    }

    /// The image of a point.
    public func callAsFunction(_ point: [Double]) -> [Double] {
        (0..<3).map { self[$0, 0] * point[0] + self[$0, 1] * point[1] + self[$0, 2] * point[2] + self[$0, 3] }
    }

    /// First `inner`, then `outer`.
    public static func * (outer: Affine, inner: Affine) -> Affine {
        var result = identity
        for row in 0..<3 {
            for column in 0..<4 {
                var sum = column == 3 ? outer[row, 3] : 0
                for middle in 0..<3 { sum += outer[row, middle] * inner[middle, column] }
                result.elements[4 * row + column] = sum
            }
        }
        return result
    }

    /// The inverse map; nil when the axes do not span space.
    public var inverse: Affine? {
        let lengths = (0..<3).map { column($0).reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let volume = lengths.reduce(1, *)
        guard isFinite, volume > 0, abs(determinant) > 1e-9 * volume else { return nil }
        let d = 1 / determinant
        func minor(_ a: Int, _ b: Int, _ c: Int, _ e: Int) -> Double { (self[a, b] * self[c, e] - self[a, e] * self[c, b]) * d }
        let linear = [
            [minor(1, 1, 2, 2), -minor(0, 1, 2, 2), minor(0, 1, 1, 2)],
            [-minor(1, 0, 2, 2), minor(0, 0, 2, 2), -minor(0, 0, 1, 2)],
            [minor(1, 0, 2, 1), -minor(0, 0, 2, 1), minor(0, 0, 1, 1)],
        ]
        let shift = translation
        let moved = linear.map { -($0[0] * shift[0] + $0[1] * shift[1] + $0[2] * shift[2]) }
        return Affine(
            columns: (0..<3).map { column in linear.map { $0[column] } }, translation: moved)
    }

    /// The rotation (and reflection) closest to the linear part once its columns have length one: the polar factor,
    /// by Newton's iteration (Higham 1986).
    public var rotation: [[Double]]? {
        let unit = (0..<3).map { index -> [Double] in
            let axis = column(index)
            let length = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return length > 0 ? axis.map { $0 / length } : axis
        }
        var current = Affine(columns: unit, translation: [0, 0, 0])
        for _ in 0..<60 {
            guard let inverse = current.inverse else { return nil }
            var next = current
            var change = 0.0
            for row in 0..<3 {
                for column in 0..<3 {
                    let mean = (current[row, column] + inverse[column, row]) / 2
                    change = max(change, abs(mean - current[row, column]))
                    next.elements[4 * row + column] = mean
                }
            }
            current = next
            if change < 1e-14 { break }
        }
        return (0..<3).map { row in (0..<3).map { current[row, $0] } }
    }
}
