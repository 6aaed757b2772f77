import Base

/// What the elements of a tensor are. Raw values are libtorch's own numbers.
public enum DType: Int32, CaseIterable, Sendable {
    case uint8 = 0, int8 = 1, int16 = 2, int32 = 3, int64 = 4
    case float16 = 5, float32 = 6, float64 = 7
    case complex64 = 9, complex128 = 10
    case bool = 11
    case bfloat16 = 15

    /// The name in the language: `float32`.
    public var name: String { String(describing: self) }

    /// Reads a name; PyTorch's other spellings (`float`, `double`, `long`, `int`, `half`) are understood.
    public init(name: String) throws {
        if let found = Self.allCases.first(where: { $0.name == name }) {
            self = found
            return
        }
        switch name {
        case "float": self = .float32
        case "double": self = .float64
        case "half": self = .float16
        case "long", "int": self = .int64
        case "short": self = .int16
        case "byte": self = .uint8
        default:
            throw Failure(
                "value", "a dtype must be one of \(Self.allCases.map(\.name).joined(separator: ", ")), but is \"\(name)\"", argument: "dtype")
        }
    }

    /// Bytes that one element takes.
    public var byteCount: Int {
        switch self {
        case .uint8, .int8, .bool: return 1
        case .int16, .float16, .bfloat16: return 2
        case .int32, .float32: return 4
        case .int64, .float64, .complex64: return 8
        case .complex128: return 16
        }
    }

    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .float32, .float64, .bfloat16: return true
        default: return false
        }
    }

    public var isComplex: Bool { self == .complex64 || self == .complex128 }
    /// True for the integer kinds, `bool` left out.
    public var isInteger: Bool { !isFloatingPoint && !isComplex && self != .bool }

    /// The integers that fit; nil for a dtype that is none of integers.
    public var integerRange: ClosedRange<Int>? {
        switch self {
        case .uint8: return 0...Int(UInt8.max)
        case .int8: return Int(Int8.min)...Int(Int8.max)
        case .int16: return Int(Int16.min)...Int(Int16.max)
        case .int32: return Int(Int32.min)...Int(Int32.max)
        case .int64: return Int.min...Int.max
        default: return nil
        }
    }
}

/// A Swift type whose values are stored in tensors bit for bit.
public protocol TensorElement {
    static var dtype: DType { get }
}

extension Float: TensorElement { public static var dtype: DType { .float32 } }
extension Double: TensorElement { public static var dtype: DType { .float64 } }
extension Int: TensorElement { public static var dtype: DType { .int64 } }
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
extension Int32: TensorElement { public static var dtype: DType { .int32 } }
extension Int16: TensorElement { public static var dtype: DType { .int16 } }
extension Int8: TensorElement { public static var dtype: DType { .int8 } }
extension UInt8: TensorElement { public static var dtype: DType { .uint8 } }
extension Bool: TensorElement { public static var dtype: DType { .bool } }
