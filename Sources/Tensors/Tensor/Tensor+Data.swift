import Base
import CTorch

extension Tensor {
    /// The one element as a number; throws code `shape` when there are more or none.
    public func item() throws -> Double {
        try checkSingle()
        var number = 0.0
        try check(ct_item_double(handle, &number))
        return number
    }

    /// The one element of an integer or bool tensor, exactly.
    public func itemInt() throws -> Int {
        try checkSingle()
        var number: Int64 = 0
        try check(ct_item_int(handle, &number))
        return Int(number)
    }

    private func checkSingle() throws {
        guard count == 1 else {
            throw Failure("shape", "a tensor read as one number must have one element, but has shape \(shape)")
        }
    }

    /// The elements in row-major order, converted where the dtype differs.
    public func floats() throws -> [Float] { try elements() }
    /// The elements in row-major order, converted where the dtype differs.
    public func doubles() throws -> [Double] { try elements() }
    /// The elements in row-major order, cut to integers where they are floats.
    public func ints() throws -> [Int] { try elements() }
    /// The elements in row-major order, nonzero is true.
    public func bools() throws -> [Bool] { try elements() }
    /// The elements in row-major order as bytes, converted where the dtype differs.
    public func bytes() throws -> [UInt8] { try elements() }

    /// The elements in row-major order as `Element`.
    public func elements<Element: TensorElement>(as type: Element.Type = Element.self) throws -> [Element] {
        try to(dtype: Element.dtype).withUnsafeElements(as: Element.self) { Array($0) }
    }

    /// Reads the elements without a copy when the tensor is contiguous on the CPU (else from a contiguous copy).
    /// The dtype must be `Element`'s.
    public func withUnsafeElements<Element: TensorElement, Result>(
        as type: Element.Type = Element.self, _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) throws -> Result {
        guard dtype == Element.dtype else {
            throw Failure("type", "the tensor must hold \(Element.dtype.name), but holds \(dtype.name)")
        }
        return try withUnsafeBytes { try body($0.bindMemory(to: Element.self)) }
    }

    /// Reads the memory in row-major order; zero copy for contiguous tensors on the CPU.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        let source = try device.kind == .cpu && isContiguous ? self : onCPU().contiguous()
        return try withExtendedLifetime(source) {
            try body(UnsafeRawBufferPointer(start: ct_data(source.handle), count: source.count * source.dtype.byteCount))
        }
    }

    /// Writes the memory in place. The tensor must be contiguous, on the CPU and of `Element`'s dtype.
    public func withUnsafeMutableElements<Element: TensorElement, Result>(
        as type: Element.Type = Element.self, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
    ) throws -> Result {
        guard dtype == Element.dtype else {
            throw Failure("type", "the tensor must hold \(Element.dtype.name), but holds \(dtype.name)")
        }
        guard device.kind == .cpu, isContiguous else {
            throw Failure("value", "a tensor written in place must be contiguous and on the CPU")
        }
        return try withExtendedLifetime(self) {
            let start = ct_data(handle)?.bindMemory(to: Element.self, capacity: count)
            return try body(UnsafeMutableBufferPointer(start: start, count: start == nil ? 0 : count))
        }
    }
}
