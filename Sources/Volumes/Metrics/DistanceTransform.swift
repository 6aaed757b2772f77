import Base
import Foundation
import Tensors

/// A binary mask of up to three dimensions in row-major order. Missing leading axes have size 1 and take no part in
/// neighbourhoods.
struct Mask {
    var bits: [Bool]
    /// Three sizes.
    var shape: [Int]
    /// How many of the axes, counted from the last, are the array's own.
    var rank: Int

    /// Voxels of the mask with a neighbour outside it, or outside the array, across a face: what remains after
    /// erosion with connectivity 1, as medpy and SciPy define the surface.
    func surface() -> [Bool] {
        let (a, b, c) = (shape[0], shape[1], shape[2])
        let rank = self.rank
        return [Bool](unsafeUninitializedCapacity: bits.count) { result, initialized in
            initialized = bits.count
            bits.withUnsafeBufferPointer { bits in
                var place = 0
                for i in 0..<a {
                    for j in 0..<b {
                        for k in 0..<c {
                            var isInside = false
                            if bits[place] {
                                isInside = k > 0 && bits[place - 1] && k < c - 1 && bits[place + 1]
                                if isInside, rank > 1 {
                                    isInside = j > 0 && bits[place - c] && j < b - 1 && bits[place + c]
                                }
                                if isInside, rank > 2 {
                                    isInside = i > 0 && bits[place - b * c] && i < a - 1 && bits[place + b * c]
                                }
                            }
                            result[place] = bits[place] && !isInside
                            place += 1
                        }
                    }
                }
            }
        }
    }
}

/// Squared Euclidean distance from every voxel to the nearest marked one, with a spacing for each axis: exact, by
/// lower envelopes of parabolas along one axis after another (Felzenszwalb and Huttenlocher 2012). Linear in the number
/// of voxels. All infinite when nothing is marked. Throws only when someone asked to stop.
func squaredDistances(to marked: [Bool], shape: [Int], spacing: [Double]) throws -> [Double] {
    var field = marked.map { $0 ? 0.0 : Double.infinity }
    let longest = max(shape.max() ?? 1, 1)
    var line = [Double](repeating: 0, count: longest)
    var centres = [Int](repeating: 0, count: longest)
    var limits = [Double](repeating: 0, count: longest + 1)
    try field.withUnsafeMutableBufferPointer { field in
        try line.withUnsafeMutableBufferPointer { line in
            try centres.withUnsafeMutableBufferPointer { centres in
                try limits.withUnsafeMutableBufferPointer { limits in
                    for axis in 0..<3 where shape[axis] > 1 {
                        let step = shape[(axis + 1)...].reduce(1, *)
                        let count = shape[axis]
                        let outer = shape[..<axis].reduce(1, *)
                        let weight = spacing[axis] * spacing[axis]
                        for block in 0..<outer {
                            for inner in 0..<step {
                                if inner & 0xFFF == 0 { try Interruption.check() }
                                let start = block * count * step + inner
                                for index in 0..<count { line[index] = field[start + index * step] }
                                envelope(
                                    line, count, weight, centres, limits,
                                    UnsafeMutablePointer(field.baseAddress.unsafelyUnwrapped + start), step)
                            }
                        }
                    }
                }
            }
        }
    }
    return field.map { $0 }
}

/// One line: target[q] = min over p of weight·(q − p)² + line[p].
@inline(__always)
private func envelope(
    _ line: UnsafeMutableBufferPointer<Double>, _ count: Int, _ weight: Double,
    _ centres: UnsafeMutableBufferPointer<Int>, _ limits: UnsafeMutableBufferPointer<Double>,
    _ target: UnsafeMutablePointer<Double>, _ step: Int
) {
    var last = -1
    for q in 0..<count where line[q].isFinite {
        let height = line[q] / weight + Double(q * q)
        var crossing = -Double.infinity
        while last >= 0 {
            let p = centres[last]
            crossing = (height - (line[p] / weight + Double(p * p))) / Double(2 * (q - p))
            if crossing > limits[last] { break }
            last -= 1
            crossing = -Double.infinity
        }
        last += 1
        centres[last] = q
        limits[last] = crossing
        limits[last + 1] = Double.infinity
    }
    guard last >= 0 else { return }
    var piece = 0
    for q in 0..<count {
        while piece < last, limits[piece + 1] < Double(q) { piece += 1 }
        let offset = Double(q - centres[piece])
        target[q * step] = weight * offset * offset + line[centres[piece]]
    }
}
