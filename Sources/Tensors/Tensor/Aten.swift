import Base
import CTorch

/// One result of a libtorch operator.
public enum AtenResult {
    case none
    case tensor(Tensor)
    case int(Int)
    case float(Double)
    case bool(Bool)
}

/// Calls any libtorch operator that gives one tensor: `aten("conv2d", .tensor(x), .tensor(weight))`,
/// `aten("add.Tensor", …)`. Without an overload name the first overload that accepts the arguments runs; a number
/// stands for a tensor where one is expected; left-out arguments take the operator's defaults.
@discardableResult
public func aten(_ name: String, _ arguments: AtenArgument..., named: [String: AtenArgument] = [:]) throws -> Tensor {
    try aten(name, arguments: arguments, named: named)
}

/// The same with the positional arguments in a list.
@discardableResult
public func aten(_ name: String, arguments: [AtenArgument], named: [String: AtenArgument] = [:]) throws -> Tensor {
    try callOperator(name, arguments, named) { results in
        var found: Tensor?
        for index in 0..<Int(results.count) {
            let item = results.many == nil ? results.single : results.many[index]
            guard item.tag == CT_TENSOR, let pointer = item.pointer else { continue }
            let tensor = Tensor(owning: UnsafeMutableRawPointer(mutating: pointer))
            if found == nil { found = tensor }
        }
        guard let found else { throw Failure("value", "\(name) gave no tensor") }
        return found
    }
}

/// Calls an operator that gives several tensors, or a list of them.
public func atenMany(_ name: String, _ arguments: AtenArgument..., named: [String: AtenArgument] = [:]) throws -> [Tensor] {
    try atenResults(name, arguments: arguments, named: named).compactMap {
        if case .tensor(let tensor) = $0 { return tensor }
        return nil
    }
}

/// Calls an operator and gives everything that it returns, numbers too.
public func atenResults(
    _ name: String, arguments: [AtenArgument], named: [String: AtenArgument] = [:]
) throws -> [AtenResult] {
    try callOperator(name, arguments, named) { results in
        (0..<Int(results.count)).map { index in
            let item = results.many == nil ? results.single : results.many[index]
            switch Int(item.tag) {
            case CT_TENSOR:
                guard let pointer = item.pointer else { return .none }
                return .tensor(Tensor(owning: UnsafeMutableRawPointer(mutating: pointer)))
            case CT_INT: return .int(Int(item.integer))
            case CT_DOUBLE: return .float(item.number)
            case CT_BOOL: return .bool(item.integer != 0)
            default: return .none
            }
        }
    }
}

private func callOperator<Result>(
    _ name: String, _ arguments: [AtenArgument], _ named: [String: AtenArgument],
    _ read: (ct_results) throws -> Result
) throws -> Result {
    try Interruption.check()
    _ = Engine.isReady
    let count = arguments.count + named.count
    return try withUnsafeTemporaryAllocation(of: ct_value.self, capacity: max(count, 1)) { values in
        var boxes = ArgumentBoxes()
        defer { boxes.free() }
        var place = 0
        for argument in arguments {
            values.initializeElement(at: place, to: boxes.box(argument))
            place += 1
        }
        for (name, argument) in named {
            var value = boxes.box(argument)
            value.name = boxes.text(name)
            values.initializeElement(at: place, to: value)
            place += 1
        }
        var results = ct_results()
        let status = withExtendedLifetime((arguments, named)) { ct_call(name, values.baseAddress, Int64(count), &results) }
        try check(status)
        defer { ct_results_free(&results) }
        return try read(results)
    }
}

/// Memory that lists and texts among the arguments take during one call.
private struct ArgumentBoxes {
    private var allocations: [UnsafeMutableRawPointer] = []

    func free() { for allocation in allocations { allocation.deallocate() } }

    mutating func text(_ string: String) -> UnsafePointer<CChar> {
        let bytes = string.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { memory[index] = byte }
        allocations.append(UnsafeMutableRawPointer(memory))
        return UnsafePointer(memory)
    }

    private mutating func list<Element>(_ items: [Element], _ tag: Int) -> ct_value {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, items.count))
        memory.initialize(from: items, count: items.count)
        allocations.append(UnsafeMutableRawPointer(memory))
        return value(tag, integer: items.count, pointer: UnsafeRawPointer(memory))
    }

    private func value(_ tag: Int, integer: Int = 0, number: Double = 0, pointer: UnsafeRawPointer? = nil) -> ct_value {
        ct_value(tag: Int32(tag), integer: Int64(integer), number: number, pointer: pointer, name: nil)
    }

    mutating func box(_ argument: AtenArgument) -> ct_value {
        switch argument {
        case .none: return value(CT_NONE)
        case .tensor(let tensor): return value(CT_TENSOR, pointer: UnsafeRawPointer(tensor.handle))
        case .int(let number): return value(CT_INT, integer: number)
        case .float(let number): return value(CT_DOUBLE, number: number)
        case .bool(let truth): return value(CT_BOOL, integer: truth ? 1 : 0)
        case .string(let string): return value(CT_STRING, pointer: UnsafeRawPointer(text(string)))
        case .ints(let numbers): return list(numbers.map { Int64($0) }, CT_INTS)
        case .floats(let numbers): return list(numbers, CT_DOUBLES)
        case .bools(let truths): return list(truths, CT_BOOLS)
        case .tensors(let tensors): return list(tensors.map { Optional($0.handle) }, CT_TENSORS)
        case .optionalTensors(let tensors): return list(tensors.map { $0?.handle }, CT_TENSORS)
        case .dtype(let dtype): return value(CT_INT, integer: Int(dtype.rawValue))
        case .device(let device): return value(CT_DEVICE, integer: Int(device.kind.rawValue), number: Double(device.index))
        }
    }
}
