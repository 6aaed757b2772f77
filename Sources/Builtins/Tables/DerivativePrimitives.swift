import Machine
import Tensors

/// Gradients.
enum DerivativePrimitives {
    static let module = PrimitiveModule("derivatives", "Derivatives of what was computed.", [
        Primitive(
            "requires_grad(x: Tensor, on: Bool = true) -> Tensor", "Asks for gradients of a tensor, and gives it back.",
            example: "let x = requires_grad(tensor([3.0]))\nbackward(sum(x * x))\nx.grad  # => tensor([6.0])"
        ) { (x: Tensor, on: Bool) in
            try x.setRequiresGrad(on)
            return x
        },
        Primitive(
            "backward(loss: Tensor, gradient: Tensor? = nil, keep_graph: Bool = false)",
            "Adds the derivatives of a loss to the `grad` of every tensor it depends on that asks for gradients.",
            details: "The loss has one element, or `gradient` gives the derivative of what comes after it.",
            example: "let x = requires_grad(tensor([3.0]))\nbackward(sum(x ** 2))\nx.grad  # => tensor([6.0])"
        ) { (loss: Tensor, gradient: Tensor?, keepGraph: Bool) in
            try loss.backward(gradient: gradient, keepGraph: keepGraph)
            return Value.none
        },
        Primitive(
            "grad(loss: Tensor, wrt, keep_graph: Bool = false, create_graph: Bool = false)",
            "The derivative of a loss with respect to a tensor, or to each in a list; no tensor's `grad` changes.",
            details: "Zeros for a tensor that plays no part. With `create_graph` the result can be differentiated again.",
            example: "let x = requires_grad(tensor([3.0]))\ngrad(sum(x ** 2), x)  # => tensor([6.0])"
        ) { (loss: Tensor, wrt: OneOrMany, keepGraph: Bool, createGraph: Bool) in
            let found = try gradients(of: [loss], withRespectTo: wrt.tensors, keepGraph: keepGraph, createGraph: createGraph)
            let values = try zip(found, wrt.tensors).map { try $0 ?? aten("zeros_like", .tensor($1)) }
            return wrt.isList ? values.scriptValue : .tensor(values[0])
        },
        Primitive(
            "no_grad(body: Function)", "Runs a block without recording it for gradients, and gives its value.",
            example: "let x = requires_grad(tensor([3.0]))\nlet y = no_grad { x * x }\ny.needs_grad  # => false"
        ) { call in try withoutGradients { try call.machine.call(call[0], []) } },
        Primitive(
            "with_grad(body: Function)", "Runs a block with recording for gradients, inside `no_grad` too.",
            example: "let x = requires_grad(tensor([3.0]))\nlet y = no_grad { with_grad { x * x } }\ny.needs_grad  # => true"
        ) { call in try withGradients { try call.machine.call(call[0], []) } },
        Primitive(
            "autocast(dtype: String, body: Function)",
            "Runs a block with matrix products and convolutions in a smaller dtype, and gives its value.",
            details: """
                `dtype` is "bfloat16", or "float32", which changes nothing. Parameters stay as they are; what needs more digits \
                stays in float32, and `backward` outside the block goes through the dtypes of the forward pass. Faster only on \
                processors and GPUs that compute in bfloat16.
                """,
            example: "autocast(\"bfloat16\") { ones([2, 2]) @ ones([2, 2]) }.dtype  # => \"bfloat16\""
        ) { call in try withAutocast(to: try call.dtype(0) ?? .float32) { try call.machine.call(call[1], []) } },
        Primitive(
            "detach(x: Tensor) -> Tensor", "The same elements without their history for gradients.",
            example: "detach(requires_grad(tensor([3.0])) * 2)  # => tensor([6.0])"
        ) { (x: Tensor) in try x.detached() },
        Primitive(
            "clone(x: Tensor) -> Tensor", "A copy with memory of its own.", example: "clone(tensor([1, 2]))  # => tensor([1, 2])"
        ) { (x: Tensor) in try x.cloned() },
    ])
}

/// A tensor, or a list of them.
private struct OneOrMany: ScriptReadable {
    let tensors: [Tensor]
    let isList: Bool

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> OneOrMany {
        OneOrMany(tensors: try call.tensors(position), isList: call[position].object is ListObject)
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}
