import Layers
import Machine
import Tensors

/// Puts the values of a checkpoint back into living ones: first everything is compared, then everything is changed, so
/// that a checkpoint that does not fit changes nothing.
struct Restoring {
    private var changes: [() throws -> Void] = []
    private let function: String

    /// Restores `live` from `saved`. Codes `value`, `type` and `shape`, with the path to what does not fit.
    static func run(_ live: Value, from saved: Value, of function: String) throws {
        var restoring = Restoring(function: function)
        _ = try restoring.value(live, saved, "")
        try withoutGradients { for change in restoring.changes { try change() } }
    }

    private init(function: String) { self.function = function }

    private func mismatch(_ path: String, _ live: Value, _ saved: Value) -> Failure {
        Failure(
            "type", "\(shown(path)) must be \(live.typeName) as in `state`, but the checkpoint holds \(saved.typeName) there",
            help: "is the checkpoint of this script?")
    }

    private func shown(_ path: String) -> String { path.isEmpty ? "what \(function) restores" : "`\(path)`" }

    /// What takes the place of `live`: itself, changed when everything fits, or the saved value.
    private mutating func value(_ live: Value, _ saved: Value, _ path: String) throws -> Value {
        guard case .object(let object) = live else { return saved }
        switch object {
        case let holder as TensorObject: return try tensor(holder, saved, path)
        case let holder as LayerObject:
            for entry in holder.layer.entries {
                let part = inside(path, entry.name)
                guard let given = (try field(saved, entry.name, path, live).object as? TensorObject)?.tensor else {
                    throw mismatch(part, .tensor(entry.tensor), try field(saved, entry.name, path, live))
                }
                try requireShape(entry.tensor, given, part)
                copy(given, into: entry.tensor)
            }
            return live
        case let holder as OptimizerObject: return try optimizer(holder, saved, path)
        case let record as RecordObject:
            for (name, part) in zip(record.type.fields, record.values) where !isCode(part) {
                let restored = try value(part, try field(saved, name, path, live), inside(path, name))
                changes.append { _ = record.setField(name, to: restored) }
            }
            return live
        case let list as ListObject:
            guard let given = saved.object as? ListObject else { throw mismatch(path, live, saved) }
            var items: [Value] = []
            for (place, item) in given.items.enumerated() {
                items.append(place < list.items.count ? try value(list.items[place], item, inside(path, String(place))) : item)
            }
            changes.append { list.items = items }
            return live
        case let map as MapObject:
            guard let given = saved.object as? MapObject else { throw mismatch(path, live, saved) }
            var items = given.items
            for (key, part) in map.items {
                guard let item = given.items[key] else { throw missing(key.value.text, path) }
                items[key] = try value(part, item, inside(path, key.value.text))
            }
            changes.append { map.items = items }
            return live
        case is VolumeObject, is TransformObject:
            guard saved.typeName == live.typeName else { throw mismatch(path, live, saved) }
            return saved
        default: return isCode(live) ? live : saved
        }
    }

    private mutating func tensor(_ holder: TensorObject, _ saved: Value, _ path: String) throws -> Value {
        guard let given = (saved.object as? TensorObject)?.tensor else { throw mismatch(path, .object(holder), saved) }
        let own = holder.tensor
        if own.requiresGrad, own.isLeaf {
            try requireShape(own, given, path)
        } else {
            // A view that repeats its elements cannot be written into, and what was computed keeps its record.
            let isWritable = own.storageByteCount >= own.count * own.dtype.byteCount && own.isLeaf
            guard isWritable, own.shape == given.shape else {
                return .tensor(try given.to(dtype: own.dtype).to(device: own.device))
            }
        }
        copy(given, into: own)
        return .object(holder)
    }

    private mutating func optimizer(_ holder: OptimizerObject, _ saved: Value, _ path: String) throws -> Value {
        guard let given = saved.object as? MapObject, let kind = (given.items[MapKey("kind")]?.object as? StringObject)?.string else {
            throw mismatch(path, .object(holder), saved)
        }
        let optimizer = holder.optimizer
        guard kind == optimizer.kind.name else {
            throw Failure("value", "\(shown(path)) must be \(kind) as in the checkpoint, but is \(optimizer.kind.name)")
        }
        let state = given.items.compactMap { key, value in
            (value.object as? TensorObject).map { (name: key.value.text, tensor: $0.tensor) }
        }
        try optimizer.requireFitting(state)
        changes.append { try optimizer.load(state: state) }
        return .object(holder)
    }

    private func requireShape(_ own: Tensor, _ given: Tensor, _ path: String) throws {
        guard own.shape == given.shape else {
            throw Failure(
                "shape", "\(shown(path)) must have the shape in the checkpoint, \(given.shape), but has \(own.shape)",
                help: "make it with the sizes that it was saved with")
        }
    }

    private mutating func copy(_ given: Tensor, into own: Tensor) {
        changes.append { try aten("copy_", .tensor(own), .tensor(given)) }
    }

    private func field(_ saved: Value, _ name: String, _ path: String, _ live: Value) throws -> Value {
        guard let map = saved.object as? MapObject else { throw mismatch(path, live, saved) }
        guard let value = map.items[MapKey(name)] else { throw missing(name, path) }
        return value
    }

    private func missing(_ name: String, _ path: String) -> Failure {
        Failure("value", "the checkpoint must hold `\(inside(path, name))`, but does not", help: "is the checkpoint of this script?")
    }

    private func inside(_ path: String, _ part: String) -> String { path.isEmpty ? part : "\(path).\(part)" }

    /// Functions are the script's own; models and layers can be called too, but hold something.
    private func isCode(_ value: Value) -> Bool {
        guard case .object(let object) = value else { return false }
        return object.isCallable && !(object is RecordObject) && !(object is LayerObject)
    }
}
