import Base
import Foundation
import Tensors

/// Overlap of two masks of any one shape.
public struct Overlap {
    public var first: Int
    public var second: Int
    public var both: Int

    /// Every nonzero element belongs to the mask.
    public init(_ first: Tensor, _ second: Tensor) throws {
        let (a, b) = try maskPair(first, second)
        self.init(a, b)
    }

    init(_ a: [Bool], _ b: [Bool]) {
        (first, second, both) = (0, 0, 0)
        for (inA, inB) in zip(a, b) {
            first += inA ? 1 : 0
            second += inB ? 1 : 0
            both += inA && inB ? 1 : 0
        }
    }

    /// 2·|A∩B| / (|A| + |B|), from 0 to 1; NaN when both masks are empty, since then there is nothing to score.
    public var dice: Double { first + second == 0 ? .nan : 2 * Double(both) / Double(first + second) }
    /// |A∩B| / |A∪B|, from 0 to 1; NaN when both masks are empty.
    public var jaccard: Double { first + second == 0 ? .nan : Double(both) / Double(first + second - both) }
}

/// The scores of one class of a segmentation.
public struct ClassScore {
    public var label: Int
    /// What tables show; the label's number unless named.
    public var name: String
    /// 0 when only one of the two has the class, NaN when neither has.
    public var dice: Double
    public var jaccard: Double
    /// In the unit of the spacing; NaN unless both have the class.
    public var hausdorff95: Double
    public var averageDistance: Double
    public var averageSymmetricDistance: Double
    /// Number of voxels with the class.
    public var predictedVoxels: Int
    public var trueVoxels: Int
}

/// Scores of a predicted label map against the truth, class by class.
///
/// Voxels where the truth is below 0 are unknown (nnU-Net's `ignore`) and are scored nowhere: neither map has a class
/// there. Where the prediction or the truth lacks a class, its distances are NaN (SSL4MIS writes 0 there, which rewards missing
/// a structure); means are taken over the numbers that are not NaN, so count the missed classes beside them.
/// - Parameters:
///   - classes: labels to score; nil takes every label above 0 that occurs in the truth or the prediction.
///   - spacing: mm per axis; nil measures in voxels.
///   - grid: where the voxels lie, in place of `spacing`: distances in mm also where its axes are sheared.
public func segmentationReport(
    _ prediction: Tensor, _ truth: Tensor, classes: [Int]? = nil, spacing: [Double]? = nil, grid: Grid? = nil
) throws -> [ClassScore] {
    guard prediction.shape == truth.shape else {
        throw Failure(
            "shape", "prediction and truth must have one shape, but have \(prediction.shape) and \(truth.shape)",
            help: "bring one onto the grid of the other with resample(labels, like: other)")
    }
    let expected = try truth.detached().ints()
    var predicted = try prediction.detached().ints()
    for place in expected.indices where expected[place] < 0 { predicted[place] = 0 }
    let labels = classes ?? Set(predicted).union(expected).filter { $0 > 0 }.sorted()
    let sheared = spacing == nil ? grid.flatMap { $0.isOrthogonal ? nil : $0.affine } : nil
    return try labels.map { label in
        let a = predicted.map { $0 == label }
        let b = expected.map { $0 == label }
        let overlap = Overlap(a, b)
        let distances = try SurfaceDistances(a, b, rank: truth.rank, shape: truth.shape, spacing: spacing ?? grid?.spacing, affine: sheared)
        return ClassScore(
            label: label, name: String(label), dice: overlap.dice, jaccard: overlap.jaccard, hausdorff95: distances.hausdorff95,
            averageDistance: distances.averageDistance, averageSymmetricDistance: distances.averageSymmetricDistance,
            predictedVoxels: overlap.first, trueVoxels: overlap.second)
    }
}
