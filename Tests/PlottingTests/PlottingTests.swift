import Foundation
import Testing

@testable import Plotting

@Suite struct GalleryTests {
    @Test func gallery() throws {
        let out = "/tmp/plots"
        let x = (0...100).map { Double($0) * 30 }
        func curve(_ top: Double, _ rate: Double) -> [Double] { x.map { top * (1 - exp(-$0 / rate)) + 0.01 * sin($0 / 40) } }
        let base = curve(0.85, 500)
        let dice = Figure(panels: [
            Panel(
                title: "Dice on the test cases", xLabel: "iteration", yLabel: "Dice", yRange: 0...1,
                series: [
                    Series(name: "supervised only", x: x, y: curve(0.6, 700)),
                    Series(name: "cross-teaching", x: x, y: curve(0.75, 600)),
                    Series(name: "with registration", x: x, y: base, low: base.map { $0 - 0.04 }, high: base.map { $0 + 0.04 }),
                ])
        ])
        try dice.save(to: "\(out)/dice.png")
        try dice.save(to: "\(out)/dice.svg")
        try dice.save(to: "\(out)/dice.pdf")
        try dice.save(to: "\(out)/dice.txt")
        let loss = Figure(title: "It's 100% `date` $HOME \\ @x \"quoted\" <b> & μ", panels: [
            Panel(title: "loss", xLabel: "iteration", yLabel: "loss", logarithmic: true, series: [Series(name: "a_b^2", x: x, y: x.map { exp(-$0 / 400) + 0.002 })]),
            Panel(title: "scatter", xLabel: "cycle Dice", yLabel: "true Dice", series: [Series(name: "s", x: (0..<40).map { 0.4 + Double($0) / 80 }, y: (0..<40).map { 0.3 + Double($0 * 7 % 40) / 90 }, style: .points)]),
            Panel(title: "few", xLabel: "epoch", yLabel: "value", series: [Series(name: "few", x: [1, 2, 3, 4], y: [1000, 20000, 15000, .nan]), Series(name: "more", x: [1, 2, 3, 4], y: [1200, 12000, 18000, 9000])]),
            Panel(title: "bars", xLabel: "value", yLabel: "count", series: [Series(x: (0..<10).map(Double.init), y: (0..<10).map { Double($0 * (10 - $0)) }, style: .bars)]),
        ])
        try loss.save(to: "\(out)/four.png")
        let w = 40, h = 30
        var rgb: [UInt8] = []
        for r in 0..<h { for c in 0..<w { let v = UInt8(128 + 100 * sin(Double(r) / 4) * cos(Double(c) / 5)); rgb += (r < 3 && c < 3) ? [255, 0, 0] : [v, v, v] } }
        let image = ImageLayer(width: w, height: h, rgb: rgb, pixelWidth: 1, pixelHeight: 1.5)!
        let pictures = Figure(title: "Overlay", panels: (0..<3).map { Panel(title: "slice \($0)", xLabel: "under", series: [Series(x: [5, 20, 20, 5, 5], y: [5, 5, 20, 20, 5], color: Palette.label(1)!)], image: image) },
            legend: [LegendEntry("left ventricle", Palette.label(1)!), LegendEntry("myocardium", Palette.label(2)!)])
        try pictures.save(to: "\(out)/image.png")
        try pictures.save(to: "\(out)/image.svg")
        try pictures.save(to: "\(out)/image.pdf")
        let labels = (0..<(w * h)).map { i in let (r, c) = (i / w, i % w); let d = (r - 12) * (r - 12) + (c - 20) * (c - 20); return d < 20 ? 1 : d < 60 ? 2 : c > 34 ? 3 : 0 }
        let grey = GreyImage(width: w, height: h, values: (0..<(w * h)).map { 128 + 100 * sin(Double($0 / w) / 4) * cos(Double($0 % w) / 5) }, pixelWidth: 1, pixelHeight: 1.5)!
        let over = Figure(title: "Overlay", panels: [grey.panel(title: "image"), grey.panel(title: "labels", labels: labels, alpha: 0.35)],
            legend: [LegendEntry("left ventricle", Palette.label(1)!), LegendEntry("myocardium", Palette.label(2)!)])
        try over.save(to: "\(out)/overlay.png")
        for colors in [TerminalStyle.Colors.none, .all, .palette256] {
            print(dice.terminalText(TerminalStyle(columns: 90, colors: colors)))
            print(loss.terminalText(TerminalStyle(columns: 90, colors: colors)))
            print(over.terminalText(TerminalStyle(columns: 90, colors: colors)))
        }
        try Figure(panels: []).save(to: "\(out)/empty.png")
        try Figure(panels: [Panel(title: "t", series: [Series(name: "none", x: [], y: []), Series(name: "nan", x: [1], y: [.nan])])]).save(to: "\(out)/nan.png")
    }
}
