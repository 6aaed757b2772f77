import Machine
import Tensors

/// How much memory a value keeps alive, as far as it matters: tensors, texts and containers.
public struct ValueSize {
    /// Bytes; a view of a tensor counts all that it looks into, and what is reached twice counts once.
    public private(set) var bytes = 0
    /// True when a tensor among them remembers how it was computed, and so keeps all of that alive.
    public private(set) var keepsComputation = false
    private var seen: Set<ObjectIdentifier> = []

    /// Values inside each other are followed so far.
    private static let mostObjects = 200_000

    public init(of value: Value) { add(value, depth: 0) }

    private mutating func add(_ value: Value, depth: Int) {
        guard depth < 64, seen.count < ValueSize.mostObjects, let object = value.object,
            seen.insert(ObjectIdentifier(object)).inserted
        else { return }
        switch object {
        case let object as TensorObject: add(object.tensor)
        case let object as VolumeObject: add(object.volume.data)
        case let object as TransformObject: if let field = object.transform.displacement { add(field) }
        case let object as LayerObject: for entry in object.layer.entries { add(entry.tensor) }
        case let object as OptimizerObject: for tensor in object.optimizer.parameters { add(tensor) }
        case let string as StringObject: bytes += string.string.utf8.count
        case let list as ListObject:
            bytes += list.items.count * MemoryLayout<Value>.stride
            for item in list.items { add(item, depth: depth + 1) }
        case let map as MapObject:
            bytes += map.items.count * 2 * MemoryLayout<Value>.stride
            for (key, value) in map.items {
                add(key.value, depth: depth + 1)
                add(value, depth: depth + 1)
            }
        case let record as RecordObject:
            bytes += record.values.count * MemoryLayout<Value>.stride
            for value in record.values { add(value, depth: depth + 1) }
        default: break
        }
    }

    private mutating func add(_ tensor: Tensor) {
        bytes += tensor.storageByteCount
        if tensor.requiresGrad, !tensor.isLeaf { keepsComputation = true }
        if let gradient = tensor.grad { bytes += gradient.storageByteCount }
    }
}
