import Base
import Foundation
@testable import Registration
import Tensors
import Testing
import Volumes

/// Maps that the tests make themselves are found again.
@Suite struct RecoveryTests {
    private let grid: Grid
    init() throws { grid = try Grid(shape: [40, 42, 38], spacing: [1.2, 1.1, 1.25]) }

    /// The turn by an angle about a direction of length 1, by Rodrigues' formula.
    private func turn(_ degrees: Double, about axis: [Double]) -> Affine {
        let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        let cross = [[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]]
        return Affine(
            columns: (0..<3).map { column in
                (0..<3).map { (($0 == column) ? c : 0) + (1 - c) * axis[$0] * axis[column] + s * cross[$0][column] }
            }, translation: [0, 0, 0])
    }

    /// A map about the middle of the grid, and then a shift.
    private func about(_ linear: Affine, shift: [Double]) -> Affine {
        let middle = grid.world(of: grid.shape.map { Double($0 - 1) / 2 })
        return Affine(scale: [1, 1, 1], translation: zip(middle, shift).map { $0 + $1 }) * linear
            * Affine(scale: [1, 1, 1], translation: middle.map { -$0 })
    }

    /// The scene as it looks after `map` has moved it; `paint` changes its intensities.
    private func scene(movedBy map: Affine, paint: (Tensor) throws -> Tensor = { $0 }) throws -> Volume {
        let undo = try #require(map.inverse)
        let places = try undo.moved(Phantom.voxelPositions(grid))
        return try Volume(data: paint(Phantom.values(at: places)), grid: grid)
    }

    /// Mean distance (mm) of the found map from the true one, over the fixed voxels that the moving image shows.
    private func error(_ found: Transform, _ truth: Affine) throws -> Double {
        let (mapped, start) = (try found.mappedPoints(dtype: .float64).doubles(), try Phantom.voxelPositions(grid).doubles())
        var (sum, count) = (0.0, 0)
        for index in 0..<grid.count {
            let end = truth(Array(start[(3 * index)..<(3 * index + 3)]))
            let voxel = grid.inverse(end)
            guard (0..<3).allSatisfy({ voxel[$0] >= 0 && voxel[$0] <= Double(grid.shape[$0] - 1) }) else { continue }
            sum += (0..<3).reduce(0) { $0 + pow(mapped[3 * index + $1] - end[$1], 2) }.squareRoot()
            count += 1
        }
        return sum / Double(max(1, count))
    }

    /// 40° about a slanted axis, and a third of the field of view (48 mm) along another.
    private let axis = [0.6, -0.48, 0.64]
    private let third = [12.0, -8.0, 6.9]

    @Test func aRigidMapFarAwayIsFoundToATenthOfAVoxel() throws {
        let truth = about(turn(40, about: axis), shift: third)
        let found = try register(
            moving: scene(movedBy: truth), onto: Phantom.image(grid), options: RegistrationOptions(kind: .rigid))
        #expect(try error(found, truth) < 0.11)
        #expect(abs(found.affine.determinant - 1) < 1e-6)
    }

    @Test func anAffineMapFarAwayIsFoundToATenthOfAVoxel() throws {
        let truth = about(turn(40, about: axis) * Affine(scale: [1.06, 0.96, 1.03]), shift: third)
        let found = try register(
            moving: scene(movedBy: truth), onto: Phantom.image(grid), options: RegistrationOptions(kind: .affine))
        #expect(try error(found, truth) < 0.11)
    }

    @Test(arguments: similarities)
    func everySimilarityFindsASmallAffineMap(_ similarity: any Similarity) throws {
        let truth = about(turn(8, about: axis) * Affine(scale: [1.03, 0.98, 1]), shift: [3, -2, 2])
        let options = RegistrationOptions(kind: .affine, similarity: similarity)
        let found = try register(moving: scene(movedBy: truth), onto: Phantom.image(grid), options: options)
        #expect(try error(found, truth) < 0.3)
    }

    @Test func mutualInformationDoesNotMindWhichTissueIsBright() throws {
        let truth = about(turn(10, about: axis), shift: [4, -3, 2])
        // Bright and dark change places at one half of the range, so no straight line leads from one to the other.
        let moving = try scene(movedBy: truth) { values in
            try aten("abs", .tensor(values.subtracting(1))).multiplying(-3).adding(7)
        }
        let options = RegistrationOptions(kind: .affine, similarity: MutualInformation())
        let found = try register(moving: moving, onto: Phantom.image(grid), options: options)
        #expect(try error(found, truth) < 0.6)
        let similarity = try #require(found.similarity)
        #expect(similarity.after > similarity.before)
    }

    @Test func whatAMaskLeavesOutDoesNotPull() throws {
        let truth = about(turn(5, about: axis), shift: [3, -2, 1])
        // A bright bar at the same place in both images holds them where they are.
        let bar = try Tensor((0..<grid.shape[0]).map { $0 < 8 ? Float(1) : 0 }, shape: [grid.shape[0], 1, 1])
            .expanded(grid.shape).contiguous()
        let stripes = try Tensor((0..<grid.shape[1]).map { $0 % 6 < 3 ? Float(8) : 0 }, shape: [1, grid.shape[1], 1])
        func barred(_ volume: Volume) throws -> Volume {
            try Volume(data: volume.data.to(dtype: .float32).adding(bar.multiplying(stripes)), grid: grid)
        }
        let (fixed, moving) = (try barred(Phantom.image(grid)), try barred(scene(movedBy: truth)))
        var options = RegistrationOptions(kind: .affine)
        let pulled = try error(register(moving: moving, onto: fixed, options: options), truth)
        // Descriptors reach a few voxels around, so the mask leaves out some more than the bar.
        let wide = try Tensor((0..<grid.shape[0]).map { $0 < 14 ? Float(0) : 1 }, shape: [grid.shape[0], 1, 1])
        options.mask = try Volume(data: wide.expanded(grid.shape).contiguous(), grid: grid)
        let free = try error(register(moving: moving, onto: fixed, options: options), truth)
        #expect(free < 0.5)
        #expect(free < pulled)

        // The same part of the moving image, looked for in the fixed one.
        (options.mask, options.movingMask) = (nil, options.mask)
        let looked = try error(register(moving: moving, onto: fixed, options: options), truth)
        #expect(looked < 0.5)
        #expect(looked < pulled)
        options.movingMask = try Volume(data: Tensor.ones([4, 4, 4]), grid: Grid(shape: [4, 4, 4]))
        #expect { try register(moving: moving, onto: fixed, options: options) } throws: {
            ($0 as? Failure)?.code == "grid"
        }
        options.movingMask = nil

        options.mask = try Volume(data: Tensor.ones([4, 4, 4]), grid: Grid(shape: [4, 4, 4]))
        #expect { try register(moving: moving, onto: fixed, options: options) } throws: {
            ($0 as? Failure)?.code == "grid"
        }
        options.mask = try Volume(data: Tensor.zeros(grid.shape), grid: grid)
        #expect { try register(moving: moving, onto: fixed, options: options) } throws: {
            ($0 as? Failure)?.code == "value"
        }
    }

    @Test func anInvertibleMapNeverFoldsAndItsInverseComesBack() throws {
        // Images that have nothing to do with each other, bent as far as it goes.
        let (fixed, moving) = (try Phantom.image(grid), try Phantom.image(grid, seed: 2))
        let found = try register(
            moving: moving, onto: fixed, options: RegistrationOptions(smoothness: 0.05, isInvertible: true))
        #expect(try found.folding() == 0)
        let lowest = try aten("min", .tensor(jacobian(found).data)).item()
        #expect(lowest > 0)
        let back = try inverse(found)
        #expect(back.fixed.isSame(as: grid) && back.moving.isSame(as: grid))
        #expect(try cycleError(found, back).mean < 0.1)
        #expect(try cycleError(back, found).mean < 0.1)
    }

    @Test func theSameSeedGivesTheSameMap() throws {
        let truth = about(turn(30, about: axis), shift: [6, 0, 0])
        let (fixed, moving) = (try Phantom.image(grid), try scene(movedBy: truth))
        func affine(_ seed: UInt64) throws -> Affine {
            try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: .rigid, seed: seed)).affine
        }
        #expect(try affine(3) == affine(3))
    }
}

extension Affine {
    /// The images of points [X, Y, Z, 3].
    fileprivate func moved(_ points: Tensor) throws -> Tensor {
        let numbers = try points.doubles()
        let moved = stride(from: 0, to: numbers.count, by: 3).flatMap { self(Array(numbers[$0..<($0 + 3)])) }
        return try Tensor(moved, shape: points.shape)
    }
}
