import Base
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
        ) { (x: Tensor, y: Tensor) in try x.matmul(y) },
        Primitive(
            "dot(x: Tensor, y: Tensor) -> Tensor", "The scalar product of two vectors.",
            example: "dot(tensor([1.0, 2.0]), tensor([3.0, 4.0]))  # => tensor(11.0)"
        ) { (x: Tensor, y: Tensor) in
            guard x.rank == 1, x.shape == y.shape else {
                throw Failure.shape("y", "dot takes two vectors of one length, but the shapes are \(x.shape) and \(y.shape)")
            }
            return try aten("dot", .tensor(x), .tensor(y))
        },
        Primitive(
            "outer(x: Tensor, y: Tensor) -> Tensor", "All products of an element of one vector with one of another.",
            example: "outer(tensor([1, 2]), tensor([3, 4]))  # => tensor([[3, 4], [6, 8]])"
        ) { (x: Tensor, y: Tensor) in try aten("outer", .tensor(x), .tensor(y)) },
        Primitive(
            "cross(x: Tensor, y: Tensor, dim: Int = -1) -> Tensor", "The cross product of vectors of 3 elements.",
            example: "cross(tensor([1, 0, 0]), tensor([0, 1, 0]))  # => tensor([0, 0, 1])"
        ) { (x: Tensor, y: Tensor, dim: Int) in
            try aten("linalg_cross", .tensor(x), .tensor(y), named: ["dim": .int(ShapeCheck.dimension(dim, rank: x.rank))])
        },
        Primitive(
            "einsum(equation: String, tensors...) -> Tensor", "Sums of products in Einstein's notation.",
            example: "einsum(\"ij,j->i\", tensor([[1.0, 2.0]]), tensor([3.0, 4.0]))  # => tensor([11.0])"
        ) { (equation: String, tensors: [Value]) in
            var items = tensors
            if items.count == 1, let inner = items[0].object as? ListObject { items = inner.items }
            let operands = try items.map { item -> Tensor in
                guard let tensor = (item.object as? TensorObject)?.tensor else {
                    throw Failure.mismatch("tensors", of: "einsum", expected: "tensors", found: item.typeName)
                }
                return tensor
            }
            return try aten("einsum", .string(equation), .tensors(operands))
        },
    ]

    /// What has an inverse.
    private enum MatrixOrTransform: ScriptReadable {
        case matrix(Tensor)
        case transform(Transform)

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> MatrixOrTransform {
            if let transform = (call[position].object as? TransformObject)?.transform { return .transform(transform) }
            return .matrix(try call.tensor(position))
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    /// Floats of a square matrix, or of a batch of them.
    private static func square(_ given: Tensor, _ argument: String = "x", of function: String) throws -> Tensor {
        let x = try Reduction.floating(given)
        guard x.rank >= 2, x.shape[x.rank - 1] == x.shape[x.rank - 2] else {
            throw Failure.shape(argument, "`\(argument)` of \(function) must be a square matrix, but has shape \(x.shape)")
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
        ) { (x: MatrixOrTransform) -> Value in
            switch x {
            case .transform(let transform): return .transform(try Registration.inverse(transform))
            case .matrix(let matrix): return .tensor(try aten("linalg_inv", .tensor(square(matrix, of: "inverse"))))
            }
        },
        Primitive(
            "solve(a: Tensor, b: Tensor) -> Tensor", "The x for which a @ x = b.",
            example: "solve(tensor([[2.0, 0.0], [0.0, 4.0]]), tensor([2.0, 4.0]))  # => tensor([1.0, 1.0])"
        ) { (a: Tensor, b: Tensor) in
            let (a, b) = (try square(a, "a", of: "solve"), try Reduction.floating(b))
            let rows = b.rank == 1 ? b.shape[0] : b.rank == 0 ? 0 : b.shape[b.rank - 2]
            guard rows == a.shape[a.rank - 1] else {
                throw Failure.shape("b", "`b` of solve must have \(a.shape[a.rank - 1]) rows like `a`, but has shape \(b.shape)")
            }
            return try aten("linalg_solve", .tensor(a), .tensor(b))
        },
        Primitive(
            "det(x: Tensor) -> Tensor", "The determinant of a square matrix.",
            example: "det(tensor([[2.0, 0.0], [0.0, 4.0]]))  # => tensor(8.0)"
        ) { (x: Tensor) in try aten("linalg_det", .tensor(square(x, of: "det"))) },
        Primitive(
            "svd(x: Tensor) -> Map", "The singular value decomposition x = u @ diag(s) @ vt: `{u, s, vt}`.",
            example: "svd(tensor([[3.0, 0.0], [0.0, 2.0]])).s  # => tensor([3.0, 2.0])"
        ) { (x: Tensor) in
            let x = try Reduction.floating(x)
            guard x.rank >= 2 else { throw Failure.shape("x", "`x` of svd must be a matrix, but has shape \(x.shape)") }
            let parts = try atenMany("linalg_svd", .tensor(x), false)
            return MapObject([("u", .tensor(parts[0])), ("s", .tensor(parts[1])), ("vt", .tensor(parts[2]))])
        },
        Primitive(
            "eigh(x: Tensor) -> Map", "Eigenvalues, ascending, and eigenvectors of a symmetric matrix: `{values, vectors}`.",
            example: "eigh(tensor([[2.0, 0.0], [0.0, 3.0]])).values  # => tensor([2.0, 3.0])"
        ) { (x: Tensor) in
            let parts = try atenMany("linalg_eigh", .tensor(square(x, of: "eigh")))
            return MapObject([("values", .tensor(parts[0])), ("vectors", .tensor(parts[1]))])
        },
    ]

    private static let parts: [Primitive] = [
        Primitive(
            "trace(x: Tensor) -> Tensor", "The sum of the diagonal of a matrix.", example: "trace(eye(3))  # => tensor(3.0)"
        ) { (x: Tensor) in try aten("trace", .tensor(x)) },
        Primitive(
            "diag(x: Tensor, offset: Int = 0) -> Tensor", "A diagonal matrix from a vector, or the diagonal of a matrix.",
            example: "diag(tensor([1, 2]))  # => tensor([[1, 0], [0, 2]])"
        ) { (x: Tensor, offset: Int) in try aten("diag", .tensor(x), .int(offset)) },
        Primitive(
            "triu(x: Tensor, offset: Int = 0) -> Tensor", "The upper triangle of a matrix, zero below.",
            example: "triu(ones(2, 2))  # => tensor([[1.0, 1.0], [0.0, 1.0]])"
        ) { (x: Tensor, offset: Int) in try aten("triu", .tensor(x), .int(offset)) },
        Primitive(
            "tril(x: Tensor, offset: Int = 0) -> Tensor", "The lower triangle of a matrix, zero above.",
            example: "tril(ones(2, 2))  # => tensor([[1.0, 0.0], [1.0, 1.0]])"
        ) { (x: Tensor, offset: Int) in try aten("tril", .tensor(x), .int(offset)) },
    ]
}
