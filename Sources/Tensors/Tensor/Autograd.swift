import Base
import CTorch

/// Runs the body without recording operations for gradients.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_grad_mode()
    ct_set_grad_mode(false)
    defer { ct_set_grad_mode(before) }
    return try body()
}

/// Runs the body with recording switched on, inside `withoutGradients` too.
public func withGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_grad_mode()
    ct_set_grad_mode(true)
    defer { ct_set_grad_mode(before) }
    return try body()
}

extension Tensor {
    /// Walks back from this tensor and adds to the `grad` of every leaf that needs one. A tensor of more than one
    /// element needs the gradient of what comes after it.
    public func backward(gradient: Tensor? = nil, keepGraph: Bool = false, createGraph: Bool = false) throws {
        try checkHasRecord("backward")
        if gradient == nil && count != 1 {
            throw Failure(
                "shape", "backward starts from a tensor of one element, but this one has shape \(shape)",
                help: "take its sum or mean first")
        }
        try check(ct_backward(handle, gradient?.handle, keepGraph || createGraph, createGraph))
    }

    fileprivate func checkHasRecord(_ name: String) throws {
        guard requiresGrad else {
            throw Failure(
                "gradient", "\(name) must start from a tensor computed from one that needs gradients, but this one was not",
                help: "call `requires_grad(x)` on an input, and compute outside `no_grad`")
        }
    }
}

/// The gradients of the sum of `outputs` with respect to each input; nil where an input plays no part. Nothing is
/// added to any tensor's `grad`.
public func gradients(
    of outputs: [Tensor], withRespectTo inputs: [Tensor], outputGradients: [Tensor]? = nil, keepGraph: Bool = false,
    createGraph: Bool = false
) throws -> [Tensor?] {
    for output in outputs {
        try output.checkHasRecord("grad")
        if outputGradients == nil && output.count != 1 {
            throw Failure(
                "shape", "grad starts from a tensor of one element, but this one has shape \(output.shape)",
                help: "take its sum or mean first")
        }
    }
    for input in inputs where !input.requiresGrad {
        throw Failure(
            "gradient", "`wrt` of grad must be a tensor that needs gradients, but one of shape \(input.shape) does not",
            help: "call `requires_grad(x)` on it before it is used")
    }
    let keepGraph = keepGraph || createGraph
    var results = [ct_tensor?](repeating: nil, count: inputs.count)
    let from = outputs.map { Optional($0.handle) }
    let to = inputs.map { Optional($0.handle) }
    let given = outputGradients?.map { Optional($0.handle) }
    let status = withExtendedLifetime((outputs, inputs, outputGradients)) {
        from.withUnsafeBufferPointer { from in
            to.withUnsafeBufferPointer { to in
                if let given {
                    return given.withUnsafeBufferPointer {
                        ct_gradients(
                            from.baseAddress, Int64(from.count), to.baseAddress, Int64(to.count), $0.baseAddress,
                            keepGraph, createGraph, &results)
                    }
                }
                return ct_gradients(
                    from.baseAddress, Int64(from.count), to.baseAddress, Int64(to.count), nil, keepGraph, createGraph,
                    &results)
            }
        }
    }
    try check(status)
    return results.map { $0.map { Tensor(owning: $0) } }
}

/// The gradient of one output with respect to one input; zeros when the input plays no part.
public func gradient(of output: Tensor, withRespectTo input: Tensor) throws -> Tensor {
    try gradients(of: [output], withRespectTo: [input])[0] ?? aten("zeros_like", .tensor(input))
}
