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
        let long = String(repeating: "long title ", count: 9)
        let layout = FigureLayout(Figure(panels: [image.panel(title: long), image.panel(title: long)]))
        let middles = layout.plots.map { $0.left + $0.width / 2 }
        let widest = layout.panelTitles.joined().map { TextFit.letters($0) }.max() ?? 0
        #expect(layout.panelTitles.allSatisfy { $0.count == 2 && $0[1].hasSuffix("…") })
        #expect(middles[1] - middles[0] > widest * FigureLayout.titleCharacterWidth)
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

@Suite struct LongTextTests {
    @Test func titlesTakeAsManyLinesAsTheyNeed() {
        let figure = Figure(panels: [Panel(title: String(repeating: "a word ", count: 12), series: [Series(x: [0, 1], y: [0, 1])])])
        let layout = FigureLayout(figure)
        #expect(layout.panelTitles[0].count == 2)
        for line in layout.panelTitles[0] { #expect(TextFit.letters(line) * FigureLayout.titleCharacterWidth <= layout.width) }
        #expect(layout.panelTitles[0].joined(separator: " ") == String(repeating: "a word ", count: 12).dropLast())
        #expect(layout.plots[0].top > FigureLayout(Figure(panels: [Panel(title: "a", series: figure.panels[0].series)])).plots[0].top)
    }

    @Test func wordsThatFitNowhereAreBrokenAndCut() {
        let lines = TextFit.lines(String(repeating: "x", count: 1000), room: 20, most: 3)
        #expect(lines.count == 3 && lines[2].hasSuffix("…"))
        for line in lines { #expect(TextFit.letters(line) <= 20) }
        #expect(TextFit.lines("", room: 20, most: 3).isEmpty)
        #expect(TextFit.lines("short", room: 20, most: 3) == ["short"])
        #expect(TextFit.shortened("abcdef", to: 4, TextFit.cells) == "abc…")
        #expect(TextFit.shortened("abcd", to: 4, TextFit.cells) == "abcd")
        #expect(TextFit.shortened("漢字漢字", to: 5, TextFit.cells) == "漢字…")
    }

    @Test func aLegendOfTwelveLongNamesStandsOutside() {
        let names = (0..<12).map { "a rather long name of a series, number \($0), that goes on" }
        let layout = FigureLayout(Figure(panels: [Panel(series: names.map { Series(name: $0, x: [0, 1], y: [0, 1]) })]))
        #expect(layout.width - layout.plots[0].right >= FigureLayout.longestName * FigureLayout.characterWidth)
        #expect(layout.plots[0].height >= 12 * FigureLayout.legendLineHeight)
        let many = FigureLayout(Figure(panels: [Panel(series: (0..<40).map { Series(name: "\($0)", x: [0], y: [0]) })]))
        #expect(many.plots[0].height >= 40 * FigureLayout.legendLineHeight)
    }

    @Test func namesOfCategoriesWrapBeforeTheyTurn() {
        func names(_ names: [String]) -> FigureLayout.CategoryNames { FigureLayout.CategoryNames(names, width: 440) }
        #expect(names(["a", "b"]).lines == [["a"], ["b"]] && !names(["a", "b"]).isTurned)
        let wrapped = names(["with one labelled case", "with three labelled cases", "with seven labelled cases"])
        #expect(!wrapped.isTurned && wrapped.lines.contains { $0.count == 2 })
        let turned = names((0..<12).map { "organ number \($0) of the abdomen" })
        #expect(turned.isTurned && turned.lines.allSatisfy { $0.count == 1 } && turned.below > 60 && turned.left > 60)
    }
}

@Suite struct BoxTests {
    @Test func quartilesAreThoseOfNumPy() throws {
        // numpy.percentile([1, 2, 3, 4, 5, 6, 7, 30], [25, 50, 75]) is [2.75, 4.5, 6.25]; 1.5 ranges above is 11.5.
        let box = try #require(BoxSummary([7, 30, 1, 2, 3, .nan, 4, 5, 6]))
        #expect(box.lowerQuartile == 2.75 && box.median == 4.5 && box.upperQuartile == 6.25)
        #expect(box.lowerWhisker == 1 && box.upperWhisker == 7 && box.outliers == [30])
    }

    @Test func fewNumbersAreABoxToo() throws {
        #expect(BoxSummary([.nan, .infinity]) == nil)
        let one = try #require(BoxSummary([3.0]))
        #expect(one.median == 3 && one.lowerWhisker == 3 && one.upperWhisker == 3 && one.outliers.isEmpty)
        // Both neighbours of the upper quartile, 4.25, are on the other side of the fence or inside the box.
        let odd = try #require(BoxSummary([1, 2, 3, 4, 100]))
        #expect(odd.upperWhisker >= odd.upperQuartile && odd.outliers == [100])
    }

    @Test func boxesAreInsideTheAxes() throws {
        let box = try #require(BoxSummary([1, 2, 3, 4, 100]))
        var panel = Panel(series: [Series(x: [0], boxes: [box])])
        panel.categories = ["a"]
        #expect(AxisRange.y(of: panel).contains(100) && AxisRange.x(of: panel).contains(0.4))
        #expect(Figure(panels: [panel]).summary == "<Figure: 1 box>")
    }
}
