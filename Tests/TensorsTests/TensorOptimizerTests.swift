import Base
import Testing

@testable import Tensors

@Suite struct TensorOptimizerTests {
    private func parameter() throws -> Tensor { try Tensor([1, -2, 3] as [Float]).setRequiresGrad() }

    private func descend(_ optimizer: TorchOptimizer, steps: Int) throws {
        for _ in 0..<steps {
            try optimizer.zeroGrad()
            try aten("sum", .tensor(optimizer.parameters[0].multiplying(optimizer.parameters[0]))).backward()
            try optimizer.step()
        }
    }

    @Test func sgdFollowsItsFormula() throws {
        let x = try parameter()
        let optimizer = try TorchOptimizer.sgd([x], rate: 0.1, momentum: 0.9, weightDecay: 0.01)
        try descend(optimizer, steps: 2)
        // By hand: g = 2p + 0.01p; v1 = g; p1 = p − 0.1·v1; v2 = 0.9·v1 + g(p1); p2 = p1 − 0.1·v2.
        let first = 1 - 0.1 * 2.01
        let second = first - 0.1 * (0.9 * 2.01 + 2.01 * first)
        #expect(abs(Double(try x.floats()[0]) - second) < 1e-6)
        #expect(optimizer.rate == 0.1)
        try optimizer.setRate(0.05)
        #expect(optimizer.rate == 0.05)
    }

    @Test(arguments: [TorchOptimizer.Kind.sgd, .adam, .adamw])
    func stateResumesExactly(_ kind: TorchOptimizer.Kind) throws {
        func make(_ x: Tensor) throws -> TorchOptimizer {
            switch kind {
            case .sgd: return try .sgd([x], rate: 0.1, momentum: 0.9)
            case .adam: return try .adam([x], rate: 0.1)
            case .adamw: return try .adamw([x], rate: 0.1)
            }
        }
        let straight = try parameter()
        let optimizer = try make(straight)
        try descend(optimizer, steps: 3)
        let copy = try straight.detached().cloned().setRequiresGrad()
        let resumed = try make(copy)
        try resumed.load(state: optimizer.state())
        try descend(optimizer, steps: 3)
        try descend(resumed, steps: 3)
        #expect(try straight.floats() == copy.floats())
        #expect(throws: Failure.self) { try resumed.load(state: [("9.step", straight)]) }
        #expect(throws: Failure.self) { try TorchOptimizer.sgd([], rate: 0.1) }
    }
}
