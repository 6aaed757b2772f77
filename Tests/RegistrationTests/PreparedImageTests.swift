import Foundation
@testable import Registration
import Tensors
import Testing
import Volumes

/// What is kept of images that take part in many registrations.
@Suite struct PreparedImageTests {
    @Test func keepsWhatWasAskedForLast() {
        let memo = Memo<Int, Int>(limit: 3)
        var made: [Int] = []
        for key in [1, 2, 3, 1, 4, 1, 2] {
            let value = memo.value(key) {
                made.append(key)
                return 10 * key
            }
            #expect(value == 10 * key)
        }
        #expect(made == [1, 2, 3, 4, 2])
        #expect(memo.values.sorted() == [10, 20, 40])
    }

    @Test func anImageDoesNotGrowWithEveryGrid() throws {
        let grid = try Grid(shape: [60, 60, 60], spacing: [1, 1, 1])
        let image = try framed(Phantom.image(grid), "image")
        for step in 0..<60 {
            let coarser = try image.averaged(to: 1.02 + 0.01 * Double(step))
            _ = try Descriptor(similarity: SelfSimilarity(), distance: 1, intensity: 1).alone(coarser)
        }
        let largest = 60 * 60 * 60 * (4 + 64)
        #expect(image.bytes > 4 * 60 * 60 * 60 && image.bytes < 13 * largest)
    }

    @Test func imagesAreLetGoByWhatTheyHold() throws {
        let images = PreparedImages(limit: 100 << 20)
        let grid = try Grid(shape: [60, 60, 60], spacing: [1, 1, 1])
        let volume = try Phantom.image(grid)
        let first = images.image("first", volume)
        _ = images.image("second", volume)
        #expect(images.image("first", volume) === first)
        let frame = try first.framed(grid.orientation, "image").image
        for step in 0..<8 {
            let coarser = try frame.averaged(to: 1.02 + 0.01 * Double(step))
            _ = try Descriptor(similarity: SelfSimilarity(), distance: 1, intensity: 1).alone(coarser)
        }
        #expect(first.bytes > 60 << 20)
        // 24 MB and more each are set aside for the others.
        for name in ["second", "third", "fourth"] { _ = images.image(name, volume) }
        #expect(images.image("first", volume) !== first)
    }
}
