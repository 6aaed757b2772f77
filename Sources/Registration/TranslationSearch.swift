import Foundation
import Tensors
import Volumes

/// Finds the shift with the smallest mean squared difference of two descriptor images over their overlap, for every
/// whole-voxel shift at once through Fourier transforms.
///
/// `fixed` and `moving` are [C, X, Y, Z] with one spacing (mm), each centred on its own field of view. Shifts that
/// leave less than `overlap` of the smaller image are out. `penalty` (mm-shift tensors along X, Y, Z → tensor) is added.
/// Gives the shift of the moving image in mm that lays it over the fixed one, and the score there.
func searchTranslation(
    fixed: Tensor, moving: Tensor, spacing: [Double], overlap: Double, penalty: ([Tensor]) throws -> Tensor
) throws -> (shift: [Double], score: Double) {
    let (n, k) = (Array(fixed.shape.dropFirst()), Array(moving.shape.dropFirst()))
    let sizes = zip(n, k).map { quickSize($0 + $1 - 1) }
    func transform(_ image: Tensor) throws -> Tensor {
        try aten("fft_rfftn", .tensor(image), .ints(sizes), [-3, -2, -1], .none)
    }
    func back(_ spectrum: Tensor) throws -> Tensor {
        try aten("fft_irfftn", .tensor(spectrum), .ints(sizes), [-3, -2, -1], .none)
    }
    func conjugate(_ spectrum: Tensor) throws -> Tensor { try aten("conj_physical", .tensor(spectrum)) }
    func energy(_ image: Tensor) throws -> Tensor {
        try aten("sum.dim_IntList", .tensor(try aten("square", .tensor(image))), [0])
    }
    let onesFixed = try transform(Tensor.ones(n))
    let onesMoving = try conjugate(transform(Tensor.ones(k)))
    let crossed = try aten(
        "sum.dim_IntList", .tensor(try transform(fixed).multiplying(conjugate(transform(moving)))), [0])
    let spectrum = try transform(energy(fixed)).multiplying(onesMoving)
        .adding(onesFixed.multiplying(conjugate(transform(energy(moving)))))
        .subtracting(crossed.multiplying(2))
    let common = try aten("clamp_min", .tensor(back(onesFixed.multiplying(onesMoving))), 1.0)
    let score = try back(spectrum).dividing(common)

    let smaller = Double(min(n.reduce(1, *), k.reduce(1, *)))
    let tooLittle = try common.applying(.less, overlap * smaller)
    var shifts: [Tensor] = []
    for axis in 0..<3 {
        let values = (0..<sizes[axis]).map { index -> Float in
            let steps = Double(index < n[axis] ? index : index - sizes[axis])
            return Float((steps + Double(k[axis] - n[axis]) / 2) * spacing[axis])
        }
        var shape = [1, 1, 1]
        shape[axis] = sizes[axis]
        shifts.append(try Tensor(values, shape: shape))
    }
    let allowed = try aten("masked_fill.Scalar", .tensor(score.adding(penalty(shifts))), .tensor(tooLittle), .float(1e9))
    var place = Int(try aten("argmin", .tensor(allowed)).item())
    let best = try aten("min", .tensor(allowed)).item()
    var shift = [0.0, 0.0, 0.0]
    for axis in (0..<3).reversed() {
        shift[axis] = Double(try shifts[axis].floats()[place % sizes[axis]])
        place /= sizes[axis]
    }
    return (shift, best)
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
