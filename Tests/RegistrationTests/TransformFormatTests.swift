import Base
import Foundation
import Tensors
import Testing
import Volumes

@testable import Registration

/// Every format written and read, with the frames worked out by hand, and files that are no transform.
@Suite struct TransformFormatTests {
    private let folder: TemporaryFolder
    private let fixed: Volume
    private let moving: Volume
    private let transform: Transform

    /// Oblique grids, files in another orientation, and a displacement that differs along the axes.
    init() throws {
        folder = try TemporaryFolder()
        func turned(_ angle: Double, _ scale: [Double], _ shift: [Double]) -> Affine {
            Affine(scale: [1, 1, 1], translation: shift)
                * Affine(columns: [[cos(angle), sin(angle), 0], [-sin(angle), cos(angle), 0], [0, 0, 1]], translation: [0, 0, 0])
                * Affine(scale: scale)
        }
        func volume(_ shape: [Int], _ affine: Affine, _ stored: String) throws -> Volume {
            let count = shape.reduce(1, *)
            let data = try Tensor((0..<count).map { Float($0 % 97) }, shape: shape)
            return try Volume(data: data, grid: Grid(shape: shape, affine: affine), storedOrientation: Orientation(codes: stored))
        }
        fixed = try volume([9, 8, 7], turned(0.2, [1, 1.5, 2], [-4, 3, 10]), "PIR")
        moving = try volume([8, 10, 6], turned(-0.1, [1.2, 1, 2.5], [-6, 2, 9]), "LAS")
        let waves = (0..<1512).map { place -> Float in
            let axis = Float(place / 504)
            return (axis + 1) * 0.4 * sin(Float(place % 504) / (20 + axis))
        }
        transform = try Transform(
            kind: .deformable, fixed: fixed.grid, moving: moving.grid, affine: turned(0.05, [1.02, 0.98, 1], [0.5, -1, 2]),
            displacement: Tensor(waves, shape: [3, 9, 8, 7]), similarity: (0.5, 0.9), seconds: 1.5)
    }

    private func affinePart() throws -> Transform {
        try Transform(kind: .affine, fixed: fixed.grid, moving: moving.grid, affine: transform.affine)
    }

    /// Largest distance (mm) between where two transforms send the voxels.
    private func apart(_ other: Transform, _ transform: Transform) throws -> Double {
        try difference(other.mappedPoints(dtype: .float64), transform.mappedPoints(dtype: .float64)).largest
    }

    @Test(arguments: ["a.tfm", "a.txt", "a.mat"], [TransformFormat.itk, .greedy, .niftyreg])
    func affineMapsComeBackExactly(_ name: String, _ format: TransformFormat) throws {
        try writeTransform(affinePart(), to: folder.path(name), format: format)
        let again = try readTransform([folder.path(name)], moving: moving, onto: fixed)
        #expect(again.kind == .affine)
        #expect(zip(again.affine.elements, transform.affine.elements).allSatisfy { abs($0 - $1) < 1e-12 })
        let back = try readTransform([folder.path(name)], moving: fixed, onto: moving, inverted: [true])
        let product = back.affine * transform.affine
        #expect(zip(product.elements, Affine.identity.elements).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    @Test(arguments: [TransformFormat.itk, .greedy, .niftyreg, .learn2reg], ["f.nii.gz", "f.nii"])
    func fieldsComeBack(_ format: TransformFormat, _ name: String) throws {
        let path = folder.path(name)
        try writeTransform(
            transform, to: path, format: format, moving: moving.storedOrientation, fixed: fixed.storedOrientation)
        let again = try readTransform([path], moving: moving, onto: fixed)
        #expect(try apart(again, transform) < 1e-4)
        #expect(again.fixed == fixed.grid && again.moving == moving.grid)
    }

    @Test func archivesComeBack() throws {
        let path = folder.path("t.npz")
        try writeTransform(transform, to: path)
        let own = try readTransform([path], moving: moving)
        #expect(own.kind == .deformable && own.affine == transform.affine && own.fixed == fixed.grid)
        let displacement = disagreement(try own.displacement?.floats(), try transform.displacement?.floats())
        #expect(displacement == nil)
        #expect(own.similarity?.after == 0.9 && own.seconds == 1.5)
        try writeTransform(
            transform, to: path, format: .learn2reg, moving: moving.storedOrientation, fixed: fixed.storedOrientation)
        #expect(try apart(readTransform([path], moving: moving, onto: fixed), transform) < 1e-4)
        // The transform's grids know the order of the files.
        for name in ["l.npz", "l.nii.gz"] {
            try writeTransform(transform, to: folder.path(name), format: .learn2reg)
            #expect(try apart(readTransform([folder.path(name)], moving: moving, onto: fixed), transform) < 1e-4)
        }
    }

    @Test func pairsAreAppliedInTheRightOrder() throws {
        let names = [folder.path("warp.nii.gz"), folder.path("affine.mat")]
        try writeTransform(transform, warp: names[0], affine: names[1])
        #expect(try apart(readTransform(names, moving: moving, onto: fixed), transform) < 1e-4)
        #expect(try apart(readTransform(names.reversed(), moving: moving, onto: fixed), transform) > 0.01)
    }

    // MARK: Frames, from the numbers in the files

    /// The vector at a voxel of a NIfTI field in the file's own order.
    private func vector(_ path: String, at voxel: [Int]) throws -> (values: [Double], grid: Grid) {
        let volume = try readVolume(path, orientation: nil)
        let flat = try volume.data.doubles()
        let shape = volume.grid.shape
        let place = 3 * ((voxel[0] * shape[1] + voxel[1]) * shape[2] + voxel[2])
        return (Array(flat[place..<(place + 3)]), volume.grid)
    }

    private func mapped(_ world: [Double]) throws -> [Double] {
        try transform.apply(to: Tensor(world, shape: [1, 3])).doubles()
    }

    private func near(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 } }

    @Test func fieldsHoldWhatTheirProgramsExpect() throws {
        let voxel = [2, 3, 4]
        try writeTransform(transform, to: folder.path("itk.nii.gz"))
        let itk = try vector(folder.path("itk.nii.gz"), at: voxel)
        var start = itk.grid.world(of: voxel.map(Double.init))
        var end = try mapped(start)
        #expect(near(itk.values, [start[0] - end[0], start[1] - end[1], end[2] - start[2]]))
        #expect(try readIntent(folder.path("itk.nii.gz")).code == 1007)

        try writeTransform(transform, to: folder.path("nifty.nii.gz"), format: .niftyreg)
        let nifty = try vector(folder.path("nifty.nii.gz"), at: voxel)
        #expect(near(nifty.values, try mapped(nifty.grid.world(of: voxel.map(Double.init)))))
        #expect(try readIntent(folder.path("nifty.nii.gz")) == NIfTIIntent(code: 1007, name: "NREG_TRANS", parameter: 0))

        try writeTransform(
            transform, to: folder.path("l2r.nii.gz"), format: .learn2reg, moving: moving.storedOrientation,
            fixed: fixed.storedOrientation)
        let voxels = try vector(folder.path("l2r.nii.gz"), at: voxel)
        let storedFixed = try fixed.reoriented(to: Orientation(codes: "PIR")).grid
        let storedMoving = try moving.reoriented(to: Orientation(codes: "LAS")).grid
        start = storedFixed.world(of: voxel.map(Double.init))
        end = storedMoving.voxel(at: try mapped(start))
        #expect(near(voxels.values, zip(end, voxel).map { $0 - Double($1) }))

        try writeTransform(affinePart(), to: folder.path("a.mat"), format: .greedy)
        let text = try String(contentsOfFile: folder.path("a.mat"), encoding: .utf8)
        #expect(text.split(separator: "\n").first == "\(transform.affine[0, 0]) \(transform.affine[0, 1]) \(transform.affine[0, 2]) \(transform.affine[0, 3])")
    }

    @Test func intentsTellDisplacementsApart() throws {
        let world = [0.5, -1, 2] as [Float]
        let grid = try Grid(shape: [4, 3, 2], spacing: [2, 2, 2])
        let data = try Tensor((0..<24).flatMap { _ in world }, shape: [4, 3, 2, 1, 3])
        let field = try Volume(data: data, grid: grid)
        func moved(_ intent: NIfTIIntent, _ format: TransformFormat? = nil) throws -> [Double] {
            try writeVolume(field, to: folder.path("d.nii"), intent: intent)
            let image = try Volume(data: Tensor.zeros(grid.shape), grid: grid)
            return Array(
                try readTransform([folder.path("d.nii")], moving: image, format: format)
                    .apply(to: Tensor([1, 2, 1] as [Double], shape: [1, 3])).doubles())
        }
        #expect(near(try moved(NIfTIIntent(code: 1007)), [0.5, 3, 3]))
        #expect(near(try moved(NIfTIIntent(code: 1006)), [1.5, 1, 3]))
        #expect(near(try moved(NIfTIIntent(code: 1007, name: "NREG_TRANS", parameter: 1)), [1.5, 1, 3]))
        #expect(throws: Failure.self) { try moved(NIfTIIntent(code: 1007, name: "NREG_TRANS", parameter: 3)) }
        // Positions: every point goes to the one place that all voxels name.
        #expect(near(try moved(NIfTIIntent(code: 1007), .niftyreg), [0.5, -1, 2]))
    }

    @Test func halfSizeLearn2RegFieldsAreEnlarged() throws {
        let grid = try Grid(shape: [8, 8, 8])
        let image = try Volume(data: Tensor.zeros(grid.shape), grid: grid)
        let half = try Tensor((0..<3).flatMap { axis in [Float](repeating: Float(axis), count: 64) }, shape: [3, 4, 4, 4])
        try writeArrays(folder.path("half.npz"), [("arr_0", half)])
        let found = try readTransform([folder.path("half.npz")], moving: image, onto: image)
        #expect(near(try found.apply(to: Tensor([3, 3, 3] as [Double], shape: [1, 3])).doubles(), [3, 4, 5]))
    }

    // MARK: Mistakes

    private func code(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return (error as? Failure)?.code ?? "\(error)" }
        return nil
    }

    @Test func whatIsNoTransformIsRefused() throws {
        let head = "#Insight Transform File V1.0\n"
        let texts = [
            "", head, head + "Transform: BSplineTransform_double_3_3\nParameters: 1 2\n",
            head + "Transform: AffineTransform_double_3_3\nParameters: a\n",
            head + "Transform: AffineTransform_double_3_3\nParameters: 0 0 0 0 0 0 0 0 0 1 2 3\n",
            head + "Transform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 0 0 1 1 2 inf\n",
            "1 0 0 0\n0 1 0 0\n0 0 1 0\n", "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 2\n", "1 0 0 0\n0 1 0 0\n0 0 nan 0\n0 0 0 1\n",
            "0 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "(Transform \"EulerTransform\")\n", "hello",
            String(repeating: "1 ", count: 1 << 20),
        ]
        for (place, text) in texts.enumerated() {
            let path = try folder.write("bad.txt", text.utf8)
            #expect(code { _ = try readTransform([path], moving: moving, onto: fixed) } == "file", "text \(place)")
        }
        #expect(code { _ = try readTransform([folder.path("absent.mat")], moving: moving, onto: fixed) } == "file")
        #expect(code { _ = try readTransform([folder.folder], moving: moving, onto: fixed) } == "file")
        #expect(code { _ = try readTransform([], moving: moving, onto: fixed) } == "value")
        #expect(code { _ = try readTransform([try folder.write("noise.mat", (0..<64).map { UInt8($0 * 37 % 251 + 4) })], moving: moving, onto: fixed) } == "file")
    }

    @Test func cutFilesAreRefused() throws {
        try writeTransform(affinePart(), to: folder.path("a.mat"))
        try writeTransform(affinePart(), to: folder.path("a.tfm"))
        try writeTransform(transform, to: folder.path("f.nii.gz"))
        try writeTransform(transform, to: folder.path("t.npz"))
        for (name, step) in [("a.mat", 7), ("f.nii.gz", 401), ("t.npz", 401)] {
            let whole = [UInt8](try #require(FileManager.default.contents(atPath: folder.path(name))))
            for count in stride(from: 0, to: whole.count - 1, by: step) {
                let path = try folder.write("cut-" + name, whole.prefix(count))
                // ITK's reader takes a missing centre for the origin; RS4 reads the first matrix alone the same way.
                let found = code { _ = try readTransform([path], moving: moving, onto: fixed) }
                let isFirstMatrix = name == "a.mat" && count == 20 + 27 + 96
                #expect(found == (isFirstMatrix ? nil : "file"), "\(name) cut to \(count)")
            }
        }
    }

    @Test func otherGridsAndFieldsAreRefused() throws {
        let small = try Volume(data: Tensor.zeros([3, 3, 3]), grid: Grid(shape: [3, 3, 3]))
        try writeTransform(transform, to: folder.path("t.npz"))
        #expect(code { _ = try readTransform([folder.path("t.npz")], moving: small) } == "grid")
        try writeTransform(transform, to: folder.path("l.npz"), format: .learn2reg)
        #expect(code { _ = try readTransform([folder.path("l.npz")], moving: moving, onto: small) } == "grid")
        #expect(code { _ = try readTransform([folder.path("l.npz")], moving: moving) } == "value")
        try writeTransform(affinePart(), to: folder.path("a.tfm"))
        #expect(code { _ = try readTransform([folder.path("a.tfm")], moving: moving) } == "value")
        try writeTransform(transform, to: folder.path("f.nii.gz"))
        #expect(code { _ = try readTransform([folder.path("f.nii.gz")], moving: moving, onto: fixed, inverted: [true]) } == "value")
        try writeVolume(fixed, to: folder.path("image.nii.gz"))
        #expect(code { _ = try readTransform([folder.path("image.nii.gz")], moving: moving, onto: fixed) } == "file")
        try writeArrays(folder.path("two.npz"), [("a", Tensor.zeros([2])), ("b", Tensor.zeros([2]))])
        #expect(code { _ = try readTransform([folder.path("two.npz")], moving: moving, onto: fixed) } == "file")
        let holes = try Volume(data: Tensor.full([4, 3, 2, 1, 3], .nan), grid: Grid(shape: [4, 3, 2]))
        try writeVolume(holes, to: folder.path("nan.nii"))
        #expect(code { _ = try readTransform([folder.path("nan.nii")], moving: moving, onto: fixed) } == "file")
    }

    @Test func whatAFormatCannotHoldIsNotWritten() throws {
        for (name, format) in [("d.tfm", nil), ("d.mat", .greedy), ("d.npz", .itk), ("d.nii.gz", .rs4), ("d.tfm", .learn2reg)]
            as [(String, TransformFormat?)]
        {
            #expect(code { try writeTransform(transform, to: folder.path(name), format: format) } == "value", "\(name)")
        }
        #expect(code { try writeTransform(transform, to: folder.path("d.xyz")) } == "file")
        #expect(code { try writeTransform(transform, to: "/nowhere/d.npz") } == "file")
        #expect(code { try writeTransform(transform, warp: folder.path("a.mat"), affine: folder.path("w.nii.gz")) } == "value")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.folder).isEmpty)
    }
}
