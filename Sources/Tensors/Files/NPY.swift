import Base
import Foundation

/// NumPy's format for one array (`.npy`, and each entry of `.npz`), versions 1.0 to 3.0.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
enum NPY: ArrayFormat {
    static let name = "npy"
    static let endings = ["npy"]
    static let holdsOne = true
    static let widensHalf = true
    static let unknownFloats: Set<DType> = [.bfloat16]

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    static func recognizes(_ file: ArraySource) -> Bool { file.first.starts(with: magic) }

    static func read(_ file: ArraySource) throws -> ArrayFileContents {
        let size = try FileAccess.size(of: file.path)
        try FileAccess.requireMemory(2 * size, for: "the array", in: file.path)
        do {
            let bytes = try FileAccess.firstBytes(of: file.path, count: size)
            return ArrayFileContents(arrays: [("array", try array(bytes, path: file.path, name: ""))])
        } catch let unreadable as Unreadable {
            return ArrayFileContents(leftOut: [LeftOutArray(name: "array", unreadable)])
        }
    }

    static func write(_ arrays: [(String, RawArray)], to path: String, compressed: Bool) throws {
        try FileAccess.write(arrays.map { try format($0.1) }, to: path)
    }

    struct Header {
        var type: ElementType
        var isSwapped: Bool
        var isFortran: Bool
        var shape: [Int]
        /// Where the elements start.
        var start: Int
        var byteCount: Int
    }

    /// Reads the header from the first bytes of an array. `name` says which array, for errors.
    static func header(_ bytes: [UInt8], path: String, name: String) throws -> Header {
        func damaged(_ found: String) -> Failure {
            FileAccess.failure(
                path, mustBe: "a NumPy array\(name.isEmpty ? "" : " (\(name))")", but: found,
                help: "the file is truncated or damaged; write it again with numpy.save or numpy.savez")
        }
        guard bytes.count >= 10, Array(bytes[0..<6]) == magic else { throw damaged("it does not start as one") }
        let major = bytes[6]
        guard (1...3).contains(major) else { throw damaged("its format version is \(major).\(bytes[7])") }
        let start = major == 1 ? 10 : 12
        guard bytes.count >= start else { throw damaged("its header is cut off") }
        let length =
            major == 1
            ? Int(bytes[8]) | Int(bytes[9]) << 8
            : Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
        guard length <= 65536 else { throw damaged("its header claims \(length) bytes") }
        guard bytes.count >= start + length else { throw damaged("its header is cut off") }
        let text = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
        guard let descriptor = entry("descr", in: text), let order = entry("fortran_order", in: text),
            let sizes = entry("shape", in: text)
        else { throw damaged("its header is not understood: \(text.prefix(80))") }
        guard sizes.hasPrefix("("), order == "True" || order == "False" else {
            throw damaged("its header is not understood: \(text.prefix(80))")
        }
        var shape: [Int] = []
        for part in sizes.dropFirst().dropLast().split(separator: ",") {
            // NumPy under Python 2 wrote long integers: (3L, 4L).
            var digits = part.trimmingCharacters(in: .whitespaces)
            if digits.hasSuffix("L") { digits.removeLast() }
            if digits.isEmpty { continue }
            guard let size = Int(digits), size >= 0 else { throw damaged("its shape is \(sizes)") }
            shape.append(size)
        }
        guard shape.count <= 32 else { throw damaged("it has \(shape.count) dimensions") }
        let (type, isSwapped) = try elementType(descriptor)
        guard let count = FileAccess.product(shape), count <= Int.max / 16 else {
            throw damaged("its shape \(sizes) is impossible")
        }
        return Header(
            type: type, isSwapped: isSwapped, isFortran: order == "True", shape: shape, start: start + length,
            byteCount: count * type.size)
    }

    /// The text of one value of the header's dictionary literal.
    private static func entry(_ key: String, in text: String) -> String? {
        guard let found = text.range(of: "'\(key)':") ?? text.range(of: "\"\(key)\":") else { return nil }
        let rest = text[found.upperBound...].drop { $0 == " " }
        guard let first = rest.first else { return nil }
        if first == "'" || first == "\"" {
            let inner = rest.dropFirst()
            guard let end = inner.firstIndex(of: first) else { return nil }
            return String(inner[..<end])
        }
        if first == "(" {
            guard let end = rest.firstIndex(of: ")") else { return nil }
            return String(rest[...end])
        }
        if first == "[" { return "[" }
        return String(rest.prefix { $0.isLetter })
    }

    /// The element type of a descriptor such as `<f4`, and whether its bytes must be reversed.
    static func elementType(_ descriptor: String) throws -> (ElementType, Bool) {
        if descriptor == "[" { throw Unreadable("records", help: "save each field as an array of its own") }
        var rest = Substring(descriptor)
        var isSwapped = false
        if let first = rest.first, "<>|=".contains(first) {
            isSwapped = first == ">"
            rest = rest.dropFirst()
        }
        let types: [String: ElementType] = [
            "b1": .bool, "?": .bool, "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32, "u4": .uint32,
            "i8": .int64, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
        ]
        if let type = types[String(rest)] { return (type, isSwapped && type.size > 1) }
        switch rest.first {
        case "U", "S", "a": throw Unreadable("text")
        case "O": throw Unreadable("Python objects")
        case "c": throw Unreadable("complex numbers", help: Unreadable.complexHelp)
        case "M", "m": throw Unreadable("dates")
        case "f": throw Unreadable("floats of \(rest.dropFirst()) bytes", help: "in Python, save it as float64: x.astype(\"f8\")")
        default: throw Unreadable("elements of type \(descriptor)")
        }
    }

    /// The array that the whole of `bytes` holds.
    static func array(_ bytes: [UInt8], path: String, name: String) throws -> RawArray {
        let header = try header(bytes, path: path, name: name)
        guard bytes.count >= header.start + header.byteCount else {
            throw FileAccess.failure(
                path, mustBe: "complete",
                but: "\(name.isEmpty ? "it" : "array \(name)") holds \(bytes.count - header.start) of the \(header.byteCount) bytes "
                    + "that its shape \(header.shape) needs",
                help: "the file is truncated; copy or write it again")
        }
        var raw = RawArray(
            shape: header.shape, type: header.type,
            bytes: Array(bytes[header.start..<(header.start + header.byteCount)]))
        if header.isSwapped { raw.swapBytes() }
        if header.isFortran, header.shape.count > 1 {
            var strides: [Int] = []
            var stride = 1
            for size in header.shape {
                strides.append(stride)
                stride *= size
            }
            raw = RawArray.gathered(
                from: raw.bytes, type: raw.type, shape: header.shape, strides: strides, offset: 0)
        }
        return raw
    }

    /// The bytes of a `.npy` file.
    static func format(_ array: RawArray) throws -> [UInt8] {
        let descriptor: String
        switch array.type {
        case .bool: descriptor = "|b1"
        case .uint8: descriptor = "|u1"
        case .int8: descriptor = "|i1"
        case .uint16: descriptor = "<u2"
        case .int16: descriptor = "<i2"
        case .uint32: descriptor = "<u4"
        case .int32: descriptor = "<i4"
        case .uint64: descriptor = "<u8"
        case .int64: descriptor = "<i8"
        case .float16: descriptor = "<f2"
        case .float32: descriptor = "<f4"
        case .float64: descriptor = "<f8"
        case .bfloat16: throw Failure("type", "an array for NumPy must have a NumPy type, but is bfloat16")
        }
        let sizes = array.shape.map(String.init).joined(separator: ", ") + (array.shape.count == 1 ? "," : "")
        var text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // Elements start at a multiple of 64 bytes, and the header ends in a newline.
        let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
        text += String(repeating: " ", count: padding) + "\n"
        let length = text.utf8.count
        return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8) + array.bytes
    }
}
