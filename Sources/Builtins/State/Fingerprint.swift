import Base
import Machine
import Tensors

/// A hash of what a value holds, equal for equal data whatever the run: tensors, volumes and transforms with their grids,
/// models, optimisers, numbers, text, and lists, maps and records of these.
struct Fingerprint {
    private let hash: ContentHash
    private let walk = ValueWalk()

    /// 32 hexadecimal digits. Code `type` for what has no content to hash.
    static func text(of value: Value) throws -> String {
        let fingerprint = Fingerprint(hash: try ContentHash())
        try fingerprint.add(value)
        return fingerprint.hash.address()
    }

    private init(hash: ContentHash) { self.hash = hash }

    private func add(_ value: Value) throws {
        guard !walk.isTooDeep else {
            throw Failure("value", "a value with a fingerprint must be nested at most \(ValueWalk.depthLimit) deep")
        }
        hash.add(value.typeName)
        switch value {
        case .none, .missing: break
        case .boolean(let truth): hash.add([truth ? 1 : 0])
        case .integer(let number): hash.add([number])
        case .float(let number): hash.add([number])
        case .object(let object): try add(object)
        }
    }

    private func add(_ object: Object) throws {
        switch object.content {
        case .text(let text): hash.add(text)
        case .range(let range): hash.add([range.lowerBound, range.upperBound])
        case .payload(let tensor as Tensor): try hash.add(tensor)
        case .items(let items):
            hash.add([items.count])
            try walk.inside(nil) { for item in items { try add(item) } }
        case .entries(let entries):
            hash.add([entries.count])
            try walk.inside(nil) {
                for (key, value) in entries {
                    try add(key.value)
                    try add(value)
                }
            }
        case .fields(let parts): try add(parts)
        case .state:
            for entry in try stateEntries(of: .object(object)) {
                hash.add(entry.name)
                try hash.add(entry.tensor)
            }
        case .whole(_, let parts):
            if let own = object as? any Fingerprinted { try own.add(to: hash) } else { try add(parts()) }
        case .closed, .code, .payload:
            throw Failure(
                "type",
                "what has a fingerprint must be tensors, volumes, transforms, models, optimisers, numbers, text, and lists, maps and records of these, "
                    + "but is \(object.typeName)")
        }
    }

    private func add(_ parts: [Part]) throws {
        try walk.inside(nil) {
            for (name, value) in parts {
                hash.add(name)
                try add(value)
            }
        }
    }
}
