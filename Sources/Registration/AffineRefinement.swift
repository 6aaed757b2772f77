import Foundation
import Tensors
import Volumes

/// A map between two frames, and how far from a perfect fit it is.
struct Pose {
    var loss: Double
    var pose: Affine
}

/// Refines an affine map by Gauss-Newton steps over the descriptors of two images.
///
/// Inverse compositional (Baker and Matthews, IJCV 2004): each step moves the fixed descriptors a little, and the
/// opposite of that small map joins the pose. So the gradients are those of the fixed image, taken once, and a step
/// costs one sampling and a 12×12 system. The parameters of the small map are a shift, a turn exp(W) and a stretch
/// exp(S), all in mm at `lever`.
struct AffineRefinement {
    let fixed: FramedImage
    /// Points [N, 3] that are looked at, and the fixed descriptors [C, N] there.
    private let points: Tensor
    private let target: Tensor
    /// How each descriptor at each point answers to each parameter, [12, C · N].
    private let answers: Tensor
    /// Square roots of how much each point counts, [1, N], and the sum of how much.
    private let scale: Tensor
    private let total: Double
    /// answers · answersᵀ, one row a parameter.
    private let normal: [[Double]]
    let lever: Double

    /// A wish for where the centre goes: `weight` times the squared distance (mm) of the shift from the nearest of
    /// `anchors`, in the frame of the moving image.
    struct Pull {
        var weight: Double
        var anchors: [[Double]]

        func nearest(to shift: [Double]) -> (anchor: [Double], cost: Double) {
            let costs = anchors.map { anchor in zip(anchor, shift).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
            let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
            return (anchors[best], weight * costs[best])
        }
    }

    /// `weights` [X, Y, Z] tell how much each voxel of the fixed image counts.
    init(fixed: FramedImage, features: Tensor, weights: Tensor, lever: Double, samples: Double) throws {
        self.fixed = fixed
        self.lever = lever
        let excess = Double(fixed.data.count) / samples
        let step = max(1, Int((fixed.thickAxis == nil ? cbrt(excess) : sqrt(excess)).rounded()))
        func every(_ tensor: Tensor, from first: Int) throws -> Tensor {
            try (0..<3).reduce(tensor) { result, axis in
                guard axis != fixed.thickAxis else { return result }
                return try aten(
                    "slice.Tensor", .tensor(result), .int(first + axis), .int(min(step / 2, fixed.shape[axis] - 1)),
                    .int(fixed.shape[axis]), .int(step))
            }
        }
        let channels = features.shape[0]
        points = try every(fixed.points(), from: 0).reshaped([-1, 3])
        let count = points.shape[0]
        let counted = try every(weights, from: 0).reshaped([1, count])
        scale = try aten("sqrt", .tensor(counted))
        total = try aten("sum", .tensor(counted)).item()
        target = try every(features, from: 1).reshaped([channels, -1]).multiplying(scale)
        // [C, 3, N]
        let slopes = try Tensor.stack(
            (0..<3).map { axis in
                try every(gradient(features, along: axis + 1).dividing(fixed.spacing[axis]), from: 1).reshaped([channels, count])
            }, dimension: 1)
        // [3, 12, N]: where each parameter moves a point.
        let along = try points.transposed(0, 1).contiguous()
        let moves = try Tensor.stack(
            Self.generators.map { generator -> Tensor in
                let matrix = try Tensor(generator.linear.flatMap { $0.map { Float($0 / lever) } }, shape: [3, 3])
                let shift = try Tensor(generator.shift.map { Float($0) }, shape: [3, 1])
                return try matrix.matmul(along).adding(shift)
            }, dimension: 1)
        var sum: Tensor?
        for axis in 0..<3 {
            let slope = try aten("select.int", .tensor(slopes), 1, .int(axis)).unsqueezed(0)
            let move = try aten("select.int", .tensor(moves), 0, .int(axis)).unsqueezed(1)
            let product = try slope.multiplying(move)
            sum = try sum.map { try $0.adding(product) } ?? product
        }
        guard let sum else { throw TensorError("value", "an image has three axes") }
        answers = try sum.multiplying(scale).reshaped([12, channels * count])
        let flat = try answers.matmul(answers.transposed(0, 1)).doubles()
        normal = (0..<12).map { row in Array(flat[(12 * row)..<(12 * row + 12)]) }
    }

    /// Steps from `start` and gives the best pose met. `overlap` is the part of the points that the moving image should
    /// cover at least; with `isFree` turns and stretches cost nothing; `reach` voxels around what the moving image
    /// does not cover are not counted either.
    func run(
        moving: FramedImage, describe: (FramedImage) throws -> Tensor, from start: Affine, parameters: Int, steps: Int,
        margin: Double, overlap: Double, pull: Pull?, isFree: Bool = false, reach: [Int] = [0, 0, 0],
        check: () throws -> Void
    ) throws -> Pose {
        // The moving image is brought over by the start first, so that descriptors are taken along the fixed image's
        // axes, with a margin, so that the map can look beyond the field of view.
        let sizes = fixed.shape.enumerated().map { axis, size in
            size + 2 * Int((Double(size) * margin).rounded(.up)) + (axis == fixed.thickAxis ? 4 : 0)
        }
        let extent = (0..<3).map { Double(sizes[$0]) * fixed.spacing[$0] }
        let seen = try moving.seen(through: start, sizes, fixed.spacing)
        var inside = try sample(
            Tensor.ones([1] + moving.shape), extent: moving.extent,
            at: start.mapping(centredPoints(sizes, fixed.spacing)), padding: .zeros)
        if reach != [0, 0, 0] {
            let outside = try aten(
                "max_pool3d", .tensor(inside.negated()), .ints(reach.map { 2 * $0 + 1 }), [1, 1, 1], .ints(reach))
            inside = try outside.negated()
        }
        let channels = try Tensor.cat([describe(seen).multiplying(inside), inside])
        let toSampler = try samplerMatrix(extent)
        let (kinds, looked) = (target.shape[0], points.shape[0])
        let weights = isFree ? [Double](repeating: 0, count: 12) : prior
        let turn = start.linear

        var pose = Affine.identity
        var sum = [Double](repeating: 0, count: 12)
        var best: (loss: Double, pose: Affine, sum: [Double]) = (.infinity, pose, sum)
        var system: (matrix: [[Double]], right: [Double]) = ([], [])
        var damping = 1e-3
        let finest = fixed.spacing.min() ?? 1
        for step in 0...steps {
            try check()
            let moved = try pose.mapping(points).matmul(toSampler)
            let values = try sample(channels, at: moved.reshaped([1, looked, 1, 1, 3])).reshaped([kinds + 1, looked])
            let weight = try aten("narrow", .tensor(values), 0, .int(kinds), 1)
            let difference = try aten("narrow", .tensor(values), 0, 0, .int(kinds)).multiplying(scale)
                .subtracting(target.multiplying(weight))
            let area = try aten("sum", .tensor(weight.multiplying(scale).multiplying(scale))).item()
            let squares = try aten("sum", .tensor(aten("square", .tensor(difference)))).item()
            let shift = zip(start.translation, turn(pose.translation)).map { $0 + $1 }
            let wish = pull?.nearest(to: shift)
            let loss = squares / (area + 1e-3 * total) + 0.2 * max(0, overlap - area / total) + (wish?.cost ?? 0)
                + zip(weights, sum).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
            if loss < best.loss {
                best = (loss, pose, sum)
                damping = max(1e-4, damping / 4)
                let answered = try answers.matmul(difference.reshaped([kinds * looked, 1])).doubles()
                let share = area / total / (area + 1e-3 * total)
                system.matrix = (0..<parameters).map { row in (0..<parameters).map { normal[row][$0] * share } }
                system.right = (0..<parameters).map { answered[$0] / (area + 1e-3 * total) + weights[$0] * sum[$0] }
                if let pull, let wish {
                    // The shift is counted along the start's axes.
                    let away = zip(shift, wish.anchor).map { $0 - $1 }
                    for row in 0..<3 {
                        system.right[row] += pull.weight * zip(turn.column(row), away).reduce(0) { $0 + $1.0 * $1.1 }
                        system.matrix[row][row] += pull.weight
                    }
                }
                for row in 0..<parameters { system.matrix[row][row] += weights[row] }
            } else {
                // Back to the best, and more carefully from there.
                damping *= 16
                (pose, sum) = (best.pose, best.sum)
            }
            if step == steps || damping > 1e3 { break }
            var matrix = system.matrix
            for row in 0..<parameters { matrix[row][row] *= 1 + damping }
            guard let change = solved(matrix, system.right) else { break }
            let length = change.reduce(0) { max($0, abs($1)) }
            // No further than two voxels at once: beyond that the gradients mean nothing.
            let factor = length > 2 * finest ? 2 * finest / length : 1
            var small = [Double](repeating: 0, count: 12)
            for row in 0..<parameters { small[row] = -factor * change[row] }
            pose = pose * map(small)
            for row in 0..<parameters { sum[row] += small[row] }
            if length < 0.01 * finest { break }
        }
        return Pose(loss: best.loss, pose: start * best.pose)
    }

    /// Large turns and stretches must earn their place.
    private var prior: [Double] {
        let (turn, stretch) = (0.001 / (0.09 * lever * lever), 0.001 / (0.0225 * lever * lever))
        return [0, 0, 0, turn, turn, turn] + [Double](repeating: stretch, count: 6)
    }

    /// The small map of twelve parameters: exp(W) · exp(S) and a shift.
    private func map(_ parameters: [Double]) -> Affine {
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

    private static let generators: [(linear: [[Double]], shift: [Double])] = {
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

/// Solves a small symmetric positive system by Cholesky's decomposition; nil when it is not positive.
private func solved(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    let size = right.count
    var lower = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for row in 0..<size {
        for column in 0...row {
            let rest = (0..<column).reduce(matrix[row][column]) { $0 - lower[row][$1] * lower[column][$1] }
            if row == column {
                guard rest > 0 else { return nil }
                lower[row][row] = rest.squareRoot()
            } else {
                lower[row][column] = rest / lower[column][column]
            }
        }
    }
    var result = right
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
