import Foundation
import Machine
import Tensors

/// Makes values of what a checkpoint's file holds (`CheckpointForm`).
struct CheckpointReading {
    let tensors: [String: Tensor]
    /// Those that are given back as they were, where they are `Keepable`.
    let kinds: [Object.Type]

    /// The value that a node stands for; nil when it stands for none.
    func value(_ node: Any) throws -> Value? {
        switch node {
        case is NSNull: return Value.none
        case let text as String: return .string(text)
        case let items as [Any]:
            var values: [Value] = []
            for item in items {
                guard let value = try self.value(item) else { return nil }
                values.append(value)
            }
            return .list(values)
        case let fields as [String: Any]: return try value(of: fields)
        case let truth as Bool: return .boolean(truth)
        default: return nil
        }
    }

    private func value(of fields: [String: Any]) throws -> Value? {
        if let name = fields["tensor"] as? String { return tensors[name].map { .tensor($0) } }
        if let text = fields["int"] as? String { return Int(text).map { .integer($0) } }
        if let text = fields["float"] as? String { return Double(text).map { .float($0) } }
        if let bounds = fields["range"] as? [String], bounds.count == 2, let lower = Int(bounds[0]), let upper = Int(bounds[1]) {
            return .object(RangeObject(lower, upper))
        }
        guard let pairs = fields["map"] as? [[Any]] else { return kept(fields).map { .object($0) } }
        var items: OrderedMap = [:]
        for pair in pairs {
            guard pair.count == 2, let key = try self.value(pair[0]).flatMap({ MapKey($0) }),
                let value = try self.value(pair[1])
            else { return nil }
            items[key] = value
        }
        return .object(MapObject(items))
    }

    /// The whole that a node stands for; nil when it stands for none, or for one that cannot be.
    private func kept(_ fields: [String: Any]) -> Object? {
        for case let kind as any Keepable.Type in kinds {
            guard let parts = fields[kind.keptAs] as? [String: Any] else { continue }
            return kind.made(of: KeptParts(fields: parts, tensors: tensors))
        }
        return nil
    }
}
