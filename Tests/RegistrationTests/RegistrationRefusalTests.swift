import Base
import Foundation
import Registration
import Tensors
import Testing
import Volumes

/// Volumes and options that `register` cannot work with, and those at the edge that it can.
@Suite struct RegistrationRefusalTests {
    private let shape = [24, 22, 20]
    private func image(_ affine: Affine = .identity, seed: Int = 1) throws -> Volume {
        try Volume(data: Phantom.image(Grid(shape: shape, affine: .identity), seed: seed).data, grid: Grid(shape: shape, affine: affine))
    }
    private let sheared = Affine(columns: [[1, 0, 0], [0.5, 1, 0], [0, 0, 1]], translation: [0, 0, 0])

    @Test func aRigidMapOfShearedAxes() throws {
        let (straight, oblique) = (try image(), try image(sheared))
        for (moving, fixed, name) in [(straight, oblique, "onto"), (oblique, straight, "moving"), (oblique, oblique, "onto")] {
            #expect {
                try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: .rigid))
            } throws: {
                let error = $0 as? Failure
                return error?.code == "grid" && error?.message.contains("`\(name)`") == true && error?.message.contains("63.4°") == true
            }
            _ = try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: .affine))
        }
    }

    @Test func aRigidMapIsRigid() throws {
        let turned = Affine(columns: [[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1.5]], translation: [3, 4, 5])
        for (a, b) in [(Affine.identity, turned), (turned, .identity), (turned, turned)] {
            let found = try register(
                moving: image(a, seed: 2), onto: image(b), options: RegistrationOptions(kind: .rigid)).affine
            for row in 0..<3 {
                for column in 0..<3 {
                    let product = (0..<3).reduce(0) { $0 + found[$1, row] * found[$1, column] }
                    #expect(abs(product - (row == column ? 1 : 0)) < 1e-9)
                }
            }
        }
    }

    @Test(arguments: [1e60, 1e-60])
    func voxelsOfNoSize(spacing: Double) throws {
        let (usual, other) = (try image(), try image(Affine(scale: [spacing, spacing, spacing])))
        for (moving, fixed) in [(usual, other), (other, usual)] {
            #expect { try register(moving: moving, onto: fixed) } throws: { ($0 as? Failure)?.code == "grid" }
        }
    }

    @Test(arguments: [[1e9, 1e9, 1e9], [1e-9, 1e-9, 1e-9], [1e-9, 1, 1e9]])
    func voxelsOfRareSizesAreRegistered(spacing: [Double]) throws {
        let affine = Affine(scale: spacing)
        let found = try register(moving: image(affine, seed: 2), onto: image(affine))
        #expect(try found.displacement?.floats().allSatisfy(\.isFinite) == true)
    }

    @Test func numbersBeyondFloat32() throws {
        let usual = try image()
        let large = try Volume(data: usual.data.to(dtype: .float64).multiplying(1e300), grid: usual.grid)
        for (moving, fixed) in [(usual, large), (large, usual)] {
            #expect { try register(moving: moving, onto: fixed) } throws: {
                let error = $0 as? Failure
                return error?.code == "value" && error?.message.contains("numbers up to 3.4e38, but holds") == true
            }
        }
    }

    @Test func aRangeBeyondFloat32IsRegisteredAsAnyOther() throws {
        let (moving, fixed) = (try image(seed: 2), try image())
        func wide(_ volume: Volume) throws -> Volume {
            let most = try aten("max", .tensor(volume.data)).item()
            return try Volume(data: volume.data.multiplying(2 / most).subtracting(1).multiplying(3e38), grid: volume.grid)
        }
        let found = try register(moving: wide(moving), onto: wide(fixed))
        let usual = try register(moving: moving, onto: fixed)
        #expect(try difference(found.mappedPoints(), usual.mappedPoints()).mean < 0.01)
    }

    @Test func smoothnessWithoutMeasure() throws {
        let (moving, fixed) = (try image(seed: 2), try image())
        for smoothness in [0, -1, 1e10, 1e300, .infinity, .nan] {
            #expect {
                try register(moving: moving, onto: fixed, options: RegistrationOptions(smoothness: smoothness))
            } throws: { ($0 as? Failure)?.code == "value" }
        }
        func spread(_ smoothness: Double) throws -> Double {
            let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(smoothness: smoothness))
            let moved = try found.displacement?.doubles() ?? []
            return (moved.max() ?? .nan) - (moved.min() ?? .nan)
        }
        #expect(try spread(1e9) < 0.5 * spread(1))
    }
}
