import Base

extension RawArray {
    /// The array as a tensor on the CPU; types that libtorch lacks become the next larger one.
    func tensor() throws -> Tensor {
        func made<Element>(_ elements: [Element], _ dtype: DType) throws -> Tensor {
            try elements.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: dtype) }
        }
        func direct(_ dtype: DType) throws -> Tensor {
            try bytes.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: dtype) }
        }
        switch type {
        case .bool:
            // Any nonzero byte is true; libtorch expects exactly 0 or 1.
            return try made(bytes.map { $0 == 0 ? UInt8(0) : 1 }, .bool)
        case .uint8: return try direct(.uint8)
        case .int8: return try direct(.int8)
        case .int16: return try direct(.int16)
        case .int32: return try direct(.int32)
        case .int64: return try direct(.int64)
        case .float16: return try direct(.float16)
        case .bfloat16: return try direct(.bfloat16)
        case .float32: return try direct(.float32)
        case .float64: return try direct(.float64)
        case .uint16:
            return try made(bytes.withUnsafeBytes { $0.bindMemory(to: UInt16.self).map { Int32($0) } }, .int32)
        case .uint32:
            return try made(bytes.withUnsafeBytes { $0.bindMemory(to: UInt32.self).map { Int64($0) } }, .int64)
        case .uint64:
            let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
            if let large = numbers.first(where: { $0 > UInt64(Int64.max) }) {
                throw Unreadable("64-bit numbers without sign, of which \(large) is too large", help: "write the array as int64 or float64")
            }
            return try direct(.int64)
        }
    }

    /// A tensor's elements, in a type that the format knows.
    init(_ tensor: Tensor, for format: any ArrayFormat.Type) throws {
        var source = try tensor.detached().onCPU()
        if format.unknownFloats.contains(source.dtype) { source = try source.to(dtype: .float32) }
        let types: [DType: ElementType] = [
            .bool: .bool, .uint8: .uint8, .int8: .int8, .int16: .int16, .int32: .int32, .int64: .int64,
            .float16: .float16, .bfloat16: .bfloat16, .float32: .float32, .float64: .float64,
        ]
        guard let type = types[source.dtype] else {
            throw Failure("type", "an array to write must hold real numbers, but holds \(source.dtype.name)", argument: "arrays")
        }
        let shape = source.shape
        self.init(shape: shape, type: type, bytes: try source.withUnsafeBytes { Array($0) })
    }
}
