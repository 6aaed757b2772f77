import Base
import Foundation
import Tensors

/// Finds the nearest of many points in space: a k-d tree (Bentley 1975), split at the median of the widest direction.
struct NearestPoints {
    /// Three coordinates a point, in the order of the tree: each part's middle point splits it.
    private var points: [SIMD3<Double>]
    /// The direction along which the part with this middle is split.
    private var axes: [UInt8]

    init(_ points: [SIMD3<Double>]) {
        self.points = points
        axes = [UInt8](repeating: 0, count: points.count)
        arrange(0, points.count)
    }

    private mutating func arrange(_ start: Int, _ end: Int) {
        guard end - start > 1 else { return }
        var (low, high) = (points[start], points[start])
        for place in start..<end {
            low = pointwiseMin(low, points[place])
            high = pointwiseMax(high, points[place])
        }
        let size = high - low
        let axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2
        points[start..<end].sort { $0[axis] < $1[axis] }
        let middle = (start + end) / 2
        axes[middle] = UInt8(axis)
        arrange(start, middle)
        arrange(middle + 1, end)
    }

    /// The distance from each of `others` to its nearest point; all infinite when there is none. Throws only when someone
    /// asked to stop.
    func distances(from others: [SIMD3<Double>]) throws -> [Double] {
        try others.enumerated().map { place, point in
            if place & 0xFFF == 0 { try Interruption.check() }
            var best = Double.infinity
            search(point, 0, points.count, &best)
            return best.squareRoot()
        }
    }

    private func search(_ point: SIMD3<Double>, _ start: Int, _ end: Int, _ best: inout Double) {
        guard start < end else { return }
        let middle = (start + end) / 2
        let difference = point - points[middle]
        best = min(best, (difference * difference).sum())
        let across = difference[Int(axes[middle])]
        let (near, far) = across < 0 ? ((start, middle), (middle + 1, end)) : ((middle + 1, end), (start, middle))
        search(point, near.0, near.1, &best)
        if across * across < best { search(point, far.0, far.1, &best) }
    }
}
