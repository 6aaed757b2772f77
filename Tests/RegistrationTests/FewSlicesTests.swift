import Foundation
@testable import Registration
import Tensors
import Testing
import Volumes

/// No more freedom than the data hold: a few slices say little about what lies across them.
@Suite struct FewSlicesTests {
    /// An ellipsoid with two organs in it and noise, moved within the slices by (x, y) mm and turned.
    private func scene(_ grid: Grid, moved: (Double, Double) = (0, 0), degrees: Double = 0, noise seed: UInt64) throws -> Volume {
        var random = RandomNumbers(seed: seed)
        let centre = grid.world(of: grid.shape.map { Double($0 - 1) / 2 })
        let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        let places = try Phantom.voxelPositions(grid).doubles()
        let values = (0..<grid.count).map { voxel -> Float in
            let x: Double = places[3 * voxel] - centre[0] - moved.0
            let y: Double = places[3 * voxel + 1] - centre[1] - moved.1
            let z: Double = places[3 * voxel + 2] - centre[2]
            let a: Double = c * x + s * y
            let b: Double = c * y - s * x
            func within(_ p: Double, _ q: Double, _ sizes: [Double]) -> Bool {
                let u: Double = (a - p) / sizes[0]
                let v: Double = (b - q) / sizes[1]
                let w: Double = z / sizes[2]
                return u * u + v * v + w * w < 1
            }
            var value = 20.0
            if within(0, 0, [30, 22, 40]) { value = 90 }
            if within(8, -4, [10, 7, 25]) { value = 160 }
            if within(-14, 6, [5, 6, 20]) { value = 60 }
            let noise = random.next() + random.next() + random.next() + random.next() - 2
            return Float(value + 10 * noise)
        }
        return try Volume(data: Tensor(values, shape: grid.shape), grid: grid)
    }

    private func pair(_ slices: Int, spacing: [Double] = [1, 1, 10]) throws -> (fixed: Volume, moving: Volume) {
        let grid = try Grid(shape: [80, 72, slices], spacing: spacing)
        return (try scene(grid, noise: 1), try scene(grid, moved: (6, -4), degrees: 8, noise: 2))
    }

    /// Mean distance (mm) of a map from the truth within the slices, over the voxels of the ellipsoid.
    private func error(_ found: Transform) throws -> Double {
        let grid = found.fixed
        let centre = grid.world(of: grid.shape.map { Double($0 - 1) / 2 })
        let (c, s) = (cos(8 * Double.pi / 180), sin(8 * Double.pi / 180))
        let (mapped, start) = (try found.mappedPoints(dtype: .float64).doubles(), try Phantom.voxelPositions(grid).doubles())
        var (sum, count) = (0.0, 0.0)
        for voxel in 0..<grid.count {
            let (x, y) = (start[3 * voxel] - centre[0], start[3 * voxel + 1] - centre[1])
            guard x * x / 900 + y * y / 484 < 1 else { continue }
            let p: Double = mapped[3 * voxel] - (c * x - s * y + 6 + centre[0])
            let q: Double = mapped[3 * voxel + 1] - (s * x + c * y - 4 + centre[1])
            sum += (p * p + q * q).squareRoot()
            count += 1
        }
        return sum / count
    }

    @Test(arguments: [2, 3, 4, 6])
    func areNeitherStretchedNorTiltedAcross(slices: Int) throws {
        let (fixed, moving) = try pair(slices)
        for kind in [RegistrationOptions.Kind.rigid, .affine, .deformable] {
            let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: kind))
            #expect(abs(found.affine[2, 2] - 1) < 0.03 * Double(slices), "\(kind) \(found.affine.rows)")
            #expect(abs(found.affine[2, 0]) < 0.05 && abs(found.affine[2, 1]) < 0.05, "\(kind) \(found.affine.rows)")
            #expect(try error(found) < 1.5, "\(kind)")
        }
    }

    @Test func aFlatBlockOfFineVoxelsIsHeldAsWell() throws {
        let (fixed, moving) = try pair(3, spacing: [1, 1, 1])
        let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: .affine))
        #expect(abs(found.affine[2, 2] - 1) < 0.15, "\(found.affine.rows)")
    }

    @Test func fewSlicesAreNotStretchedToTheLengthOfMany() throws {
        let many = try scene(Grid(shape: [80, 72, 9], spacing: [1, 1, 10]), noise: 1)
        let few = try scene(Grid(shape: [80, 72, 3], spacing: [1, 1, 10], origin: [0, 0, 30]), moved: (6, -4), noise: 2)
        for (moving, fixed) in [(few, many), (many, few)] {
            let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: .affine))
            #expect(abs(found.affine[2, 2] - 1) < 0.15, "\(found.affine.rows)")
        }
    }

    @Test func oneSliceOntoSeveral() throws {
        let several = try scene(Grid(shape: [80, 72, 5], spacing: [1, 1, 10]), noise: 1)
        let one = try scene(Grid(shape: [80, 72, 1], spacing: [1, 1, 10], origin: [0, 0, 20]), moved: (6, -4), noise: 2)
        for (moving, fixed) in [(one, several), (several, one)] {
            let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: .affine))
            #expect(abs(found.affine[2, 2] - 1) < 0.1 && abs(found.affine[2, 0]) < 0.1, "\(found.affine.rows)")
        }
    }

    @Test func whatLeavesTheMovingImageMakesTheSimilaritySmaller() throws {
        let grid = try Grid(shape: [40, 44, 36], spacing: [1.2, 1.1, 1.3])
        let image = try framed(Phantom.image(grid), "image")
        for similarity in similarities {
            let measure = SimilarityMeasure(fixed: image, moving: image, mask: nil, similarity: similarity)
            let values = try [1.0, 1.4, 2, 4, 40].map {
                try measure.value(at: Affine(scale: [1, 1, $0]).mapping(image.points()))
            }
            for (wide, narrow) in zip(values, values.dropFirst()) { #expect(narrow < wide, "\(similarity) \(values)") }
            // The middle alone fits perfectly, but is a part of it only.
            let part = FramedImage(data: try image.cropped(to: [0..<40, 0..<44, 9..<27]).image.data, spacing: image.spacing)
            let half = try SimilarityMeasure(fixed: image, moving: part, mask: nil, similarity: similarity).value(at: image.points())
            #expect(half < 0.75 * values[0], "\(similarity) \(half)")
        }
    }
}
