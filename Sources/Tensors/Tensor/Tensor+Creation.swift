import Base
import CTorch

extension Tensor {
    /// A tensor on the CPU with a copy of `data` in row-major order; `shape` defaults to one dimension.
    public convenience init<Element: TensorElement>(_ data: [Element], shape: [Int]? = nil) throws {
        let handle: ct_tensor = try data.withUnsafeBytes { bytes in
            try Self.handle(bytes: bytes, shape: shape ?? [data.count], dtype: Element.dtype)
        }
        self.init(owning: handle)
    }

    /// A tensor on the CPU with a copy of raw elements of `dtype`.
    public convenience init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws {
        self.init(owning: try Self.handle(bytes: bytes, shape: shape, dtype: dtype))
    }

    /// A tensor of rank 0.
    public convenience init(scalar number: Double, dtype: DType = .float32) throws {
        let made = try aten("scalar_tensor", .float(number), named: ["dtype": .dtype(dtype)])
        ct_retain(made.handle)
        self.init(owning: made.handle)
    }

    private static func handle(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws -> ct_tensor {
        _ = Engine.isReady
        try checkSizes(shape)
        try Memory.check(shape: shape, dtype: dtype)
        let count = shape.reduce(1, *)
        guard bytes.count == count * dtype.byteCount else {
            throw Failure(
                "shape", "data of shape \(shape) must have \(count) elements, but has \(bytes.count / dtype.byteCount)")
        }
        var result: ct_tensor?
        let sizes = shape.map { Int64($0) }
        // An empty buffer has no address, and null would mean "leave unset": both are the same for no elements.
        try check(ct_from_bytes(bytes.baseAddress, Int64(bytes.count), sizes, Int64(sizes.count), dtype.rawValue, &result))
        guard let result else { throw Failure("value", "the operation gave no tensor") }
        return result
    }

    /// Fails with code `shape` for a negative size, and `memory` when no machine holds so many elements.
    public static func checkSizes(_ shape: [Int]) throws {
        if let wrong = shape.first(where: { $0 < 0 }) {
            throw Failure("shape", "the sizes of a shape must be 0 or more, but one is \(wrong) in \(shape)")
        }
        var total = 1
        for size in shape where size > 0 {
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            if overflow || product > Int.max / 16 {
                throw Failure("memory", "a tensor of shape \(shape) has more elements than any machine can hold")
            }
            total = product
        }
    }

    private static func make(
        _ name: String, _ first: [AtenArgument], shape: [Int], dtype: DType, device: Device
    ) throws -> Tensor {
        try checkSizes(shape)
        try Memory.check(shape: shape, dtype: dtype, device: device)
        return try aten(name, arguments: first, named: ["dtype": .dtype(dtype), "device": .device(device)])
    }

    /// All zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try make("zeros", [.ints(shape)], shape: shape, dtype: dtype, device: device)
    }

    /// All ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try make("ones", [.ints(shape)], shape: shape, dtype: dtype, device: device)
    }

    /// `value` everywhere.
    public static func full(
        _ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        if dtype == .bool { return try full(shape, integer: value == 0 ? 0 : 1, dtype: dtype, device: device) }
        if dtype.isInteger {
            return try full(shape, integer: NumberCheck.integer(value, "the value"), dtype: dtype, device: device)
        }
        return try make("full", [.ints(shape), .float(value)], shape: shape, dtype: dtype, device: device)
    }

    /// An integer everywhere, exactly; code `value` when `dtype` does not hold it.
    public static func full(
        _ shape: [Int], integer value: Int, dtype: DType = .int64, device: Device = .cpu
    ) throws -> Tensor {
        try NumberCheck.fits(value, dtype, "the value")
        return try make("full", [.ints(shape), .int(value)], shape: shape, dtype: dtype, device: device)
    }

    /// Memory whose contents are not set.
    public static func empty(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try make("empty.memory_format", [.ints(shape)], shape: shape, dtype: dtype, device: device)
    }

    /// Independent numbers, uniform in [0, 1).
    public static func rand(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try make("rand", [.ints(shape)], shape: shape, dtype: dtype, device: device)
    }

    /// Independent numbers of the standard normal distribution.
    public static func randn(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try make("randn", [.ints(shape)], shape: shape, dtype: dtype, device: device)
    }

    /// Independent integers, uniform in `low..<high`.
    public static func randint(
        _ low: Int, _ high: Int, _ shape: [Int], dtype: DType = .int64, device: Device = .cpu
    ) throws -> Tensor {
        guard low < high else {
            throw Failure("value", "`low` of randint must be below `high`, but they are \(low) and \(high)")
        }
        return try make(
            "randint.low", [.int(low), .int(high), .ints(shape)], shape: shape, dtype: dtype, device: device)
    }

    /// `start`, `start + step`, … below `end` (above it for a negative step).
    public static func arange(
        _ start: Double = 0, _ end: Double, step: Double = 1, dtype: DType = .int64, device: Device = .cpu
    ) throws -> Tensor {
        for (name, number) in [("start", start), ("end", end), ("step", step)] where !number.isFinite {
            throw Failure("value", "`\(name)` of arange must be finite, but is \(number)")
        }
        if dtype.isInteger, let first = Int(exactly: start), let last = Int(exactly: end), let each = Int(exactly: step) {
            return try arange(integers: first, last, step: each, dtype: dtype, device: device)
        }
        guard step != 0, (end - start) / step >= 0 else {
            throw Failure(
                "value", "`step` of arange must lead from \(plain(start)) to \(plain(end)), but is \(plain(step))")
        }
        let count = try NumberCheck.integer(((end - start) / step).rounded(.up), "the number of elements of arange")
        guard dtype.isInteger else {
            return try make(
                "arange.start_step", [.float(start), .float(end), .float(step)], shape: [count], dtype: dtype,
                device: device)
        }
        return try arange(start, end, step: step, dtype: .float64, device: device).to(dtype: dtype)
    }

    /// `start`, `start + step`, … below `end` (above it for a negative step), in integers throughout.
    public static func arange(
        integers start: Int, _ end: Int, step: Int = 1, dtype: DType = .int64, device: Device = .cpu
    ) throws -> Tensor {
        guard step != 0, start == end || (end > start) == (step > 0) else {
            throw Failure("value", "`step` of arange must lead from \(start) to \(end), but is \(step)")
        }
        // libtorch adds the step to the distance, so both must fit together.
        let (distance, isFar) = end.subtractingReportingOverflow(start)
        let (reach, isTooFar) = distance.addingReportingOverflow(step - step.signum())
        guard !isFar, !isTooFar else {
            throw Failure("value", "`end` - `start` of arange must fit a 64-bit integer, but they are \(start) and \(end)")
        }
        let count = reach / step
        if count > 0 {
            try NumberCheck.fits(start, dtype, "`start` of arange")
            try NumberCheck.fits(start + (count - 1) * step, dtype, "the last element of arange")
        }
        return try make(
            "arange.start_step", [.int(start), .int(end), .int(step)], shape: [count], dtype: dtype, device: device)
    }

    /// `count` evenly spaced numbers from `start` to `end`, both included.
    public static func linspace(
        _ start: Double, _ end: Double, count: Int, dtype: DType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        guard count >= 0 else { throw Failure("value", "`count` of linspace must be 0 or more, but is \(count)") }
        return try make(
            "linspace", [.float(start), .float(end), .int(count)], shape: [count], dtype: dtype, device: device)
    }

    /// The identity matrix of a size.
    public static func eye(_ size: Int, dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try make("eye", [.int(size)], shape: [size, size], dtype: dtype, device: device)
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}
