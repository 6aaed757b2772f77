import Base
import Testing

@testable import Tensors

/// Expectations computed with NumPy on `arange(24).reshape(2, 3, 4)`.
@Suite struct TensorIndexingTests {
    private func source() throws -> Tensor { try Tensor(Array(0..<24), shape: [2, 3, 4]) }

    @Test func picks() throws {
        let x = try source()
        func expect(_ indices: [TensorIndex], _ shape: [Int], _ values: [Int], _ line: Comment) throws {
            let picked = try x.indexed(indices)
            #expect(picked.shape == shape, line)
            #expect(try picked.ints() == values, line)
        }
        try expect([.at(1), .at(2), .at(3)], [], [23], "x[1, 2, 3]")
        try expect([.at(-1), .at(-3)], [4], [12, 13, 14, 15], "x[-1, -3]")
        try expect([.slice(nil, nil, nil), .at(1)], [2, 4], [4, 5, 6, 7, 16, 17, 18, 19], "x[:, 1]")
        try expect([.ellipsis, .slice(1, 3, nil)], [2, 3, 2], [1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22], "x[..., 1:3]")
        try expect([.at(0), .ellipsis, .slice(nil, nil, -1)], [3, 4], [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8], "x[0, ..., ::-1]")
        try expect([.at(0), .at(0), .slice(nil, nil, -2)], [2], [3, 1], "x[0, 0, ::-2]")
        try expect([.at(0), .at(0), .slice(2, 0, -1)], [2], [2, 1], "x[0, 0, 2:0:-1]")
        try expect([.at(0), .at(0), .slice(-100, 100, 3)], [2], [0, 3], "x[0, 0, -100:100:3]")
        try expect([.at(0), .at(0), .slice(3, 1, nil)], [0], [], "x[0, 0, 3:1]")
        try expect([.at(0), .newAxis, .at(1)], [1, 4], [4, 5, 6, 7], "x[0, None, 1]")
        try expect([.ellipsis, .newAxis], [2, 3, 4, 1], Array(0..<24), "x[..., None]")
        try expect([.at(0), .tensor(Tensor([2, 0]))], [2, 4], [8, 9, 10, 11, 0, 1, 2, 3], "x[0, [2, 0]]")
        try expect([.tensor(Tensor([1, 0])), .tensor(Tensor([2, 1]))], [2, 4], [20, 21, 22, 23, 4, 5, 6, 7], "x[[1, 0], [2, 1]]")
        try expect([.ellipsis, .tensor(Tensor([-1]))], [2, 3, 1], [3, 7, 11, 15, 19, 23], "x[..., [-1]]")
        try expect([.tensor(x.applying(.greater, 20))], [3], [21, 22, 23], "x[x > 20]")
        let rows = try Tensor([true, false, true])
        try expect([.at(1), .tensor(rows), .at(0)], [2], [12, 20], "x[1, [True, False, True], 0]")
        let plane = try Tensor([true, false, false, false, true, false], shape: [2, 3])
        try expect([.tensor(plane), .at(1)], [2], [1, 17], "x[plane, 1]")
        try expect([.tensor(plane), .tensor(Tensor([0, 3]))], [2], [0, 19], "x[plane, [0, 3]]")
    }

    @Test func assigns() throws {
        func expect(_ indices: [TensorIndex], _ value: Tensor, _ values: [Int]) throws {
            let x = try Tensor(Array(0..<6), shape: [2, 3])
            try x.assign(value, at: indices)
            #expect(try x.ints() == values)
        }
        try expect([.at(0)], Tensor([9]), [9, 9, 9, 3, 4, 5])
        try expect([.ellipsis, .at(-1)], Tensor([7, 8]), [0, 1, 7, 3, 4, 8])
        try expect([.at(1), .slice(nil, nil, -1)], Tensor([7, 8, 9]), [0, 1, 2, 9, 8, 7])
        try expect([.slice(nil, nil, nil), .slice(nil, nil, 2)], Tensor(scalar: 1.9), [1, 1, 1, 1, 4, 1])
        try expect([.tensor(Tensor(Array(0..<6), shape: [2, 3]).applying(.greater, 3))], Tensor([0]), [0, 1, 2, 3, 0, 0])
        try expect([.at(0), .tensor(Tensor([2, 0]))], Tensor([5, 6]), [6, 1, 5, 3, 4, 5])
    }

    @Test func mistakesAreNamed() throws {
        let x = try source()
        func message(_ indices: [TensorIndex]) -> String {
            do { _ = try x.indexed(indices) } catch { return "\(error)" }
            return ""
        }
        #expect(message([.at(0), .at(3)]) == "index: an index into dimension 1 must be from -3 to 2, but is 3")
        #expect(message([.at(0), .at(0), .at(0), .at(0)]).contains("takes at most 3 indices, but got 4"))
        #expect(message([.ellipsis, .ellipsis]).contains("at most one"))
        #expect(message([.slice(nil, nil, 0)]).contains("step"))
        #expect(try message([.tensor(Tensor([true, false, true]))]).hasPrefix("shape: a mask must have"))
        #expect(try message([.tensor(Tensor([0.5]))]).hasPrefix("type: "))
        #expect(try message([.tensor(Tensor([5]))]).hasPrefix("index: "))
        #expect(throws: Failure.self) { try x.assign(Tensor([1, 2, 3]), at: [.at(0)]) }
    }
}
