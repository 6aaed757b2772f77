import Base
import Tensors

/// Scales the gradients of `parameters` so that their common Euclidean norm is at most `limit`; returns the norm
/// before (Pascanu, Mikolov and Bengio 2013). Gradients whose norm is not finite stay as they are, so that it can be seen
/// where that began.
@discardableResult
public func clipGradients(of parameters: [Tensor], to limit: Double) throws -> Double {
    guard limit >= 0 else { throw Failure("value", "`limit` of clip_gradients must be 0 or more, but is \(limit)") }
    return try withoutGradients {
        let gradients = parameters.compactMap(\.grad)
        var total = 0.0
        for gradient in gradients {
            let norm = try aten("norm.Scalar", .tensor(gradient), .float(2)).item()
            total += norm * norm
        }
        let norm = total.squareRoot()
        if norm > limit, norm.isFinite {
            for gradient in gradients { try aten("mul_.Scalar", .tensor(gradient), .float(limit / norm)) }
        }
        return norm
    }
}
