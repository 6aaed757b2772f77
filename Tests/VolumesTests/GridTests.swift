import Base
import Tensors
import Testing

@testable import Volumes

@Suite struct Grids {
    @Test func affineInverse() throws {
        let affine = Affine(columns: [[0.9, 0.2, 0.1], [-0.3, 1.5, 0.2], [0.1, -0.4, 3]], translation: [5, -7, 11])
        let inverse = try #require(affine.inverse)
        #expect(isClose((affine * inverse).rows, Affine.identity.rows, 1e-12))
        #expect(isClose([inverse(affine([1, 2, 3]))], [[1, 2, 3]], 1e-12))
        #expect(Affine(columns: [[1, 0, 0], [2, 0, 0], [0, 0, 1]], translation: [0, 0, 0]).inverse == nil)
    }

    @Test func orientationCodes() throws {
        #expect(try Orientation(codes: "LPS").codes == "LPS")
        #expect(throws: Failure.self) { try Orientation(codes: "LRS") }
        let grid = try Grid(
            shape: [2, 3, 4], affine: Affine(columns: [[0, -1, 0], [0, 0, -2], [3, 0, 0]], translation: [0, 0, 0]))
        #expect(grid.orientation.codes == "PIR")
        #expect(grid.spacing == [1, 2, 3])
    }

    @Test func reorientingKeepsPlaces() throws {
        let affine = Affine(columns: [[0.1, -1, 0.2], [0.1, 0.1, -2], [3, 0.2, 0.1]], translation: [4, 5, 6])
        let volume = try Volume(
            data: try Tensor((0..<24).map(Float.init), shape: [2, 3, 4]), grid: try Grid(shape: [2, 3, 4], affine: affine))
        for codes in ["RAS", "LPS", "SAL", "IPR"] {
            let turned = try volume.reoriented(to: try Orientation(codes: codes))
            #expect(turned.grid.orientation.codes == codes)
            let values = try turned.data.floats()
            for (place, value) in values.enumerated() {
                let shape = turned.shape
                let index = [place / (shape[1] * shape[2]), place / shape[2] % shape[1], place % shape[2]]
                let position = turned.grid.world(of: index.map(Double.init))
                let source = volume.grid.voxel(at: position).map { Int($0.rounded()) }
                #expect(value == Float(source[0] * 12 + source[1] * 4 + source[2]))
            }
        }
    }

    @Test func differencesAreSaid() throws {
        let grid = try Grid(shape: [4, 5, 6], spacing: [1, 1, 2])
        #expect(grid.isSame(as: try Grid(shape: [4, 5, 6], spacing: [1, 1, 2.0005])))
        #expect(grid.difference(from: try Grid(shape: [4, 5, 7], spacing: [1, 1, 2]))?.contains("shape") == true)
        #expect(grid.difference(from: try Grid(shape: [4, 5, 6], spacing: [1, 1, 3]))?.contains("spacing") == true)
        #expect(
            grid.difference(from: try Grid(shape: [4, 5, 6], spacing: [1, 1, 2], origin: [9, 0, 0]))?.contains("origin")
                == true)
        #expect(throws: Failure.self) { try Grid(shape: [0, 5, 6]) }
        #expect(throws: Failure.self) { try Grid(shape: [4, 5, 6], spacing: [1, 0, 1]) }
    }
}

@Suite struct Resampling {
    /// A volume whose values are 1 + x + 2y + 3z in mm, which linear interpolation reproduces exactly.
    private func ramp(_ grid: Grid) throws -> Volume {
        var values: [Float] = []
        for i in 0..<grid.shape[0] {
            for j in 0..<grid.shape[1] {
                for k in 0..<grid.shape[2] {
                    let place = grid.world(of: [Double(i), Double(j), Double(k)])
                    values.append(Float(1 + place[0] + 2 * place[1] + 3 * place[2]))
                }
            }
        }
        return try Volume(data: try Tensor(values, shape: grid.shape), grid: grid)
    }

    @Test func sameGridGivesTheSame() throws {
        let volume = try ramp(try Grid(shape: [5, 4, 3], spacing: [1, 2, 3], origin: [-4, 5, 6]))
        for mode in Interpolation.allCases {
            let same = try resample(volume, onto: volume.grid, interpolation: mode)
            for (a, b) in zip(try same.data.floats(), try volume.data.floats()) { #expect(abs(a - b) < 1e-4) }
        }
    }

    @Test func linearOntoAnotherGrid() throws {
        let source = try ramp(try Grid(shape: [12, 12, 12], origin: [-2, -2, -2]))
        let affine = Affine(columns: [[0, 0.5, 0.1], [-0.6, 0.1, 0], [0, 0, 0.7]], translation: [6, 1, 2])
        let wanted = try ramp(try Grid(shape: [5, 6, 4], affine: affine))
        let found = try resample(source, onto: wanted.grid)
        for (a, b) in zip(try found.data.floats(), try wanted.data.floats()) { #expect(abs(a - b) < 1e-3) }
    }

    @Test func outsideValueAndChannels() throws {
        let volume = try Volume(data: try Tensor.ones([2, 2, 2, 3]), grid: try Grid(shape: [2, 2, 2]))
        let far = try resample(volume, onto: try Grid(shape: [2, 2, 2], origin: [50, 0, 0]), outside: -7)
        #expect(far.shape == [2, 2, 2, 3])
        #expect(try far.data.floats().allSatisfy { $0 == -7 })
    }

    @Test func spacingKeepsTheFieldOfView() throws {
        let volume = try ramp(try Grid(shape: [10, 10, 4], spacing: [1, 1, 3]))
        let finer = try resample(volume, spacing: [0.5, 1, 1])
        #expect(finer.shape == [20, 10, 12])
        #expect(isClose([finer.grid.origin], [[-0.25, 0, -1]], 1e-9))
        let labels = try Volume(data: try Tensor([Int](repeating: 5, count: 400), shape: [10, 10, 4]), grid: volume.grid)
        let coarse = try resample(labels, spacing: [2, 2, 3])
        #expect(coarse.data.dtype == .int64)
        #expect(try coarse.data.ints().allSatisfy { $0 == 5 })
    }

    @Test func cropAndPadKeepPlaces() throws {
        let volume = try ramp(try Grid(shape: [6, 5, 4], spacing: [1, 2, 3]))
        let part = try volume.cropped(start: [1, 2, 1], shape: [3, 2, 2])
        #expect(try part.data.floats() == ramp(part.grid).data.floats())
        let larger = try volume.padded(before: [1, 0, 2], after: [0, 3, 0], value: 9)
        #expect(larger.shape == [7, 8, 6])
        #expect(larger.grid.voxel(at: volume.grid.origin).map { $0.rounded() } == [1, 0, 2])
        #expect(try volume.fitted(to: [4, 9, 4]).shape == [4, 9, 4])
        #expect(throws: Failure.self) { try volume.cropped(start: [4, 0, 0], shape: [3, 1, 1]) }
        let box = try #require(try volume.padded(before: [2, 2, 2], after: [1, 1, 1]).foregroundBox())
        #expect(box.start == [2, 2, 2] && box.shape == [6, 5, 4])
    }

    @Test func normalising() throws {
        let grid = try Grid(shape: [1, 1, 101])
        let volume = try Volume(data: try Tensor((0...100).map(Float.init), shape: [1, 1, 101]), grid: grid)
        let scaled = try volume.normalized(percentiles: (10, 90)).volume.data.floats()
        #expect(scaled[0] == 0 && scaled[100] == 1 && abs(scaled[50] - 0.5) < 1e-6)
        let broken = try volume.with(data: try Tensor([Float](repeating: .nan, count: 101), shape: [1, 1, 101]))
        #expect(problem { _ = try broken.normalized() }.hasPrefix("value:"))
    }
}
