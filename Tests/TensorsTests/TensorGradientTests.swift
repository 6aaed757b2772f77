import Base
import Foundation
import Testing

@testable import Tensors

/// Gradients against central differences in float64.
@Suite struct TensorGradientTests {
    /// Smooth numbers without ties or zeros.
    private static func numbers(_ shape: [Int]) throws -> Tensor {
        let count = shape.reduce(1, *)
        return try Tensor((0..<count).map { sin(Double($0) * 1.7 + 0.4) * 0.9 + 0.05 }, shape: shape)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let shape: [Int]
        let compute: @Sendable (Tensor) throws -> Tensor
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "multiply", shape: [5]) { try $0.multiplying($0) },
        Case(name: "divide", shape: [5]) { try $0.applyingReversed(.divide, 1.0) },
        Case(name: "broadcast add", shape: [3, 1]) { try $0.adding(numbers([4])).multiplying($0) },
        Case(name: "matmul", shape: [3, 4]) { try $0.matmul($0.transposed()) },
        Case(name: "exp", shape: [5]) { try aten("exp", .tensor($0)) },
        Case(name: "sigmoid", shape: [5]) { try aten("sigmoid", .tensor($0)) },
        Case(name: "softmax", shape: [2, 4]) { try aten("softmax.int", .tensor($0), 1) },
        Case(name: "conv2d", shape: [1, 2, 5, 5]) {
            try aten("conv2d", .tensor($0), .tensor(numbers([3, 2, 3, 3])), .none, .ints([2, 2]), .ints([1, 1]))
        },
        Case(name: "conv3d", shape: [1, 1, 3, 4, 3]) {
            try aten("conv3d", .tensor($0), .tensor(numbers([2, 1, 2, 2, 2])))
        },
        Case(name: "transposed convolution", shape: [1, 2, 3, 3]) {
            try aten("conv_transpose2d.input", .tensor($0), .tensor(numbers([2, 1, 2, 2])), .none, .ints([2, 2]))
        },
        Case(name: "layer norm", shape: [2, 6]) { try aten("layer_norm", .tensor($0), .ints([6])) },
        Case(name: "bilinear", shape: [1, 1, 3, 3]) {
            try aten("upsample_bilinear2d.vec", .tensor($0), .ints([5, 7]), .bool(true), .none)
        },
        Case(name: "grid sample", shape: [1, 1, 4, 4]) {
            let grid = try numbers([1, 3, 3, 2]).multiplying(0.8)
            return try aten("grid_sampler", .tensor($0), .tensor(grid), 0, 1, true)
        },
        Case(name: "index", shape: [4, 3]) {
            try $0.indexed([.tensor(Tensor([2, 0, 2])), .slice(nil, nil, -1)])
        },
        Case(name: "max pool", shape: [1, 1, 4, 4]) { try aten("max_pool2d", .tensor($0), .ints([2, 2])) },
        Case(name: "cross entropy", shape: [3, 4]) {
            try aten("cross_entropy_loss", .tensor($0), .tensor(Tensor([1, 0, 3])))
        },
    ]

    @Test(arguments: cases)
    func agreesWithDifferences(_ item: Case) throws {
        let x = try Self.numbers(item.shape).setRequiresGrad()
        func total(_ x: Tensor) throws -> Tensor {
            let y = try item.compute(x)
            // Different weights an element, so that errors cannot cancel.
            let weights = try Self.numbers(y.shape).adding(1)
            return try aten("sum", .tensor(y.multiplying(weights)))
        }
        let analytic = try gradient(of: total(x), withRespectTo: x).doubles()
        let values = try x.doubles()
        let step = 1e-6
        for place in values.indices {
            var up = values
            var down = values
            up[place] += step
            down[place] -= step
            let difference = try withoutGradients {
                try (total(Tensor(up, shape: item.shape)).item() - total(Tensor(down, shape: item.shape)).item()) / (2 * step)
            }
            #expect(abs(analytic[place] - difference) < 1e-5 * max(1, abs(difference)))
        }
    }

    @Test func secondOrder() throws {
        let x = try Tensor([2.0], shape: []).setRequiresGrad()
        let cube = try x.multiplying(x).multiplying(x)
        let first = try gradients(of: [cube], withRespectTo: [x], createGraph: true)[0]
        #expect(try first?.item() == 12)
        #expect(try gradients(of: [first ?? x], withRespectTo: [x])[0]?.item() == 12)
    }

    @Test func messages() throws {
        let x = try Tensor.ones([2]).setRequiresGrad()
        let y = try aten("sum", .tensor(x.multiplying(x)))
        try y.backward()
        do {
            try y.backward()
            Issue.record("a second walk back must fail")
        } catch let error as Failure {
            #expect(error.code == "gradient")
            #expect(!error.message.contains("\n"))
        }
    }
}
