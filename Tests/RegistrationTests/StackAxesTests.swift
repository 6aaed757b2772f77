import Foundation
@testable import Registration
import Tensors
import Testing
import Volumes

/// Stacks of thick slices whose axes point anywhere: headers that are right help, and headers that are wrong do not spoil.
@Suite struct StackAxesTests {
    private static let middle = [24.0, 24, 24]

    /// A stack of 8 slices of 6 mm around the middle of the phantom: `thick` is the voxel axis across the slices, before
    /// the axes are turned by `degrees` about `about`.
    private func stack(thick: Int, turned degrees: Double = 0, about: [Double] = [0, 0, 1]) throws -> Grid {
        let turn = rotation(degrees * .pi / 180, about: about)
        let shape = (0..<3).map { $0 == thick ? 8 : 44 }
        let columns = (0..<3).map { axis in turn.column(axis).map { $0 * (axis == thick ? 6 : 1.1) } }
        let linear = Affine(columns: columns, translation: [0, 0, 0])
        let start = linear(shape.map { Double($0 - 1) / 2 })
        return try Grid(
            shape: shape, affine: Affine(columns: columns, translation: zip(Self.middle, start).map { $0 - $1 }))
    }

    /// How far (mm) points around the middle end from where they belong.
    private func error(_ found: Transform, _ truth: ([Double]) -> [Double]) throws -> Double {
        let points = [[24.0, 24, 24], [14, 24, 24], [24, 34, 24], [24, 24, 14], [32, 18, 28]]
        let ends = try found.apply(to: Tensor(points.flatMap { $0 }, shape: [points.count, 3])).doubles()
        return points.indices.reduce(0) { worst, place in
            let wanted = truth(points[place])
            return max(worst, (0..<3).reduce(0) { $0 + pow(ends[3 * place + $1] - wanted[$1], 2) }.squareRoot())
        }
    }

    @Test(arguments: [RegistrationOptions.Kind.rigid, .affine])
    func trueHeadersOnBothSidesOf45Degrees(_ kind: RegistrationOptions.Kind) throws {
        // Nearer to sagittal the one, to coronal the other, and 14° apart.
        let (fixed, moving) = (try stack(thick: 0, turned: 38), try stack(thick: 0, turned: 52))
        #expect(fixed.orientation != moving.orientation)
        let found = try register(
            moving: Phantom.image(moving), onto: Phantom.image(fixed), options: RegistrationOptions(kind: kind))
        #expect(try error(found, { $0 }) < 1.5)
    }

    @Test func stacksThatAreTrulyAcrossEachOther() throws {
        let (fixed, moving) = (try stack(thick: 2), try stack(thick: 0))
        let found = try register(
            moving: Phantom.image(moving), onto: Phantom.image(fixed), options: RegistrationOptions(kind: .rigid))
        #expect(try error(found, { $0 }) < 1.5)
    }

    /// The same slices under another header: what belongs together has one place in the stack.
    @Test(arguments: [0.0, 35, 50])
    func slicesLieOnSlicesWhateverTheHeaderSays(degrees: Double) throws {
        let grid = try stack(thick: 2)
        let other = try stack(thick: 2, turned: degrees, about: [0, 1, 0])
        let image = try Phantom.image(grid)
        let moving = try Volume(data: image.data, grid: other)
        let found = try register(moving: moving, onto: image, options: RegistrationOptions(kind: .rigid))
        let truth = other.affine * grid.inverse
        #expect(try error(found, { truth($0) }) < 1.5)
    }

    @Test func axesAreLaidByTheirOwnDirections() throws {
        let fixed = try stack(thick: 0, turned: 38)
        for degrees in [20.0, 52, 70] {
            let moving = try stack(thick: 0, turned: degrees)
            let turned = try Phantom.image(moving).reoriented(to: WorkingAxes(fixed: fixed, moving: moving).orientation)
            #expect(turned.grid.shape == fixed.shape)
            for axis in 0..<3 {
                let along = zip(turned.grid.affine.column(axis), fixed.affine.column(axis)).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(along > 0)
            }
        }
        // Slices on slices even where the header states them across, and then either end may be up; never mirrored.
        let (axial, sagittal) = (try stack(thick: 2), try stack(thick: 0))
        let axes = WorkingAxes(fixed: axial, moving: sagittal)
        let turned = try Phantom.image(sagittal).reoriented(to: axes.orientation)
        #expect(turned.grid.shape == axial.shape && axes.ends.count == 2)
        #expect(turned.grid.affine.determinant > 0 && axes.ends.allSatisfy { abs($0.determinant - 1) < 1e-12 })
        #expect(axes.ends[1][2, 2] == -1)
        // A left-handed file stays left-handed against a right-handed one.
        let mirrored = try Grid(shape: axial.shape, affine: axial.affine * Affine(scale: [-1, 1, 1], translation: [43, 0, 0]))
        #expect(WorkingAxes(fixed: axial, moving: mirrored).orientation == axial.orientation)
    }

    @Test func aMaskOfTheMovingStackIsTurnedWithIt() throws {
        let (fixed, moving) = (try stack(thick: 0, turned: 38), try stack(thick: 0, turned: 52))
        let mask = try Phantom.labels(moving, centre: Self.middle, radius: 10)
        let found = try register(
            moving: Phantom.image(moving), onto: Phantom.image(fixed),
            options: RegistrationOptions(kind: .rigid, movingMask: mask))
        #expect(try error(found, { $0 }) < 1.5)
    }
}
