import Figures
import Plotting
import Registration
import Tensors
import Testing
import Volumes

/// Figures of images from values alone: no script, no machine.
@Suite struct ImageFigureTests {
    private let grid: Grid
    private let image: Volume
    init() throws {
        grid = try Grid(shape: [6, 5, 4], spacing: [1, 1, 2])
        image = try Volume(data: Tensor((0..<120).map(Float.init), shape: [6, 5, 4]), grid: grid)
    }

    private func labels(_ values: [Int64]) throws -> SliceSource { try SliceSource(Volume(data: Tensor(values, shape: [6, 5, 4]), grid: grid)) }

    /// A map whose slices across the last axis hold so many voxels of class 1.
    private func labels(filled counts: [Int]) throws -> SliceSource {
        try labels((0..<120).map { $0 / 4 < counts[$0 % 4] ? 1 : 0 })
    }

    @Test func slicesLieAcrossTheThickestAxis() throws {
        let source = try SliceSource(image)
        #expect(source.usualAxis == 2)
        let layout = source.layout(across: 2)
        #expect(layout.name.isEmpty && layout.sides.isEmpty)
        let slice = try #require(try source.image(layout, at: 1))
        #expect((slice.width, slice.height) == (5, 6))
        #expect(Array(slice.values.prefix(3)) == [1, 5, 9])
    }

    @Test func theSliceThatLabelsTellMostInIsShown() throws {
        let map = try labels(filled: [0, 1, 9, 10])
        #expect(try map.tellingSlice(across: 2) == 2)
        #expect(try map.greatestLabel() == 1)
        let pairs = try OverlayFigure.pairs([("scan", SliceSource(image))], [("truth", map)])
        var drawing = OverlayFigure()
        drawing.names = [1: "RV"]
        let figure = try drawing.overlay(pairs, slices: nil, axis: nil, title: "t")
        #expect(figure.panels.map(\.title) == ["scan, truth · slice 2"])
        #expect(figure.legend.map(\.name) == ["RV"])
        #expect(try drawing.montage(pairs[0], count: 9, axis: nil, title: "").panels.map(\.title) == ["slice 1", "slice 2", "slice 3"])
        #expect(try drawing.orthogonal(pairs[0], at: [1, 2, 3], title: "").panels.count == 3)
    }

    @Test func oneImageGoesWithEveryLabelMap() throws {
        let (map, scan) = (try labels(filled: [1, 1, 1, 1]), try SliceSource(image))
        #expect(try OverlayFigure.pairs([("", scan)], [("a", map), ("b", nil)]).map { $0.labels == nil } == [false, true])
        #expect(try OverlayFigure.pairs([("a", scan), ("b", scan)], [("", map)]).allSatisfy { $0.labels != nil })
        let other = SliceSource(data: try Tensor([Float](repeating: 0, count: 8), shape: [2, 2, 2]), spacing: [1, 1, 1], orientation: nil)
        #expect(throws: (any Error).self) { try OverlayFigure.pairs([("", other)], [("", SliceSource(data: map.data, spacing: [1, 1, 1], orientation: nil))]) }
    }

    @Test func aSliceThatIsNotThereIsRefused() throws {
        let pairs = try OverlayFigure.pairs([("", SliceSource(image))], [])
        #expect(throws: (any Error).self) { try OverlayFigure().overlay(pairs, slices: [4], axis: 2, title: "") }
        #expect(throws: (any Error).self) { try OverlayFigure().overlay(pairs, slices: nil, axis: 3, title: "") }
        #expect(try OverlayFigure().overlay(pairs, slices: [-1], axis: 2, title: "").panels.map(\.title) == ["slice 3"])
    }

    @Test func twoImagesAreComparedOnOneGridAlone() throws {
        let (one, brighter) = (try SliceSource(image), try SliceSource(Volume(data: aten("add.Scalar", .tensor(image.data), 2.0, 1.0), grid: grid)))
        let both = try CompareFigure(brighter, one, squares: 2).figure(slices: [0], axis: 2, checkerboard: true, difference: true, title: "")
        #expect(both.panels.map(\.title) == ["checkerboard · slice 0", "a − b · slice 0"])
        #expect(both.legend.first?.name == "+2")
        let color = Palette.diverging(1)
        #expect(try #require(both.panels[1].image).rgb.prefix(3) == [color.red, color.green, color.blue])
        let moved = try Volume(data: image.data, grid: Grid(shape: [6, 5, 4], spacing: [1, 1, 3]))
        #expect(throws: (any Error).self) { try CompareFigure(one, SliceSource(moved), squares: 2) }
    }

    @Test func aShiftMovesEveryPointByItsLength() throws {
        let shift = try Transform(kind: .affine, fixed: grid, moving: grid, affine: Affine(scale: [1, 1, 1], translation: [0, 1, 0]))
        let figure = try DeformationFigure(shift, image: nil, localOnly: false)
        let lengths = try figure.lengths(slices: nil, axis: 2, arrows: true, title: "")
        #expect(lengths.legend.first?.name == "1 mm")
        #expect(lengths.panels.count == 1 && lengths.panels[0].series.count == 1)
        #expect(try figure.grid(slices: [0, 1], axis: 2, spacing: 1, title: "").panels.count == 2)
        #expect(throws: (any Error).self) { try figure.grid(slices: nil, axis: 2, spacing: 0.001, title: "") }
        let still = try DeformationFigure(shift, image: image, localOnly: true).lengths(slices: nil, axis: nil, arrows: false, title: "")
        #expect(still.legend.first?.name == "0 mm")
    }
}

/// Bars and counts.
@Suite struct BarFigureTests {
    @Test func barsOfSeveralSeriesShareTheirPlace() {
        let panel = BarFigure.panel(["a", "b"], [("one", [.init(1), .unknown]), ("two", [.init(2, low: 1, high: 3), .init(4)])])
        #expect(panel.categories == ["a", "b"])
        #expect(panel.series.map { $0.x[0] }.reduce(0, +).magnitude < 1e-12)
        #expect(panel.series[0].x[0] < panel.series[1].x[0])
        #expect(panel.series[0].low.isEmpty && panel.series[1].low[0] == 1)
    }

    @Test func fewPlacesHaveTheirOwnNumbers() {
        #expect(BarFigure.panel([Series(x: [3, 1, 7], y: [1, 2, 3], style: .bars)]).xTicks == [1, 3, 7])
        #expect(BarFigure.panel([Series(x: (0..<13).map(Double.init), y: Array(repeating: 1, count: 13), style: .bars)]).xTicks.isEmpty)
    }

    @Test func countsAddUpWhateverTheRange() throws {
        let counts = try #require(histogram(of: [0, 1, 1, 2, 10, .nan], bins: 5))
        #expect(counts.y == [3, 1, 0, 0, 1])
        #expect(counts.x == [1, 3, 5, 7, 9])
        #expect(try #require(histogram(of: [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude], bins: 2)).y == [1, 2])
        #expect(try #require(histogram(of: [4, 4], bins: 3)).y == [2, 0, 0])
        #expect(histogram(of: [.nan, .infinity], bins: 3) == nil)
    }
}
