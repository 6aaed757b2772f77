import Tensors

/// Clipped to two percentiles of the values and scaled to 0…1 between them (float32). Percentiles are linear between
/// ranks, as NumPy's. What is constant becomes 0. Code `value` when an element is not finite or there is none.
public func normalizeIntensity(_ tensor: Tensor, percentiles: (Double, Double) = (0.5, 99.5)) throws -> Tensor {
    let (lower, upper) = percentiles
    guard lower >= 0, upper <= 100, lower < upper else {
        throw TensorError("value", "percentiles must be two rising numbers from 0 to 100, but are \(lower) and \(upper)")
    }
    let values = try tensor.detached().to(dtype: .float32)
    guard let sorted = try atenMany("sort", .tensor(try values.reshaped([-1]))).first?.floats() else { return values }
    // Sorting puts NaN last.
    guard let first = sorted.first, let last = sorted.last, first.isFinite, last.isFinite else {
        throw TensorError(
            "value",
            sorted.isEmpty
                ? "intensities to normalise must have at least one element, but the shape is \(tensor.shape)"
                : "intensities to normalise must be finite numbers, but some are NaN or infinite",
            help: sorted.isEmpty ? nil : "replace them first: `where(isfinite(x), x, 0.0)`")
    }
    func rank(_ percent: Double) -> Double {
        let place = percent / 100 * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return Double(sorted[below]) + Double(sorted[above] - sorted[below]) * (place - Double(below))
    }
    let (low, high) = (rank(lower), rank(upper))
    guard high > low else { return try Tensor.zeros(tensor.shape) }
    return try aten("clamp", .tensor(try values.subtracting(low).dividing(high - low)), 0.0, 1.0)
}

extension Volume {
    /// The volume with its intensities clipped to two percentiles and scaled to 0…1.
    public func normalized(percentiles: (Double, Double) = (0.5, 99.5)) throws -> Volume {
        try with(data: try normalizeIntensity(data, percentiles: percentiles))
    }
}
