import Base
import Foundation

/// The safetensors format: eight bytes of header length, a JSON header, then the elements.
/// Format: https://github.com/huggingface/safetensors#format
enum Safetensors: ArrayFormat {
    static let name = "safetensors"
    static let endings = ["safetensors"]

    private static let types: [String: ElementType] = [
        "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32, "I32": .int32,
        "U64": .uint64, "I64": .int64, "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
    ]
    /// The reference implementation's own limit.
    private static let largestHeader = 100_000_000

    /// True when the first bytes look like a header length followed by a JSON object.
    static func recognizes(_ file: ArraySource) -> Bool {
        guard file.first.count >= 9, file.first[8] == UInt8(ascii: "{") else { return false }
        let length = headerLength(file.first)
        let size = (try? FileAccess.size(of: file.path)) ?? 0
        return length >= 2 && length <= UInt64(largestHeader) && length <= UInt64(max(0, size))
    }

    private static func headerLength(_ bytes: [UInt8]) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    }

    private struct Item {
        var name: String
        var type: ElementType
        var shape: [Int]
        var begin: Int
        var end: Int
    }

    static func read(_ file: ArraySource) throws -> ArrayFileContents {
        let path = file.path
        func damaged(_ found: String) -> Failure {
            FileAccess.failure(
                path, mustBe: "a valid safetensors file", but: found,
                help: "the file is truncated or damaged; copy or write it again")
        }
        let size = try FileAccess.size(of: path)
        try FileAccess.requireMemory(2 * size, for: "the arrays", in: path)
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
            throw FileAccess.failure(path, mustBe: "readable", but: error.localizedDescription)
        }
        guard data.count >= 8 else { throw damaged("it has only \(data.count) bytes") }
        let length = headerLength([UInt8](data.prefix(8)))
        guard length <= UInt64(largestHeader), length <= UInt64(data.count - 8) else {
            throw damaged("its header claims \(length) bytes of \(data.count)")
        }
        let start = 8 + Int(length)
        guard let object = try? JSONSerialization.jsonObject(with: data.subdata(in: 8..<start)),
            let header = object as? [String: Any]
        else { throw damaged("its header is not JSON") }

        var items: [Item] = []
        var leftOut: [LeftOutArray] = []
        for (name, value) in header where name != "__metadata__" {
            guard let fields = value as? [String: Any], let code = fields["dtype"] as? String,
                let shape = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int], offsets.count == 2
            else { throw damaged("the entry of \(name) lacks dtype, shape or data_offsets") }
            guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= data.count - start else {
                throw damaged("\(name) lies at bytes \(offsets[0]) to \(offsets[1]) of \(data.count - start)")
            }
            guard let type = types[code] else {
                leftOut.append(LeftOutArray(name: name, .type(code)))
                continue
            }
            guard let count = FileAccess.product(shape), count <= Int.max / 8,
                count * type.size == offsets[1] - offsets[0]
            else {
                throw damaged("\(name) of shape \(shape) and type \(code) has \(offsets[1] - offsets[0]) bytes")
            }
            items.append(Item(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1]))
        }
        items.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
        if leftOut.isEmpty {
            // The format allows neither gaps nor overlaps, so a hidden or shared region means damage.
            var expected = 0
            for item in items {
                guard item.begin == expected else {
                    throw damaged("\(item.name) starts at byte \(item.begin), where \(expected) follows the array before it")
                }
                expected = item.end
            }
            guard expected == data.count - start else {
                throw damaged("its arrays take \(expected) bytes of \(data.count - start)")
            }
        }
        var contents = ArrayFileContents()
        contents.leftOut = leftOut
        contents.arrays = items.map { item in
            let bytes = [UInt8](data[(start + item.begin)..<(start + item.end)])
            return (item.name, RawArray(shape: item.shape, type: item.type, bytes: bytes))
        }
        return contents
    }

    static func write(_ arrays: [(String, RawArray)], to path: String, compressed: Bool) throws {
        let codes = Dictionary(uniqueKeysWithValues: types.map { ($1, $0) })
        // Larger elements first, so that every array is aligned; equal sizes keep their order.
        let ordered = arrays.enumerated().sorted {
            ($1.element.1.type.size, $0.offset) < ($0.element.1.type.size, $1.offset)
        }.map(\.element)
        var parts: [String] = []
        var offset = 0
        for (name, array) in ordered {
            let quoted = try JSONSerialization.data(withJSONObject: [name])
            let key = String(decoding: quoted, as: UTF8.self).dropFirst().dropLast()
            let end = offset + array.bytes.count
            let sizes = array.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(key):{\"dtype\":\"\(codes[array.type] ?? "F32")\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = "{" + parts.joined(separator: ",") + "}"
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let length = UInt64(header.utf8.count)
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + Array(header.utf8)
        try FileAccess.write([prefix] + ordered.map { $0.1.bytes }, to: path)
    }
}
