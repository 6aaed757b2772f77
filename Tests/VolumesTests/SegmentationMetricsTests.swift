import Foundation
import Tensors
import Testing

@testable import Volumes

private struct Case: Decodable {
    var spacing: [Double]
    var dice, jaccard, hd95_voxel, hd95_mm, hd_mm, asd_voxel, asd_mm, assd_mm: Double
}

@Suite struct SegmentationMetrics {
    @Test func reproducesTheReference() throws {
        let data = try #require(FileManager.default.contents(atPath: "\(fixtures)/metrics/expected.json"))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        let arrays = try readArrays("\(fixtures)/metrics/masks.npz")
        let masks = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.tensor) })
        #expect(cases.count == 4)
        for (index, wanted) in cases.enumerated() {
            let a = try #require(masks["a\(index)"])
            let b = try #require(masks["b\(index)"])
            let overlap = try Overlap(a, b)
            let voxels = try SurfaceDistances(a, b)
            let millimetres = try SurfaceDistances(a, b, spacing: wanted.spacing)
            for (found, expected) in [
                (overlap.dice, wanted.dice), (overlap.jaccard, wanted.jaccard), (voxels.hausdorff95, wanted.hd95_voxel),
                (millimetres.hausdorff95, wanted.hd95_mm), (millimetres.hausdorff, wanted.hd_mm),
                (voxels.averageDistance, wanted.asd_voxel), (millimetres.averageDistance, wanted.asd_mm),
                (millimetres.averageSymmetricDistance, wanted.assd_mm),
            ] { #expect(abs(found - expected) < 1e-6, "case \(index)") }
        }
    }

    @Test func emptyMasks() throws {
        let none = try Tensor.zeros([3, 3])
        let some = try Tensor([0, 0, 0, 0, 1, 0, 0, 0, 0], shape: [3, 3])
        #expect(try Overlap(none, none).dice.isNaN)
        #expect(try Overlap(none, some).dice == 0)
        #expect(try SurfaceDistances(none, some).hausdorff95.isNaN)
        #expect(try SurfaceDistances(some, none).averageSymmetricDistance.isNaN)
        #expect(try SurfaceDistances(some, some).hausdorff == 0)
        #expect(problem { _ = try Overlap(none, try Tensor.zeros([3, 4])) }.hasPrefix("shape:"))
        #expect(problem { _ = try SurfaceDistances(some, some, spacing: [1]) }.hasPrefix("value:"))
    }

    @Test func distancesMatchBruteForce() throws {
        let shape = [4, 5, 6]
        let spacing = [1.3, 0.7, 2.0]
        let marked = (0..<120).map { ($0 * 37 + 11) % 17 == 0 }
        let found = try squaredDistances(to: marked, shape: shape, spacing: spacing)
        func index(_ place: Int) -> [Int] { [place / 30, place / 6 % 5, place % 6] }
        for place in 0..<120 {
            let least = (0..<120).filter { marked[$0] }.map { other in
                (0..<3).reduce(0.0) { sum, axis in
                    let step = Double(index(place)[axis] - index(other)[axis]) * spacing[axis]
                    return sum + step * step
                }
            }.min() ?? .infinity
            #expect(abs(found[place] - least) < 1e-9)
        }
    }

    @Test func report() throws {
        let truth = try Tensor([0, 1, 1, 2, 2, 0, 3, 3], shape: [2, 4])
        let prediction = try Tensor([0, 1, 1, 2, 0, 0, 0, 0], shape: [2, 4])
        let rows = try segmentationReport(prediction, truth)
        #expect(rows.map(\.label) == [1, 2, 3])
        #expect(rows[0].dice == 1 && rows[0].hausdorff95 == 0)
        #expect(abs(rows[1].dice - 2.0 / 3) < 1e-12)
        #expect(rows[2].dice == 0 && rows[2].hausdorff95.isNaN && rows[2].predictedVoxels == 0 && rows[2].trueVoxels == 2)
        #expect(try segmentationReport(prediction, truth, classes: [9])[0].dice.isNaN)
    }

    @Test func unknownVoxelsAreScoredNowhere() throws {
        let truth = try Tensor([0, 1, 1, -1, -1, 0, -1, 3], shape: [2, 4])
        let prediction = try Tensor([0, 1, 1, 1, 2, 0, 3, 3], shape: [2, 4])
        let rows = try segmentationReport(prediction, truth)
        #expect(rows.map(\.label) == [1, 3])
        #expect(rows.allSatisfy { $0.dice == 1 && $0.hausdorff95 == 0 })
        #expect(rows.map(\.predictedVoxels) == [2, 1])
    }
}
