import Base
import Foundation

/// How a figure is shown to someone at a terminal.
public enum FigureView: Equatable, Sendable {
    /// In a window of its own, by this terminal of gnuplot's.
    case window(terminal: String)
    /// As pixels between the lines, in the form of DEC's VT340 that many terminals know.
    case sixel
    /// As characters.
    case characters

    /// Whether `RS4_GRAPHICS` names a view.
    public static var isAskedFor: Bool { !(ProcessInfo.processInfo.environment["RS4_GRAPHICS"] ?? "").isEmpty }

    /// The best view there is: a window where there is a display and a gnuplot that opens windows, else sixel, else
    /// characters. `RS4_GRAPHICS` overrides it.
    ///
    /// - Parameters:
    ///   - isTerminal: whether the output is a terminal; nothing else is ever sent escape sequences.
    ///   - opensWindows: false at the prompt's own display of values, which stays between its lines.
    ///   - windowTerminal: the terminal of gnuplot's that opens windows; nil where it has none.
    ///   - hasSixel: asks the terminal; called only where the answer matters.
    /// - Throws: code `plot` where the setting is none, or asks for a window that cannot be had.
    static func choose(
        environment: [String: String], isTerminal: Bool, opensWindows: Bool, windowTerminal: () throws -> String?,
        hasSixel: () -> Bool
    ) throws -> FigureView {
        let setting = environment["RS4_GRAPHICS"] ?? ""
        let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains { !(environment[$0] ?? "").isEmpty }
        switch setting {
        case "blocks": return .characters
        case "sixel": return isTerminal ? .sixel : .characters
        case "window":
            guard opensWindows else { return .characters }
            guard hasDisplay else {
                throw Failure(
                    "plot", "a window must have a display, but neither DISPLAY nor WAYLAND_DISPLAY is set",
                    help: "set RS4_GRAPHICS to sixel or blocks, or to nothing")
            }
            guard let terminal = try windowTerminal() else {
                throw Failure(
                    "plot", "gnuplot must have a terminal that opens windows, but has none of qt, wxt and x11",
                    help: "install one with `sudo apt-get install gnuplot-qt`, or set RS4_GRAPHICS to sixel or blocks")
            }
            return .window(terminal: terminal)
        case "":
            guard isTerminal else { return .characters }
            // Without a gnuplot there are characters still.
            if opensWindows, hasDisplay, let terminal = try? windowTerminal() { return .window(terminal: terminal) }
            return hasSixel() ? .sixel : .characters
        default:
            throw Failure(
                "plot", "RS4_GRAPHICS must be window, sixel or blocks, but is `\(visible(setting))`",
                help: "set it to one of them, or to nothing for the best there is")
        }
    }

    /// The best view on the process's own standard output.
    public static func current(opensWindows: Bool) throws -> FigureView {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
        return try choose(
            environment: environment, isTerminal: isTerminal, opensWindows: opensWindows,
            windowTerminal: { try Gnuplot.windowTerminal() }, hasSixel: { TerminalQuery.hasSixel })
    }
}

extension Figure {
    /// The figure for a terminal: characters, or a sixel sequence.
    ///
    /// - Throws: code `plot` when gnuplot, which draws the pixels, is missing or stops.
    public func terminalForm(_ view: FigureView, _ style: TerminalStyle = .current) throws -> String {
        guard view == .sixel else { return terminalText(style) }
        let cell = TerminalQuery.cellSize
        let wanted = GnuplotScript.size(of: self)
        // Letters about as large as the terminal's own, as far as the width allows.
        let room = Double(style.columns) * cell.width
        let scale = max(0.5, min(3, cell.height / 17, room / max(1, wanted.width)))
        let size = try sizeToDraw(scale: scale)
        let terminal =
            "sixelgd noenhanced truecolor font 'DejaVu Sans,10' fontscale \(scale) linewidth \(scale) background '#ffffff' "
            + "size \(Int(size.width * scale)),\(Int(size.height * scale))"
        let sixels = try Gnuplot.draw(GnuplotScript(self, terminal: terminal, scale: scale).steps)
        // Line ends mean nothing inside the sequence, but whoever counts a value's lines would cut it at one.
        return String(decoding: sixels.filter { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }

    /// Opens a window that stays when the script has ended.
    ///
    /// - Throws: code `plot` when gnuplot cannot.
    public func openWindow(terminal: String) throws {
        let size = try sizeToDraw(scale: 1)
        let words = "\(terminal) noenhanced font 'DejaVu Sans,10' size \(Int(size.width)),\(Int(size.height)) title 'RS4'"
        try Gnuplot.open(FontCoverage.drawable(GnuplotScript(self, terminal: words, scale: 2).steps))
    }
}

/// What the terminal says about itself.
enum TerminalQuery {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var known: Bool?

    /// Whether it draws sixels. A terminal that could be asked is asked once, since that cannot change.
    static var hasSixel: Bool {
        lock.withLock {
            if let known { return known }
            guard let numbers = attributes() else { return false }
            // The first is the terminal's class, the others are what it can do.
            let answer = numbers.dropFirst().contains("4")
            known = answer
            return answer
        }
    }

    /// Pixels of one character; what most terminals have where this one does not tell.
    static var cellSize: (width: Double, height: Double) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_xpixel > 0, size.ws_ypixel > 0, size.ws_col > 0,
            size.ws_row > 0
        else { return (8, 16) }
        return (Double(size.ws_xpixel) / Double(size.ws_col), Double(size.ws_ypixel) / Double(size.ws_row))
    }

    /// How long a terminal has to answer; over a slow line it takes a good part of a second.
    private static let patience = 0.6

    /// The numbers of the answer to the primary device attributes query, `ESC [ ? 62 ; 4 ; … c`; none where it gives no
    /// answer, nil where it could not be asked.
    ///
    /// The question is put only where both ends are this terminal, this process stands in the foreground, and nothing
    /// that was typed is waiting, which would be mistaken for the answer.
    private static func attributes() -> [Substring]? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp() else { return nil }
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return nil }
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        guard !isReadable(within: 0) else { return nil }
        fflush(stdout)
        let question = Array("\u{1B}[c".utf8)
        guard write(STDOUT_FILENO, question, question.count) == question.count else { return nil }
        return numbers(in: answer())
    }

    /// What arrives until a `c`, the end of the answer.
    private static func answer() -> String {
        var bytes: [UInt8] = []
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(patience * 1e9)
        while bytes.count < 200 {
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < end, isReadable(within: Int32((end - now) / 1_000_000 + 1)) else { break }
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
            bytes.append(byte)
            if byte == UInt8(ascii: "c") { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isReadable(within milliseconds: Int32) -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, milliseconds) == 1 && input.revents & Int16(POLLIN) != 0
    }

    /// The numbers in `ESC [ ? 62 ; 4 c`.
    static func numbers(in answer: String) -> [Substring] {
        guard let start = answer.range(of: "\u{1B}[?"), answer.hasSuffix("c") else { return [] }
        return answer[start.upperBound...].dropLast().split(separator: ";")
    }
}
