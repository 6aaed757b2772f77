import Foundation
import Tensors

/// Does the parts 0 ..< `count` of a piece of work on as many threads as libtorch may use. Every part writes to places of
/// its own, so that the result does not depend on how many there are.
func inParallel(_ count: Int, _ work: @escaping (Int) -> Void) {
    let threads = min(Engine.threadCount, count)
    guard threads > 1 else { return (0..<count).forEach(work) }
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
        for part in stride(from: thread, to: count, by: threads) { work(part) }
    }
}

/// A sum over parts of work, which are added up in their order.
func sumInParallel(_ count: Int, _ work: @escaping (Int) -> Double) -> Double {
    let parts = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count))
    defer { parts.deallocate() }
    inParallel(count) { parts[$0] = work($0) }
    return (0..<count).reduce(0) { $0 + parts[$1] }
}

/// What `work` makes of each value, on as many threads as libtorch may use.
func mapInParallel<Value, Result>(_ values: [Value], _ work: @escaping (Value) throws -> Result) throws -> [Result] {
    let made = UnsafeMutablePointer<Swift.Result<Result, Error>?>.allocate(capacity: max(1, values.count))
    made.initialize(repeating: nil, count: values.count)
    defer {
        made.deinitialize(count: values.count)
        made.deallocate()
    }
    inParallel(values.count) { number in made[number] = Swift.Result { try work(values[number]) } }
    return try (0..<values.count).compactMap { try made[$0]?.get() }
}
