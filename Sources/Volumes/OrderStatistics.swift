/// Order statistics of many numbers, exact and without sorting them: a histogram of the upper halves of their bits finds
/// the bin of a rank, one of the lower halves the number in it. Two passes over the numbers for each new bin.
struct OrderStatistics {
    private let values: UnsafeBufferPointer<Float>
    /// How many numbers lie below each bin, and the whole count at the end.
    private var below: [Int]
    private var found: [Int: [Int]] = [:]

    /// How many of the numbers are finite; the others have no rank.
    var count: Int { below[below.count - 1] }

    init(_ values: UnsafeBufferPointer<Float>) {
        self.values = values
        var bins = [Int](repeating: 0, count: 1 << 16)
        bins.withUnsafeMutableBufferPointer { bins in
            for value in values {
                if value.isFinite { bins[Int(OrderStatistics.key(value) >> 16)] += 1 }
            }
        }
        below = [0]
        below.reserveCapacity(bins.count + 1)
        for bin in bins { below.append(below[below.count - 1] + bin) }
    }

    /// Bits in the order of the numbers; both zeros are one.
    @inline(__always) private static func key(_ value: Float) -> UInt32 {
        let bits = (value + 0).bitPattern
        return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    }

    /// The number with `rank` others before it; `rank` is from 0 and below `count`.
    mutating func value(_ rank: Int) -> Float {
        // The last bin that begins at or before the rank.
        var (low, high) = (0, below.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if below[middle] <= rank { low = middle } else { high = middle }
        }
        let bin = UInt32(low)
        if found[low] == nil {
            var parts = [Int](repeating: 0, count: 1 << 16)
            parts.withUnsafeMutableBufferPointer { parts in
                // Numbers that are not finite have bins of their own.
                for value in values {
                    let key = OrderStatistics.key(value)
                    if key >> 16 == bin { parts[Int(key & 0xFFFF)] += 1 }
                }
            }
            found[low] = parts
        }
        var rest = rank - below[low]
        for (place, part) in (found[low] ?? []).enumerated() {
            if rest < part {
                let key = bin << 16 | UInt32(place)
                return Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key & 0x7FFF_FFFF)
            }
            rest -= part
        }
        return .nan
    }

    /// How many finite numbers are below one, and how many equal it.
    func counts(of number: Float) -> (below: Int, equal: Int) {
        var counts = (below: 0, equal: 0)
        for value in values {
            counts.below += value < number && value.isFinite ? 1 : 0
            counts.equal += value == number ? 1 : 0
        }
        return counts
    }

    /// The quantile (`share` from 0 to 1) of the numbers without those of the ranks `gap`, linear between ranks, as
    /// libtorch's `quantile` to a rounding or two.
    mutating func quantile(_ share: Double, without gap: Range<Int> = 0..<0) -> Float {
        let last = count - gap.count - 1
        let place = min(Double(Float(share)) * Double(last), Double(last))
        let lower = min(Int(place), last)
        let upper = min(Int(place.rounded(.up)), last)
        let (a, b) = (value(rank(lower, without: gap)), value(rank(upper, without: gap)))
        let weight = Float(place - Double(lower))
        guard (b - a).isFinite else { return Float((1 - Double(weight)) * Double(a) + Double(weight) * Double(b)) }
        // Multiplied and added with one rounding, as libtorch does.
        return weight < 0.5 ? a.addingProduct(weight, b - a) : b.addingProduct(weight - 1, b - a)
    }

    private func rank(_ rank: Int, without gap: Range<Int>) -> Int { rank < gap.lowerBound ? rank : rank + gap.count }
}
