import Foundation
import Volumes

/// The twelve parameters of a small affine map: a shift, a turn exp(W) and a stretch exp(S), all in mm at `lever`.
struct AffineParameters {
    let lever: Double

    /// How the squared differences answer to a parameter: `pulls` are sums of differences times slopes, and those times
    /// x, y, z.
    func answer(_ parameter: Int, _ pulls: [SIMD4<Double>]) -> Double {
        let generator = Self.generators[parameter]
        return (0..<3).reduce(0) { sum, row in
            (0..<3).reduce(sum + generator.shift[row] * pulls[0][row]) {
                $0 + generator.linear[row][$1] / lever * pulls[1 + $1][row]
            }
        }
    }

    /// What parameter k adds to coordinate i of the shift, for each of (1, x, y, z).
    var moves: [[[Double]]] {
        Self.generators.map { generator in
            (0..<3).map { i in [generator.shift[i]] + generator.linear[i].map { $0 / lever } }
        }
    }

    /// Large turns and stretches must earn their place.
    var prior: [Double] {
        let (turn, stretch) = (0.001 / (0.09 * lever * lever), 0.001 / (0.0225 * lever * lever))
        return [0, 0, 0, turn, turn, turn] + [Double](repeating: stretch, count: 6)
    }

    /// The small map of twelve parameters: exp(W) · exp(S) and a shift.
    func map(_ parameters: [Double]) -> Affine {
        func part(_ range: Range<Int>) -> Affine {
            var columns = [[Double]](repeating: [0, 0, 0], count: 3)
            for place in range {
                for row in 0..<3 {
                    for column in 0..<3 {
                        columns[column][row] += parameters[place] / lever * Self.generators[place].linear[row][column]
                    }
                }
            }
            return exponential(Affine(columns: columns, translation: [0, 0, 0]))
        }
        return Affine(scale: [1, 1, 1], translation: Array(parameters[..<3])) * part(3..<6) * part(6..<12)
    }

    /// What each parameter does to a point: a linear map, or a shift.
    static let generators: [(linear: [[Double]], shift: [Double])] = {
        func linear(_ rows: [[Double]]) -> (linear: [[Double]], shift: [Double]) { (rows, [0, 0, 0]) }
        let none = [[0.0, 0, 0], [0, 0, 0], [0, 0, 0]]
        return [
            (none, [1, 0, 0]), (none, [0, 1, 0]), (none, [0, 0, 1]),
            linear([[0, 0, 0], [0, 0, -1], [0, 1, 0]]), linear([[0, 0, 1], [0, 0, 0], [-1, 0, 0]]),
            linear([[0, -1, 0], [1, 0, 0], [0, 0, 0]]),
            linear([[1, 0, 0], [0, 0, 0], [0, 0, 0]]), linear([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
            linear([[0, 0, 0], [0, 0, 0], [0, 0, 1]]), linear([[0, 1, 0], [1, 0, 0], [0, 0, 0]]),
            linear([[0, 0, 1], [0, 0, 0], [1, 0, 0]]), linear([[0, 0, 0], [0, 0, 1], [0, 1, 0]]),
        ]
    }()
}

/// Solves a small symmetric system by Cholesky's decomposition. An unknown of which the equations say nothing, or next to
/// nothing beside the others, is 0: across a single slice, for instance. `firmness` is the most that the images say of one:
/// what else holds a parameter, such as a shift across thin slices, must not silence the others.
func solved(_ matrix: [[Double]], _ right: [Double], firmness: Double) -> [Double] {
    let size = right.count
    let least = 1e-6 * firmness
    var isKnown = [Bool](repeating: true, count: size)
    var lower = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for row in 0..<size {
        for column in 0...row {
            let rest = (0..<column).reduce(matrix[row][column]) { $0 - lower[row][$1] * lower[column][$1] }
            if row == column {
                isKnown[row] = matrix[row][row] > least && rest > 0
                lower[row][row] = isKnown[row] ? rest.squareRoot() : 1
            } else if isKnown[column] {
                lower[row][column] = rest / lower[column][column]
            }
        }
        if !isKnown[row] { for column in 0..<row { lower[row][column] = 0 } }
    }
    var result = (0..<size).map { isKnown[$0] ? right[$0] : 0 }
    for row in 0..<size {
        result[row] = (0..<row).reduce(result[row]) { $0 - lower[row][$1] * result[$1] } / lower[row][row]
    }
    for row in (0..<size).reversed() {
        result[row] = ((row + 1)..<size).reduce(result[row]) { $0 - lower[$1][row] * result[$1] } / lower[row][row]
    }
    return result
}

/// The matrix exponential of a small linear map, by its series.
private func exponential(_ map: Affine) -> Affine {
    var (sum, power) = (Affine.identity, Affine.identity)
    for order in 1...16 {
        power = power * map
        let columns = (0..<3).map { column in power.column(column).map { $0 / Double(order) } }
        power = Affine(columns: columns, translation: [0, 0, 0])
        sum = Affine(
            columns: (0..<3).map { column in zip(sum.column(column), columns[column]).map { $0 + $1 } }, translation: [0, 0, 0])
    }
    return sum
}
