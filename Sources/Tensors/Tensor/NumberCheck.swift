import Base

/// Numbers checked before libtorch or a conversion sees them; each function fails with the name of what is wrong.
public enum NumberCheck {
    /// What a kernel, stride, padding or number of channels may be at most: libtorch's loops count in 32 bits.
    public static let largestSize = Int(Int32.max)

    /// `number` without its fraction, or an error of code `value` that says what `name` must be.
    public static func integer(_ number: Double, _ name: String) throws -> Int {
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
            throw Failure("value", "\(name) must fit a 64-bit integer, but is \(number)")
        }
        return whole
    }

    /// Fails with code `value` unless every size is from `least` to 2³¹ - 1.
    public static func sizes(_ sizes: [Int], _ name: String, of function: String, from least: Int = 1) throws {
        for size in sizes where size < least || size > largestSize {
            throw Failure(
                "value", "`\(name)` of \(function) must be from \(least) to \(largestSize), but is \(size)")
        }
    }

    /// Fails with code `value` unless `dtype` holds an integer.
    public static func fits(_ number: Int, _ dtype: DType, _ name: String) throws {
        guard let range = dtype.integerRange, !range.contains(number) else { return }
        throw Failure(
            "value",
            "\(name) must be from \(range.lowerBound) to \(range.upperBound) for dtype \(dtype.name), but is \(number)")
    }

    /// Fails with code `value` unless `dtype` holds a number, whose fraction integers drop.
    public static func fits(_ number: Double, _ dtype: DType, _ name: String) throws {
        guard dtype.integerRange != nil else { return }
        try fits(integer(number, name), dtype, name)
    }
}
