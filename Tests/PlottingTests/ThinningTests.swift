import Foundation
import Testing

@testable import Plotting

private let million = 1_000_000

private func panel(_ series: Series, logarithmic: Bool = false) -> Panel { Panel(logarithmic: logarithmic, series: [series]) }

@Suite struct ThinningTests {
    @Test func aSpikeOfOnePointStays() {
        var y = (0..<million).map { sin(Double($0) * 1e-4) }
        y[123_456] = 9
        y[654_321] = -7
        let all = panel(Series(x: (0..<million).map(Double.init), y: y))
        let thin = all.thinned(columns: 880, rows: 560)
        let series = thin.series[0]
        #expect(series.x.count <= 4 * 880 && series.x.count >= 880)
        #expect(series.y.max() == 9 && series.y.min() == -7)
        #expect(series.x.contains(123_456) && series.x.contains(654_321))
        #expect(thin.xRange == AxisRange.x(of: all) && thin.yRange == AxisRange.y(of: all))
        #expect(zip(series.x, series.x.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func everyColumnKeepsItsExtremes() {
        var state: UInt64 = 1
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 31)
        }
        let y = (0..<50_000).map { _ in random() }
        var all = panel(Series(x: (0..<50_000).map { (Double($0) + 0.5) / 50_000 }, y: y))
        all.xRange = 0...1
        let thin = all.thinned(columns: 100, rows: 100).series[0]
        for column in 0..<100 {
            let values = y[column * 500..<(column + 1) * 500]
            let kept = thin.x.indices.filter { Int(thin.x[$0] * 100) == column }.map { thin.y[$0] }
            #expect(kept.count <= 4 && kept.max() == values.max() && kept.min() == values.min())
            #expect(kept.first == values.first && kept.last == values.last)
        }
    }

    @Test func gapsAndBandsStay() {
        let x = (0..<20_000).map(Double.init)
        var y = x.map { $0 / 20_000 }
        y[10_000] = .nan
        var high = y.map { $0 + 0.1 }
        high[5000] = 3
        let thin = panel(Series(x: x, y: y, low: y.map { $0 - 0.1 }, high: high)).thinned(columns: 50, rows: 50).series[0]
        #expect(thin.y.filter(\.isNaN).count == 1)
        #expect(thin.low.count == thin.y.count && thin.high.max() == 3 && thin.y.count <= 6 * 50 + 3)
    }

    @Test func shortCurvesAndImagesAreLeftAlone() {
        let short = panel(Series(x: [0, 1, 2], y: [1, 2, 3]))
        #expect(short.thinned(columns: 10, rows: 10).series[0].y == [1, 2, 3])
        let image = ImageLayer(width: 1, height: 1, rgb: [0, 0, 0])
        let outline = Panel(series: [Series(x: (0..<1000).map(Double.init), y: (0..<1000).map(Double.init))], image: image)
        #expect(outline.thinned(columns: 2, rows: 2).series[0].x.count == 1000)
    }

    @Test func aCloudKeepsItsShapeAndItsDensity() {
        // Nine of ten points in the left half, and one far away.
        var x: [Double] = []
        var y: [Double] = []
        for number in 0..<million {
            let side = number % 10 == 0 ? 0.5 : 0.0
            x.append(Double((number * 7919) % 500) / 1000 + side)
            y.append(Double((number * 104_729) % 997) / 997)
        }
        (x[777], y[777]) = (3, 4)
        let thin = panel(Series(x: x, y: y, style: .points)).thinned(columns: 880, rows: 560).series[0]
        #expect(thin.x.count <= 220 * 140 + 1 && thin.weights.count == thin.x.count)
        let alone = thin.x.indices.filter { thin.x[$0] == 3 && thin.y[$0] == 4 }
        #expect(alone.map { thin.weights[$0] } == [0.0])
        func mean(_ range: Range<Double>) -> Double {
            let found: [Double] = thin.x.indices.filter { range.contains(thin.x[$0]) }.map { thin.weights[$0] }
            return found.reduce(0, +) / Double(max(1, found.count))
        }
        #expect(mean(0.05..<0.45) > mean(0.55..<0.95))
        let dots = panel(Series(x: x, y: y, style: .points)).thinned(columns: 160, rows: 56, showsDensity: false).series[0]
        #expect(dots.weights.isEmpty && dots.x.count <= 160 * 56 + 1 && dots.x.contains(3))
    }

    @Test func aCurveThatGoesToAndFroIsBounded() {
        var state: UInt64 = 7
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 31)
        }
        let count = 200_000
        let x = (0..<count).map { _ in random() }
        let y = (0..<count).map { _ in random() }
        let thin = panel(Series(x: x, y: y)).thinned(columns: 200, rows: 100).series[0]
        #expect(thin.x.count < 20_000 && thin.x.count > 100)
    }

    @Test func manyBarsAndLogarithmsKeepTheirExtremes() {
        let x = (0..<100_000).map(Double.init)
        var y = x.map { _ in 1.0 }
        y[40_000] = 50
        let bars = panel(Series(x: x, y: y, style: .bars)).thinned(columns: 200, rows: 100)
        #expect(bars.series[0].y.max() == 50 && bars.series[0].x.count <= 4 * 202 && (bars.series[0].barWidth ?? 0) > 100)
        y[3] = -1
        y[60_000] = 1e-6
        let logarithmic = panel(Series(x: x, y: y), logarithmic: true).thinned(columns: 200, rows: 100)
        #expect(logarithmic.series[0].y.filter(\.isFinite).min() == 1e-6)
        #expect(logarithmic.yRange == AxisRange.y(of: panel(Series(x: x, y: y), logarithmic: true)))
    }
}
