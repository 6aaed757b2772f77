import Foundation

/// A value in a pickle. Nothing that a pickle names is ever imported or called: what is not plain data or a tensor
/// becomes `.opaque`.
indirect enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case tuple([PickleValue])
    case list(PickleList)
    case dictionary(PickleDictionary)
    case global(String)
    case storage(PickleStorage)
    case tensor(PickleTensor)
    case array(PickleArray)
    case numPyType(PickleDType)
    /// Something else, with the name of its class where known.
    case opaque(String)
}

final class PickleList { var items: [PickleValue] = [] }
final class PickleDictionary { var entries: [(key: PickleValue, value: PickleValue)] = [] }

/// A storage that a tensor points into: one entry of the archive.
struct PickleStorage {
    var key: String
    /// nil for an untyped storage.
    var type: ElementType?
    var count: Int
    /// What PyTorch calls its type, where that is none of these.
    var typeName: String?
}

struct PickleTensor {
    var storage: PickleStorage
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}

struct PickleError: Error { var message: String }

/// Reads pickles of protocols 2 to 5 as far as plain data and PyTorch's tensors need.
/// Opcodes: Lib/pickletools.py of CPython.
struct Unpickler {
    private let bytes: [UInt8]
    private var place = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func value(_ bytes: [UInt8]) throws -> PickleValue {
        var unpickler = Unpickler(bytes)
        return try unpickler.run()
    }

    // MARK: Bytes

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - place else { throw PickleError(message: "it ends too early") }
        defer { place += count }
        return bytes[place..<(place + count)]
    }

    private mutating func unsigned(_ count: Int) throws -> Int {
        var number: UInt64 = 0
        for (shift, byte) in try take(count).enumerated() { number |= UInt64(byte) << UInt64(8 * shift) }
        guard let result = Int(exactly: number) else { throw PickleError(message: "a size is impossible") }
        return result
    }

    private mutating func text(_ count: Int) throws -> String { String(decoding: try take(count), as: UTF8.self) }

    private mutating func line() throws -> String {
        guard let end = bytes[place...].firstIndex(of: 0x0A) else { throw PickleError(message: "it ends too early") }
        defer { place = end + 1 }
        return String(decoding: bytes[place..<end], as: UTF8.self)
    }

    /// A little-endian two's-complement integer; one that does not fit in 64 bits is opaque.
    private mutating func long(_ count: Int) throws -> PickleValue {
        let digits = try take(count)
        guard count <= 8 else { return .opaque("a large integer") }
        guard count > 0 else { return .int(0) }
        var number: UInt64 = (digits.last ?? 0) & 0x80 != 0 ? .max : 0
        for (index, byte) in digits.enumerated() {
            number &= ~(0xFF << UInt64(8 * index))
            number |= UInt64(byte) << UInt64(8 * index)
        }
        return .int(Int(bitPattern: UInt(number)))
    }

    // MARK: Stack

    private mutating func pop() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
            throw PickleError(message: "its stack runs empty")
        }
        return value
    }

    private mutating func popMark() throws -> [PickleValue] {
        guard let mark = marks.popLast(), mark <= stack.count else {
            throw PickleError(message: "a mark is missing")
        }
        let items = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return items
    }

    private func top() throws -> PickleValue {
        guard let value = stack.last else { throw PickleError(message: "its stack runs empty") }
        return value
    }

    private func recall(_ key: Int) throws -> PickleValue {
        guard let value = memo[key] else { throw PickleError(message: "memo \(key) was never set") }
        return value
    }

    // MARK: Opcodes

    private mutating func run() throws -> PickleValue {
        while true {
            let code = try take(1).first ?? 0
            switch code {
            case 0x80:  // PROTO
                let version = try unsigned(1)
                guard (2...5).contains(version) else { throw PickleError(message: "its protocol is \(version)") }
            case 0x95: _ = try take(8)  // FRAME
            case UInt8(ascii: "."): return try pop()
            case UInt8(ascii: "("): marks.append(stack.count)
            case UInt8(ascii: "0"): _ = try pop()
            case UInt8(ascii: "1"): _ = try popMark()
            case UInt8(ascii: "2"): stack.append(try top())
            case UInt8(ascii: "N"): stack.append(.none)
            case 0x88: stack.append(.bool(true))
            case 0x89: stack.append(.bool(false))
            case UInt8(ascii: "K"): stack.append(.int(try unsigned(1)))
            case UInt8(ascii: "M"): stack.append(.int(try unsigned(2)))
            case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
            case 0x8A: stack.append(try long(try unsigned(1)))
            case 0x8B: stack.append(try long(try unsigned(4)))
            case UInt8(ascii: "G"):
                let pattern = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                stack.append(.float(Double(bitPattern: pattern)))
            case UInt8(ascii: "X"): stack.append(.string(try text(try unsigned(4))))
            case 0x8C, UInt8(ascii: "U"): stack.append(.string(try text(try unsigned(1))))
            case 0x8D: stack.append(.string(try text(try unsigned(8))))
            case UInt8(ascii: "T"): stack.append(.string(try text(try unsigned(4))))
            case UInt8(ascii: "B"): stack.append(.bytes(Array(try take(try unsigned(4)))))
            case UInt8(ascii: "C"): stack.append(.bytes(Array(try take(try unsigned(1)))))
            case 0x8E, 0x96: stack.append(.bytes(Array(try take(try unsigned(8)))))
            case UInt8(ascii: ")"): stack.append(.tuple([]))
            case 0x85: stack.append(.tuple([try pop()]))
            case 0x86:
                let second = try pop()
                stack.append(.tuple([try pop(), second]))
            case 0x87:
                let third = try pop()
                let second = try pop()
                stack.append(.tuple([try pop(), second, third]))
            case UInt8(ascii: "t"): stack.append(.tuple(try popMark()))
            case UInt8(ascii: "]"), 0x8F: stack.append(.list(PickleList()))
            case UInt8(ascii: "l"), 0x91:
                let list = PickleList()
                list.items = try popMark()
                stack.append(.list(list))
            case UInt8(ascii: "a"):
                let item = try pop()
                if case .list(let list) = try top() { list.items.append(item) }
            case UInt8(ascii: "e"), 0x90:
                let items = try popMark()
                if case .list(let list) = try top() { list.items += items }
            case UInt8(ascii: "}"): stack.append(.dictionary(PickleDictionary()))
            case UInt8(ascii: "d"):
                let dictionary = PickleDictionary()
                try set(try popMark(), in: .dictionary(dictionary))
                stack.append(.dictionary(dictionary))
            case UInt8(ascii: "s"):
                let value = try pop()
                let key = try pop()
                try set([key, value], in: try top())
            case UInt8(ascii: "u"):
                let pairs = try popMark()
                try set(pairs, in: try top())
            case UInt8(ascii: "q"): memo[try unsigned(1)] = try top()
            case UInt8(ascii: "r"): memo[try unsigned(4)] = try top()
            case 0x94: memo[memo.count] = try top()
            case UInt8(ascii: "h"): stack.append(try recall(try unsigned(1)))
            case UInt8(ascii: "j"): stack.append(try recall(try unsigned(4)))
            case UInt8(ascii: "c"):
                let module = try line()
                stack.append(.global("\(module).\(try line())"))
            case 0x93:
                guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
                    throw PickleError(message: "a class has no name")
                }
                stack.append(.global("\(module).\(name)"))
            case UInt8(ascii: "Q"): stack.append(persistent(try pop()))
            case UInt8(ascii: "R"), 0x81:
                let arguments = try pop()
                stack.append(try build(try pop(), arguments))
            case 0x92:
                _ = try pop()
                let arguments = try pop()
                stack.append(try build(try pop(), arguments))
            case UInt8(ascii: "b"):  // the state of an object; that of others, such as a state dict's `_metadata`, says nothing
                let state = try pop()
                Self.setState(state, of: try top())
            default:
                throw PickleError(message: "it holds the unknown operation 0x\(String(code, radix: 16)) at byte \(place - 1)")
            }
        }
    }

    private func set(_ pairs: [PickleValue], in target: PickleValue) throws {
        guard pairs.count % 2 == 0 else { throw PickleError(message: "a key has no value") }
        guard case .dictionary(let dictionary) = target else { return }
        for index in stride(from: 0, to: pairs.count, by: 2) {
            dictionary.entries.append((pairs[index], pairs[index + 1]))
        }
    }

    // MARK: PyTorch's own kinds

    private static let storageTypes: [String: ElementType] = [
        "Float": .float32, "Double": .float64, "Half": .float16, "BFloat16": .bfloat16, "Byte": .uint8, "Char": .int8,
        "Short": .int16, "Int": .int32, "Long": .int64, "Bool": .bool,
    ]
    private static let typeNames: [String: ElementType] = [
        "float32": .float32, "float": .float32, "float64": .float64, "double": .float64, "float16": .float16,
        "half": .float16, "bfloat16": .bfloat16, "uint8": .uint8, "int8": .int8, "int16": .int16, "int32": .int32,
        "int64": .int64, "bool": .bool, "uint16": .uint16, "uint32": .uint32, "uint64": .uint64,
    ]

    /// `('storage', class, key, location, count)`.
    private func persistent(_ identifier: PickleValue) -> PickleValue {
        guard case .tuple(let parts) = identifier, parts.count >= 5, case .string("storage") = parts[0],
            case .global(let className) = parts[1], case .string(let key) = parts[2], case .int(let count) = parts[4],
            count >= 0
        else { return .opaque("a reference to something outside") }
        let short = className.split(separator: ".").last.map(String.init) ?? ""
        guard short.hasSuffix("Storage") else { return .opaque(className) }
        let kind = String(short.dropLast(7))
        return .storage(
            PickleStorage(key: key, type: Self.storageTypes[kind], count: count, typeName: kind == "Untyped" ? nil : kind))
    }

    /// What calling a class with these arguments stands for, without calling it.
    private func build(_ callee: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
        guard case .global(let name) = callee, case .tuple(let items) = arguments else { return .opaque("an object") }
        switch name {
        case "collections.OrderedDict", "builtins.dict", "collections.defaultdict":
            let dictionary = PickleDictionary()
            if case .list(let pairs)? = items.first {
                for case .list(let pair) in pairs.items where pair.items.count == 2 {
                    dictionary.entries.append((pair.items[0], pair.items[1]))
                }
                for case .tuple(let pair) in pairs.items where pair.count == 2 {
                    dictionary.entries.append((pair[0], pair[1]))
                }
            }
            return .dictionary(dictionary)
        case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
            guard let tensor = tensor(items) else { return .opaque("a damaged tensor") }
            if tensor.storage.type == nil, let name = tensor.storage.typeName { return .opaque(Unreadable.type(name).reason) }
            return .tensor(tensor)
        case "torch._utils._rebuild_tensor_v3":
            // (untyped storage, byte offset, shape, strides, requires_grad, hooks, dtype, …)
            guard items.count >= 7, var built = tensor(items), case .global(let typeName) = items[6] else {
                return .opaque("a damaged tensor")
            }
            let short = String(typeName.split(separator: ".").last ?? "")
            guard let type = Self.typeNames[short] else { return .opaque(Unreadable.type(short).reason) }
            built.storage.type = type
            built.storage.count /= type.size  // an untyped storage counts bytes
            return .tensor(built)
        case "torch._utils._rebuild_parameter", "torch._tensor._rebuild_from_type_v2":
            if case .tensor? = items.first, let first = items.first { return first }
            if items.count >= 3, case .tuple = items[2] { return try build(items[0], items[2]) }
            return .opaque(name)
        case "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor":
            return .opaque("a sparse tensor")
        case "torch._utils._rebuild_qtensor": return .opaque("a quantized tensor")
        case "torch.Size", "builtins.tuple":
            if case .tuple(let sizes)? = items.first { return .tuple(sizes) }
            return .tuple(items)
        default:
            return Self.numPy(name, items) ?? .opaque(name)
        }
    }

    private func tensor(_ items: [PickleValue]) -> PickleTensor? {
        guard items.count >= 4, case .storage(let storage) = items[0], case .int(let offset) = items[1],
            let shape = Self.ints(items[2]), let strides = Self.ints(items[3]), shape.count == strides.count
        else { return nil }
        return PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    static func ints(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let items) = value else { return nil }
        var result: [Int] = []
        for item in items {
            guard case .int(let number) = item else { return nil }
            result.append(number)
        }
        return result
    }
}
