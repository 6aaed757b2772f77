import Foundation
@testable import Registration
import Tensors
import Testing

/// Folds between voxels, which central differences at the voxels do not see.
@Suite struct InvertibilityTests {
    private let sizes = [12, 10, 9]

    /// Every other plane is moved by 0.8 voxels one way, the others the other way.
    private func zigzag() throws -> CoarseDisplacement {
        var values: [Float] = []
        for component in 0..<3 {
            for x in 0..<sizes[0] {
                let value: Float = component == 0 ? (x % 2 == 0 ? 0.8 : -0.8) : 0
                values += [Float](repeating: value, count: sizes[1] * sizes[2])
            }
        }
        return CoarseDisplacement(vectors: try Tensor(values, shape: [3] + sizes), spacing: [1, 1, 1], radius: [1, 1, 1])
    }

    @Test func cornersSeeFoldsBetweenVoxels() throws {
        let folded = try zigzag()
        let inner = try aten("narrow", .tensor(folded.determinant()), 0, 1, .int(sizes[0] - 2))
        #expect(try aten("min", .tensor(inner)).item() > 0.99)
        let determinants = try folded.cornerDeterminants()
        #expect(abs(determinants.least + 0.6) < 1e-5 && abs(determinants.most - 2.6) < 1e-5)
    }

    @Test func cornersAgreeWithAnAffineMap() throws {
        // x + 0.2 y, 0.1 x + y, 1.5 z
        var values: [Float] = []
        for component in 0..<3 {
            for x in 0..<sizes[0] {
                for y in 0..<sizes[1] {
                    for z in 0..<sizes[2] {
                        values.append([0.2 * Float(y) * 2, 0.1 * Float(x) * 3, 0.5 * Float(z) * 4][component])
                    }
                }
            }
        }
        let field = CoarseDisplacement(vectors: try Tensor(values, shape: [3] + sizes), spacing: [3, 2, 4], radius: [1, 1, 1])
        let determinants = try field.cornerDeterminants()
        let wanted = (1 - 0.2 * 0.1) * 1.5
        #expect(abs(Double(determinants.least) - wanted) < 1e-4 && abs(Double(determinants.most) - wanted) < 1e-4)
    }

    @Test func aMapWithoutFoldsHasNoneBetweenVoxels() throws {
        let velocity = try Velocity(of: zigzag(), extent: sizes.map(Double.init))
        let map = try velocity.unfolded(sizes: sizes, spacing: [1, 1, 1])
        #expect(try map.cornerDeterminants().least > 0.1)
    }
}
