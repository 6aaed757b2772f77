import Base
import Machine
import Tensors

/// Dtypes, devices, and tensors as plain numbers and lists.
enum DevicePrimitives {
    static let module = PrimitiveModule("devices", "Dtypes, devices, threads, and tensors as plain values.", kinds: [DeviceObject.self], [
        Primitive(
            "to(x, target, more = nil)", "Converts a tensor to a dtype or moves it to a device; moves a model in place.",
            details: """
                `target` is a dtype's name, a device, a device's name or a tensor to be like; `more` a second one. Of a model \
                only what holds floats changes its dtype; move it before its optimiser is made.
                """,
            example: "to(tensor([1, 2]), \"float32\")  # => tensor([1.0, 2.0])"
        ) { call in
            guard call[0].object is TensorObject else {
                guard call[0].object is LayerObject || call[0].object is RecordObject else {
                    throw call.mismatch(0, expected: "a tensor, a layer or a model")
                }
                try move(stateEntries(of: call[0]).map(\.tensor), call)
                return call[0]
            }
            var x = try call.tensor(0)
            for position in 1...2 where !call.isNone(position) { x = try convert(x, call, position) }
            return .tensor(x)
        },
        Primitive(
            "item(x: Tensor)", "The one element of a tensor as a plain number or truth value.",
            example: "item(tensor([2.5]))  # => 2.5"
        ) { (x: Tensor) in
            guard let value = TensorObject(x).scalar else {
                throw Failure.shape("x", "a tensor read as one number must have one element, but has shape \(x.shape)", help: "`to_list(x)` gives all elements")
            }
            return value
        },
        Primitive(
            "to_list(x: Tensor)", "The elements as nested lists of plain numbers.",
            example: "to_list(tensor([[1, 2], [3, 4]]))  # => [[1, 2], [3, 4]]"
        ) { (x: Tensor) in try nested(x) },
        Primitive(
            "device(name: String)", "A device by its name: \"cpu\", \"cuda\" or \"cuda:1\".",
            details: "An error when there is no such device; `cuda_available()` asks first.", example: "device(\"cpu\")  # => device(\"cpu\")"
        ) { (name: String) in Value.object(DeviceObject(try Device(name: name))) },
        Primitive("cuda_available() -> Bool", "Whether a CUDA device can be used.") { _ in .boolean(Engine.cudaDeviceCount > 0) },
        Primitive(
            "threads(count: Int? = nil) -> Int", "How many threads operations on the CPU use; with a number, sets it first.",
            example: "threads() >= 1  # => true"
        ) { (count: Int?) in
            if let count {
                guard (1...Engine.largestThreadCount).contains(count) else {
                    throw Failure(
                        "value", "`count` of threads must be from 1 to \(Engine.largestThreadCount), but is \(count)",
                        argument: "count")
                }
                Engine.threadCount = count
            }
            return Engine.threadCount
        },
        Primitive("engine_version() -> String", "The version of libtorch that runs the tensors.") { _ in .string(Engine.version) },
    ])

    /// Moves tensors where they are held, with their gradients. Only floats change their dtype.
    private static func move(_ tensors: [Tensor], _ call: PrimitiveCall) throws {
        var moved: [(tensor: Tensor, data: Tensor, gradient: Tensor?)] = []
        for tensor in tensors {
            let isFloat = tensor.dtype.isFloatingPoint
            let change = { (x: Tensor) in
                var x = try x.detached()
                for position in 1...2 where !call.isNone(position) {
                    let changed = try convert(x, call, position)
                    x = isFloat && changed.dtype.isFloatingPoint || changed.dtype == x.dtype ? changed : try x.to(device: changed.device)
                }
                return x
            }
            moved.append((tensor, try change(tensor), try tensor.grad.map(change)))
        }
        for one in moved {
            try one.tensor.setGrad(nil)
            try one.tensor.setData(one.data)
            try one.tensor.setGrad(one.gradient)
        }
    }

    private static func convert(_ x: Tensor, _ call: PrimitiveCall, _ position: Int) throws -> Tensor {
        switch call[position] {
        case .object(let object as DeviceObject): return try x.to(device: object.device)
        case .object(let object as TensorObject): return try x.to(dtype: object.tensor.dtype).to(device: object.tensor.device)
        case .object(let object as StringObject):
            if let dtype = try? DType(name: object.string) { return try x.to(dtype: dtype) }
            if object.string.hasPrefix("cpu") || object.string.hasPrefix("cuda") {
                return try x.to(device: Device(name: object.string))
            }
            throw Failure(
                "value",
                "`\(call.primitive.parameters[position].name)` of to must be a dtype (\(DType.allCases.map(\.name).joined(separator: ", "))) or a device, but is \"\(object.string)\"",
                argument: call.primitive.parameters[position].name)
        default: throw call.mismatch(position, expected: "a dtype's name or a device")
        }
    }

    static func nested(_ x: Tensor) throws -> Value {
        guard x.rank > 0 else { return TensorObject(x).scalar ?? .none }
        if x.rank > 1 { return .list(try (0..<x.shape[0]).map { try nested(x.indexed([.at($0)])) }) }
        let plain = try x.detached().onCPU()
        if plain.dtype == .bool { return .list(try plain.bools().map { .boolean($0) }) }
        if plain.dtype.isInteger { return .list(try plain.ints().map { .integer($0) }) }
        return .list(try plain.doubles().map { .float($0) })
    }
}
