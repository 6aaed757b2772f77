import Foundation
@testable import Registration
import Tensors
import Testing
import Volumes

/// The similarity that a transform prints.
@Suite struct PrintedSimilarityTests {
    private let grid: Grid
    init() throws { grid = try Grid(shape: [40, 44, 36], spacing: [1.2, 1.1, 1.3]) }

    @Test func isOneWhereTheSameImageIsSeenFromNextDoor() throws {
        let fixed = try framed(Phantom.image(grid), "fixed")
        // The same image, of which half a voxel and more is out of sight.
        let away = [4.2, -3.3, 0]
        let there = try Phantom.voxelPositions(grid).adding(Tensor(away, shape: [3]))
        let moving = FramedImage(
            data: try framed(Volume(data: Phantom.values(at: there), grid: grid), "moving").data, spacing: grid.spacing)
        let points = try Affine(scale: [1, 1, 1], translation: away.map { -$0 }).mapping(fixed.points())
        // What both show.
        let mask = try Tensor.zeros(grid.shape)
        try mask.withUnsafeMutableElements(as: Float.self) { values in
            for x in 4..<40 { for y in 0..<41 { for z in 0..<36 { values[(x * 44 + y) * 36 + z] = 1 } } }
        }
        let both = FramedImage(data: mask, spacing: grid.spacing)
        for similarity in [LocalCorrelation(), SelfSimilarity()] as [any Similarity] {
            let measure = SimilarityMeasure(fixed: fixed, moving: moving, mask: both, similarity: similarity)
            #expect(try measure.value(at: points) > 0.999)
            // What is out of sight counts as unlike.
            let whole = SimilarityMeasure(fixed: fixed, moving: moving, mask: nil, similarity: similarity)
            let value = try whole.value(at: points)
            #expect(value > 0.7 && value < 0.95)
        }
    }

    @Test func anImageOfScatteredDotsIsLikeItself() throws {
        let wide = try Grid(shape: [96, 96, 64], spacing: [1, 1, 1])
        let values = (0..<wide.count).map { $0 % 9973 == 0 ? Float(1) : 0 }
        let dots = try Volume(data: Tensor(values, shape: wide.shape), grid: wide)
        let found = try register(moving: dots, onto: dots, options: RegistrationOptions(kind: .rigid))
        #expect(try #require(found.similarity).before > 0.99)
    }

    @Test func staysWithinItsRange() throws {
        let image = try framed(Phantom.image(grid), "image")
        for similarity in similarities {
            let measure = SimilarityMeasure(fixed: image, moving: image, mask: nil, similarity: similarity)
            let same = try measure.value(at: image.points())
            // Memberships that share a voxel among two bins leave some doubt about the other's, even of the same image.
            #expect(same <= 1 && same > (similarity.comparesIntensities ? 0.999999 : 0.25))
            let turned = FramedImage(data: try image.data.negated().adding(1), spacing: image.spacing)
            let opposite = try SimilarityMeasure(fixed: image, moving: turned, mask: nil, similarity: similarity)
                .value(at: image.points())
            #expect(similarity.comparesIntensities ? opposite >= -1 && opposite < -0.999999 : opposite >= 0)
        }
    }
}
