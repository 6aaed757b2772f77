import Tensors
import Testing

@testable import Plotting

/// What is chosen where; nil where it is refused.
private func view(
    _ environment: [String: String] = [:], isTerminal: Bool = true, opensWindows: Bool = true, window: String? = "qt", sixel: Bool = true
) -> FigureView? {
    try? FigureView.choose(
        environment: environment, isTerminal: isTerminal, opensWindows: opensWindows, windowTerminal: { window }, hasSixel: { sixel })
}

@Suite struct FigureViewTests {
    @Test func theBestThereIs() {
        #expect(view(["DISPLAY": ":0"]) == .window(terminal: "qt"))
        #expect(view(["WAYLAND_DISPLAY": "wayland-0"], window: "wxt") == .window(terminal: "wxt"))
        #expect(view(["DISPLAY": ""]) == .sixel)
        #expect(view(["DISPLAY": ":0"], window: nil) == .sixel)
        #expect(view(["DISPLAY": ":0"], opensWindows: false) == .sixel)
        #expect(view(sixel: false) == .characters)
    }

    @Test func pipesAndFilesGetCharacters() {
        for setting in ["", "sixel", "blocks"] {
            #expect(view(["RS4_GRAPHICS": setting, "DISPLAY": ":0"], isTerminal: false) == .characters)
        }
    }

    @Test func theSettingDecides() {
        #expect(view(["RS4_GRAPHICS": "sixel", "DISPLAY": ":0"], sixel: false) == .sixel)
        #expect(view(["RS4_GRAPHICS": "blocks", "DISPLAY": ":0"]) == .characters)
        #expect(view(["RS4_GRAPHICS": "window", "DISPLAY": ":0"], isTerminal: false) == .window(terminal: "qt"))
        for environment in [["RS4_GRAPHICS": "window"], ["RS4_GRAPHICS": "windows", "DISPLAY": ":0"]] { #expect(view(environment) == nil) }
        #expect(view(["RS4_GRAPHICS": "window", "DISPLAY": ":0"], window: nil) == nil)
    }

    @Test func answersOfTerminalsAreRead() {
        #expect(TerminalQuery.numbers(in: "\u{1B}[?62;4;22c") == ["62", "4", "22"])
        #expect(TerminalQuery.numbers(in: "x\u{1B}[?1;2c") == ["1", "2"])
        for text in ["", "c", "\u{1B}[?62;4", "\u{1B}[>0;4c"] { #expect(TerminalQuery.numbers(in: text).isEmpty) }
    }

    @Test func sixelsOfAFigureEndWhereTheyShould() throws {
        let figure = Figure(panels: [Panel(series: [Series(x: [0, 1], y: [0, 1])])])
        guard let text = try? figure.terminalForm(.sixel, TerminalStyle(columns: 60)) else { return }
        #expect(text.hasPrefix("\u{1B}P") && text.contains("\u{1B}\\"))
        #expect(try !figure.terminalForm(.characters, TerminalStyle()).contains("\u{1B}"))
    }
}
