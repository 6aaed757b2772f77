import Base
import Foundation
import Tensors
import Testing

@testable import Plotting

private func curves(_ title: String = "Dice", names: [String] = ["supervised", "with registration"]) -> Figure {
    let x = (0...50).map { Double($0) * 20 }
    return Figure(panels: [
        Panel(
            title: title, xLabel: "iteration", yLabel: "Dice", yRange: 0...1,
            series: names.enumerated().map { index, name in
                Series(name: name, x: x, y: x.map { 1 - exp(-$0 / Double(200 + 100 * index)) })
            })
    ])
}

private func pictures() throws -> Figure {
    let values = (0..<600).map { Double($0 % 30) }
    let labels = (0..<600).map { $0 % 30 > 10 && $0 % 30 < 20 ? 1 : 0 }
    let image = try #require(GreyImage(width: 30, height: 20, values: values, pixelWidth: 1, pixelHeight: 2))
    return Figure(panels: [image.panel(title: "one"), image.panel(title: "two", labels: labels)], legend: [LegendEntry("RV", Palette.labels[0])])
}

private func heat() throws -> Figure {
    let map = try #require(HeatMap(values: [[0.1, 0.9], [.nan, 0.4]], rows: ["a'b", "`c`"], columns: ["\\x", "d"]))
    return map.figure(title: "all pairs", xLabel: "onto", yLabel: "from")
}

private func temporaryFolder() throws -> String {
    let path = (NSTemporaryDirectory() as NSString).appendingPathComponent("rs4-figures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}

private let hasGnuplot: Bool = (try? curves().render(as: .text)) != nil

@Suite(.enabled(if: hasGnuplot, "gnuplot is not installed")) struct GnuplotTests {
    @Test func everyFormatIsWritten() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let beginnings: [FigureFormat: [UInt8]] = [
            .png: [0x89, 0x50, 0x4E, 0x47], .svg: Array("<?xml".utf8), .pdf: Array("%PDF".utf8),
        ]
        for figure in [curves(), try pictures(), try heat()] {
            for format in FigureFormat.allCases {
                let path = "\(folder)/figure.\(format.rawValue)"
                try figure.save(to: path)
                let data = try Data(contentsOf: URL(fileURLWithPath: path))
                #expect(data.starts(with: beginnings[format] ?? []))
                #expect(data.count > 500)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == FigureFormat.allCases.count)
    }

    @Test func sizeFollowsTheLayoutAndTheScale() throws {
        let figure = curves()
        let layout = FigureLayout(figure)
        for scale in [1.0, 2.0] {
            let png = try figure.render(as: .png, scale: scale)
            let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
            #expect(width == Int((layout.width * scale).rounded()))
        }
    }

    @Test func namesReachTheDrawing() throws {
        let svg = String(decoding: try curves("Dice & <more>", names: ["a_1^2", "größe"]).render(as: .svg), as: UTF8.self)
        for text in ["Dice &amp; &lt;more", "a_1^2", "größe", "iteration"] { #expect(svg.contains(text)) }
        #expect(svg.contains("0, 114, 178"))
        #expect(String(decoding: try curves("]]> & ]]>").render(as: .svg), as: UTF8.self).contains("]]&gt; &amp; ]]&gt;"))
    }

    /// What of a script is not inside a string, without numbers, which follow the lengths of texts.
    private func skeleton(_ figure: Figure) -> [String] {
        GnuplotScript(figure, terminal: "svg", scale: 1).steps.compactMap { step in
            guard case .command(let line) = step else { return nil }
            #expect(!line.contains { $0.isNewline || $0 == "`" })
            return line.replacing(#/"[^"]*"/#, with: "\"\"").replacing(#/-?[0-9.]+(e[-+]?[0-9]+)?/#, with: "0")
        }
    }

    // Tests/plotting lets gnuplot itself read fifty of them.
    @Test func textsNeverLeaveTheirStrings() throws {
        func figure(_ text: String) throws -> Figure {
            var bars = Panel(title: text, xLabel: text, yLabel: text, series: [Series(name: text, x: [0], y: [1], style: .bars)])
            bars.categories = [text]
            let heat = try #require(HeatMap(values: [[0, 1]], rows: [text], columns: [text, text]))
            return Figure(
                title: text, panels: [bars, heat.figure(title: text, xLabel: text, yLabel: text).panels[0]],
                legend: [LegendEntry(text, Palette.labels[0])])
        }
        let harmless = skeleton(try figure("harmless"))
        #expect(harmless.count > 30)
        for text in ["'; system('x'); '", "`x`", "\n!x\n", "\\", "\"", "%s%n", "\r\u{85}\u{2028}!x", "$(x)", "\u{FFFE}\u{FFFF}", "a\" . \"b"] {
            #expect(skeleton(try figure(text)) == harmless)
        }
        #expect(GnuplotText.quoted(lines: ["a", "b'"]) == "\"a\\nb\\047\"")
    }

    @Test func oddDataAreDrawn() throws {
        let odd: [Panel] = [
            Panel(), Panel(series: [Series(name: "none", x: [], y: [])]),
            Panel(series: [Series(x: [1], y: [.nan]), Series(name: "one", x: [2], y: [3])]),
            Panel(series: [Series(x: [.infinity, 1], y: [1, -.infinity])]),
            Panel(logarithmic: true, series: [Series(x: [0, 1], y: [0, -1])]),
            Panel(yRange: 0...1, logarithmic: true, series: [Series(x: [0, 1], y: [0.5, 0.01])]),
            Panel(series: [Series(x: [0, 1], y: [1e300, -1e300])]),
            Panel(series: [Series(x: [0, 1], y: [1e-300, 2e-300])]),
            Panel(series: [Series(x: [5, 5], y: [5, 5], style: .bars)]),
            Panel(series: [Series(x: [0, 1], y: [.nan, 2], style: .bars, low: [1, .nan], high: [2, .nan])]),
            Panel(series: [Series(x: [0], boxes: [BoxSummary([1.0])].compactMap { $0 })]),
            Panel(series: [Series(x: [1, 2], y: [5, .nan], style: .steps, low: [4, .nan], high: [6, 1])]),
        ]
        for panel in odd {
            #expect(!(try Figure(panels: [panel]).render(as: .png, scale: 1)).isEmpty)
        }
        #expect(!(try Figure(panels: odd).render(as: .svg)).isEmpty)
        #expect(!(try Figure(panels: []).render(as: .png)).isEmpty)
    }

    @Test func aFolderThatIsMissingIsAFileError() throws {
        let problem = #expect(throws: Failure.self) { try curves().save(to: "/no/such/folder/figure.png") }
        #expect(problem?.code == "file" && problem?.message.contains("/no/such/folder/figure.png") == true)
    }

    @Test func anExistingFileSurvivesAFailure() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: "\(folder)/taken.png", withIntermediateDirectories: true)
        #expect(throws: Failure.self) { try curves().save(to: "\(folder)/taken.png") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken.png"])
    }
}

@Suite struct GnuplotFailureTests {
    let steps: [GnuplotScript.Step] = [.command("set terminal dumb"), .bytes([UInt8](repeating: 65, count: 1 << 20)), .command("x")]

    @Test func aMissingProgramSaysWhatToInstall() {
        let problem = #expect(throws: Failure.self) { try Gnuplot.draw(steps, program: "/no/such/gnuplot") }
        #expect(problem?.code == "plot" && problem?.help?.contains("gnuplot-nox") == true)
    }

    @Test(arguments: ["true", "false"]) func anotherProgramIsAnError(program: String) {
        let problem = #expect(throws: Failure.self) { try Gnuplot.draw(steps, program: program) }
        #expect(problem?.code == "plot" && problem?.message.contains("must be gnuplot") == true)
    }

    @Test func versionsAreRead() throws {
        #expect(try #require(Gnuplot.version(in: "gnuplot 5.4 patchlevel 4")) == (5, 4))
        #expect(try #require(Gnuplot.version(in: "gnuplot 6.1 patchlevel 0")) > Gnuplot.oldestVersion)
        #expect(try #require(Gnuplot.version(in: "gnuplot 4.6 patchlevel 7")) < Gnuplot.oldestVersion)
        for line in ["", "gnuplot", "gnuplot five", "cat (GNU coreutils) 9.1"] { #expect(Gnuplot.version(in: line) == nil) }
    }

    @Test func aCommandThatGnuplotRefusesIsQuoted() {
        guard hasGnuplot else { return }
        let problem = #expect(throws: Failure.self) { try Gnuplot.draw([.command("set nonsense")]) }
        #expect(problem?.message.contains("nonsense") == true || problem?.message.contains("unrecognized") == true)
    }

    @Test func anUnknownEndingIsRefused() {
        let problem = #expect(throws: Failure.self) { try curves().save(to: "figure.bmp") }
        #expect(problem?.code == "plot" && problem?.help == "save(figure, \"figure.png\")")
    }

    @Test func aFigureBeyondAllSizesIsRefused() {
        var figure = curves()
        figure.width = 1e6
        #expect(throws: Failure.self) { try figure.render(as: .png) }
    }

    @Test func charactersWithoutAFontBecomeBoxes() {
        #expect(FontCoverage.drawable("a漢b", has: { $0 != "漢" }) == "a□b")
        #expect(FontCoverage.drawable("größe \u{200B}x") == "größe \u{200B}x")
        // No font has a character for private use in the last plane but one made for it.
        #expect(FontCoverage.drawable("a\u{10F123}") == "a□")
    }

    @Test func textIsQuoted() {
        #expect(GnuplotText.quoted("it's ä") == "\"it\\047s ä\"")
        #expect(GnuplotText.quoted("`1\\\"") == "\"\\140\\061\\134\\042\"")
        #expect(GnuplotText.quoted("a\nb\u{0}c\u{1B}") == "\"a b c \"")
        #expect(GnuplotText.number(.nan) == "0")
    }
}

@Suite struct TerminalTests {
    @Test func linesFitAndHoldNoCodesWithoutColors() throws {
        for figure in [curves(), try pictures(), Figure(panels: [Panel()])] {
            for columns in [20, 60, 120] {
                let text = figure.terminalText(TerminalStyle(columns: columns))
                #expect(!text.contains("\u{1B}"))
                for line in text.split(separator: "\n") { #expect(line.count <= max(columns, 34)) }
            }
        }
    }

    @Test func titlesSendNoCodesToTheTerminal() {
        let text = curves("\u{1B}[2Jgone\u{7}", names: ["\u{1B}]0;x\u{7}", "b"]).terminalText(TerminalStyle(columns: 60))
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 })
    }

    @Test func colorsAreUndoneOnEveryLine() throws {
        for colors in [TerminalStyle.Colors.all, .palette256] {
            let text = try pictures().terminalText(TerminalStyle(columns: 60, colors: colors))
            for line in text.split(separator: "\n") where line.contains("\u{1B}[") { #expect(line.contains("\u{1B}[0m")) }
            #expect(text.contains("▀"))
        }
    }

    @Test func aRisingCurveRises() {
        let figure = Figure(panels: [Panel(series: [Series(x: [0, 1], y: [0, 1])])])
        let lines = figure.terminalText(TerminalStyle(columns: 60)).split(separator: "\n").map(Array.init)
        func middle(_ line: [Character]) -> Int? {
            let dots = line.indices.filter { (0x2801...0x28FF).contains(line[$0].unicodeScalars.first?.value ?? 0) }
            return dots.isEmpty ? nil : dots.reduce(0, +) / dots.count
        }
        let places = lines.compactMap(middle)
        #expect(places.count > 8 && zip(places, places.dropFirst()).allSatisfy { $0 > $1 })
    }
}
