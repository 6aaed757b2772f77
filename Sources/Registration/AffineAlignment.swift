import Foundation
import Tensors
import Volumes

/// The affine map between the frames of two images (mm from the centres of their fields of view), fixed to moving.
///
/// Starts: the images' own world positions, their centres laid over each other, and the best shift of a search over all
/// of them; stacks of thick slices also try turns within the slice plane, because their planes are chosen by hand.
/// Starts are refined as rigid maps at a coarse spacing, and the best one with all parameters at half of it. The
/// measure is the mean squared difference of self-similarity and intensity over the overlap.
struct AffineAlignment {
    let fixed: FramedImage
    let moving: FramedImage
    /// The map that the headers state, between the frames.
    let stated: Affine
    let isRigid: Bool
    let check: () throws -> Void

    private static let overlap = 0.6
    /// Voxels of the coarse image that starts are searched on, and points that each gradient step looks at.
    private static let voxels = 10_000.0
    private static let samples = 5_000.0
    private static let turns: [Double] = [0, -90, -60, -30, 30, 60, 90]

    private var thickAxis: Int? { fixed.thickAxis }

    /// Half a typical radius: turns and stretches are counted in mm at this distance, so that one rate fits all.
    private var lever: Double { fixed.extent.sorted().suffix(2).reduce(0, +) / 8 }

    func run() throws -> Affine {
        let volume = fixed.extent.reduce(1, *)
        let wanted = thickAxis.map { sqrt(volume / (Self.voxels * fixed.spacing[$0])) } ?? cbrt(volume / Self.voxels)
        let coarse = max(wanted, fixed.spacing.min() ?? 1)
        let still = try fixed.averaged(to: coarse)
        let other = try moving.averaged(to: coarse)
        let features = try describe(still)
        // A few steps tell which start leads somewhere; the best goes on.
        var rough: (loss: Double, pose: Affine) = (.infinity, stated)
        for start in try starts(still, other, features) {
            let found = try refine(
                still, features, other, start, parameters: 6, steps: 12, rate: 0.4 * coarse, isPenalized: true)
            if found.loss < rough.loss { rough = found }
        }
        let fine = max(coarse / 2, fixed.spacing.min() ?? 1)
        let sharp = try fixed.averaged(to: fine)
        return try refine(
            sharp, describe(sharp), moving.averaged(to: fine), rough.pose, parameters: isRigid ? 6 : 12, steps: 40,
            rate: 0.3 * fine, isPenalized: false
        ).pose
    }

    private func describe(_ image: FramedImage) throws -> Tensor {
        try descriptors(image, distance: 1, radius: 1, intensity: 0.1)
    }

    // MARK: Starts

    /// Far shifts must earn their place: 0.4 for a shift as long as the field of view, counted from the nearer of the
    /// centres laid over each other and the stated position.
    private func penalty(_ squaredDistance: (_ anchor: [Double]) throws -> Tensor, base: Affine) throws -> Tensor {
        let reach = thickAxis.map { axis in (0..<3).filter { $0 != axis }.map { fixed.extent[$0] }.min() ?? 1 }
            ?? (fixed.extent.min() ?? 1)
        var nearest = try squaredDistance([0, 0, 0])
        if let inverse = base.inverse {
            let anchor = inverse.linear(stated.translation).map { -$0 }
            if anchor.allSatisfy({ abs($0) < reach / 2 }) {
                nearest = try aten("minimum", .tensor(nearest), .tensor(squaredDistance(anchor)))
            }
        }
        return try nearest.multiplying(0.4 / (reach * reach))
    }

    private func starts(_ still: FramedImage, _ other: FramedImage, _ features: Tensor) throws -> [Affine] {
        var bases: [Affine] = []
        if let axis = thickAxis {
            // Slices are taken to cover the organ from end to end in both stacks.
            var scale = [1.0, 1.0, 1.0]
            if !isRigid { scale[axis] = moving.extent[axis] / fixed.extent[axis] }
            bases = Self.turns.map { rotation($0, about: axis) * Affine(scale: scale) }
        } else {
            bases = [stated.linear]
            let trace = (0..<3).reduce(0) { $0 + stated[$1, $1] }
            if trace < 1 + 2 * cos(5 * Double.pi / 180) { bases.append(.identity) }
        }
        var found: [(score: Double, pose: Affine)] = []
        for (place, base) in bases.enumerated() {
            try check()
            guard let inverse = base.inverse else { continue }
            let extent = (0..<3).map { axis in
                (0..<3).reduce(0) { $0 + abs(inverse[axis, $1]) * moving.extent[$1] }
            }
            let sizes = (0..<3).map { max(1, Int((extent[$0] / still.spacing[$0]).rounded())) }
            let turned = try resampled(other, base, sizes, still.spacing)
            let turnedFeatures = try describe(turned)
            let (shift, score) = try searchTranslation(
                fixed: features, moving: turnedFeatures, spacing: still.spacing, overlap: Self.overlap
            ) { shifts in
                try penalty(
                    { anchor in
                        let squares = try (0..<3).map { try aten("square", .tensor(shifts[$0].subtracting(anchor[$0]))) }
                        return try squares[0].adding(squares[1]).adding(squares[2])
                    }, base: base)
            }
            let turn = thickAxis == nil ? 0 : Self.turns[place] / 30
            found.append((score + 5e-4 * turn * turn, base * Affine(scale: [1, 1, 1], translation: shift.map { -$0 })))
        }
        found.sort { $0.score < $1.score }
        let near = thickAxis == nil && !isFar(stated) ? stated : bases[0]
        return [near] + found.prefix(2).map(\.pose)
    }

    private func isFar(_ pose: Affine) -> Bool {
        zip(pose.translation, moving.extent).contains { abs($0) > $1 / 2 }
    }

    private func rotation(_ degrees: Double, about axis: Int) -> Affine {
        let angle = degrees * Double.pi / 180
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
        var columns = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]
        (columns[u][u], columns[u][v]) = (cos(angle), sin(angle))
        (columns[v][u], columns[v][v]) = (-sin(angle), cos(angle))
        return Affine(columns: columns, translation: [0, 0, 0])
    }

    /// The image seen through a pose, borders repeated.
    private func resampled(_ image: FramedImage, _ pose: Affine, _ sizes: [Int], _ spacing: [Double]) throws -> FramedImage {
        let points = try pose.mapping(centredPoints(sizes, spacing))
        let data = try sample(image.data.unsqueezed(0), extent: image.extent, at: points, padding: .border)
        return try FramedImage(data: data.squeezed(0), spacing: spacing)
    }

    // MARK: Refinement

    /// Gradient descent (Adam) from a start. The moving image is brought over by the start first, so that descriptors
    /// are taken along the fixed image's axes; the parameters are a small map B on top: shift, rotation exp(W) and
    /// stretch exp(S), all in mm at the lever.
    private func refine(
        _ still: FramedImage, _ features: Tensor, _ other: FramedImage, _ start: Affine, parameters: Int, steps: Int,
        rate: Double, isPenalized: Bool
    ) throws -> (loss: Double, pose: Affine) {
        // A margin around the fixed field of view, so that the map can look beyond it.
        let sizes = still.shape.enumerated().map { $1 + 2 * ($1 / 4) + ($0 == thickAxis ? 4 : 0) }
        let extent = (0..<3).map { Double(sizes[$0]) * still.spacing[$0] }
        let seen = try resampled(other, start, sizes, still.spacing)
        let inside = try sample(
            Tensor.ones([1] + other.shape), extent: other.extent,
            at: start.mapping(centredPoints(sizes, still.spacing)), padding: .zeros)
        let channels = try Tensor.cat([describe(seen).multiplying(inside), inside])
        let count = features.shape[0]
        let (points, target) = try thinned(still, features)
        let looked = points.shape[0]
        let toSampler = try samplerMatrix(extent)
        let expected = Self.overlap * min(1, moving.extent.reduce(1, *) / abs(start.determinant) / fixed.extent.reduce(1, *))

        let mask = try Tensor((0..<12).map { Float($0 < parameters ? 1 : 0) }, shape: [12])
        let unknowns = try Tensor.zeros([12]).setRequiresGrad()
        let optimizer = try TorchOptimizer.adam([unknowns], rate: rate)
        var best: (loss: Double, values: [Double]) = (.infinity, [Double](repeating: 0, count: 12))
        for step in 0...steps {
            try check()
            let (linear, shift) = try map(unknowns)
            let moved = try points.matmul(linear.transposed()).adding(shift).matmul(toSampler)
            let values = try sample(channels, at: moved.reshaped([1, looked, 1, 1, 3])).reshaped([count + 1, looked])
            let shown = try aten("narrow", .tensor(values), 0, 0, .int(count))
            let weight = try aten("narrow", .tensor(values), 0, .int(count), 1)
            let area = try aten("sum", .tensor(weight))
            let squared = try aten("square", .tensor(shown.subtracting(target.multiplying(weight))))
            var loss = try aten("sum", .tensor(squared)).dividing(area.adding(1))
            let lacking = try aten("relu", .tensor(area.dividing(Double(looked)).negated().adding(expected)))
            loss = try loss.adding(lacking.multiplying(0.2)).adding(prior(unknowns))
            if isPenalized {
                let offset = try start.linear.mapping(shift).adding(Tensor(start.translation.map { Float($0) }))
                loss = try loss.adding(
                    penalty(
                        { anchor in
                            let target = Affine(columns: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], translation: start.linear(anchor))
                            let difference = try offset.adding(Tensor(target.translation.map { Float($0) }))
                            return try aten("sum", .tensor(aten("square", .tensor(difference))))
                        }, base: start.linear))
            }
            let value = try loss.item()
            if value < best.loss { best = (value, try unknowns.detached().doubles()) }
            if step == steps { break }
            try optimizer.zeroGrad()
            try loss.backward()
            if let gradient = unknowns.grad { try unknowns.setGrad(gradient.multiplying(mask)) }
            try optimizer.setRate(rate * (1 - 0.9 * Double(step) / Double(steps)))
            try optimizer.step()
        }
        let (linear, shift) = try withoutGradients { try map(Tensor(best.values.map { Float($0) }, shape: [12])) }
        let numbers = try linear.doubles()
        let small = Affine(
            columns: (0..<3).map { column in (0..<3).map { numbers[3 * $0 + column] } }, translation: try shift.doubles())
        return (best.loss, start * small)
    }

    /// Every n-th voxel along each axis (every slice of a thick stack): points [N, 3] and descriptors [C, N].
    private func thinned(_ image: FramedImage, _ features: Tensor) throws -> (points: Tensor, target: Tensor) {
        let excess = Double(image.data.count) / Self.samples
        let step = max(1, Int((image.thickAxis == nil ? cbrt(excess) : sqrt(excess)).rounded()))
        func every(_ tensor: Tensor, from first: Int) throws -> Tensor {
            try (0..<3).reduce(tensor) { result, axis in
                guard axis != image.thickAxis else { return result }
                return try aten(
                    "slice.Tensor", .tensor(result), .int(first + axis), .int(step / 2), .int(image.shape[axis]), .int(step))
            }
        }
        let points = try every(image.points(), from: 0).reshaped([-1, 3])
        return (points, try every(features, from: 1).reshaped([features.shape[0], -1]))
    }

    private func part(_ unknowns: Tensor, _ start: Int, _ length: Int) throws -> Tensor {
        try aten("narrow", .tensor(unknowns), 0, .int(start), .int(length))
    }

    /// Large turns and stretches must earn their place.
    private func prior(_ unknowns: Tensor) throws -> Tensor {
        func squares(_ start: Int, _ length: Int) throws -> Tensor {
            try aten("sum", .tensor(try aten("square", .tensor(part(unknowns, start, length).dividing(lever)))))
        }
        return try squares(3, 3).multiplying(0.001 / 0.09).adding(squares(6, 6).multiplying(0.001 / 0.0225))
    }

    /// Twelve unknowns as a matrix and a shift: three of shift, three of turn, six of stretch.
    private func map(_ unknowns: Tensor) throws -> (linear: Tensor, shift: Tensor) {
        func generator(_ start: Int, _ basis: [[Float]]) throws -> Tensor {
            let matrix = try Tensor(basis.flatMap { $0 }, shape: [basis.count, 9])
            return try part(unknowns, start, basis.count).dividing(lever).matmul(matrix).reshaped([3, 3])
        }
        let turn = try aten("matrix_exp", .tensor(generator(3, Self.turnBasis)))
        let stretch = try aten("matrix_exp", .tensor(generator(6, Self.stretchBasis)))
        return (try turn.matmul(stretch), try part(unknowns, 0, 3))
    }

    private static let turnBasis: [[Float]] = [
        [0, 0, 0, 0, 0, -1, 0, 1, 0], [0, 0, 1, 0, 0, 0, -1, 0, 0], [0, -1, 0, 1, 0, 0, 0, 0, 0],
    ]
    private static let stretchBasis: [[Float]] = [
        [1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1],
        [0, 1, 0, 1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 1, 0, 1, 0],
    ]
}
