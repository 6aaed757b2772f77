import Machine
import Tensors

/// A hash of what a value holds, equal for equal data whatever the run: tensors, volumes with their grids, models,
/// numbers, text, and lists, maps and records of these.
struct Fingerprint {
    private let hash: ContentHash
    private static let depthLimit = 64

    /// 32 hexadecimal digits. Code `type` for what has no content to hash.
    static func text(of value: Value) throws -> String {
        let fingerprint = Fingerprint(hash: try ContentHash())
        try fingerprint.add(value, 0)
        return fingerprint.hash.address()
    }

    private func add(_ value: Value, _ depth: Int) throws {
        guard depth < Fingerprint.depthLimit else {
            throw Failure("value", "a value with a fingerprint must be nested at most \(Fingerprint.depthLimit) deep")
        }
        hash.add(value.typeName)
        switch value {
        case .none, .missing: break
        case .boolean(let truth): hash.add([truth ? 1 : 0])
        case .integer(let number): hash.add([number])
        case .float(let number): hash.add([number])
        case .object(let object): try add(object, depth)
        }
    }

    private func add(_ object: Object, _ depth: Int) throws {
        switch object {
        case let string as StringObject: hash.add(string.string)
        case let range as RangeObject: hash.add([range.lower, range.upper])
        case let holder as TensorObject: try hash.add(holder.tensor)
        case let holder as VolumeObject:
            try hash.add(holder.volume.data)
            hash.add(holder.volume.grid.affine.rows.flatMap { $0 })
            if let table = holder.volume.labels {
                hash.add(table.values ?? [])
                for name in table.names ?? [] { hash.add(name) }
                hash.add(table.ignored.map { [$0] } ?? [])
            }
        case let list as ListObject:
            hash.add([list.items.count])
            for item in list.items { try add(item, depth + 1) }
        case let map as MapObject:
            hash.add([map.items.count])
            for (key, value) in map.items {
                try add(key.value, depth + 1)
                try add(value, depth + 1)
            }
        case is RecordObject, is LayerObject:
            if let record = object as? RecordObject, !record.type.isModel {
                for (name, value) in zip(record.type.fields, record.values) {
                    hash.add(name)
                    try add(value, depth + 1)
                }
                return
            }
            for entry in try stateEntries(of: .object(object)) {
                hash.add(entry.name)
                try hash.add(entry.tensor)
            }
        default:
            throw Failure(
                "type",
                "what has a fingerprint must be tensors, volumes, models, numbers, text, and lists, maps and records of these, "
                    + "but is \(object.typeName)")
        }
    }
}
