import Tensors

/// Values that one part of the work over all of them takes.
let sumPartSize = 4096

/// libtorch's mean depends on the number of threads in its last digits, and so would the map; this one does not.
func wholeMean(_ values: Tensor) throws -> Double { try wholeSum(values) / Double(max(1, values.count)) }

/// The sum of float32 values, over parts of fixed size in their order.
func wholeSum(_ values: Tensor) throws -> Double {
    let count = values.count
    return try values.contiguous().withUnsafeElements(as: Float.self) { source -> Double in
        guard let from = source.baseAddress else { return 0 }
        return sumInParallel((count + sumPartSize - 1) / sumPartSize) { part in
            var sum = 0.0
            for place in (part &* sumPartSize)..<min((part &+ 1) &* sumPartSize, count) { sum += Double(from[place]) }
            return sum
        }
    }
}
