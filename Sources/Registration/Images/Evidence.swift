import Foundation

/// How little two images of few voxels along an axis tell of it, and how firmly what they cannot tell is held.
///
/// Between a handful of slices, noise that interpolation smooths away and slices that leave the other image pass for a
/// better fit. So what a map does along an axis of n voxels has to lower the misfit by a share that falls with n. A stretch
/// by a tenth must make a third of it good among three slices, a twenty-seventh among six, and nothing from nine on. Tilts
/// and shifts are seen in every slice, and need less holding: by (n − 1)⁴ in the place of (n − 1)².
struct Evidence {
    /// Voxels along each axis of the fixed image, or of the moving one where those are fewer, less one.
    private let steps: [Double]

    init(fixed: [Int], moving: [Int]) { steps = zip(fixed, moving).map { max(0.5, Double(min($0, $1) - 1)) } }

    private var moves: [Double] { steps.map { max(0, 3 * (pow($0, -4) - pow(24, -4))) } }
    private var stretches: [Double] { steps.map { max(0, 1.5 * (pow($0, -2) - pow(8, -2))) } }

    /// What twelve parameters of a map (`AffineParameters`, in mm at `lever`) cost when squared, as shares of the misfit.
    func weights(lever: Double, extent: [Double]) -> [Double] {
        let (moves, stretches) = (moves, stretches)
        let unit = 1 / (0.01 * lever * lever)
        let pairs = [(1, 2), (0, 2), (0, 1)]
        let shifts = (0..<3).map { moves[$0] / (0.01 * extent[$0] * extent[$0]) }
        let turns = pairs.map { max(moves[$0.0], moves[$0.1]) * unit / 3 }
        let shears = pairs.reversed().map { max(stretches[$0.0], stretches[$0.1]) * unit / 3 }
        return shifts + turns + stretches.map { $0 * unit } + shears
    }

    /// How firmly a displacement is drawn to 0 along each axis, as multiples of how firmly the images draw it.
    var holds: [Double] { stretches.map { 4 * $0 } }
}
