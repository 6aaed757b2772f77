import CGnuplot
import Foundation
import Tensors

/// What a figure can be written as.
public enum FigureFormat: String, CaseIterable, Sendable {
    case png, svg, pdf
    /// Plain characters, for a log file.
    case text = "txt"

    /// From a path's extension.
    public init(path: String) throws {
        let ending = FileAccess.ending(of: path).lowercased()
        guard let format = FigureFormat(rawValue: ending) else {
            throw TensorError(
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
    /// - Throws: `TensorError` with code `plot` when gnuplot is missing or stops.
    public func render(as format: FigureFormat, scale: Double = 2) throws -> [UInt8] {
        let size = GnuplotScript.size(of: self)
        let scale = format == .png ? max(0.25, min(8, scale.isFinite ? scale : 2)) : 1
        let limit = 32_000.0
        guard size.width * scale <= limit, size.height * scale <= limit else {
            throw TensorError(
                "plot",
                "a figure must be at most \(Int(limit)) pixels on a side, but is "
                    + "\(Int(size.width * scale)) × \(Int(size.height * scale))",
                help: "use fewer panels, or a smaller width, height or scale")
        }
        let terminal = format.terminal(width: size.width, height: size.height, scale: scale)
        let script = GnuplotScript(self, terminal: terminal, scale: format == .png ? scale : 2, grid: format != .text)
        return try Gnuplot.draw(script.steps)
    }

    /// Writes the drawing in the format that the path's ending names (`.png`, `.svg`, `.pdf`, `.txt`). The file
    /// appears complete or not at all.
    ///
    /// - Throws: `TensorError` with code `plot` (gnuplot, or an unknown ending) or `file`.
    public func save(to path: String, scale: Double = 2) throws {
        let bytes = try render(as: FigureFormat(path: path), scale: scale)
        try FileAccess.write(bytes, to: path)
    }
}

/// Runs gnuplot. The program is `gnuplot` in PATH, or what the environment variable `RS4_GNUPLOT` names.
enum Gnuplot {
    static var program: String {
        let chosen = ProcessInfo.processInfo.environment["RS4_GNUPLOT"] ?? ""
        return chosen.isEmpty ? "gnuplot" : chosen
    }

    /// What `program` writes to its standard output when given the steps.
    static func draw(_ steps: [GnuplotScript.Step], program: String = Gnuplot.program) throws -> [UInt8] {
        guard let output = tmpfile() else {
            throw TensorError("plot", "a temporary file cannot be made: \(String(cString: strerror(errno)))")
        }
        defer { fclose(output) }
        guard let session = cg_start(program, fileno(output)) else {
            throw TensorError("memory", "there is no memory left to draw a figure")
        }
        defer { cg_free(session) }
        for step in steps where cg_failed(session) == 0 {
            switch step {
            case .command(let line): _ = cg_command(session, line)
            case .table(let values): _ = cg_table(session, values, values.count)
            case .bytes(let values): _ = cg_bytes(session, values, values.count)
            }
        }
        _ = cg_finish(session)
        let words = tidy(String(cString: cg_message(session)))
        switch cg_failed(session) {
        case 0: break
        case 1:
            throw TensorError(
                "plot", "gnuplot must be installed to draw figures, but `\(program)` cannot be started: \(words)",
                help: "install it with `sudo apt-get install gnuplot-nox`, or set RS4_GNUPLOT to the program")
        default:
            throw TensorError(
                "plot", "gnuplot stopped before the figure was drawn: \(words)",
                help: "RS4 draws with gnuplot 5.4 or newer; see `gnuplot --version`")
        }
        let bytes = try read(output)
        guard !bytes.isEmpty else {
            throw TensorError(
                "plot", "gnuplot ended without drawing anything",
                help: "RS4 draws with gnuplot 5.4 or newer; see `gnuplot --version`")
        }
        return bytes
    }

    private static func read(_ file: UnsafeMutablePointer<FILE>) throws -> [UInt8] {
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        guard size > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: size)
        let got = fread(&bytes, 1, size, file)
        guard got == size else {
            throw TensorError("plot", "the finished figure cannot be read back")
        }
        return bytes
    }

    /// The last telling line of gnuplot's complaints.
    private static func tidy(_ words: String) -> String {
        let lines = words.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return lines.last ?? "no reason given"
    }
}
