import Base
import Foundation
import Registration
import Tensors
import Testing
import Volumes

/// What kinds of numbers images may hold.
@Suite struct IntensityTypeTests {
    private let grid: Grid
    init() throws { grid = try Grid(shape: [24, 22, 20], spacing: [1, 1, 1]) }

    private func whole(_ seed: Int) throws -> Tensor {
        try Phantom.image(grid, seed: seed).data.multiplying(100).to(dtype: .int64)
    }

    @Test(arguments: [1 << 40, 1 << 61, -(1 << 61)])
    func wholeNumbersKeepAllTheirDigits(offset: Int) throws {
        let options = RegistrationOptions(kind: .affine)
        func image(_ seed: Int, _ offset: Int) throws -> Volume {
            try Volume(data: aten("add.Scalar", .tensor(whole(seed)), .int(offset)), grid: grid)
        }
        let plain = try register(moving: image(2, 0), onto: image(1, 0), options: options)
        let far = try register(moving: image(2, offset), onto: image(1, offset), options: options)
        for (a, b) in zip(plain.affine.elements, far.affine.elements) { #expect(abs(a - b) < 1e-4) }
        #expect(try contentAddress(image(1, offset)) != contentAddress(image(2, offset)))
        #expect(try contentAddress(image(1, 0)) == contentAddress(Volume(data: whole(1).to(dtype: .float32), grid: grid)))
    }

    @Test func complexNumbersAreRefused() throws {
        let real = try Phantom.image(grid)
        let complex = try Volume(data: real.data.to(dtype: .complex64), grid: grid)
        for (moving, fixed, name) in [(complex, real, "`moving`"), (real, complex, "`onto`")] {
            #expect { try register(moving: moving, onto: fixed) } throws: {
                let error = $0 as? Failure
                return error?.code == "type" && error?.message == "\(name) of register must hold real numbers, but holds complex64"
                    && error?.help?.contains("abs") == true
            }
        }
        let magnitude = try Volume(data: aten("abs", .tensor(complex.data)), grid: grid)
        _ = try register(moving: magnitude, onto: real, options: RegistrationOptions(kind: .rigid, iterations: 0))
    }
}
