import Machine
import Registration
import Tensors

/// Matrices.
enum LinearAlgebraPrimitives {
    static let module = PrimitiveModule("linear_algebra", "Matrices.", products + systems + parts)

    private static let products: [Primitive] = [
        Primitive(
            "matmul(x: Tensor, y: Tensor) -> Tensor", "The matrix product over the last two dimensions; the same as `x @ y`.",
            example: "matmul(tensor([[1.0, 2.0]]), tensor([[3.0], [4.0]]))  # => tensor([[11.0]])"
        ) { call in .tensor(try call.tensor(0).matmul(call.tensor(1))) },
        Primitive(
            "dot(x: Tensor, y: Tensor) -> Tensor", "The scalar product of two vectors.",
            example: "dot(tensor([1.0, 2.0]), tensor([3.0, 4.0]))  # => tensor(11.0)"
        ) { call in
            let (x, y) = (try call.tensor(0), try call.tensor(1))
            guard x.rank == 1, x.shape == y.shape else {
                throw call.shapeFailure(1, "dot takes two vectors of one length, but the shapes are \(x.shape) and \(y.shape)")
            }
            return .tensor(try aten("dot", .tensor(x), .tensor(y)))
        },
        Primitive(
            "outer(x: Tensor, y: Tensor) -> Tensor", "All products of an element of one vector with one of another.",
            example: "outer(tensor([1, 2]), tensor([3, 4]))  # => tensor([[3, 4], [6, 8]])"
        ) { call in .tensor(try aten("outer", .tensor(call.tensor(0)), .tensor(call.tensor(1)))) },
        Primitive(
            "cross(x: Tensor, y: Tensor, dim: Int = -1) -> Tensor", "The cross product of vectors of 3 elements.",
            example: "cross(tensor([1, 0, 0]), tensor([0, 1, 0]))  # => tensor([0, 0, 1])"
        ) { call in
            let x = try call.tensor(0)
            return .tensor(
                try aten("linalg_cross", .tensor(x), .tensor(call.tensor(1)), named: ["dim": .int(call.dimension(2, rank: x.rank))]))
        },
        Primitive(
            "einsum(equation: String, tensors...) -> Tensor", "Sums of products in Einstein's notation.",
            example: "einsum(\"ij,j->i\", tensor([[1.0, 2.0]]), tensor([3.0, 4.0]))  # => tensor([11.0])"
        ) { call in
            var items = try call.list(1)
            if items.count == 1, let inner = items[0].object as? ListObject { items = inner.items }
            let tensors = try items.map { item -> Tensor in
                guard let tensor = (item.object as? TensorObject)?.tensor else {
                    throw call.mismatch(1, expected: "tensors", found: item.typeName)
                }
                return tensor
            }
            return .tensor(try aten("einsum", .string(call.string(0)), .tensors(tensors)))
        },
    ]

    private static func square(_ call: PrimitiveCall, _ position: Int = 0) throws -> Tensor {
        let x = try Reduction.floating(call.tensor(position))
        guard x.rank >= 2, x.shape[x.rank - 1] == x.shape[x.rank - 2] else {
            throw call.shapeFailure(position, "`x` of \(call.primitive.name) must be a square matrix, but has shape \(x.shape)")
        }
        return x
    }

    private static let systems: [Primitive] = [
        Primitive(
            "inverse(x)", "The inverse of a square matrix, or of each in a batch; the transform that goes the other way.",
            details: """
                The inverse of a transform carries back from the grid that it leads onto. Of a displacement it is worked out \
                voxel by voxel; a map that folds has no inverse where it does, and `register(…, invertible: true)` never \
                folds. `cycle_error(there, inverse(there))` tells how near the two come.
                """,
            example: """
                inverse(tensor([[2.0, 0.0], [0.0, 4.0]]))  # => tensor([[0.5, 0.0], [0.0, 0.25]])
                let ramp = volume(tensor(map(0..<16, x => map(0..<16, y => map(0..<16, z => x * y / 4 + z)))))
                let there = register(ramp, onto: ramp, kind: "rigid")
                cycle_error(there, inverse(there)) < 0.01  # => true
                """
        ) { call in
            if call[0].object is TransformObject { return .transform(try Registration.inverse(try call.transform(0))) }
            return .tensor(try aten("linalg_inv", .tensor(square(call))))
        },
        Primitive(
            "solve(a: Tensor, b: Tensor) -> Tensor", "The x for which a @ x = b.",
            example: "solve(tensor([[2.0, 0.0], [0.0, 4.0]]), tensor([2.0, 4.0]))  # => tensor([1.0, 1.0])"
        ) { call in
            let a = try square(call)
            let b = try Reduction.floating(call.tensor(1))
            let rows = b.rank == 1 ? b.shape[0] : b.rank == 0 ? 0 : b.shape[b.rank - 2]
            guard rows == a.shape[a.rank - 1] else {
                throw call.shapeFailure(1, "`b` of solve must have \(a.shape[a.rank - 1]) rows like `a`, but has shape \(b.shape)")
            }
            return .tensor(try aten("linalg_solve", .tensor(a), .tensor(b)))
        },
        Primitive(
            "det(x: Tensor) -> Tensor", "The determinant of a square matrix.",
            example: "det(tensor([[2.0, 0.0], [0.0, 4.0]]))  # => tensor(8.0)"
        ) { call in .tensor(try aten("linalg_det", .tensor(square(call)))) },
        Primitive(
            "svd(x: Tensor) -> Map", "The singular value decomposition x = u @ diag(s) @ vt: `{u, s, vt}`.",
            example: "svd(tensor([[3.0, 0.0], [0.0, 2.0]])).s  # => tensor([3.0, 2.0])"
        ) { call in
            let x = try Reduction.floating(call.tensor(0))
            guard x.rank >= 2 else { throw call.shapeFailure(0, "`x` of svd must be a matrix, but has shape \(x.shape)") }
            let parts = try atenMany("linalg_svd", .tensor(x), false)
            return .object(MapObject([("u", .tensor(parts[0])), ("s", .tensor(parts[1])), ("vt", .tensor(parts[2]))]))
        },
        Primitive(
            "eigh(x: Tensor) -> Map", "Eigenvalues, ascending, and eigenvectors of a symmetric matrix: `{values, vectors}`.",
            example: "eigh(tensor([[2.0, 0.0], [0.0, 3.0]])).values  # => tensor([2.0, 3.0])"
        ) { call in
            let parts = try atenMany("linalg_eigh", .tensor(square(call)))
            return .object(MapObject([("values", .tensor(parts[0])), ("vectors", .tensor(parts[1]))]))
        },
    ]

    private static let parts: [Primitive] = [
        Primitive(
            "trace(x: Tensor) -> Tensor", "The sum of the diagonal of a matrix.", example: "trace(eye(3))  # => tensor(3.0)"
        ) { call in .tensor(try aten("trace", .tensor(call.tensor(0)))) },
        Primitive(
            "diag(x: Tensor, offset: Int = 0) -> Tensor", "A diagonal matrix from a vector, or the diagonal of a matrix.",
            example: "diag(tensor([1, 2]))  # => tensor([[1, 0], [0, 2]])"
        ) { call in .tensor(try aten("diag", .tensor(call.tensor(0)), .int(call.int(1)))) },
        Primitive(
            "triu(x: Tensor, offset: Int = 0) -> Tensor", "The upper triangle of a matrix, zero below.",
            example: "triu(ones(2, 2))  # => tensor([[1.0, 1.0], [0.0, 1.0]])"
        ) { call in .tensor(try aten("triu", .tensor(call.tensor(0)), .int(call.int(1)))) },
        Primitive(
            "tril(x: Tensor, offset: Int = 0) -> Tensor", "The lower triangle of a matrix, zero above.",
            example: "tril(ones(2, 2))  # => tensor([[1.0, 0.0], [1.0, 1.0]])"
        ) { call in .tensor(try aten("tril", .tensor(call.tensor(0)), .int(call.int(1)))) },
    ]
}
