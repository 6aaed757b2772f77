import Base
import Machine
import Tensors

/// Puts the values of a checkpoint back into living ones: first everything is compared, then everything is changed, so
/// that a checkpoint that does not fit changes nothing.
struct Restoring {
    private var changes: [() throws -> Void] = []
    private let function: String
    private let walk = ValueWalk()

    /// Restores `live` from `saved`. Codes `value`, `type` and `shape`, with the path to what does not fit.
    static func run(_ live: Value, from saved: Value, of function: String) throws {
        var restoring = Restoring(function: function)
        _ = try restoring.value(live, saved)
        try withoutGradients { for change in restoring.changes { try change() } }
    }

    private init(function: String) { self.function = function }

    /// What takes the place of `live`: itself, changed when everything fits, or the saved value.
    private mutating func value(_ live: Value, _ saved: Value) throws -> Value {
        guard case .object(let object) = live else { return saved }
        switch object.content {
        // Functions are the script's own.
        case .code: return live
        case .closed, .text, .range: return saved
        case .payload(let own as Tensor): return try tensor(own, live, saved)
        case .payload: return saved
        case .fields(let parts), .state(let parts, nil):
            for (name, part) in parts where !isCode(part) {
                let given = try field(saved, name, live)
                let restored = try walk.inside(.name(name)) { try value(part, given) }
                changes.append { _ = try object.setField(name, to: restored) }
            }
        case .state(let parts, _):
            for (name, part) in parts {
                let given = try field(saved, name, live)
                try walk.inside(.name(name)) { try fill(part, given) }
            }
        case .items(let own):
            guard let given = saved.object as? ListObject else { throw mismatch(live, saved) }
            var items: [Value] = []
            for (place, item) in given.items.enumerated() {
                items.append(place < own.count ? try walk.inside(.place(place)) { try value(own[place], item) } : item)
            }
            changes.append { [items] in _ = object.refill(.items(items)) }
        case .entries(let own):
            guard let given = saved.object as? MapObject else { throw mismatch(live, saved) }
            var items = given.items
            for (key, part) in own {
                guard let item = given.items[key] else { throw missing(key.value.text) }
                items[key] = try walk.inside(.key(key.value)) { try value(part, item) }
            }
            changes.append { [items] in _ = object.refill(.entries(items)) }
        case .whole:
            guard let own = object as? any Restorable else {
                guard saved.typeName == live.typeName else { throw mismatch(live, saved) }
                return saved
            }
            guard let change = try own.change(to: saved, subject) else { throw mismatch(live, saved) }
            changes.append(change)
        }
        return live
    }

    private mutating func tensor(_ own: Tensor, _ live: Value, _ saved: Value) throws -> Value {
        guard let given = (saved.object as? TensorObject)?.tensor else { throw mismatch(live, saved) }
        if !own.requiresGrad || !own.isLeaf {
            // A view that repeats its elements cannot be written into, and what was computed keeps its record.
            let isWritable = own.storageByteCount >= own.count * own.dtype.byteCount && own.isLeaf
            guard isWritable, own.shape == given.shape else {
                return .tensor(try given.to(dtype: own.dtype).to(device: own.device))
            }
        }
        try fill(live, saved)
        return live
    }

    /// Writes a saved tensor of the same shape into a living one.
    private mutating func fill(_ live: Value, _ saved: Value) throws {
        guard let own = (live.object as? TensorObject)?.tensor, let given = (saved.object as? TensorObject)?.tensor else {
            throw mismatch(live, saved)
        }
        guard own.shape == given.shape else {
            throw Failure(
                "shape", "\(subject) must have the shape in the checkpoint, \(given.shape), but has \(own.shape)",
                help: "make it with the sizes that it was saved with")
        }
        changes.append { try aten("copy_", .tensor(own), .tensor(given)) }
    }

    private func field(_ saved: Value, _ name: String, _ live: Value) throws -> Value {
        guard let map = saved.object as? MapObject else { throw mismatch(live, saved) }
        guard let value = map.items[MapKey(name)] else { throw missing(name) }
        return value
    }

    private var subject: String { walk.path.isEmpty ? "what \(function) restores" : "`\(walk.path)`" }

    private func mismatch(_ live: Value, _ saved: Value) -> Failure {
        Failure(
            "type", "\(subject) must be \(live.typeName) as in `state`, but the checkpoint holds \(saved.typeName) there",
            help: "is the checkpoint of this script?")
    }

    private func missing(_ name: String) -> Failure {
        Failure("value", "the checkpoint must hold `\(walk.path(to: name))`, but does not", help: "is the checkpoint of this script?")
    }

    private func isCode(_ value: Value) -> Bool {
        if case .code? = value.object?.content { return true }
        return false
    }
}
