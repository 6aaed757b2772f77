import Tensors
import Testing

@testable import Volumes

/// Which intensities become black and white.
@Suite struct Intensities {
    private func range(_ values: [Float], _ percentiles: (Double, Double) = (1, 99)) throws -> [Float] {
        let found = try intensityRange(Tensor(values), percentiles: percentiles)
        return [found.low, found.high]
    }

    @Test func ranksAreThoseOfSorting() {
        var generator = SystemRandomNumberGenerator()
        var values = (0..<5000).map { _ in Float.random(in: -1e6...1e6, using: &generator) }
        values += [0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, -1, -1, -1]
        let sorted = values.sorted()
        values.withUnsafeBufferPointer { values in
            var order = OrderStatistics(values)
            for rank in stride(from: 0, to: sorted.count, by: 7) { #expect(order.value(rank) == sorted[rank]) }
            #expect(order.value(sorted.count - 1) == sorted[sorted.count - 1])
            #expect(order.counts(of: -1).equal == 3)
        }
        ([.nan, 1, .infinity, -2, -.infinity] as [Float]).withUnsafeBufferPointer { values in
            var order = OrderStatistics(values)
            #expect(order.count == 2)
            #expect(order.value(0) == -2 && order.value(1) == 1)
            #expect(order.counts(of: 1) == (1, 1))
        }
    }

    @Test func ordinaryImagesHaveLibtorchsQuantiles() throws {
        for count in [1, 2, 3, 101, 4096, 70_001] {
            let values = try aten("mul.Scalar", .tensor(try aten("randn", .ints([count]))), 100.0)
            let expected = try aten("quantile", .tensor(values), .tensor(Tensor([Float(0.01), 0.99]))).floats()
            // libtorch rounds once or twice, as the processor has it.
            let found = try range(values.floats())
            let isEqual = zip(found, expected).allSatisfy { abs($0 - $1) <= 4 * max($0.ulp, $1.ulp) }
            #expect(isEqual, "\(count) values: \(found) and \(expected)")
        }
    }

    @Test func backgroundThatFillsMostIsNoMeasure() throws {
        // 0.5%, 3% and 30% of the values are 100, 101, …, before zeros.
        for count in [50, 300, 3000] {
            let organ = (0..<count).map { Float(100 + $0) }
            let found = try range(organ + [Float](repeating: 0, count: 10_000 - count))
            #expect(found[0] == 0 && found[1] >= organ[(count - 1) * 97 / 100])
            let bright = try range(organ.map { -$0 } + [Float](repeating: 0, count: 10_000 - count))
            #expect(bright[1] == 0 && bright[0] <= -organ[(count - 1) * 97 / 100])
        }
    }

    @Test func fewHotVoxelsAreCutOff() throws {
        let values = (0..<10_000).map { Float($0 % 100) }
        let found = try range(values + [1e9, 1e9, -1e9])
        #expect(found[0] >= 0 && found[0] <= 1 && found[1] == 99)
        // One in a hundred is no longer few.
        #expect(try range(values + [Float](repeating: 1e5, count: 100))[1] == 1e5)
    }

    @Test func twoValuesStayTwo() throws {
        #expect(try range([5] + [Float](repeating: 0, count: 999)) == [0, 5])
        #expect(try range([3, 3, 3]) == [3, 3])
        #expect(try range([0, 0, 0, 0, 1, 1, 1, 2], (10, 30)) == [0, 2])
    }
}
