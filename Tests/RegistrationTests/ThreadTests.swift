import Foundation
import Registration
import Tensors
import Testing
import Volumes

/// What a map may not depend on.
@Suite struct ThreadTests {
    @Test(arguments: similarities)
    func theMapIsTheSameOnAnyNumberOfThreads(_ similarity: any Similarity) throws {
        let grid = try Grid(shape: [56, 60, 48], spacing: [1, 1, 1.1])
        let (fixed, moving) = (try Phantom.image(grid), try Phantom.image(grid, seed: 2))
        let threads = Engine.threadCount
        defer { Engine.threadCount = threads }
        var maps: [(affine: Affine, displacement: [Float], similarity: Double?)] = []
        for count in [1, 2, 3] {
            Engine.threadCount = count
            let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(similarity: similarity))
            maps.append((found.affine, try found.displacement?.floats() ?? [], found.similarity?.after))
        }
        for map in maps.dropFirst() {
            #expect(map.affine == maps[0].affine)
            #expect(disagreement(map.displacement, maps[0].displacement) == nil)
            #expect(map.similarity == maps[0].similarity)
        }
    }
}
