import Machine
import Tensors

/// How much memory a value keeps alive, as far as it matters: tensors, texts and containers.
public struct ValueSize {
    /// Bytes; a view of a tensor counts all that it looks into, and what is reached twice counts once.
    public private(set) var bytes = 0
    /// True when a tensor among them remembers how it was computed, and so keeps all of that alive.
    public private(set) var keepsComputation = false
    private let walk = ValueWalk()

    /// Values inside each other are followed so far.
    private static let mostObjects = 200_000

    public init(of value: Value) { add(value) }

    private mutating func add(_ value: Value) {
        walk.objects(in: value) { _, content in
            add(content)
            return walk.seenCount < ValueSize.mostObjects ? .into : .end
        }
    }

    private mutating func add(_ content: Content) {
        switch content {
        case .text(let text): bytes += text.utf8.count
        case .payload(let payload): add(payload: payload)
        case .entries(let entries):
            bytes += entries.count * 2 * MemoryLayout<Value>.stride
            for key in entries.keys where key.value.object != nil { add(key.value) }
        case .items, .fields, .state(_, nil): bytes += content.parts.count * MemoryLayout<Value>.stride
        case .whole(let payloads, _): for payload in payloads { add(payload: payload) }
        case .closed, .code, .range, .state: break
        }
    }

    private mutating func add(payload: AnyObject) {
        guard let tensor = payload as? Tensor, walk.isNew(tensor) else { return }
        bytes += tensor.storageByteCount
        if tensor.requiresGrad, !tensor.isLeaf { keepsComputation = true }
        if let gradient = tensor.grad { bytes += gradient.storageByteCount }
    }
}
