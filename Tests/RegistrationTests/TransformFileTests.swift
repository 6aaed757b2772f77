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
            let transform = try readTransform("\(folder)/\(name)", fixed: fixed.grid, moving: moving.grid)
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
        let field = try readTransform("\(folder)/field_lps_mm.nii.gz", moving: moving.grid)
        #expect(try compare(warp(moving, field), volume("expected_field_linear"), moving: moving, by: field) < 1e-3)
        let both = try readTransforms(["\(folder)/field_lps_mm.nii.gz", "\(folder)/affine.tfm"], moving: moving.grid)
        #expect(
            try compare(warp(moving, both), volume("expected_field_then_affine_linear"), moving: moving, by: both) < 1e-3)
    }

    @Test func warpAndAffineReproduceANTs() throws {
        let moving = try volume("ants/moving")
        let both = try readTransforms(["\(folder)/ants/warp.nii.gz", "\(folder)/ants/affine.mat"], moving: moving.grid)
        #expect(try compare(warp(moving, both), volume("ants/expected_linear"), moving: moving, by: both) < 1e-3)
        let labels = try readLabels("\(folder)/ants/moving_label.nii.gz")
        let carried = try warp(labels, both, interpolation: .nearest)
        let expected = try readLabels("\(folder)/ants/expected_label.nii.gz").data.ints()
        let same = zip(try carried.data.ints(), expected).filter { $0 == $1 }.count
        #expect(Double(same) / Double(expected.count) > 0.999)
    }

    @Test func whatIsNoTransformIsRefused() throws {
        let moving = try volume("moving")
        let path = NSTemporaryDirectory() + "rs4-no-transform-\(UUID().uuidString).tfm"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for text in ["", "#Insight Transform File V1.0\n", "#Insight Transform File V1.0\nTransform: BSplineTransform_double_3_3\nParameters: 1 2\n", "#Insight Transform File V1.0\nTransform: AffineTransform_double_3_3\nParameters: a\n"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect { try readTransform(path, fixed: moving.grid, moving: moving.grid) } throws: { ($0 as? TensorError)?.code == "file" }
        }
        #expect { try readTransform("\(folder)/affine.tfm", moving: moving.grid) } throws: { ($0 as? TensorError)?.code == "value" }
        #expect { try readTransform("/nowhere.mat", moving: moving.grid) } throws: { ($0 as? TensorError)?.code == "file" }
    }
}
