import Base
import Tensors

/// Which way each voxel axis points: per axis the world axis (0 = left to right, 1 = posterior to anterior,
/// 2 = inferior to superior) and whether it runs against it. Codes name the end that an axis points to: `RAS`.
public struct Orientation: Equatable, Sendable {
    public struct Axis: Equatable, Sendable {
        public var world: Int
        public var isReversed: Bool
    }

    public var axes: [Axis]

    public static let ras = Orientation(axes: (0..<3).map { Axis(world: $0, isReversed: false) })

    private static let letters: [(forward: Character, backward: Character)] = [("R", "L"), ("A", "P"), ("S", "I")]

    public init(axes: [Axis]) { self.axes = axes }

    /// The orientation closest to an affine, chosen as nibabel's `io_orientation` does: of the axes of the nearest rotation
    /// the one that follows a world axis most takes it first, and each of the others what it follows most among those left,
    /// so that the order in which a file has its axes decides nothing.
    public init?(of affine: Affine) {
        guard var rotation = affine.rotation else { return nil }
        let strength = (0..<3).map { column in rotation.map { abs($0[column]) }.max() ?? 0 }
        let order = (0..<3).sorted { strength[$0] != strength[$1] ? strength[$0] > strength[$1] : $0 < $1 }
        axes = [Axis](repeating: Axis(world: 0, isReversed: false), count: 3)
        for column in order {
            var best = 0
            for row in 1..<3 where abs(rotation[row][column]) > abs(rotation[best][column]) { best = row }
            axes[column] = Axis(world: best, isReversed: rotation[best][column] < 0)
            rotation[best] = [0, 0, 0]
        }
    }

    /// Reads three letters, one of R L, A P and S I each, in any order.
    public init(codes: String) throws {
        let axes: [Axis] = codes.uppercased().compactMap { letter in
            for (world, pair) in Self.letters.enumerated() {
                if letter == pair.forward { return Axis(world: world, isReversed: false) }
                if letter == pair.backward { return Axis(world: world, isReversed: true) }
            }
            return nil
        }
        guard codes.count == 3, axes.count == 3, Set(axes.map(\.world)).count == 3 else {
            throw Failure(
                "value", "an orientation must be three letters, one of R/L, A/P and S/I each, but is \"\(codes)\"",
                help: "\"RAS\" and \"LPS\" are the usual ones", argument: "orientation")
        }
        self.axes = axes
    }

    /// `RAS`, `LPS`, …
    public var codes: String {
        String(axes.map { $0.isReversed ? Self.letters[$0.world].backward : Self.letters[$0.world].forward })
    }
}
