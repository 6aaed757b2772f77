import Machine
import Tensors

/// Gradients.
enum DerivativePrimitives {
    static let module = PrimitiveModule("derivatives", "Derivatives of what was computed.", [
        Primitive(
            "requires_grad(x: Tensor, on: Bool = true) -> Tensor", "Asks for gradients of a tensor, and gives it back.",
            example: "let x = requires_grad(tensor([3.0]))\nbackward(sum(x * x))\nx.grad  # => tensor([6.0])"
        ) { call in
            try call.tensor(0).setRequiresGrad(call.bool(1))
            return call[0]
        },
        Primitive(
            "backward(loss: Tensor, gradient: Tensor? = nil, keep_graph: Bool = false)",
            "Adds the derivatives of a loss to the `grad` of every tensor it depends on that asks for gradients.",
            details: "The loss has one element, or `gradient` gives the derivative of what comes after it.",
            example: "let x = requires_grad(tensor([3.0]))\nbackward(sum(x ** 2))\nx.grad  # => tensor([6.0])"
        ) { call in
            try call.tensor(0).backward(gradient: call.optional(1, call.tensor), keepGraph: call.bool(2))
            return .none
        },
        Primitive(
            "grad(loss: Tensor, wrt, keep_graph: Bool = false, create_graph: Bool = false)",
            "The derivative of a loss with respect to a tensor, or to each in a list; no tensor's `grad` changes.",
            details: "Zeros for a tensor that plays no part. With `create_graph` the result can be differentiated again.",
            example: "let x = requires_grad(tensor([3.0]))\ngrad(sum(x ** 2), x)  # => tensor([6.0])"
        ) { call in
            let inputs = try call.tensors(1)
            let found = try gradients(of: [call.tensor(0)], withRespectTo: inputs, keepGraph: call.bool(2), createGraph: call.bool(3))
            let values = try zip(found, inputs).map { gradient, input -> Value in
                .tensor(try gradient ?? aten("zeros_like", .tensor(input)))
            }
            return call[1].object is ListObject ? .list(values) : values[0]
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
        ) { call in .tensor(try call.tensor(0).detached()) },
        Primitive(
            "clone(x: Tensor) -> Tensor", "A copy with memory of its own.", example: "clone(tensor([1, 2]))  # => tensor([1, 2])"
        ) { call in .tensor(try call.tensor(0).cloned()) },
    ])
}
