import Foundation
import Registration
import Tensors
import Volumes

/// Small images that tests make themselves.
enum Phantom {
    /// Smooth blobs that look alike nowhere, on a grid of the shape and spacing.
    static func image(_ grid: Grid, seed: Int = 1) throws -> Volume {
        try Volume(data: values(at: voxelPositions(grid), seed: seed), grid: grid)
    }

    /// The blobs at positions [X, Y, Z, 3] in mm.
    static func values(at points: Tensor, seed: Int = 1) throws -> Tensor {
        let shape = Array(points.shape.dropLast())
        let positions = try points.doubles()
        var state = UInt64(seed)
        func number() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 31)
        }
        let blobs: [(centre: [Double], width: Double, height: Double)] = (0..<40).map { _ in
            (centre: [number() * 48, number() * 48, number() * 48], width: 3 + 5 * number(), height: 0.3 + number())
        }
        var values: [Float] = []
        for index in 0..<shape.reduce(1, *) {
            var sum = 0.0
            for blob in blobs {
                let squared = squaredDistance(positions, 3 * index, blob.centre)
                sum += blob.height * exp(-squared / (2 * blob.width * blob.width))
            }
            values.append(Float(sum))
        }
        return try Tensor(values, shape: shape)
    }

    /// World positions of a grid's voxels, [X, Y, Z, 3].
    static func voxelPositions(_ grid: Grid) throws -> Tensor {
        try Transform.identity(fixed: grid, moving: grid).mappedPoints(dtype: .float64)
    }

    private static func squaredDistance(_ positions: [Double], _ start: Int, _ centre: [Double]) -> Double {
        var sum = 0.0
        for axis in 0..<3 {
            let difference = positions[start + axis] - centre[axis]
            sum += difference * difference
        }
        return sum
    }

    /// A ball of label 1 within a shell of label 2.
    static func labels(_ grid: Grid, centre: [Double], radius: Double) throws -> Volume {
        let positions = try voxelPositions(grid).doubles()
        let values = (0..<grid.count).map { index -> Int in
            let distance = squaredDistance(positions, 3 * index, centre).squareRoot()
            return distance < radius ? 1 : distance < 1.5 * radius ? 2 : 0
        }
        return try Volume(data: Tensor(values, shape: grid.shape), grid: grid)
    }
}

/// Folders beside the project that a test may look into, where they exist.
func sharedFolder(_ name: String) -> String? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("shared/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
}

/// Mean and largest difference of two tensors' elements.
func difference(_ a: Tensor, _ b: Tensor) throws -> (mean: Double, largest: Double) {
    let distances = zip(try a.doubles(), try b.doubles()).map { abs($0 - $1) }
    return (distances.reduce(0, +) / Double(max(1, distances.count)), distances.max() ?? 0)
}

/// Nil where both hold the same numbers; otherwise how they differ, in one line however many they are: an expectation of
/// whole fields prints all of both.
func disagreement<Number: Equatable>(_ a: [Number]?, _ b: [Number]?) -> String? {
    guard let a, let b else { return a == nil && b == nil ? nil : "one of the two is not there" }
    if a.count != b.count { return "\(a.count) numbers and \(b.count)" }
    let places = a.indices.filter { a[$0] != b[$0] }
    return places.first.map { "\(places.count) of \(a.count) numbers differ, the first at \($0): \(a[$0]) and \(b[$0])" }
}
