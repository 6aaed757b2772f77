import Base
import Foundation

/// PyTorch's own files, as `torch.save` writes them since 1.6: a zip archive with one pickle and one entry a storage.
enum TorchArchive: ArrayFormat {
    static let name = "PyTorch"
    static let endings = ["pth", "pt", "bin", "ckpt"]

    private static let largestPickle = 256 << 20

    /// The folder inside the archive that holds `data.pkl`, with its slash; nil when this is no PyTorch file.
    static func folder(of archive: ZipArchive) -> String? {
        archive.entries.first { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
            .map { String($0.name.dropLast("data.pkl".count)) }
    }

    /// How files of before 1.6 begin, which are no archives.
    private static let oldMagic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46]

    /// An archive that cannot be opened is PyTorch's when its name says so.
    static func recognizes(_ file: ArraySource) -> Bool {
        guard file.isArchive else { return file.first.starts(with: oldMagic) }
        guard let archive = try? file.archive() else { return ArrayFormats.named(by: file.path) == self }
        return folder(of: archive) != nil
    }

    static func read(_ file: ArraySource) throws -> ArrayFileContents {
        guard file.isArchive else {
            throw FileAccess.failure(
                file.path, mustBe: "a PyTorch file of version 1.6 or later", but: "it has the older format without a zip archive",
                help: "in Python, save it again: torch.save(torch.load(path, map_location=\"cpu\"), path)")
        }
        let archive = try file.archive()
        return try read(archive, folder: folder(of: archive) ?? "")
    }

    /// Every tensor in nested maps and lists, names joined by dots; numbers and truths as tensors without dimensions.
    private static func read(_ archive: ZipArchive, folder: String) throws -> ArrayFileContents {
        let path = archive.path
        let entries = Dictionary(archive.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        func damaged(_ found: String) -> Failure {
            FileAccess.failure(
                path, mustBe: "an intact PyTorch file", but: found,
                help: "save it again with torch.save(model.state_dict(), path)")
        }
        guard let pickle = entries[folder + "data.pkl"] else { throw damaged("it has no data.pkl") }
        guard pickle.size <= largestPickle else {
            throw damaged("its pickle claims \(ByteSize.text(pickle.size))")
        }
        var isBigEndian = false
        if let order = entries[folder + "byteorder"], order.size < 64 {
            isBigEndian = String(decoding: try archive.read(order), as: UTF8.self).hasPrefix("big")
        }
        let root: PickleValue
        do { root = try Unpickler.value(try archive.read(pickle)) } catch let error as PickleError {
            throw damaged("its pickle cannot be read: \(error.message)")
        }

        var flat = Flattened()
        flat.add(root, name: "", depth: 0)
        guard !flat.isTooLarge else { throw damaged("its maps are nested without end") }
        var total = 0
        for (_, tensor) in flat.tensors {
            guard let count = FileAccess.product(tensor.shape), count <= Int.max / 16, let type = tensor.storage.type else { continue }
            let (sum, overflow) = total.addingReportingOverflow(count * type.size)
            guard !overflow else { throw damaged("its tensors have impossible sizes") }
            total = sum
        }
        try FileAccess.requireMemory(total, for: "the tensors", in: path)

        var contents = ArrayFileContents(help: "a PyTorch model must be saved as torch.save(model.state_dict(), path)")
        contents.leftOut = flat.leftOut
        var storages = Storages(archive: archive, folder: folder, entries: entries, tensors: flat.tensors.map(\.1))
        var built = flat.arrays
        for (name, tensor) in flat.tensors {
            do {
                var array = try storages.array(tensor)
                if isBigEndian { array.swapBytes() }
                built[name] = array
            } catch let unreadable as Unreadable {
                contents.leftOut.append(LeftOutArray(name: name, unreadable))
            }
        }
        for name in flat.order {
            if let array = built[name] { contents.arrays.append((name, array)) }
        }
        return contents
    }

    /// The storages that tensors point into, each read once and let go of after its last tensor.
    private struct Storages {
        let archive: ZipArchive
        let folder: String
        let entries: [String: ZipArchive.Entry]
        private var known: [String: [UInt8]] = [:]
        private var uses: [String: Int] = [:]

        init(archive: ZipArchive, folder: String, entries: [String: ZipArchive.Entry], tensors: [PickleTensor]) {
            (self.archive, self.folder, self.entries) = (archive, folder, entries)
            for tensor in tensors { uses[tensor.storage.key, default: 0] += 1 }
        }

        /// Throws `Unreadable` for this tensor alone.
        mutating func array(_ tensor: PickleTensor) throws -> RawArray {
            let again = "save it again with torch.save(model.state_dict(), path)"
            let key = tensor.storage.key
            uses[key, default: 1] -= 1
            defer { if uses[key] == 0 { known[key] = nil } }
            guard let count = FileAccess.product(tensor.shape), count <= Int.max / 16, let type = tensor.storage.type else {
                throw Unreadable("of the impossible shape \(tensor.shape)", help: again, isDamage: true)
            }
            guard TorchArchive.reaches(tensor) else {
                throw Unreadable(
                    "a tensor of shape \(tensor.shape) that reaches outside its storage of \(tensor.storage.count) elements", help: again, isDamage: true)
            }
            if known[key] == nil {
                guard let entry = entries[folder + "data/" + key] else { throw Unreadable("a tensor whose data are missing", help: again, isDamage: true) }
                do { known[key] = try archive.read(entry) } catch let error as Failure where error.code == "file" {
                    throw Unreadable("a tensor whose data cannot be read (\(error.message))", help: error.help, isDamage: true)
                }
            }
            guard let bytes = known[key], bytes.count / type.size > TorchArchive.lastElement(tensor) else {
                throw Unreadable("a tensor whose storage holds fewer elements than it claims", help: again, isDamage: true)
            }
            return .gathered(from: bytes, type: type, shape: tensor.shape, strides: tensor.strides, offset: tensor.offset)
        }
    }

    /// The index of the farthest element that the tensor uses; -1 when it is empty.
    private static func lastElement(_ tensor: PickleTensor) -> Int {
        if tensor.shape.contains(0) { return -1 }
        return zip(tensor.shape, tensor.strides).reduce(tensor.offset) { $0 + ($1.0 - 1) * $1.1 }
    }

    /// True when every element lies inside the storage (strides and sizes are checked for overflow).
    private static func reaches(_ tensor: PickleTensor) -> Bool {
        if tensor.shape.contains(0) { return tensor.offset >= 0 }
        var last = tensor.offset
        guard last >= 0 else { return false }
        for (size, stride) in zip(tensor.shape, tensor.strides) {
            guard stride >= 0 else { return false }
            let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (next, second) = last.addingReportingOverflow(reach)
            guard !overflow, !second else { return false }
            last = next
        }
        return last < tensor.storage.count
    }

    /// Nested maps and lists as one list of dotted names.
    private struct Flattened {
        var order: [String] = []
        var tensors: [(String, PickleTensor)] = []
        /// Numbers and NumPy's arrays.
        var arrays: [String: RawArray] = [:]
        var leftOut: [LeftOutArray] = []
        var isTooLarge: Bool { order.count + leftOut.count >= Self.limit }
        private static let limit = 1_000_000

        mutating func add(_ value: PickleValue, name: String, depth: Int) {
            guard depth < 32, !isTooLarge else {
                leftOut.append(LeftOutArray(name, "nested too deeply"))
                return
            }
            func inside(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
            switch value {
            case .dictionary(let dictionary):
                for (key, item) in dictionary.entries {
                    switch key {
                    case .string(let text): add(item, name: inside(text), depth: depth + 1)
                    case .int(let number): add(item, name: inside(String(number)), depth: depth + 1)
                    default: leftOut.append(LeftOutArray(name, "a key that is no text"))
                    }
                }
            case .list(let list):
                for (index, item) in list.items.enumerated() { add(item, name: inside(String(index)), depth: depth + 1) }
            case .tuple(let items):
                for (index, item) in items.enumerated() { add(item, name: inside(String(index)), depth: depth + 1) }
            case .tensor(let tensor):
                guard tensor.storage.type != nil else {
                    leftOut.append(LeftOutArray(name, "a tensor without a type"))
                    return
                }
                order.append(name)
                tensors.append((name, tensor))
            case .array(let array):
                do {
                    keep(name, try array.raw())
                } catch let unreadable as Unreadable {
                    leftOut.append(LeftOutArray(name: name, unreadable))
                } catch {}
            case .int(let number): scalar(name, .int64, withUnsafeBytes(of: number) { Array($0) })
            case .float(let number): scalar(name, .float64, withUnsafeBytes(of: number) { Array($0) })
            case .bool(let truth): scalar(name, .bool, [truth ? 1 : 0])
            case .none: leftOut.append(LeftOutArray(name, "None"))
            case .string: leftOut.append(LeftOutArray(name, "text"))
            case .bytes: leftOut.append(LeftOutArray(name, "bytes"))
            case .global(let className), .opaque(let className): leftOut.append(LeftOutArray(name, className.hasPrefix("a ") || className.contains(" ") ? className : "an object of the class \(className)"))
            case .numPyType: leftOut.append(LeftOutArray(name, "a NumPy type"))
            case .storage: leftOut.append(LeftOutArray(name, "a storage"))
            }
        }

        private mutating func scalar(_ name: String, _ type: ElementType, _ bytes: [UInt8]) {
            keep(name, RawArray(shape: [], type: type, bytes: bytes))
        }

        private mutating func keep(_ name: String, _ array: RawArray) {
            order.append(name)
            arrays[name] = array
        }
    }

    // MARK: Writing

    /// Writes a state dict that `torch.load(path, weights_only=True)` accepts.
    static func write(_ arrays: [(String, RawArray)], to path: String, compressed: Bool) throws {
        var pickle = Pickler()
        pickle.begin()
        var parts: [(name: String, bytes: [UInt8])] = []
        for (index, (name, array)) in arrays.enumerated() {
            try pickle.add(name: name, array: array, storageKey: String(index))
            parts.append(("archive/data/\(index)", array.bytes))
        }
        pickle.end()
        let all =
            [(name: "archive/data.pkl", bytes: pickle.bytes), (name: "archive/byteorder", bytes: Array("little".utf8))]
            + parts + [(name: "archive/version", bytes: Array("3\n".utf8))]
        try ZipArchive.write(all, to: path, deflated: false)
    }
}

/// Writes the pickle of an ordered map from names to tensors, protocol 2.
private struct Pickler {
    var bytes: [UInt8] = []

    private mutating func raw(_ text: String) { bytes += Array(text.utf8) }

    private mutating func string(_ text: String) {
        let utf8 = Array(text.utf8)
        bytes.append(UInt8(ascii: "X"))
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: utf8.count >> (8 * $0)) }
        bytes += utf8
    }

    private mutating func int(_ number: Int) {
        if (0..<256).contains(number) {
            bytes += [UInt8(ascii: "K"), UInt8(number)]
        } else if let small = Int32(exactly: number) {
            bytes.append(UInt8(ascii: "J"))
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: small >> (8 * $0)) }
        } else {
            bytes += [0x8A, 8]
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
    }

    private mutating func tuple(_ numbers: [Int]) {
        bytes.append(UInt8(ascii: "("))
        numbers.forEach { int($0) }
        bytes.append(UInt8(ascii: "t"))
    }

    mutating func begin() {
        bytes += [0x80, 2]
        raw("ccollections\nOrderedDict\n)R(")
    }

    mutating func add(name: String, array: RawArray, storageKey: String) throws {
        let classes: [ElementType: String] = [
            .float32: "Float", .float64: "Double", .float16: "Half", .bfloat16: "BFloat16", .uint8: "Byte", .int8: "Char",
            .int16: "Short", .int32: "Int", .int64: "Long", .bool: "Bool",
        ]
        guard let className = classes[array.type] else {
            throw Failure("type", "\(name) must have a PyTorch type, but is \(array.type)")
        }
        var strides = [Int](repeating: 1, count: array.shape.count)
        for axis in stride(from: array.shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(1, array.shape[axis + 1])
        }
        string(name)
        raw("ctorch._utils\n_rebuild_tensor_v2\n((")
        string("storage")
        raw("ctorch\n\(className)Storage\n")
        string(storageKey)
        string("cpu")
        int(array.count)
        raw("tQ")
        int(0)
        tuple(array.shape)
        tuple(strides)
        bytes.append(0x89)
        raw("ccollections\nOrderedDict\n)RtR")
    }

    mutating func end() { raw("u.") }
}
