import Foundation
import Tensors

/// The linear equations of one Gauss-Newton step for all nodes of a displacement: (A + α · L) · v = A · u − b, with A the
/// summed products of the slopes at a node, b slopes times differences, L minus the Laplacian, and v the next
/// displacement in mm.
final class DisplacementSystem: @unchecked Sendable {
    private let sizes: [Int]
    /// α divided by the squared spacing, along each axis.
    private let stiffness: [Float]
    /// The three columns of A, node by node.
    private let columns: ChannelImage
    private let right: ChannelImage
    private let diagonal: ChannelImage
    private let rest: ChannelImage
    private let direction: ChannelImage
    private let image: ChannelImage
    let solution: ChannelImage

    init(sizes: [Int], spacing: [Double], smoothness: Double) {
        self.sizes = sizes
        stiffness = (0..<3).map { sizes[$0] > 1 ? Float(smoothness / (spacing[$0] * spacing[$0])) : 0 }
        columns = ChannelImage(sizes: sizes, channels: 12)
        func field() -> ChannelImage { ChannelImage(sizes: sizes, channels: 4) }
        (right, diagonal, rest, direction, image, solution) = (field(), field(), field(), field(), field(), field())
    }

    /// Sets A (its columns) and b at a node where the displacement is `around`.
    @inline(__always)
    func set(
        _ node: Int, _ first: SIMD4<Float>, _ second: SIMD4<Float>, _ third: SIMD4<Float>, pulled: SIMD4<Float>,
        around: SIMD4<Float>
    ) {
        columns.values[3 &* node] = first
        columns.values[3 &* node &+ 1] = second
        columns.values[3 &* node &+ 2] = third
        right.values[node] = first * around[0] + second * around[1] + third * around[2] - pulled
        let stiff = 1e-6 + 2 * (stiffness[0] + stiffness[1] + stiffness[2])
        diagonal.values[node] = SIMD4(first[0], second[1], third[2], 1) + stiff
    }

    /// Draws the displacement to 0 along each axis, as many times as firmly as the descriptors do on average.
    func hold(_ times: [Float]) {
        guard times.contains(where: { $0 > 0 }) else { return }
        let plane = sizes[1] * sizes[2]
        for axis in 0..<3 where times[axis] > 0 {
            let sum = sumInParallel(sizes[0]) { [columns] x in
                ((x &* plane)..<((x &+ 1) &* plane)).reduce(0.0) { $0 + Double(columns.values[3 &* $1 &+ axis][axis]) }
            }
            let firm = times[axis] * Float(sum / Double(sizes[0] * plane))
            for node in 0..<columns.voxels {
                columns.values[3 &* node &+ axis][axis] += firm
                diagonal.values[node][axis] += firm
            }
        }
    }

    /// Conjugate gradients from `start`, preconditioned by the diagonal; leaves the result in `solution`.
    func solve(from start: ChannelImage, rounds: Int) {
        let plane = sizes[1] * sizes[2]
        func overNodes(_ work: @escaping (Int) -> SIMD4<Float>) -> Float {
            Float(sumInParallel(sizes[0]) { x in
                var sum = SIMD4<Float>.zero
                for node in (x &* plane)..<((x &+ 1) &* plane) { sum += work(node) }
                return Double(sum.sum())
            })
        }
        apply(start)
        var size = overNodes { [right, rest, image, solution, direction, diagonal] node in
            solution.values[node] = start.values[node]
            rest.values[node] = right.values[node] - image.values[node]
            direction.values[node] = rest.values[node] / diagonal.values[node]
            return rest.values[node] * direction.values[node]
        }
        for _ in 0..<rounds {
            let step = size / (apply(direction) + 1e-20)
            let next = overNodes { [rest, image, solution, direction, diagonal] node in
                solution.values[node] += direction.values[node] * step
                let left = rest.values[node] - image.values[node] * step
                rest.values[node] = left
                return left * left / diagonal.values[node]
            }
            let share = next / (size + 1e-20)
            inParallel(sizes[0]) { [rest, direction, diagonal] x in
                for node in (x &* plane)..<((x &+ 1) &* plane) {
                    direction.values[node] = rest.values[node] / diagonal.values[node] + direction.values[node] * share
                }
            }
            size = next
        }
    }

    /// Writes (A + α · L) · vectors into `image`, and gives its product with `vectors`.
    @discardableResult
    private func apply(_ vectors: ChannelImage) -> Float {
        let (sizes, stiffness) = (sizes, stiffness)
        let (alongX, alongY) = (sizes[1] * sizes[2], sizes[2])
        return Float(sumInParallel(sizes[0]) { [columns, image] x in
            var sum = SIMD4<Float>.zero
            for y in 0..<sizes[1] {
                for z in 0..<sizes[2] {
                    let node = x &* alongX &+ y &* alongY &+ z
                    let here = vectors.values + node
                    let value = here[0]
                    var result = columns.values[3 &* node] * value[0] + columns.values[3 &* node &+ 1] * value[1]
                        + columns.values[3 &* node &+ 2] * value[2]
                    if x > 0 { result += (value - here[-alongX]) * stiffness[0] }
                    if x &+ 1 < sizes[0] { result += (value - here[alongX]) * stiffness[0] }
                    if y > 0 { result += (value - here[-alongY]) * stiffness[1] }
                    if y &+ 1 < sizes[1] { result += (value - here[alongY]) * stiffness[1] }
                    if z > 0 { result += (value - here[-1]) * stiffness[2] }
                    if z &+ 1 < sizes[2] { result += (value - here[1]) * stiffness[2] }
                    image.values[node] = result
                    sum += result * value
                }
            }
            return Double(sum.sum())
        })
    }
}
