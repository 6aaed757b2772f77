import Base

/// The shape mismatches that people meet most, said with both shapes and the dimension at fault.
public enum ShapeCheck {
    /// The number of elements of a shape; nil for a negative size, and for more elements than an integer counts.
    public static func count(of shape: [Int]) -> Int? {
        guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
        if shape.contains(0) { return 0 }
        var total = 1
        for size in shape {
            let (product, isTooBig) = total.multipliedReportingOverflow(by: size)
            if isTooBig { return nil }
            total = product
        }
        return total
    }

    /// The common shape of two under broadcasting; throws code `shape` when there is none.
    @discardableResult
    public static func broadcast(_ left: [Int], _ right: [Int]) throws -> [Int] {
        let rank = max(left.count, right.count)
        var result = [Int](repeating: 1, count: rank)
        for offset in 1...max(rank, 1) where offset <= rank {
            let one = offset <= left.count ? left[left.count - offset] : 1
            let other = offset <= right.count ? right[right.count - offset] : 1
            guard one == other || one == 1 || other == 1 else {
                throw Failure(
                    "shape",
                    "shapes \(left) and \(right) do not broadcast: dimension \(rank - offset) is \(one) and \(other)",
                    help: "sizes along a dimension must be equal, or one of them 1")
            }
            result[rank - offset] = one == 1 ? other : one
        }
        return result
    }

    /// Throws unless the matrix product of the shapes exists.
    public static func matmul(_ left: [Int], _ right: [Int]) throws {
        guard let inner = left.last, !right.isEmpty else {
            throw Failure("shape", "a matrix product takes tensors of rank 1 or more, but shapes are \(left) and \(right)")
        }
        let rows = right.count == 1 ? right[0] : right[right.count - 2]
        guard inner == rows else {
            throw Failure(
                "shape",
                "the matrix product of shapes \(left) and \(right) does not exist: the left has \(inner) columns and the right \(rows) rows"
            )
        }
        try broadcast(Array(left.dropLast(2)), Array(right.dropLast(2)))
    }

    /// A dimension counted from the end when negative; throws code `index` when there is no such dimension.
    public static func dimension(_ index: Int, rank: Int) throws -> Int {
        let span = max(rank, 1)
        guard index >= -span, index < span else {
            throw Failure(
                "index",
                rank == 0
                    ? "a tensor of rank 0 has no dimension \(index)"
                    : "`dim` must be between \(-rank) and \(rank - 1) for a tensor of rank \(rank), but is \(index)")
        }
        return index < 0 ? index + span : index
    }
}
