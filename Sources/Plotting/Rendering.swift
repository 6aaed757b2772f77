import Base
import Foundation

/// What a figure can be written as.
public enum FigureFormat: String, CaseIterable, Sendable {
    case png, svg, pdf
    /// Plain characters, for a log file.
    case text = "txt"

    /// From a path's extension.
    public init(path: String) throws {
        let ending = FileAccess.ending(of: path).lowercased()
        guard let format = FigureFormat(rawValue: ending) else {
            throw Failure(
                "plot", "a figure's path must end in .png, .svg, .pdf or .txt, but is `\(path)`",
                help: "save(figure, \"\(path.dropLast(ending.isEmpty ? 0 : ending.utf8.count + 1)).png\")")
        }
        self = format
    }

    /// gnuplot's terminal for a drawing of `width` × `height` points.
    func terminal(width: Double, height: Double, scale: Double) -> String {
        let (pixelsX, pixelsY) = (Int((width * scale).rounded()), Int((height * scale).rounded()))
        let font = "font 'DejaVu Sans,10'"
        switch self {
        case .png:
            return "pngcairo noenhanced \(font) fontscale \(scale) linewidth \(scale) pointscale \(scale) "
                + "background '#ffffff' size \(pixelsX),\(pixelsY)"
        case .svg: return "svg noenhanced font 'sans-serif,11' background '#ffffff' size \(Int(width)),\(Int(height)) dynamic"
        case .pdf:
            return "pdfcairo noenhanced \(font) fontscale 0.95 background '#ffffff' "
                + "size \(width / 72)in,\(height / 72)in"
        case .text: return "dumb noenhanced size \(max(40, Int(width / 6))),\(max(12, Int(height / 13))) mono"
        }
    }
}

extension Figure {
    /// The finished drawing as the bytes of a file.
    ///
    /// - Parameter scale: pixels a point for PNG (1 to 8); 2 suits screens and print.
    /// - Throws: `Failure` with code `plot` when gnuplot is missing or stops.
    public func render(as format: FigureFormat, scale: Double = 2) throws -> [UInt8] {
        let scale = format == .png ? max(0.25, min(8, scale.isFinite ? scale : 2)) : 1
        let size = try sizeToDraw(scale: scale)
        let terminal = format.terminal(width: size.width, height: size.height, scale: scale)
        let script = GnuplotScript(self, terminal: terminal, scale: format == .png ? scale : 2, grid: format != .text)
        switch format {
        case .png, .pdf: return try Gnuplot.draw(FontCoverage.drawable(script.steps))
        // Whoever reads these has fonts of their own.
        case .svg: return wellFormed(try Gnuplot.draw(script.steps))
        case .text: return try Gnuplot.draw(script.steps)
        }
    }

    /// An SVG in which a text may hold `]]>`, which gnuplot leaves as it is and XML forbids. gnuplot writes no CDATA section of
    /// its own that could end so.
    private func wellFormed(_ svg: [UInt8]) -> [UInt8] {
        let text = String(decoding: svg, as: UTF8.self)
        return text.contains("]]>") ? Array(text.replacing("]]>", with: "]]&gt;").utf8) : svg
    }

    /// Points from edge to edge.
    ///
    /// - Throws: `Failure` with code `plot` where so many pixels cannot be drawn.
    func sizeToDraw(scale: Double) throws -> (width: Double, height: Double) {
        let size = GnuplotScript.size(of: self)
        let limit = 32_000.0
        guard size.width * scale <= limit, size.height * scale <= limit else {
            throw Failure(
                "plot",
                "a figure must be at most \(Int(limit)) pixels on a side, but is "
                    + "\(Int(size.width * scale)) × \(Int(size.height * scale))",
                help: "use fewer panels, or a smaller width, height or scale")
        }
        return size
    }

    /// Writes the drawing in the format that the path's ending names (`.png`, `.svg`, `.pdf`, `.txt`). The file
    /// appears complete or not at all.
    ///
    /// - Throws: `Failure` with code `plot` (gnuplot, or an unknown ending) or `file`.
    public func save(to path: String, scale: Double = 2) throws {
        let bytes = try render(as: FigureFormat(path: path), scale: scale)
        try FileAccess.write(bytes, to: path)
    }
}
