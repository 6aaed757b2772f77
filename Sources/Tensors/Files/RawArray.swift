import CFiles

/// The element types that array files hold.
public enum ElementType: String, Sendable {
    case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, bfloat16, float32, float64

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .bool, .uint8, .int8: return 1
        case .uint16, .int16, .float16, .bfloat16: return 2
        case .uint32, .int32, .float32: return 4
        case .uint64, .int64, .float64: return 8
        }
    }
}

/// An array as a file holds it: contiguous row-major elements in this machine's byte order.
public struct RawArray {
    public var shape: [Int]
    public var type: ElementType
    public var bytes: [UInt8]

    public init(shape: [Int], type: ElementType, bytes: [UInt8]) {
        self.shape = shape
        self.type = type
        self.bytes = bytes
    }

    /// Number of elements.
    public var count: Int { bytes.count / type.size }

    /// Reverses the bytes of every element.
    mutating func swapBytes() {
        guard type.size > 1 else { return }
        let (count, size) = (Int64(count), Int32(type.size))
        bytes.withUnsafeMutableBytes { cf_swap_bytes($0.baseAddress, count, size) }
    }

    /// The row-major array whose element at index i stands at `offset + Σ i·stride` of `bytes` (counted in elements).
    /// The caller has checked that every index lies inside.
    static func gathered(from bytes: [UInt8], type: ElementType, shape: [Int], strides: [Int], offset: Int) -> RawArray {
        let count = shape.reduce(1, *)
        let size = type.size
        if isContiguous(shape, strides) {
            let start = offset * size
            if start == 0, bytes.count == count * size { return RawArray(shape: shape, type: type, bytes: bytes) }
            return RawArray(shape: shape, type: type, bytes: Array(bytes[start..<(start + count * size)]))
        }
        let gathered = [UInt8](unsafeUninitializedCapacity: count * size) { target, initialized in
            initialized = count * size
            guard count > 0 else { return }
            bytes.withUnsafeBytes { source in
                let raw = UnsafeMutableRawBufferPointer(target)
                switch size {
                case 1: copy(UInt8.self, source, raw, shape, strides, offset)
                case 2: copy(UInt16.self, source, raw, shape, strides, offset)
                case 4: copy(UInt32.self, source, raw, shape, strides, offset)
                default: copy(UInt64.self, source, raw, shape, strides, offset)
                }
            }
        }
        return RawArray(shape: shape, type: type, bytes: gathered)
    }

    private static func copy<Unit>(
        _: Unit.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ shape: [Int],
        _ strides: [Int], _ offset: Int
    ) {
        let from = source.bindMemory(to: Unit.self)
        let to = target.bindMemory(to: Unit.self)
        var index = [Int](repeating: 0, count: shape.count)
        var place = offset
        for written in 0..<to.count {
            to[written] = from[place]
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                place += strides[axis]
                if index[axis] < shape[axis] { break }
                place -= strides[axis] * shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
    }

    static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
        var expected = 1
        for axis in stride(from: shape.count - 1, through: 0, by: -1) {
            if shape[axis] != 1, strides[axis] != expected { return false }
            expected *= shape[axis]
        }
        return true
    }
}
