import Foundation
import Tensors
import Testing

@testable import Volumes

/// One header, two readings: places as nibabel 5.4 and SimpleITK 2.5.7 give them for the same files
/// (`Fixtures/transforms/frames/expected.npz`), and what is written back.
@Suite struct NIfTIFrameTests {
    private let folder = "\(fixtures)/transforms/frames"
    private let expected: [String: Tensor]

    init() throws {
        let arrays = try readArrays("\(fixtures)/transforms/frames/expected.npz")
        expected = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.tensor) })
    }

    private func affine(_ name: String) throws -> Affine {
        let values = try #require(expected[name]).doubles()
        return try #require(Affine(rows: (0..<4).map { Array(values[(4 * $0)..<(4 * $0 + 4)]) }))
    }

    private static let names = ["plain", "no_codes", "codes_2", "pixdim", "oblique", "micron", "micron_codes", "sheared"]

    @Test(arguments: names) func bothReadings(_ name: String) throws {
        let isMicron = name.hasPrefix("micron")
        let own = try affine("nibabel_affine_\(name)").scaled(by: isMicron ? 0.001 : 1)
        let itk = try affine("itk_affine_\(name)")
        for orientation in [nil, Orientation.ras, try Orientation(codes: "PIR")] {
            let volume = try readVolume("\(folder)/\(name).nii.gz", orientation: orientation)
            let stored = try readVolume("\(folder)/\(name).nii.gz", orientation: nil)
            #expect(isClose(stored.grid.affine.rows, own.rows, 1e-4), "\(name)")
            let seen = try stored.grid.inITKFrame().affine
            #expect(isClose(seen.rows, itk.rows, 1e-3), "\(name): \(seen.rows)")
            #expect((volume.grid.itkFrame == nil) == ["plain", "micron"].contains(name), "\(name)")
            #expect((volume.frameRemark == nil) == (volume.grid.itkFrame == nil), "\(name)")
        }
    }

    @Test func remarksNameTheCause() throws {
        func remark(_ name: String) throws -> String { try readVolume("\(folder)/\(name).nii.gz").frameRemark?.text ?? "" }
        #expect(try remark("no_codes").contains("neither sform nor qform"))
        #expect(try remark("codes_2").contains("ITK the qform") && remark("codes_2").contains("[-3, -20, -30]"))
        #expect(try remark("pixdim").contains("`pixdim` is not the spacing of its sform"))
        #expect(try remark("sheared").contains("ITK the qform"))
    }

    /// What is made of such an image keeps both places, whatever is done to its voxels, and the file says both.
    @Test(arguments: names) func bothPlacesAreWrittenBack(_ name: String) throws {
        let temporary = TemporaryFolder()
        let volume = try readVolume("\(folder)/\(name).nii.gz")
        let cropped = try volume.cropped(start: [1, 2, 1], shape: [6, 5, 4])
        let finer = try Volume(data: Tensor.zeros([24, 20, 6]), grid: volume.grid.with(spacing: zip(volume.spacing, [0.5, 0.5, 1]).map { $0 * $1 }))
        for made in [volume, cropped, finer, try volume.reoriented(to: Orientation(codes: "LPS")), try volume.with(data: volume.data)] {
            try writeVolume(made, to: temporary.file("a.nii"))
            let again = try readVolume(temporary.file("a.nii"), orientation: made.grid.orientation)
            #expect(again.grid.isSame(as: made.grid, tolerance: 0.001), "\(name)")
            #expect(try again.grid.inITKFrame().isSame(as: made.grid.inITKFrame(), tolerance: 0.001), "\(name)")
            let header = [UInt8](try #require(FileManager.default.contents(atPath: temporary.file("a.nii"))))
            #expect(header[123] & 7 == 2, "written in mm")
        }
    }

    /// Pairs of files, compressed ones, images with times and labels keep both places too.
    @Test(arguments: ["a.nii", "a.nii.gz", "a.hdr", "a.img.gz"]) func otherForms(_ name: String) throws {
        let temporary = TemporaryFolder()
        for source in ["no_codes", "oblique", "micron_codes"] {
            let volume = try readVolume("\(folder)/\(source).nii.gz")
            let times = try Volume(data: Tensor.zeros(volume.shape + [3]), grid: volume.grid)
            for made in [try volume.with(data: volume.data.to(dtype: .int16)), times] {
                try writeVolume(made, to: temporary.file(name), orientation: Orientation(codes: "SAL"))
                let again = try readVolume(temporary.file(name))
                #expect(again.shape == made.shape)
                #expect(try again.grid.inITKFrame().isSame(as: made.grid.inITKFrame(), tolerance: 0.001), "\(source)")
            }
            #expect(try readLabels("\(fixtures)/nifti/uint8.nii.gz").grid.itkFrame == nil)
        }
    }

    /// A good file with another unit, or none: metres and micrometres become mm, all else is taken as mm.
    @Test(arguments: [(0, 1.0), (1, 1000), (2, 1), (3, 0.001), (2 | 8, 1), (3 | 16, 0.001), (5, 1)])
    func units(_ code: Int, _ scale: Double) throws {
        let temporary = TemporaryFolder()
        let plain = try readVolume("\(folder)/plain.nii.gz", orientation: nil)
        try writeVolume(plain, to: temporary.file("a.nii"))
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: temporary.file("a.nii"))))
        bytes[123] = UInt8(code)
        try Data(bytes).write(to: URL(fileURLWithPath: temporary.file("a.nii")))
        let read = try readVolume(temporary.file("a.nii"), orientation: nil)
        #expect(isClose(read.grid.affine.rows, plain.grid.affine.scaled(by: scale).rows, 1e-6), "unit \(code)")
        #expect(read.grid.itkFrame == nil)
        try writeVolume(read, to: temporary.file("b.nii"))
        #expect(try readVolume(temporary.file("b.nii"), orientation: nil).grid.isSame(as: read.grid))
    }

    @Test func foreignImagesAreNamed() throws {
        let temporary = TemporaryFolder()
        try Data("NRRD0005\n".utf8).write(to: URL(fileURLWithPath: temporary.file("a.nrrd")))
        #expect(problem { _ = try readVolume(temporary.file("a.nrrd")) }.contains("it is an NRRD image | in Python, SimpleITK.WriteImage"))
        #expect(problem { _ = try readVolume("\(fixtures)/arrays/links.h5") }.contains("a file of arrays (HDF5) | arrays are read with read_arrays"))
        try #require(mkfifo(temporary.file("pipe.nii"), 0o600) == 0)
        #expect(problem { _ = try readVolume(temporary.file("pipe.nii")) }.contains("it is a named pipe"))
        #expect(problem { _ = try readLabels(temporary.file("pipe.nii")) }.contains("it is a named pipe"))
    }
}

/// Distances in grids whose axes do not stand at right angles, beside all pairs of surface voxels one by one.
@Suite struct ShearedDistanceTests {
    private func masks(_ shape: [Int]) throws -> (Tensor, Tensor) {
        var (a, b) = ([Float](repeating: 0, count: shape.reduce(1, *)), [Float](repeating: 0, count: shape.reduce(1, *)))
        for place in a.indices {
            let (i, j, k) = (place / (shape[1] * shape[2]), place / shape[2] % shape[1], place % shape[2])
            a[place] = (i - 4) * (i - 4) + (j - 5) * (j - 5) + 2 * (k - 3) * (k - 3) < 12 ? 1 : 0
            b[place] = (i - 6) * (i - 6) + (j - 4) * (j - 4) + (k - 4) * (k - 4) < 8 || (i == 9 && j > 7) ? 1 : 0
        }
        return (try Tensor(a, shape: shape), try Tensor(b, shape: shape))
    }

    /// The surface voxels' places in the world, and the distance of each to the nearest of the other's.
    private func expected(_ a: Tensor, _ b: Tensor, _ grid: Grid) throws -> ([Double], [Double]) {
        func places(_ tensor: Tensor) throws -> [[Double]] {
            let (shape, bits) = (tensor.shape, try tensor.bools())
            func bit(_ i: Int, _ j: Int, _ k: Int) -> Bool {
                (0..<shape[0]).contains(i) && (0..<shape[1]).contains(j) && (0..<shape[2]).contains(k) && bits[(i * shape[1] + j) * shape[2] + k]
            }
            var found: [[Double]] = []
            for i in 0..<shape[0] { for j in 0..<shape[1] { for k in 0..<shape[2] where bit(i, j, k) {
                let isInside = bit(i - 1, j, k) && bit(i + 1, j, k) && bit(i, j - 1, k) && bit(i, j + 1, k) && bit(i, j, k - 1) && bit(i, j, k + 1)
                if !isInside { found.append(grid.world(of: [Double(i), Double(j), Double(k)])) }
            } } }
            return found
        }
        func nearest(_ point: [Double], _ others: [[Double]]) -> Double {
            others.map { other in zip(point, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() }.min() ?? .infinity
        }
        let (first, second) = (try places(a), try places(b))
        return (first.map { nearest($0, second) }, second.map { nearest($0, first) })
    }

    @Test(arguments: [
        [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]], [[1.2, 0, 0], [0.9, 1.5, 0], [0, 0, 3]], [[1, 0.2, 0.1], [-0.6, 1.1, 0.3], [0.5, 0.8, 2.5]],
        [[0.8, 0, 0], [0, 0.8, 0], [0.5, -0.4, 2]], [[-1, 0.4, 0], [0, -2, 0.7], [0.9, 0, 1]], [[0, 2, 0], [1.5, 0.5, 0], [0, 0, -1]],
    ]) func distancesFollowTheAffine(_ columns: [[Double]]) throws {
        let (a, b) = try masks([12, 11, 9])
        let grid = try Grid(shape: [12, 11, 9], affine: Affine(columns: columns, translation: [50, -20, 7]))
        let (there, back) = try expected(a, b, grid)
        let found = try SurfaceDistances(a, b, grid: grid)
        #expect(zip(found.there, there).allSatisfy { abs($0 - $1) < 1e-9 } && found.there.count == there.count)
        #expect(zip(found.back, back).allSatisfy { abs($0 - $1) < 1e-9 } && found.back.count == back.count)
        let report = try segmentationReport(a, b, classes: [1], grid: grid)
        #expect(abs(report[0].hausdorff95 - percentile(there + back, 95)) < 1e-9)
    }

    @Test func emptyMasks() throws {
        let grid = try Grid(shape: [3, 3, 3], affine: Affine(columns: [[1, 0, 0], [0.5, 1, 0], [0, 0, 1]], translation: [0, 0, 0]))
        let (none, some) = (try Tensor.zeros([3, 3, 3]), try Tensor([Float](repeating: 1, count: 27), shape: [3, 3, 3]))
        #expect(try SurfaceDistances(none, some, grid: grid).hausdorff95.isNaN)
        #expect(try SurfaceDistances(some, some, grid: grid).hausdorff == 0)
    }
}
