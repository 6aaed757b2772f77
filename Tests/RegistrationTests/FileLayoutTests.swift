import Foundation
import Tensors
import Testing
import Volumes

@testable import Registration

/// What is brought onto a volume and written lies voxel by voxel on that volume's file: for files stored in every kind of
/// order, and every function that gives a volume. The files are read back as they are stored.
@Suite struct FileLayoutTests {
    private static let orders = ["RAS", "LPS", "LAS", "ASL", "PIR", "SRP"]
    /// Upright, and oblique: turned about two axes by some angles, by nearly 45°, and by 45°.
    private static let angles: [[Double]] = [[0, 0], [0.3, -0.4], [0.78, 0.6], halfway]
    /// Which axis is the one to the right is a matter of rounding here, so that two files of the same voxels may be turned
    /// to two orders when they are read.
    private static let halfway = [Double.pi / 4, 0]

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A grid of unequal sizes and spacings, and one number for each place in it, so that no order passes for another.
    private func image(_ angles: [Double], times: Int? = nil) throws -> Volume {
        let (a, b) = (angles[0], angles[1])
        let turn =
            Affine(columns: [[cos(a), sin(a), 0], [-sin(a), cos(a), 0], [0, 0, 1]], translation: [-3, 8, 20])
            * Affine(columns: [[1, 0, 0], [0, cos(b), sin(b)], [0, -sin(b), cos(b)]], translation: [0, 0, 0])
        let shape = [6, 7, 5] + (times.map { [$0] } ?? [])
        let values = (0..<shape.reduce(1, *)).map { Float($0) }
        return try Volume(
            data: Tensor(values, shape: shape), grid: Grid(shape: [6, 7, 5], affine: turn * Affine(scale: [1.5, 1, 2.5])))
    }

    /// The same voxels in a file of another order, read back.
    private func stored(_ image: Volume, _ order: String, _ name: String) throws -> Volume {
        let codes = try Orientation(codes: order)
        let path = folder.path(name)
        try writeVolume(image, to: path, orientation: codes)
        return try readVolume(path, dtype: image.data.dtype)
    }

    /// Writes `found` and compares the file with the target's, element by element, or with `values` in its order.
    private func expectSame(
        _ found: Volume, as target: Volume, _ what: String, values: ((Double) -> Double)? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = folder.path("found.nii.gz")
        try writeVolume(found, to: path)
        let written = try readVolume(path, dtype: .float64, orientation: nil)
        let wanted = try readVolume(try #require(target.path), dtype: .float64, orientation: nil)
        #expect(written.grid.isSame(as: wanted.grid), "\(what): grid", sourceLocation: sourceLocation)
        #expect(written.grid.orientation == wanted.grid.orientation, "\(what): axes", sourceLocation: sourceLocation)
        let (a, b) = (try written.data.doubles(), try wanted.data.doubles().map { values?($0) ?? $0 })
        #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 0.02 }, "\(what): voxels", sourceLocation: sourceLocation)
    }

    @Test(arguments: FileLayoutTests.orders) func liesVoxelByVoxelOnItsTarget(order: String) throws {
        for angles in Self.angles {
            let target = try stored(image(angles), order, "target.nii.gz")
            let moving = try stored(image(angles), order == "ASL" ? "LPS" : "ASL", "moving.nii.gz")
            let labels = try moving.with(data: moving.data.applying(.greater, 100).to(dtype: .int64), labels: .own)
            let there = try Transform.identity(fixed: target.grid, moving: moving.grid)
            func isOver(_ value: Double) -> Double { value > 100 ? 1 : 0 }
            let what = "\(order) \(angles)"

            try expectSame(target, as: target, "\(what) as it was read")
            try expectSame(warp(moving, there), as: target, "\(what) warp")
            try expectSame(warp(moving, there, interpolation: .nearest), as: target, "\(what) warp, nearest")
            try expectSame(warpLabels(labels, there), as: target, "\(what) warpLabels", values: isOver)
            try expectSame(resample(moving, onto: target.grid), as: target, "\(what) resample")
            try expectSame(resample(labels, onto: target.grid), as: target, "\(what) resample of labels", values: isOver)
            try expectSame(jacobian(there), as: target, "\(what) jacobian") { _ in 1 }
            let bigger = try target.padded(before: [1, 0, 2], after: [0, 3, 1])
            try expectSame(bigger.cropped(start: [1, 0, 2], shape: target.grid.shape), as: target, "\(what) pad and crop")
            if angles == Self.halfway { continue }
            try expectSame(target.with(data: moving.data), as: target, "\(what) with(data:)")
            try expectSame(bigger.reoriented(to: Orientation(codes: "PSL")).reoriented(to: .ras)
                .cropped(start: [1, 0, 2], shape: target.grid.shape), as: target, "\(what) turned")
            try expectSame(resample(resample(moving, onto: bigger.grid), onto: target.grid), as: target, "\(what) resample twice")

            // The way there keeps its ends however it is put together, and through a file.
            try expectSame(warp(moving, inverse(inverse(there))), as: target, "\(what) inverse")
            try expectSame(warp(target, inverse(there)), as: moving, "\(what) back")
            try expectSame(warp(target, compose(inverse(there), there)), as: target, "\(what) compose")
            let path = folder.path("there.npz")
            try writeTransform(there, to: path)
            try expectSame(warp(moving, readTransform([path], moving: moving)), as: target, "\(what) npz")
            try expectSame(warp(moving, readTransform([path], moving: moving, onto: target)), as: target, "\(what) npz onto")
            let field = folder.path("field.nii.gz")
            try writeTransform(there, to: field)
            try expectSame(warp(moving, readTransform([field], moving: moving, onto: target)), as: target, "\(what) field")
        }
    }

    @Test(arguments: FileLayoutTests.orders) func holdsForTimesSingleSlicesAndNIfTI2(order: String) throws {
        for angles in Self.angles {
            let what = "\(order) \(angles)"
            let target = try stored(image(angles, times: 3), order, "times.nii.gz")
            let moving = try stored(image(angles, times: 3), "LSA", "moving.nii.gz")
            let there = try Transform.identity(fixed: target.grid, moving: moving.grid)
            try expectSame(warp(moving, there), as: target, "\(what) times")
            try expectSame(resample(moving, onto: target.grid), as: target, "\(what) times resampled")

            let slice = try stored(image(angles).cropped(start: [0, 0, 2], shape: [6, 7, 1]), order, "slice.nii.gz")
            let whole = try stored(image(angles), "PIR", "moving.nii.gz")
            try expectSame(resample(whole, onto: slice.grid), as: slice, "\(what) slice")
        }
        let long = try Volume(data: Tensor((0..<33_000).map { Float($0) }, shape: [33_000, 1, 1]), grid: Grid(shape: [33_000, 1, 1]))
        let target = try stored(long, order, "long.nii.gz")
        try expectSame(resample(long, onto: target.grid), as: target, "\(order) NIfTI-2")
    }

    /// A kept registration is known by the images' voxels; two files of the same voxels in another order share it, and each
    /// gets its own order back.
    @Test func aKeptRegistrationTakesTheOrderOfTheGivenFiles() throws {
        let grid = try Grid(shape: [16, 16, 12], spacing: [1.5, 1.5, 2])
        let cache = try RegistrationCache(folder.path("kept"))
        let moving = try stored(Phantom.image(grid, seed: 2), "SAL", "moving.nii.gz")
        var made: [Int] = []
        for order in ["LPS", "PIR"] {
            let target = try stored(Phantom.image(grid), order, "target-\(order).nii.gz")
            let table = try registerAll([NamedVolume("a", moving)], onto: [NamedVolume("b", target)], cache: cache, workers: 1)
            made.append(table.progress.made)
            let there = try table.transform(source: 0, target: 0)
            #expect(there.fixed.storedOrientation?.codes == order && there.moving.storedOrientation?.codes == "SAL")
            let carried = try warp(moving, there)
            #expect(try carried.asStored().grid.isSame(as: readVolume(try #require(target.path), orientation: nil).grid))
            let fresh = try register(moving: moving, onto: target, options: RegistrationOptions(kind: .rigid))
            #expect(fresh.fixed.storedOrientation?.codes == order && fresh.moving.storedOrientation?.codes == "SAL")
        }
        #expect(made == [1, 0])
    }

    /// A part keeps its place and its file's order, backwards and in steps too.
    @Test func partsKeepTheOrderOfTheFile() throws {
        for order in Self.orders {
            let target = try stored(image([0.3, -0.4]), order, "target.nii.gz")
            let part = try target.grid.part(start: [5, 1, 0], steps: [-2, 1, 3], shape: [3, 4, 2])
            #expect(part.storedOrientation?.codes == order, "\(order)")
            let found = part.world(of: [1, 2, 1])
            #expect(zip(found, target.grid.world(of: [3, 3, 3])).allSatisfy { abs($0 - $1) < 1e-9 })
        }
    }
}
