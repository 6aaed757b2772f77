import Foundation

extension Figure {
    /// The figure drawn with characters: Braille dots for curves, half blocks for images. Needs no gnuplot.
    ///
    /// - Returns: lines separated by newlines, none longer than the style's columns, without a final newline.
    public func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
        var lines: [String] = []
        lines += titleLines(title, style.columns)
        var row: [[String]] = []
        var rowWidths: [Int] = []
        func flush() {
            lines += TerminalRow.joined(row, widths: rowWidths)
            row = []
            rowWidths = []
        }
        let images = panels.filter { $0.image != nil }.count
        let across = max(1, min(images, columns ?? 4, style.columns / 20))
        let imageColumns = min(64, (style.columns - 2 * (across - 1)) / across)
        for panel in panels {
            if panel.image != nil {
                let drawn = TerminalImage.lines(panel, columns: imageColumns, style)
                if row.count == across { flush() }
                row.append(drawn.lines)
                rowWidths.append(drawn.width)
            } else {
                flush()
                lines += TerminalChart.lines(panel, style)
            }
        }
        flush()
        if !legend.isEmpty {
            lines += wrapped(
                legend.map { entry in
                    let name = TextFit.shortened(visible(entry.name), to: Double(style.columns - 4), TextFit.cells)
                    return (style.colored("■", entry.color) + " " + name, 2 + Int(TextFit.cells(name)))
                }, width: style.columns, indent: 0)
        }
        return lines.joined(separator: "\n")
    }
}

/// Panels side by side.
enum TerminalRow {
    static func joined(_ blocks: [[String]], widths: [Int]) -> [String] {
        guard let height = blocks.map(\.count).max() else { return [] }
        return (0..<height).map { line in
            zip(blocks, widths).map { block, width in
                line < block.count ? block[line] : String(repeating: " ", count: width)
            }.joined(separator: "  ")
        }
    }
}

/// Text without control characters, so that a title cannot send commands to the terminal.
func visible(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
}

/// A title, centred on as many lines as it needs, at most three.
func titleLines(_ title: String, _ columns: Int) -> [String] {
    TextFit.lines(visible(title), room: Double(columns), most: 3, TextFit.cells).map { centered($0, columns) }
}

func centered(_ text: String, _ width: Int, padded: Bool = false) -> String {
    let cells = Int(TextFit.cells(text))
    let left = max(0, (width - cells) / 2)
    let right = padded ? max(0, width - left - cells) : 0
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: right)
}

/// Legend entries on as few lines as they fit on.
func wrapped(_ entries: [(text: String, width: Int)], width: Int, indent: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for entry in entries {
        if used > 0, indent + used + 3 + entry.width > width {
            lines.append(line)
            (line, used) = ("", 0)
        }
        line += used == 0 ? String(repeating: " ", count: indent) + entry.text : "   " + entry.text
        used += entry.width + (used == 0 ? 0 : 3)
    }
    if used > 0 { lines.append(line) }
    return lines
}
