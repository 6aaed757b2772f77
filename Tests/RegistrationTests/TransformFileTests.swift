import Foundation
import Registration
import Tensors
import Testing
import Volumes

/// Transforms that ITK and ANTs wrote, with what they made of an image.
@Suite(.enabled(if: sharedFolder("reference/transforms") != nil, "needs ../shared/reference/transforms"))
struct TransformFileTests {
    private let folder = sharedFolder("reference/transforms") ?? ""

    private func volume(_ name: String) throws -> Volume { try readVolume("\(folder)/\(name).nii.gz") }

    /// Largest difference relative to the intensity range, five voxels from the border and away from where the moving
    /// image ends (its outermost voxels fade into the outside).
    private func compare(_ result: Volume, _ expected: Volume, moving: Volume, by transform: Transform) throws -> Double {
        let numbers = try moving.data.floats()
        let range = Double((numbers.max() ?? 1) - (numbers.min() ?? 0))
        let places = try correspondence(transform).floats()
        let (a, b) = (try result.data.floats(), try expected.data.floats())
        let worst = a.indices.reduce(0.0) { worst, index in
            let isWithin = (0..<3).allSatisfy {
                places[3 * index + $0] > 0 && places[3 * index + $0] < Float(moving.grid.shape[$0] - 1)
            }
            return isWithin ? max(worst, Double(abs(a[index] - b[index]))) : worst
        }
        return worst / range
    }

    @Test func affineFilesReproduceITK() throws {
        let (fixed, moving) = (try volume("fixed_grid"), try volume("moving"))
        for name in ["affine.tfm", "affine.mat"] {
            let transform = try readTransform(["\(folder)/\(name)"], moving: moving, onto: fixed)
            let warped = try warp(moving, transform)
            #expect(try compare(warped, volume("expected_affine_linear"), moving: moving, by: transform) < 1e-3, "\(name)")
            let labels = try readLabels("\(folder)/moving_label.nii.gz")
            let carried = try warp(labels, transform, interpolation: .nearest)
            let expected = try readLabels("\(folder)/expected_affine_label.nii.gz").data.ints()
            let same = zip(try carried.data.ints(), expected).filter { $0 == $1 }.count
            #expect(Double(same) / Double(expected.count) > 0.999, "\(name)")
        }
    }

    @Test func fieldsReproduceITK() throws {
        let moving = try volume("moving")
        let field = try readTransform(["\(folder)/field_lps_mm.nii.gz"], moving: moving)
        #expect(try compare(warp(moving, field), volume("expected_field_linear"), moving: moving, by: field) < 1e-3)
        let both = try readTransform(["\(folder)/field_lps_mm.nii.gz", "\(folder)/affine.tfm"], moving: moving)
        #expect(
            try compare(warp(moving, both), volume("expected_field_then_affine_linear"), moving: moving, by: both) < 1e-3)
    }

    @Test func warpAndAffineReproduceANTs() throws {
        let moving = try volume("ants/moving")
        let both = try readTransform(["\(folder)/ants/warp.nii.gz", "\(folder)/ants/affine.mat"], moving: moving)
        #expect(try compare(warp(moving, both), volume("ants/expected_linear"), moving: moving, by: both) < 1e-3)
        let labels = try readLabels("\(folder)/ants/moving_label.nii.gz")
        let carried = try warp(labels, both, interpolation: .nearest)
        let expected = try readLabels("\(folder)/ants/expected_label.nii.gz").data.ints()
        let same = zip(try carried.data.ints(), expected).filter { $0 == $1 }.count
        #expect(Double(same) / Double(expected.count) > 0.999)
    }

    @Test func voxelFieldsReproduceLearn2Reg() throws {
        let arrays = Dictionary(try readArrays("\(folder)/learn2reg/moving.npz").map { ($0.name, $0.tensor) }) { first, _ in first }
        let expected = Dictionary(try readArrays("\(folder)/learn2reg/expected.npz").map { ($0.name, $0.tensor) }) { first, _ in first }
        let grid = try Grid(shape: [34, 52, 35])
        let moving = try Volume(data: try #require(arrays["image"]), grid: grid)
        let labels = try Volume(data: try #require(arrays["label"]).to(dtype: .int64), grid: grid)
        for ending in ["npz", "nii.gz"] {
            let transform = try readTransform(["\(folder)/learn2reg/disp_0000_0001.\(ending)"], moving: moving, onto: moving)
            let linear = try Volume(data: try #require(expected["image_linear"]), grid: grid)
            #expect(try compare(warp(moving, transform), linear, moving: moving, by: transform) < 1e-3, "\(ending)")
            let carried = try warp(labels, transform, interpolation: .nearest).data.ints()
            let wanted = try #require(expected["label_nearest"]).to(dtype: .int64).ints()
            let same = zip(carried, wanted).filter { $0 == $1 }.count
            #expect(Double(same) / Double(wanted.count) > 0.999, "\(ending)")
        }
    }

    @Test func whatIsWrittenAgainReproducesThemToo() throws {
        let output = try TemporaryFolder()
        let (fixed, moving) = (try volume("fixed_grid"), try volume("moving"))
        let affine = try readTransform(["\(folder)/affine.tfm"], moving: moving, onto: fixed)
        for name in ["a.tfm", "a.mat", "a.txt", "a.nii.gz"] {
            try writeTransform(affine, to: output.path(name))
            let again = try readTransform([output.path(name)], moving: moving, onto: fixed)
            #expect(
                try compare(warp(moving, again), volume("expected_affine_linear"), moving: moving, by: again) < 1e-3, "\(name)")
        }
        let pair = try volume("ants/moving")
        let both = try readTransform(["\(folder)/ants/warp.nii.gz", "\(folder)/ants/affine.mat"], moving: pair)
        try writeTransform(both, warp: output.path("w.nii.gz"), affine: output.path("w.mat"))
        try writeTransform(both, to: output.path("whole.nii.gz"))
        for names in [["w.nii.gz", "w.mat"], ["whole.nii.gz"]] {
            let again = try readTransform(names.map(output.path), moving: pair)
            #expect(try compare(warp(pair, again), volume("ants/expected_linear"), moving: pair, by: again) < 1e-3, "\(names)")
        }
    }
}
