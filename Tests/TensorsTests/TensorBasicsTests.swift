import Base
import Testing

@testable import Tensors

@Suite struct TensorBasicsTests {
    @Test func dataGoesInAndOut() throws {
        let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(x.shape == [2, 3])
        #expect(x.dtype == .float32)
        #expect(try x.transposed().floats() == [1, 4, 2, 5, 3, 6])
        #expect(try x.to(dtype: .int64).ints() == [1, 2, 3, 4, 5, 6])
        #expect(try x.to(dtype: .bfloat16).to(dtype: .float64).doubles() == [1, 2, 3, 4, 5, 6])
        #expect(try Tensor([Float]()).shape == [0])
        #expect(throws: Failure.self) { try Tensor([1, 2] as [Float], shape: [3]) }
    }

    @Test func numbersDoNotChangeTheDtype() throws {
        let floats = try Tensor.ones([2])
        #expect(try floats.applying(.multiply, 2.5).dtype == .float32)
        let ints = try Tensor([1, 2, 3])
        #expect(try ints.applying(.add, 1).dtype == .int64)
        #expect(try ints.applying(.add, 0.5).dtype == .float32)
        #expect(try ints.applying(.divide, 2).floats() == [0.5, 1, 1.5])
        #expect(try ints.negated().applying(.floorDivide, 2).ints() == [-1, -1, -2])
        #expect(try ints.negated().applying(.remainder, 2).ints() == [1, 0, 1])
        #expect(try floats.applyingReversed(.power, 2.0).floats() == [2, 2])
        #expect(try ints.applyingReversed(.subtract, 10).ints() == [9, 8, 7])
    }

    @Test func everyOperatorIsReachable() throws {
        let image = try Tensor.ones([1, 2, 5, 5])
        let weight = try Tensor.ones([3, 2, 3, 3])
        let result = try aten("conv2d", .tensor(image), .tensor(weight), named: ["padding": .ints([1, 1])])
        #expect(result.shape == [1, 3, 5, 5])
        #expect(try aten("sum", .tensor(image)).item() == 50)
        #expect(try aten("sum", .tensor(image), .ints([2, 3]), .bool(true)).shape == [1, 2, 1, 1])
        #expect(try atenMany("max.dim", .tensor(image), 1).count == 2)
        #expect(try atenMany("unbind", .tensor(image), 2).count == 5)
        #expect(throws: Failure.self) { try aten("no_such_operator") }
    }

    @Test func shapesAreNamedInErrors() throws {
        let left = try Tensor.ones([2, 3])
        func message(_ body: () throws -> Tensor) -> String {
            do { _ = try body() } catch { return "\(error)" }
            return ""
        }
        #expect(
            message { try left.adding(Tensor.ones([4])) }
                == "shape: shapes [2, 3] and [4] do not broadcast: dimension 1 is 3 and 4")
        #expect(message { try left.matmul(Tensor.ones([2, 3])) }.contains("3 columns and the right 2 rows"))
        #expect(message { try left.reshaped([4, 2]) }.contains("cannot be reshaped to [4, 2]"))
        #expect(message { try Tensor.zeros([1_000_000, 1_000_000]) }.hasPrefix("memory: a tensor of shape [1000000, 1000000]"))
        #expect(message { try Tensor.zeros([1 << 40, 1 << 40]) }.hasPrefix("memory: "))
        let long = try Tensor.zeros([200_000, 1])
        #expect(message { try long.adding(long.transposed()) }.hasPrefix("memory: not enough memory: 160.0 GB"))
        #expect(message { try aten("index_select", .tensor(left), 0, .tensor(Tensor([7]))) }.hasPrefix("index: "))
        #expect(!message { try aten("conv2d", .tensor(left), .tensor(left)) }.contains("Exception raised"))
    }

    @Test func gradientModesNest() throws {
        let x = try Tensor([2] as [Float]).setRequiresGrad()
        let y = try x.multiplying(x)
        #expect(y.requiresGrad)
        #expect(try !withoutGradients { try x.multiplying(x).requiresGrad })
        #expect(try withoutGradients { try withGradients { try x.multiplying(x).requiresGrad } })
        try aten("sum", .tensor(y)).backward()
        #expect(try x.grad?.floats() == [4])
        #expect(throws: Failure.self) { try Tensor([1]).setRequiresGrad() }
        #expect(throws: Failure.self) { try Tensor.ones([2]).backward() }
    }

    @Test func seedsRepeat() throws {
        seed(7)
        let first = try Tensor.randn([5]).floats()
        seed(7)
        #expect(try Tensor.randn([5]).floats() == first)
        #expect(Engine.threadCount >= 1)
        #expect(Engine.version.contains("."))
    }
}
