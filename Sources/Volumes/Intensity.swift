import Base
import Tensors

/// Clipped to two percentiles of the values and scaled to 0…1 between them (float32), as `intensityRange` chooses them.
/// What is constant becomes 0, and so does NaN; infinite values go to the end on their side; `notFinite` counts
/// both. Code `value` when there is no element, or none is finite.
public func normalizeIntensity(
    _ tensor: Tensor, percentiles: (Double, Double) = (0.5, 99.5)
) throws -> (values: Tensor, notFinite: Int) {
    guard tensor.count > 0 else {
        throw Failure(
            "value", "intensities to normalise must have at least one element, but the shape is \(tensor.shape)")
    }
    let values = try tensor.detached().to(dtype: .float32)
    let (low, high, notFinite) = try intensityRange(values, percentiles: percentiles)
    guard high > low else { return (try Tensor.zeros(tensor.shape), notFinite) }
    // Numbers near float32's end have differences beyond it.
    let width = Double(high) - Double(low)
    let wide = width < Double(Float.greatestFiniteMagnitude) / 2 ? values : try values.to(dtype: .float64)
    let scaled = try aten("clamp", .tensor(try wide.subtracting(Double(low)).dividing(width)), 0.0, 1.0)
    let filled = notFinite == 0 ? scaled : try aten("nan_to_num", .tensor(scaled), 0.0, 1.0, 0.0)
    return (try filled.to(dtype: .float32), notFinite)
}

/// The two intensities that become 0 and 1: percentiles of all finite values, linear between ranks, and wider where those would
/// make one grey of what the image shows.
///
/// - Where more than half of the values are one and the same (an organ cut out of its image, a picture in a black frame),
///   that is background, and the percentiles of all others count too: the range reaches as far as either.
/// - Where half of what the percentiles cut off lies more than four ranges away (a small bright structure before noise),
///   the percentiles of all that lies outside count too. A few hot voxels are fewer and are cut off.
/// - Where the percentiles are one number but the values are not, the range is that of all values.
///
/// Low and high are equal for constant values only. Code `value` when no value is finite.
public func intensityRange(
    _ tensor: Tensor, percentiles: (Double, Double)
) throws -> (low: Float, high: Float, notFinite: Int) {
    let (lower, upper) = (percentiles.0 / 100, percentiles.1 / 100)
    guard lower >= 0, upper <= 1, lower < upper else {
        throw Failure(
            "value",
            "percentiles must be two rising numbers from 0 to 100, but are \(percentiles.0) and \(percentiles.1)")
    }
    return try tensor.to(dtype: .float32).withUnsafeElements(as: Float.self) { values in
        var order = OrderStatistics(values)
        let count = order.count
        if count == 0, !values.isEmpty {
            throw Failure("value", "intensities to normalise must hold a finite number, but all \(values.count) are NaN or infinite")
        }
        guard count > 0 else { return (0, 0, 0) }
        var (low, high) = (order.quantile(lower), order.quantile(upper))
        func widen(without gap: Range<Int>) {
            low = min(low, order.quantile(lower, without: gap))
            high = max(high, order.quantile(upper, without: gap))
        }
        // What more than half of the values are is the one in the middle.
        let (below, same) = order.counts(of: order.value(count / 2))
        if 2 * same > count, same < count { widen(without: below..<below + same) }
        let lowTail = order.value(Int((lower / 2 * Double(count - 1)).rounded(.up)))
        let highTail = order.value(Int(((1 - (1 - upper) / 2) * Double(count - 1)).rounded(.down)))
        if max(low - lowTail, highTail - high) > 4 * (high - low), high > low {
            let start = order.counts(of: low).below
            let (beforeHigh, equalHigh) = order.counts(of: high)
            widen(without: start..<beforeHigh + equalHigh)
        }
        if low == high { (low, high) = (order.value(0), order.value(count - 1)) }
        return (low, high, values.count - count)
    }
}

extension Volume {
    /// The volume with its intensities clipped to two percentiles and scaled to 0…1, and how many were not finite.
    public func normalized(percentiles: (Double, Double) = (0.5, 99.5)) throws -> (volume: Volume, notFinite: Int) {
        let (values, notFinite) = try normalizeIntensity(data, percentiles: percentiles)
        return (try with(data: values), notFinite)
    }
}
