import Foundation
import Tensors
import Volumes

/// A place where an image may lie over another: the shift of the moving image in mm, and the score there.
struct FoundShift {
    var shift: [Double]
    var score: Double
}

/// Finds the shift with the smallest mean squared difference of two descriptor images over their overlap, for every
/// whole-voxel shift at once through Fourier transforms, and for several moving images.
///
/// `fixed` is [C, X, Y, Z] with `weights` [X, Y, Z] that tell how much each of its voxels counts, `moving` [N, C, …] with
/// `covered` [N, …], 1 where there is something and 0 elsewhere; all have one spacing (mm) and are centred on their own
/// fields of view. Shifts that leave less than `overlap` of the smaller image are out. `penalty` (number of the moving
/// image, mm-shift tensors along X, Y, Z) is added. Gives one shift for each moving image.
func searchTranslation(
    fixed: Tensor, weights: Tensor, moving: Tensor, covered: Tensor, spacing: [Double], overlap: Double,
    penalty: (Int, [Tensor]) throws -> Tensor
) throws -> [FoundShift] {
    let (n, k) = (Array(fixed.shape.dropFirst()), Array(moving.shape.dropFirst(2)))
    let sizes = zip(n, k).map { quickSize($0 + $1 - 1) }
    func transform(_ image: Tensor) throws -> Tensor {
        try aten("fft_rfftn", .tensor(image), .ints(sizes), [-3, -2, -1], .none)
    }
    func turnedRound(_ image: Tensor) throws -> Tensor { try aten("conj_physical", .tensor(transform(image))) }
    func back(_ spectrum: Tensor) throws -> Tensor {
        try aten("fft_irfftn", .tensor(spectrum), .ints(sizes), [-3, -2, -1], .none)
    }
    func sum(_ image: Tensor) throws -> Tensor { try aten("sum.dim_IntList", .tensor(image), [-4]) }
    let present = try covered.unsqueezed(1).multiplying(moving)
    let counted = try transform(weights)
    let presence = try turnedRound(covered)
    let crossed = try sum(transform(fixed.multiplying(weights)).multiplying(turnedRound(present)))
    let spectrum = try transform(sum(fixed.multiplying(fixed)).multiplying(weights)).multiplying(presence)
        .adding(counted.multiplying(turnedRound(sum(present.multiplying(moving)))))
        .subtracting(crossed.multiplying(2))
    let total = try wholeSum(weights)
    let common = try aten("clamp_min", .tensor(back(counted.multiplying(presence))), .float(1e-3 * total))
    let score = try back(spectrum).dividing(common)

    func shift(_ index: Int, _ axis: Int) -> Double {
        (Double(index < n[axis] ? index : index - sizes[axis]) + Double(k[axis] - n[axis]) / 2) * spacing[axis]
    }
    let shifts = try (0..<3).map { axis -> Tensor in
        var shape = [1, 1, 1]
        shape[axis] = sizes[axis]
        return try Tensor((0..<sizes[axis]).map { Float(shift($0, axis)) }, shape: shape)
    }
    let smaller = total * min(1, Double(k.reduce(1, *)) / Double(n.reduce(1, *)))
    let count = moving.shape[0]
    let penalties = try Tensor.stack((0..<count).map { try penalty($0, shifts) })
    let allowed = try aten(
        "masked_fill.Scalar", .tensor(score.adding(penalties)), .tensor(common.applying(.less, overlap * smaller)),
        .float(1e9)
    ).reshaped([count, -1])
    let places = try aten("argmin", .tensor(allowed), 1).ints()
    let scores = try aten("amin", .tensor(allowed), [1]).doubles()
    return zip(places, scores).map { place, score in
        let indices = [place / (sizes[1] * sizes[2]), place / sizes[2] % sizes[1], place % sizes[2]]
        return FoundShift(shift: (0..<3).map { shift(indices[$0], $0) }, score: score)
    }
}

/// The next size that has no prime factor above 5, which Fourier transforms are quick at.
private func quickSize(_ size: Int) -> Int {
    var wanted = size
    while true {
        var rest = wanted
        for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
        if rest == 1 { return wanted }
        wanted += 1
    }
}
