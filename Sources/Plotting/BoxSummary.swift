import Foundation

/// What a box plot shows of a list of numbers (Tukey, Exploratory Data Analysis, 1977).
public struct BoxSummary: Hashable, Sendable {
    public let median: Double
    /// The quartiles, interpolated linearly between neighbours as NumPy and Matplotlib do.
    public let lowerQuartile: Double
    public let upperQuartile: Double
    /// The outermost values that lie at most 1.5 interquartile ranges from the box.
    public let lowerWhisker: Double
    public let upperWhisker: Double
    /// All values further out, ascending.
    public let outliers: [Double]

    /// nil without finite values; others are left out.
    public init?(_ values: some Sequence<Double>) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let least = sorted.first, let most = sorted.last else { return nil }
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let lower = Int(place)
            let part = place - Double(lower)
            return part == 0 ? sorted[lower] : sorted[lower] * (1 - part) + sorted[lower + 1] * part
        }
        (median, lowerQuartile, upperQuartile) = (quantile(0.5), quantile(0.25), quantile(0.75))
        let reach = 1.5 * (upperQuartile - lowerQuartile)
        let (low, high) = (lowerQuartile - reach, upperQuartile + reach)
        // A whisker never starts inside the box, which an interpolated quartile would otherwise allow.
        lowerWhisker = min(lowerQuartile, sorted.first { $0 >= low } ?? least)
        upperWhisker = max(upperQuartile, sorted.last { $0 <= high } ?? most)
        outliers = sorted.filter { $0 < low || $0 > high }
    }
}
