import Tensors

/// The linear equations of one Gauss-Newton step for all nodes of a displacement: (A + α · L) · v = A · u − b, with A the
/// summed products of the slopes at a node, b slopes times differences, L minus the Laplacian, and v the next
/// displacement, [3, X, Y, Z] in mm.
struct DisplacementSystem {
    /// A, [3, 3, X, Y, Z].
    private let products: Tensor
    private let right: Tensor
    /// The system's diagonal, [3, X, Y, Z].
    private let diagonal: Tensor
    private let smoothness: Double
    private let spacing: [Double]

    /// `slopes` is [3, C, X, Y, Z], `difference` (seen less fixed) [C, X, Y, Z], `around` the displacement u.
    init(slopes: Tensor, difference: Tensor, around: Tensor, smoothness: Double, spacing: [Double]) throws {
        (self.smoothness, self.spacing) = (smoothness, spacing)
        let parts = try (0..<3).map { try aten("select.int", .tensor(slopes), 0, .int($0)) }
        func sum(_ values: Tensor) throws -> Tensor { try aten("sum.dim_IntList", .tensor(values), [0]) }
        var table = [[Tensor?]](repeating: [nil, nil, nil], count: 3)
        for row in 0..<3 {
            for column in row..<3 {
                table[row][column] = try sum(parts[row].multiplying(parts[column]))
                table[column][row] = table[row][column]
            }
        }
        products = try Tensor.stack(table.map { try Tensor.stack($0.compactMap { $0 }) })
        let pulled = try Tensor.stack(parts.map { try sum($0.multiplying(difference)) })
        right = try Self.applied(products, around).subtracting(pulled)
        var stiffness = 1e-6
        for axis in 0..<3 where around.shape[axis + 1] > 1 { stiffness += 2 * smoothness / (spacing[axis] * spacing[axis]) }
        diagonal = try Tensor.stack((0..<3).compactMap { table[$0][$0] }).adding(stiffness)
    }

    /// Conjugate gradients from `start`, preconditioned by the diagonal.
    func solved(from start: Tensor, rounds: Int) throws -> Tensor {
        func dot(_ a: Tensor, _ b: Tensor) throws -> Tensor { try aten("sum", .tensor(a.multiplying(b))) }
        var solution = start
        var rest = try right.subtracting(applied(start))
        var scaled = try aten("div.Tensor", .tensor(rest), .tensor(diagonal))
        var direction = scaled
        var size = try dot(rest, scaled)
        for _ in 0..<rounds {
            let image = try applied(direction)
            let step = try size.dividing(dot(direction, image).adding(1e-20))
            solution = try solution.adding(direction.multiplying(step))
            rest = try rest.subtracting(image.multiplying(step))
            scaled = try aten("div.Tensor", .tensor(rest), .tensor(diagonal))
            let next = try dot(rest, scaled)
            direction = try scaled.adding(direction.multiplying(next.dividing(size.adding(1e-20))))
            size = next
        }
        return solution
    }

    private static func applied(_ products: Tensor, _ vectors: Tensor) throws -> Tensor {
        try aten("sum.dim_IntList", .tensor(products.multiplying(vectors.unsqueezed(0))), [1])
    }

    private func applied(_ vectors: Tensor) throws -> Tensor {
        var result = try Self.applied(products, vectors)
        for axis in 0..<3 where vectors.shape[axis + 1] > 1 {
            let length = vectors.shape[axis + 1] - 1
            let after = try aten("narrow", .tensor(vectors), .int(axis + 1), 1, .int(length))
            let before = try aten("narrow", .tensor(vectors), .int(axis + 1), 0, .int(length))
            let steps = try after.subtracting(before).multiplying(smoothness / (spacing[axis] * spacing[axis]))
            var padding = [0, 0, 0, 0, 0, 0]
            padding[2 * (2 - axis)] = 1
            padding[2 * (2 - axis) + 1] = 1
            let wide = try aten("constant_pad_nd", .tensor(steps), .ints(padding))
            let here = try aten("narrow", .tensor(wide), .int(axis + 1), 0, .int(length + 1))
            let next = try aten("narrow", .tensor(wide), .int(axis + 1), 1, .int(length + 1))
            result = try result.adding(here).subtracting(next)
        }
        return result
    }
}
