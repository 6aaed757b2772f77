import Foundation
import Registration
import Tensors
import Testing
import Volumes

/// Kept registrations are known by `registrationVersion`, so the maps of a version are written down here.
@Suite struct RegistrationVersionTests {
    /// Where three points go in a block of voxels and in a stack of thick slices, by the version below.
    private let version = 6
    private let known: [[Double]] = [
        [11.70, 24.71, 38.50, 32.45, 25.14, 29.42, 19.80, 8.79, 24.34],
        [26.55, 36.18, 23.41, 37.40, 23.59, 34.68, 18.60, 23.20, 30.40],
    ]

    @Test func aVersionGivesTheMapsThatItAlwaysGave() throws {
        let grids = [
            try Grid(shape: [40, 44, 36], spacing: [1.2, 1.1, 1.3]), try Grid(shape: [48, 48, 8], spacing: [1, 1, 6]),
        ]
        let points = try Tensor([14.0, 20, 16, 26, 30, 30, 34, 12, 24], shape: [3, 3])
        let found = try grids.map { grid in
            try register(moving: Phantom.image(grid, seed: 2), onto: Phantom.image(grid)).apply(to: points).doubles()
        }
        let written = found.map { numbers in "[" + numbers.map { String(format: "%.2f", $0) }.joined(separator: ", ") + "]" }
        let isKnown = zip(found, known).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 0.05 } }
        #expect(
            registrationVersion == version && known.count == 2 && isKnown,
            "register gives other maps than version \(version): raise registrationVersion, and write here \(written)")
    }
}
