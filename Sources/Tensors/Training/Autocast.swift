import Base
import CTorch

/// Runs the body with matrix products and convolutions in `dtype` (float32: as they come), on the CPU and on CUDA. What
/// needs more digits, such as softmax, stays in float32. A backward pass outside goes through the same dtypes as the
/// body did.
///
/// - Throws: a `Failure` of code `value` for a dtype that is neither float32 nor bfloat16, and what the body throws.
public func withAutocast<Result>(to dtype: DType, _ body: () throws -> Result) throws -> Result {
    guard dtype == .float32 || dtype == .bfloat16 else {
        throw Failure("value", "the dtype of autocast must be \"float32\" or \"bfloat16\", but is \"\(dtype.name)\"", argument: "dtype")
    }
    try check(ct_autocast_begin(dtype.rawValue))
    defer { ct_autocast_end() }
    return try body()
}
