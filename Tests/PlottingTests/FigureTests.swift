import Testing

@testable import Plotting

@Suite struct FigureTests {
    @Test func ticksAreRound() {
        #expect(AxisRange.ticks(0...1, count: 6) == [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1])
        #expect(AxisRange.ticks(0...3000, count: 7) == [0, 500, 1000, 1500, 2000, 2500, 3000])
        #expect(AxisRange.ticks(-1e-9...1e-9, count: 4).count >= 3)
        #expect(AxisRange.logarithmicTicks(0.001...10) == [0.001, 0.01, 0.1, 1, 10])
    }

    @Test func rangesHoldTheDataAndNothingElse() {
        #expect(AxisRange.covering([1, .nan, 5, .infinity]) == 1...5)
        #expect(AxisRange.covering([]) == 0...1)
        #expect(AxisRange.covering([-1, 0.01, 100], logarithmic: true) == 0.01...100)
        let flat = AxisRange.covering([7.0, 7])
        #expect(flat.lowerBound < 7 && flat.upperBound > 7)
    }

    @Test func stepsOfWholeNumbersAreWhole() {
        let epochs = Panel(series: [Series(x: [1, 2, 3], y: [1, 2, 3])])
        #expect(AxisRange.step([1, 1.5, 2], of: epochs) == 1)
        let halves = Panel(series: [Series(x: [0, 0.5], y: [1, 2])])
        #expect(AxisRange.step([0, 0.1, 0.2], of: halves) == 0.1)
    }

    @Test func colorsRepeatWithAnotherDash() {
        #expect(Palette.line(0) == Palette.line(Palette.lines.count))
        #expect(Palette.dash(0) == 1 && Palette.dash(Palette.lines.count) == 2)
        #expect(Palette.label(0) == nil && Palette.label(Int.min) != nil)
        #expect(Color(hex: 0x0072B2).hexText == "#0072b2")
    }

    @Test func panelsDoNotOverlapAndStayInside() {
        let chart = Panel(
            title: "t", xLabel: "x", yLabel: "y",
            series: [Series(name: "a long name", x: [0], y: [1]), Series(name: "b", x: [0], y: [2])])
        let image = ImageLayer(width: 2, height: 4, rgb: [UInt8](repeating: 0, count: 24), pixelWidth: 2)
        let figure = Figure(title: "all", panels: [chart, Panel(image: image), chart, chart], columns: 2)
        let layout = FigureLayout(figure)
        for (index, box) in layout.plots.enumerated() {
            #expect(box.left >= 0 && box.top >= 0 && box.right <= layout.width && box.bottom <= layout.height)
            for other in layout.plots[..<index] {
                #expect(
                    box.left >= other.right || other.left >= box.right || box.top >= other.bottom
                        || other.top >= box.bottom)
            }
        }
    }

    @Test func imagesKeepTheirShapeInSpace() {
        let image = ImageLayer(width: 10, height: 20, rgb: [UInt8](repeating: 9, count: 600), pixelWidth: 3)
        #expect(image?.extent.width == 30 && image?.extent.height == 20)
        let box = FigureLayout(Figure(panels: [Panel(image: image)])).plots[0]
        #expect(abs(box.width / box.height - 1.5) < 1e-9)
        #expect(ImageLayer(width: 2, height: 2, rgb: [1, 2, 3]) == nil)
        #expect(ImageLayer(width: 1, height: 1, rgb: [1, 2, 3], pixelWidth: 0) == nil)
    }
}

@Suite struct LabelOverlayTests {
    @Test func outlineOfOnePixelIsItsSquare() {
        let (x, y) = LabelOutline.trace([0, 0, 0, 0, 1, 0, 0, 0, 0], width: 3, height: 3, label: 1)
        #expect(x.count == 5 && x.first == x.last && y.first == y.last)
        #expect(Set(x) == [1, 2] && Set(y) == [1, 2])
    }

    @Test func outlineOfARingHasTwoParts() {
        let ring = [1, 1, 1, 1, 0, 1, 1, 1, 1]
        let (x, _) = LabelOutline.trace(ring, width: 3, height: 3, label: 1)
        #expect(x.filter(\.isNaN).count == 1)
        // Twelve edges outside, four inside, each part closed by its first corner.
        #expect(x.filter { !$0.isNaN }.count == 12 + 1 + 4 + 1)
    }

    @Test func labelsAreMixedIntoTheGreys() throws {
        let image = try #require(GreyImage(width: 2, height: 1, values: [0, 10]))
        let layer = try #require(image.layer(labels: [0, 1], window: 0...10, alpha: 0.5))
        #expect(layer.color(row: 0, column: 0) == Color(0, 0, 0))
        #expect(layer.color(row: 0, column: 1) == Palette.label(1)?.over(Color(255, 255, 255), alpha: 0.5))
    }

    @Test func windowLeavesOutliersOut() {
        let values = (0..<10_000).map { $0 == 5 ? 1e9 : Double($0 % 100) }
        let window = GreyImage.window(of: values)
        #expect(window.lowerBound == 0 && window.upperBound == 99)
        #expect(GreyImage.window(of: [.nan]) == 0...1)
        #expect(GreyImage.window(of: [3.0, 3]) == 3...4)
    }
}

@Suite struct HeatMapTests {
    @Test func coloursGrowWithTheValues() throws {
        let map = try #require(HeatMap(values: [[0, 1], [.nan, 0.5]], rows: ["a", "b"], columns: ["c", "d"]))
        let figure = map.figure(title: "t", xLabel: "x", yLabel: "y")
        let image = try #require(figure.panels[0].image)
        #expect(image.color(row: 0, column: 0) == Palette.heat(0) && image.color(row: 0, column: 1) == Palette.heat(1))
        #expect(image.color(row: 1, column: 0) == Palette.heat(.nan) && image.color(row: 1, column: 1) == Palette.heat(0.5))
        #expect(Palette.heat(0).brightness < Palette.heat(0.5).brightness && Palette.heat(0.5).brightness < Palette.heat(1).brightness)
        #expect(figure.legend.map(\.name) == ["1", "0.8", "0.6", "0.4", "0.2", "0", "unknown"])
        #expect(figure.panels[0].rowNames == ["a", "b"])
    }

    @Test func oneValueAndNoneAreDrawn() throws {
        #expect(HeatMap(values: [[3]])?.figure().legend.map(\.name) == ["3"])
        #expect(HeatMap(values: [[.nan]])?.figure().legend.map(\.name) == ["unknown"])
        #expect(HeatMap(values: [[-1e308, 1e308]])?.figure().panels[0].image?.color(row: 0, column: 1) == Palette.heat(1))
    }

    @Test func longTitlesOfImagesDoNotMeet() throws {
        let image = try #require(GreyImage(width: 20, height: 20, values: [Double](repeating: 0, count: 400)))
        let long = String(repeating: "t", count: 60)
        let layout = FigureLayout(Figure(panels: [image.panel(title: long), image.panel(title: long)]))
        let middles = layout.plots.map { $0.left + $0.width / 2 }
        #expect(middles[1] - middles[0] > 60 * FigureLayout.characterWidth)
    }

    @Test func rowsOfDifferentLengthAreNoTable() {
        #expect(HeatMap(values: []) == nil && HeatMap(values: [[]]) == nil && HeatMap(values: [[1], [1, 2]]) == nil)
        #expect(HeatMap(values: [[1, 2]], columns: ["one"]) == nil)
    }

    @Test func namesHaveRoom() throws {
        let long = String(repeating: "n", count: 30)
        let with = FigureLayout(try #require(HeatMap(values: [[1, 2]], rows: [long], columns: [long, "b"])).figure())
        let without = FigureLayout(try #require(HeatMap(values: [[1, 2]])).figure())
        #expect(with.plots[0].left > without.plots[0].left + 100 && with.height > without.height + 100)
    }
}
