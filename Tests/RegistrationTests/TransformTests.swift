import Base
import Foundation
import Registration
import Tensors
import Testing
import Volumes

@Suite struct TransformTests {
    private let grid: Grid
    init() throws { grid = try Grid(shape: [20, 18, 16], spacing: [1, 1.5, 2], origin: [-5, 3, 10]) }

    /// A smooth displacement of up to `size` mm.
    private func wave(_ size: Float, on grid: Grid) throws -> Tensor {
        let axis = try Tensor((0..<grid.shape[0]).map { size * sin(Float($0) / 4) }, shape: [1, grid.shape[0], 1, 1])
        return try axis.expanded([3] + grid.shape).contiguous()
    }

    @Test func warpingByTheIdentityChangesNothing() throws {
        let image = try Phantom.image(grid)
        let same = try warp(image, .identity(fixed: grid, moving: grid))
        #expect(try difference(same.data, image.data).largest < 1e-4)
        let labels = try Phantom.labels(grid, centre: [4, 15, 25], radius: 5)
        let kept = try warpLabels(labels, .identity(fixed: grid, moving: grid))
        #expect(try kept.data.ints() == labels.data.ints())
        #expect(kept.data.dtype == .int64)
    }

    @Test func aShiftByOneVoxelMovesByOneVoxelAndFillsTheRest() throws {
        let shift = try Transform(
            kind: .affine, fixed: grid, moving: grid, affine: Affine(scale: [1, 1, 1], translation: [1, 0, 0]))
        let image = try Phantom.image(grid)
        let warped = try warp(image, shift, outside: -7)
        let (before, after) = (try image.data.floats(), try warped.data.floats())
        let plane = grid.shape[1] * grid.shape[2]
        for index in 0..<(19 * plane) { #expect(abs(after[index] - before[index + plane]) < 1e-4) }
        #expect(after[19 * plane] == -7)
    }

    @Test func movementIsInMillimetresOfTheWorldAndAlongTheAxesOfTheGrid() throws {
        #expect(try Transform.identity(fixed: grid, moving: grid).movement().floats().allSatisfy { abs($0) < 1e-6 })
        // Axes swapped, the first one run backwards, voxels of 2 × 1 × 3 mm.
        let turned = try Grid(shape: [4, 5, 6], affine: Affine(columns: [[0, -2, 0], [1, 0, 0], [0, 0, 3]], translation: [7, 3, -4]))
        let shift = try Transform(
            kind: .deformable, fixed: turned, moving: turned, affine: Affine(scale: [1, 1, 1], translation: [1, 0.5, -2]),
            displacement: try Tensor([0, 0, 4] as [Float], shape: [3, 1, 1, 1]).expanded([3] + turned.shape).contiguous())
        let movement = try shift.movement()
        #expect(try zip(movement.floats().prefix(3), [1, 0.5, 2]).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(try zip(shift.movementAlongAxes(movement).floats().suffix(3), [-0.5, 1, 2]).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(try zip(shift.movement(localOnly: true).floats().prefix(3), [0, 0, 4]).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func refusesAnotherGridAndTellsWhichWayItGoes() throws {
        let other = try Grid(shape: [10, 10, 10])
        let transform = try Transform.identity(fixed: grid, moving: other)
        let image = try Phantom.image(grid)
        #expect {
            try warp(image, transform)
        } throws: { error in
            guard let error = error as? Failure else { return false }
            return error.code == "grid" && error.message.contains("the other way") && error.help?.contains("register(") == true
        }
        #expect {
            try warpLabels(Volume(data: Tensor.zeros([5, 5, 5], dtype: .int64), grid: Grid(shape: [5, 5, 5])), transform)
        } throws: { ($0 as? Failure)?.code == "grid" }
        #expect {
            try Transform(kind: .deformable, fixed: grid, moving: other, displacement: Tensor.zeros([3, 2, 2, 2]))
        } throws: { ($0 as? Failure)?.code == "grid" }
    }

    @Test func jacobianAndFoldingOfKnownMaps() throws {
        let stretch = try Transform(kind: .affine, fixed: grid, moving: grid, affine: Affine(scale: [2, 1, 1.5]))
        #expect(try difference(jacobian(stretch).data, Tensor.full(grid.shape, 3)).largest < 1e-5)
        #expect(try folding(stretch) == 0)
        // u = −1.5 x turns the first axis round.
        let ramp = try Tensor((0..<20).map { Float(-1.5 * Double($0)) }, shape: [1, 20, 1, 1]).expanded([1, 20, 18, 16])
        let field = try Tensor.cat([ramp, Tensor.zeros([2, 20, 18, 16])])
        let folded = try Transform(kind: .deformable, fixed: grid, moving: grid, displacement: field)
        #expect(try difference(jacobian(folded).data, Tensor.full(grid.shape, -0.5)).largest < 1e-4)
        #expect(try folding(folded) == 1)
    }

    @Test func composingWarpsOnceAsTwoWould() throws {
        let other = try Grid(shape: [22, 20, 15], spacing: [1, 1.5, 2], origin: [-6, 2, 11])
        let first = try Transform(
            kind: .deformable, fixed: other, moving: grid, affine: Affine(scale: [1, 1, 1], translation: [0.5, 0.2, 0]),
            displacement: wave(1, on: other))
        let second = try Transform(
            kind: .deformable, fixed: grid, moving: other, affine: Affine(scale: [1.02, 1, 0.98], translation: [0, 1, 0]),
            displacement: wave(0.8, on: grid))
        let both = try compose(first, second)
        let points = try Phantom.voxelPositions(grid).reshaped([grid.count, 3])
        #expect(try difference(both.apply(to: points), first.apply(to: second.apply(to: points))).largest < 1e-3)
        #expect { try compose(first, first) } throws: { ($0 as? Failure)?.code == "grid" }
    }

    @Test func cycleMeasuresOfAnExactInverseArePerfect() throws {
        let shift = Affine(scale: [1, 1, 1], translation: [2, 0, 0])
        let back = Affine(scale: [1, 1, 1], translation: [-2, 0, 0])
        let there = try Transform(kind: .affine, fixed: grid, moving: grid, affine: shift)
        let home = try Transform(kind: .affine, fixed: grid, moving: grid, affine: back)
        let labels = try Phantom.labels(grid, centre: [4, 15, 25], radius: 4)
        #expect(try cycleDice(labels, there, home) == 1)
        let error = try cycleError(there, home, mask: labels)
        #expect(error.mean < 1e-4 && error.count > 0)
        let wrong = try cycleError(there, there)
        #expect(abs(wrong.mean - 4) < 1e-3 && abs(wrong.p95 - 4) < 1e-3)
        let elsewhere = try Transform.identity(fixed: Grid(shape: [3, 3, 3]), moving: grid)
        #expect { try cycleError(there, elsewhere) } throws: { ($0 as? Failure)?.code == "grid" }
    }

    @Test func labelsKeepRoundEdgesWhenTheyTurn() throws {
        let fine = try Grid(shape: [32, 32, 32])
        let labels = try Phantom.labels(fine, centre: [15, 15, 15], radius: 8)
        let angle = 0.4
        let turn = Affine(
            columns: [[cos(angle), sin(angle), 0], [-sin(angle), cos(angle), 0], [0, 0, 1]], translation: [0, 0, 0])
        let about = Affine(scale: [1, 1, 1], translation: [15, 15, 15]) * turn
            * Affine(scale: [1, 1, 1], translation: [-15, -15, -15])
        let turning = try Transform(kind: .rigid, fixed: fine, moving: fine, affine: about)
        // A ball turned about its centre is the same ball; taking the nearest label frays its edge.
        let smooth = try meanDice(labels.data, warpLabels(labels, turning).data)
        let frayed = try meanDice(labels.data, warp(labels, turning, interpolation: .nearest).data)
        #expect(smooth > 0.94)
        #expect(smooth > frayed)
    }

    @Test func meanDiceCountsClassesOfBothMapsAndNoUnknownVoxels() throws {
        let truth = try Tensor([0, 1, 1, -1, 2, 0])
        #expect(try meanDice(truth, Tensor([0, 1, 1, 3, 2, 0])) == 1)
        // A class that only the other map has counts 0, as in evaluation.
        #expect(try meanDice(truth, Tensor([3, 1, 1, 0, 2, 0])) == 2.0 / 3)
        #expect(throws: Failure.self) { try meanDice(Tensor([0, -1]), Tensor([0, 1])) }
    }

    @Test func correspondenceGivesVoxelsOfTheMovingGrid() throws {
        let other = try Grid(shape: [20, 18, 16], spacing: [2, 1.5, 2], origin: [-5, 3, 10])
        let places = try correspondence(.identity(fixed: grid, moving: other))
        #expect(places.shape == [20, 18, 16, 3])
        let last = try places.floats().suffix(3)
        #expect(zip(last, [9.5, 17, 15]).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
}
