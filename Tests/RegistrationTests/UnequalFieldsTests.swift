import Foundation
@testable import Registration
import Tensors
import Testing
import Volumes

/// A small part that is looked for in a large image.
@Suite struct UnequalFieldsTests {
    private func noise(_ shape: [Int]) throws -> Tensor {
        var state: UInt64 = 7
        let values = (0..<shape.reduce(1, *)).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
        return try boxMean(Tensor(values, shape: [1] + shape), radius: [2, 2, 2]).squeezed(0)
    }

    @Test func aSmallPartIsFoundInALargeImage() throws {
        let grid = try Grid(shape: [120, 120, 120], spacing: [1, 1, 1])
        let moving = try Volume(data: noise(grid.shape), grid: grid)
        let fixed = try Volume(
            data: aten("roll", .tensor(moving.data), [-9, 7, -5], [0, 1, 2]).contiguous(), grid: grid)
        let mask = try Tensor.zeros(grid.shape)
        try mask.withUnsafeMutableElements(as: Float.self) { values in
            for x in 70..<84 { for y in 40..<54 { for z in 60..<74 { values[(x * 120 + y) * 120 + z] = 1 } } }
        }
        let found = try register(
            moving: moving, onto: fixed,
            options: RegistrationOptions(kind: .rigid, movingMask: Volume(data: mask, grid: grid)))
        let place = try found.apply(to: Tensor([68.0, 54, 62], shape: [1, 3])).doubles()
        #expect(zip(place, [77.0, 47, 67]).allSatisfy { abs($0 - $1) < 0.3 }, "\(place)")
    }

    @Test func bothMasksAreRespected() throws {
        // Two balls alike in the moving image, and one in the fixed one.
        let grid = try Grid(shape: [64, 32, 32], spacing: [1, 1, 1])
        let places = try Phantom.voxelPositions(grid).doubles()
        func volume(_ value: ([Double]) -> Double) throws -> Volume {
            let values = (0..<grid.count).map { Float(value(Array(places[(3 * $0)..<(3 * $0 + 3)]))) }
            return try Volume(data: Tensor(values, shape: grid.shape), grid: grid)
        }
        func thing(_ p: [Double], at x: Double) -> Double {
            func bump(_ a: Double, _ b: Double, _ c: Double) -> Double {
                exp(-((p[0] - x - a) * (p[0] - x - a) + (p[1] - b) * (p[1] - b) + (p[2] - c) * (p[2] - c)) / 18)
            }
            return bump(0, 14, 15) + 0.7 * bump(4, 18, 13) + 0.5 * bump(-3, 16, 20)
        }
        let moving = try volume { thing($0, at: 16) + thing($0, at: 48) }
        let fixed = try volume { thing($0, at: 30) }
        let mask = try volume { abs($0[0] - 30) < 14 ? 1 : 0 }
        for (place, far) in [(16.0, 48.0), (48, 16)] {
            let around = try volume { abs($0[0] - place) < 14 ? 1 : 0 }
            let found = try register(
                moving: moving, onto: fixed,
                options: RegistrationOptions(kind: .rigid, mask: mask, movingMask: around))
            let x = try found.apply(to: Tensor([30.0, 14, 15], shape: [1, 3])).doubles()[0]
            #expect(abs(x - place) < 0.5, "\(x), not \(far)")
        }
    }
}
