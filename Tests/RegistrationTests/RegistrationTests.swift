import Base
import Foundation
import Registration
import Tensors
import Testing
import Volumes

@Suite struct RegisterTests {
    private let grid: Grid
    init() throws { grid = try Grid(shape: [40, 44, 36], spacing: [1.2, 1.1, 1.3]) }

    @Test func findsAKnownDeformation() throws {
        let fixed = try Phantom.image(grid)
        // The moving image shows at x what the fixed one shows at x − d(x), d a smooth swelling of up to 3 mm and a shift.
        let positions = try Phantom.voxelPositions(grid)
        let numbers = try positions.doubles()
        func swelling(_ p: ArraySlice<Double>) -> [Double] {
            let squared = p.reduce(0) { $0 + ($1 - 24) * ($1 - 24) }
            let size = 3 * exp(-squared / 200)
            return [2 + size, -1.5 + size, 1 - size]
        }
        var moved = numbers
        for index in 0..<grid.count {
            let p = numbers[(3 * index)..<(3 * index + 3)]
            for (axis, part) in swelling(p).enumerated() { moved[3 * index + axis] -= part }
        }
        let moving = try Volume(
            data: Phantom.values(at: Tensor(moved, shape: grid.shape + [3])), grid: grid)
        let found = try register(moving: moving, onto: fixed)

        // A fixed point y is seen in the moving image at x with x − d(x) = y; ten rounds find it.
        let mapped = try found.mappedPoints().doubles()
        var (total, count) = (0.0, 0)
        for index in 0..<grid.count {
            let y = Array(numbers[(3 * index)..<(3 * index + 3)])
            let isInner = (0..<3).allSatisfy { axis in
                let length = grid.spacing[axis] * Double(grid.shape[axis])
                return y[axis] > 8 && y[axis] < length - 8
            }
            guard isInner else { continue }
            var x = y
            for _ in 0..<10 {
                let d = swelling(x[...])
                for axis in 0..<3 { x[axis] = y[axis] + d[axis] }
            }
            var squared = 0.0
            for axis in 0..<3 {
                let error = mapped[3 * index + axis] - x[axis]
                squared += error * error
            }
            total += squared.squareRoot()
            count += 1
        }
        #expect(total / Double(count) < 0.6, "mean error in mm, half a voxel")
        #expect(try found.folding() < 0.01)
        // What leaves the moving image at the border counts as unlike, so the images are compared where both are seen.
        let inner = try Tensor.zeros(grid.shape)
        try inner.withUnsafeMutableElements(as: Float.self) { values in
            for index in 0..<grid.count {
                let isInner = (0..<3).allSatisfy { axis in
                    let y = numbers[3 * index + axis]
                    return y > 8 && y < grid.spacing[axis] * Double(grid.shape[axis]) - 8
                }
                values[index] = isInner ? 1 : 0
            }
        }
        let within = try register(
            moving: moving, onto: fixed, options: RegistrationOptions(mask: Volume(data: inner, grid: grid)))
        #expect((within.similarity?.after ?? 0) > 0.97)
        #expect((within.similarity?.after ?? 0) > (within.similarity?.before ?? 1))
    }

    @Test func findsAnAffineMapAcrossOrientationsAndSpacings() throws {
        let fixed = try Phantom.image(grid)
        // The same scene on a finer grid whose axes run the other way, placed 300 mm away by its header.
        let other = try Grid(
            shape: [48, 46, 44],
            affine: Affine(columns: [[-1, 0, 0], [0, 0, 1.1], [0, 1.1, 0]], translation: [47, 0, 0]))
        let scene = try Phantom.values(at: Phantom.voxelPositions(other))
        let away = try Grid(
            shape: other.shape, affine: Affine(scale: [1, 1, 1], translation: [300, 0, 0]) * other.affine)
        let found = try register(
            moving: Volume(data: scene, grid: away), onto: fixed, options: RegistrationOptions(kind: .affine))
        let expected = try Phantom.voxelPositions(grid).adding(Tensor([300.0, 0, 0]))
        #expect(try difference(found.mappedPoints(dtype: .float64), expected).mean < 0.5)
        #expect(found.displacement == nil)
    }

    @Test func leavesAnImageOnItselfInPlace() throws {
        let image = try Phantom.image(grid)
        for kind in RegistrationOptions.Kind.allCases {
            let found = try register(moving: image, onto: image, options: RegistrationOptions(kind: kind))
            let moved = try difference(found.mappedPoints(), Phantom.voxelPositions(grid))
            // In mm, of voxels of 1.1 to 1.3.
            #expect(moved.mean < 0.1 && moved.largest < 0.35, "\(kind)")
        }
    }

    @Test func givesTheSameTransformTwice() throws {
        let (fixed, moving) = (try Phantom.image(grid), try Phantom.image(grid, seed: 2))
        let first = try register(moving: moving, onto: fixed)
        let second = try register(moving: moving, onto: fixed)
        #expect(first.affine == second.affine)
        let displacement = disagreement(try first.displacement?.floats(), try second.displacement?.floats())
        #expect(displacement == nil)
    }

    @Test func keepsWithinTheSlicesOfAThickStack() throws {
        let stack = try Grid(shape: [48, 48, 8], spacing: [1, 1, 6])
        let found = try register(moving: try Phantom.image(stack, seed: 2), onto: try Phantom.image(stack))
        #expect(try found.folding() < 0.01)
        #expect(found.displacement?.shape == [3, 48, 48, 8])
    }

    @Test func refusesVolumesWithNothingToAlign() throws {
        let image = try Phantom.image(grid)
        let shapes = try [
            Volume(data: Tensor.zeros(grid.shape), grid: grid),
            Volume(data: Tensor.full(grid.shape, .nan), grid: grid),
        ]
        for empty in shapes {
            #expect { try register(moving: empty, onto: image) } throws: { ($0 as? Failure)?.code == "value" }
            #expect { try register(moving: image, onto: empty) } throws: { ($0 as? Failure)?.code == "value" }
        }
    }

    @Test func stopsWhenAsked() throws {
        struct Stop: Error {}
        let image = try Phantom.image(grid)
        var calls = 0
        let options = RegistrationOptions(check: {
            calls += 1
            if calls == 5 { throw Stop() }
        })
        #expect(throws: Stop.self) { try register(moving: image, onto: image, options: options) }
    }

    @Test(.enabled(if: sharedFolder("data/hippocampus") != nil, "needs ../shared/data/hippocampus"))
    func alignsRealHippocampi() throws {
        guard let folder = sharedFolder("data/hippocampus") else { return }
        func load(_ name: String) throws -> (image: Volume, labels: Volume) {
            (
                try readVolume("\(folder)/imagesTr/hippocampus_\(name).nii.gz"),
                try readLabels("\(folder)/labelsTr/hippocampus_\(name).nii.gz")
            )
        }
        let (fixed, moving) = (try load("265"), try load("035"))
        let found = try register(moving: moving.image, onto: fixed.image)
        #expect(try meanDice(fixed.labels.data, warpLabels(moving.labels, found).data) > 0.72)
        #expect(try found.folding() < 0.01)
    }
}
