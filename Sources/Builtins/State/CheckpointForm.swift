import Base
import Foundation
import Machine
import Tensors

/// What a checkpoint's file holds: the tensors, each under the path that leads to it, and the rest as text.
///
/// The text is JSON in which nothing is a bare number, so that integers and floats come back exactly: `{"int": "3"}`,
/// `{"float": "0.1"}`, `{"tensor": NAME}`, `{"range": ["0", "3"]}`, `{"map": [[key, value], …]}`; `null`, truth values,
/// strings and lists stand for themselves. Records, models, layers and optimisers are written as maps of what they hold, what
/// is `Keepable` as `{WORD: {PART: …}}`, where strings, digits and names of tensors stand bare.
struct CheckpointForm {
    private(set) var tensors: [(name: String, tensor: Tensor)] = []
    private(set) var tree: Any = NSNull()
    private let walk = ValueWalk()
    private var names: [ObjectIdentifier: String] = [:]
    private var taken: Set<String> = [CheckpointForm.textName, CheckpointForm.sumName]

    private static let textName = "__state__"
    private static let sumName = "__checksum__"

    /// Takes a value apart. Code `type` for what cannot be kept, with the path to it.
    init(of value: Value) throws {
        tree = try node(value)
    }

    // MARK: Taking apart

    private mutating func node(_ value: Value) throws -> Any {
        guard !walk.isTooDeep else {
            throw Failure("value", "what a checkpoint holds must be nested at most \(ValueWalk.depthLimit) deep, but `\(walk.path)` is deeper")
        }
        let object: Object
        switch value {
        case .none, .missing: return NSNull()
        case .boolean(let truth): return truth
        case .integer(let number): return ["int": String(number)]
        case .float(let number): return ["float": "\(number)"]
        case .object(let held): object = held
        }
        switch object.content {
        // What is done stands in the script; only what was worked out is kept.
        case .code: return NSNull()
        case .text(let text): return text
        case .range(let range): return ["range": [String(range.lowerBound), String(range.upperBound)]]
        case .payload(let tensor as Tensor): return ["tensor": name(tensor)]
        case .items(let items):
            return try items.enumerated().map { place, item in try walk.inside(.place(place)) { try node(item) } }
        case .entries(let entries):
            return [
                "map": try entries.map { key, value -> [Any] in
                    [try walk.inside(nil) { try node(key.value) }, try walk.inside(.key(key.value)) { try node(value) }]
                }
            ]
        case .fields(let parts), .state(let parts, _): return try map(parts)
        case .whole(_, let parts):
            guard let kind = object as? any Keepable else { return try map(parts()) }
            return [type(of: kind).keptAs: try bare(parts())]
        case .closed, .payload: throw refusal(value)
        }
    }

    private mutating func map(_ parts: [Part]) throws -> Any {
        ["map": try parts.map { name, value -> [Any] in [name, try walk.inside(.name(name)) { try node(value) }] }]
    }

    /// Parts of a whole, whose kind knows what is text and what a number; those that are nil are left out.
    private mutating func bare(_ parts: [Part]) throws -> [String: Any] {
        var fields: [String: Any] = [:]
        for (name, value) in parts { fields[name] = try walk.inside(.name(name)) { try bare(value) } }
        return fields
    }

    private mutating func bare(_ value: Value) throws -> Any? {
        switch value {
        case .none, .missing: return nil
        case .boolean, .integer, .float: return value.text
        case .object(let object):
            switch object.content {
            case .text(let text): return text
            case .payload(let tensor as Tensor): return name(tensor)
            case .items(let items): return try items.compactMap { try bare($0) }
            case .entries, .fields: return try bare(object.parts)
            default: throw refusal(value)
            }
        }
    }

    private func refusal(_ value: Value) -> Failure {
        Failure(
            "type",
            "a checkpoint must hold tensors, volumes, transforms, models, optimisers, numbers, text, and lists, maps and records of these, "
                + "but \(walk.path.isEmpty ? "it" : "`\(walk.path)`") is \(value.typeName)",
            help: "leave it out, and make it again when the run is resumed", argument: "state")
    }

    /// The name under which a tensor is kept; one that is reached twice is kept once.
    private mutating func name(_ tensor: Tensor) -> String {
        if let known = names[ObjectIdentifier(tensor)] { return known }
        let path = walk.path
        var name = path.isEmpty ? "value" : path
        var number = 2
        while taken.contains(name) {
            name = "\(path)#\(number)"
            number += 1
        }
        taken.insert(name)
        names[ObjectIdentifier(tensor)] = name
        tensors.append((name, tensor))
        return name
    }

    // MARK: Files

    /// Writes the form to an array file, whole and on the disk or not at all; what was at the path moves to `previous`.
    func write(to path: String, previous: String?) throws {
        let text = Array(try JSONSerialization.data(withJSONObject: tree, options: [.fragmentsAllowed]))
        let sum = try CheckpointForm.sum(text, tensors)
        let described = [
            (name: CheckpointForm.textName, tensor: try Tensor(text)), (name: CheckpointForm.sumName, tensor: try Tensor(Array(sum.utf8))),
        ]
        FileAccess.sweep(FileAccess.folder(of: path))
        do {
            try writeArrays(path, described + tensors, isDurable: true, previous: previous)
        } catch var error as Failure where error.code == "file" && FileManager.default.fileExists(atPath: path) {
            error.help = "the checkpoint that was there before is whole and stays"
            throw error
        }
    }

    /// Reads a checkpoint as plain values, but for what is of the given kinds. Code `file` when it is missing, damaged or no
    /// checkpoint.
    static func read(_ path: String, kinds: [Object.Type]) throws -> Value {
        let all = try readArrays(path)
        let arrays = Dictionary(all.map { ($0.name, $0.tensor) }) { first, _ in first }
        guard let text = try arrays[textName]?.bytes(), let sum = try arrays[sumName]?.bytes() else {
            throw FileAccess.failure(
                path, mustBe: "a checkpoint", but: "it is another array file",
                help: "save_checkpoint writes checkpoints; weights are read with load_weights(model, path)")
        }
        func damaged(_ what: String) -> Failure {
            FileAccess.failure(path, mustBe: "an intact checkpoint", but: what, help: "the file is damaged; use an earlier one")
        }
        let tensors = all.filter { $0.name != textName && $0.name != sumName }
        guard try self.sum(text, tensors) == String(decoding: sum, as: UTF8.self) else {
            throw damaged("its checksum is another")
        }
        guard let tree = try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed]),
            let value = try CheckpointReading(tensors: arrays, kinds: kinds).value(tree)
        else { throw damaged("its text cannot be read") }
        return value
    }

    private static func sum(_ text: [UInt8], _ tensors: [(name: String, tensor: Tensor)]) throws -> String {
        let hash = try ContentHash()
        text.withUnsafeBytes(hash.add)
        // The order and the types of arrays are the file format's own.
        for (name, tensor) in tensors.sorted(by: { $0.name < $1.name }) {
            hash.add(name)
            hash.add([tensor.rank] + tensor.shape)
            try widened(tensor).detached().withUnsafeBytes(hash.add)
        }
        return hash.address()
    }

    /// Half floats as float32, which is how some formats keep them.
    private static func widened(_ tensor: Tensor) throws -> Tensor {
        tensor.dtype == .float16 || tensor.dtype == .bfloat16 ? try tensor.detached().to(dtype: .float32) : tensor
    }
}
