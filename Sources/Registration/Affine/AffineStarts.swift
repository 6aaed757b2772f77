import Foundation
import Tensors
import Volumes

/// Where an affine registration begins: the images' own world positions, their centres laid over each other, and the best
/// shift of a search over all of them. Stacks of thick slices are laid slice upon slice and as the headers state, and also
/// try turns within the slice plane, because their planes are chosen by hand; other volumes try turns in space on a very
/// coarse image.
extension AffineAlignment {
    private static let turns: [Double] = [0, -90, -60, -30, 30, 60, 90]

    /// Far shifts must earn their place: 0.4 for a shift as long as the field of view, counted from the nearer of the
    /// centres laid over each other and the stated position.
    func prior(_ base: Affine) -> AffineSteps.Prior {
        let reach = thickAxis.map { axis in (0..<3).filter { $0 != axis }.map { extent[$0] }.min() ?? 1 }
            ?? (extent.min() ?? 1)
        var anchors = [[0.0, 0, 0]]
        if let inverse = base.inverse {
            let anchor = inverse.linear(stated.translation).map { -$0 }
            if anchor.allSatisfy({ abs($0) < reach / 2 }) { anchors.append(stated.translation) }
        }
        return AffineSteps.Prior(weight: 0.4 / (reach * reach), anchors: anchors)
    }

    func starts(_ still: FramedImage, _ other: FramedImage, _ importance: Tensor) throws -> [Affine] {
        guard let axis = thickAxis else { return try startsInSpace(still, other, importance) }
        // Slices are taken to cover the organ from end to end in both stacks, and the field of view to be planned on a body
        // that fills it: where the two differ much in size, a stretch from one to the other is tried as well. A few slices
        // may be any part of the organ.
        let isPart = moving.thickAxis != axis || min(fixed.shape[axis], moving.shape[axis]) < 5
        let along = isRigid || isPart ? 1 : moving.extent[axis] / extent[axis]
        let across = (0..<3).filter { $0 != axis }.reduce(1) { $0 * moving.extent[$1] / extent[$1] }.squareRoot()
        let stretches = isRigid || abs(log(across)) < 0.18 ? [1] : [1, across]
        let turns = stretches.flatMap { stretch in Self.turns.map { (degrees: $0, stretch: stretch) } }
        var bases = ends.flatMap { end in
            turns.map { turn in
                let base = end * rotation(turn.degrees * .pi / 180, about: (0..<3).map { $0 == axis ? 1 : 0 })
                    * Affine(scale: (0..<3).map { $0 == axis ? along : turn.stretch })
                return (map: base, degrees: turn.degrees)
            }
        }
        let tilted = turnsAway ? [stated.linear] : []
        bases += tilted.map { ($0, 0) }
        let found = try searched(bases.map(\.map), still, other, importance, describe: { try descriptor.alone($0).tensor() })
        let scored = zip(found, bases).map { (score: $0.score + 5e-4 * $1.degrees * $1.degrees / 900, pose: $0.pose) }
        let isFar = zip(stated.translation, moving.extent).contains { abs($0) > $1 / 2 }
        return [bases[0].map] + (isFar ? tilted : [stated]) + scored.sorted { $0.score < $1.score }.prefix(4).map(\.pose)
    }

    /// Whether the headers state a turn by 5° or more between the axes that are laid along each other.
    private var turnsAway: Bool {
        (0..<3).reduce(0) { $0 + stated[$1, $1] } < 1 + 2 * cos(5 * Double.pi / 180)
    }

    private func startsInSpace(
        _ still: FramedImage, _ other: FramedImage, _ importance: Tensor
    ) throws -> [Affine] {
        var bases = [stated.linear]
        if turnsAway { bases.append(.identity) }
        bases += try turnedBases()
        let found = try searched(bases, still, other, importance, describe: { try descriptor.alone($0).tensor() })
        let isFar = zip(stated.translation, moving.extent).contains { abs($0) > $1 / 2 }
        return [isFar ? bases[0] : stated] + found.map(\.pose)
    }

    /// The stated map turned as fits best on an image of about five hundred voxels: the two best, if they fit better than
    /// none. Compares how steep intensities are, and the intensities where they can be compared.
    private func turnedBases() throws -> [Affine] {
        let coarse = searchable(max(cbrt(fixed.extent.reduce(1, *) / 500), fixed.finest))
        let (still, other) = (try fixed.averaged(to: coarse), try moving.averaged(to: coarse))
        func describe(_ image: FramedImage) throws -> Tensor {
            let steep = try (0..<3).reduce(Tensor.zeros(image.shape)) { sum, axis in
                try sum.adding(aten("square", .tensor(gradient(image.data, along: axis))))
            }
            let channels = [try aten("sqrt", .tensor(steep)).multiplying(2)]
            return try Tensor.stack(options.similarity.comparesIntensities ? [image.data] + channels : channels)
        }
        var random = RandomNumbers(seed: options.seed)
        let turns = [Affine.identity] + (0..<35).map { _ in
            // Even over turns up to 60°: their volume grows with the cube of the angle.
            rotation(cbrt(random.next()) * 60 * .pi / 180, about: random.direction())
        }
        let bases = turns.map { $0 * stated.linear }
        let found = try searched(
            bases, still, other, average(Tensor.ones(fixed.shape).unsqueezed(0), to: still.shape).squeezed(0),
            describe: describe)
        return found.indices.filter { found[$0].score < 0.97 * found[0].score }
            .sorted { found[$0].score < found[$1].score }.prefix(2).map { bases[$0] }
    }

    /// A spacing (mm), or as much coarser as it takes for the moving image to have no more voxels than are quickly
    /// searched: it may be far larger than the part that is looked for.
    func searchable(_ spacing: Double) -> Double { max(spacing, moving.spacing(forVoxels: 250_000)) }

    /// The best shift after each base, and its score.
    private func searched(
        _ bases: [Affine], _ still: FramedImage, _ other: FramedImage, _ importance: Tensor,
        describe: (FramedImage) throws -> Tensor
    ) throws -> [(score: Double, pose: Affine)] {
        let undone = bases.map { $0.inverse ?? .identity }
        // One field of view that holds the moving image after each of the bases.
        let sizes = (0..<3).map { axis -> Int in
            let extents = undone.map { inverse in (0..<3).reduce(0) { $0 + abs(inverse[axis, $1]) * moving.extent[$1] } }
            let longest = min(extents.max() ?? 1, 1.5 * moving.extent[axis])
            return max(1, Int((longest / still.spacing[axis]).rounded()))
        }
        let wishes = bases.map { prior($0.linear) }
        let features = try describe(still)
        let parts = try parts()
        let size = moving.extent.reduce(1, *) / fixed.extent.reduce(1, *)
        let overlap = leastOverlap * min(1, size * parts.moving / parts.fixed) / min(1, size)
        // As many at once as take 32 MB: their transforms take several times that.
        let elements = zip(sizes, still.shape).reduce(features.shape[0]) { $0 * ($1.0 + $1.1) }
        let group = max(1, (8 << 20) / elements)
        var found: [FoundShift] = []
        for first in stride(from: 0, to: bases.count, by: group) {
            try options.check()
            let group = bases[first..<min(first + group, bases.count)]
            var (moved, covered): ([Tensor], [Tensor]) = ([], [])
            for base in group {
                moved.append(try describe(other.seen(through: base, sizes, still.spacing)))
                covered.append(
                    try Tensor(other.cover(through: base, sizes, still.spacing, within: movingMask), shape: sizes))
            }
            found += try searchTranslation(
                fixed: features, weights: importance, moving: Tensor.stack(moved), covered: Tensor.stack(covered),
                spacing: still.spacing, overlap: overlap
            ) { number, shifts in
                let wish = wishes[first + number]
                let costs = try wish.anchors.map { anchor -> Tensor in
                    let wanted = undone[first + number].linear(anchor).map { -$0 }
                    let squares = try (0..<3).map { try aten("square", .tensor(shifts[$0].subtracting(wanted[$0]))) }
                    return try squares[0].adding(squares[1]).adding(squares[2])
                }
                let nearest = try costs.dropFirst().reduce(costs[0]) { try aten("minimum", .tensor($0), .tensor($1)) }
                return try nearest.multiplying(wish.weight)
            }
        }
        return zip(bases, found).map { base, one in
            (one.score, base * Affine(scale: [1, 1, 1], translation: one.shift.map { -$0 }))
        }
    }
}

/// The turn by an angle (radians) about a direction of length 1 (Rodrigues' formula).
func rotation(_ angle: Double, about direction: [Double]) -> Affine {
    let (c, s) = (cos(angle), sin(angle))
    let cross = [
        [0, -direction[2], direction[1]], [direction[2], 0, -direction[0]], [-direction[1], direction[0], 0],
    ]
    let columns = (0..<3).map { column in
        (0..<3).map { row in
            (row == column ? c : 0) + (1 - c) * direction[row] * direction[column] + s * cross[row][column]
        }
    }
    return Affine(columns: columns, translation: [0, 0, 0])
}

/// Numbers that a seed gives, without touching the random numbers of anybody else (SplitMix64, Steele et al. 2014).
struct RandomNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Between 0 and 1.
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }

    /// Even over the sphere.
    mutating func direction() -> [Double] {
        let (height, angle) = (2 * next() - 1, 2 * Double.pi * next())
        let radius = (1 - height * height).squareRoot()
        return [radius * cos(angle), radius * sin(angle), height]
    }
}
