import Base
import CGnuplot
import Foundation

/// Runs gnuplot. The program is `gnuplot` in PATH, or what the environment variable `RS4_GNUPLOT` names.
enum Gnuplot {
    /// Older ones lack commands that figures are made of.
    static let oldestVersion = (major: 5, minor: 4)

    static var program: String {
        let chosen = ProcessInfo.processInfo.environment["RS4_GNUPLOT"] ?? ""
        return chosen.isEmpty ? "gnuplot" : chosen
    }

    /// What `program` writes to its standard output when given the steps.
    static func draw(_ steps: [GnuplotScript.Step], program: String = Gnuplot.program) throws -> [UInt8] {
        try requireVersion(program)
        let bytes = try run(program, CG_DRAW, steps).output
        guard !bytes.isEmpty else { throw Failure("plot", "gnuplot ended without drawing anything", help: versionHelp) }
        return bytes
    }

    /// Opens a window for the steps, which stays when this process ends.
    static func open(_ steps: [GnuplotScript.Step], program: String = Gnuplot.program) throws {
        try requireVersion(program)
        let remarks = try run(program, CG_OPEN_WINDOW, steps).remarks
        // A window program that finds no display says so and leaves gnuplot believing that all went well.
        let problem = remarks.split(separator: "\n").first { line in
            let words = line.lowercased()
            return words.contains("could not connect to display") || words.contains("unable to open display")
                || words.contains("unable to initialize gtk") || words.contains("aborted")
        }
        if let problem { throw Failure("plot", "a window must be opened on a display, but gnuplot says: \(shortened(String(problem)))") }
    }

    // MARK: Questions

    /// The best of gnuplot's terminals that open windows; nil where it has none.
    static func windowTerminal(program: String = Gnuplot.program) throws -> String? {
        let words = String(decoding: try run(program, CG_ASK_TERMINALS, []).output, as: UTF8.self)
        let terminals = Set(words.split(whereSeparator: \.isWhitespace).map(String.init))
        return ["qt", "wxt", "x11"].first(where: terminals.contains)
    }

    private static let lock = NSLock()
    nonisolated(unsafe) private static var goodPrograms: Set<String> = []

    /// Throws unless the program is a gnuplot that is new enough. A program is asked once.
    static func requireVersion(_ program: String) throws {
        if lock.withLock({ goodPrograms.contains(program) }) { return }
        let words = String(decoding: try run(program, CG_ASK_VERSION, []).output, as: UTF8.self)
        let line = shortened(String(words.prefix { !$0.isNewline }))
        guard let version = version(in: line) else {
            throw Failure(
                "plot", "the program that draws figures must be gnuplot, but `\(program) --version` says \(line.isEmpty ? "nothing" : "`\(line)`")",
                help: "set RS4_GNUPLOT to gnuplot's path, or to nothing")
        }
        guard version >= oldestVersion else {
            throw Failure(
                "plot", "gnuplot must be version \(oldestVersion.major).\(oldestVersion.minor) or newer, but `\(program)` is \(line)",
                help: "install a newer one, or set RS4_GNUPLOT to its path")
        }
        _ = lock.withLock { goodPrograms.insert(program) }
    }

    /// The numbers in `gnuplot 5.4 patchlevel 4`.
    static func version(in line: String) -> (major: Int, minor: Int)? {
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0] == "gnuplot" else { return nil }
        let numbers = words[1].split(separator: ".").map { Int($0) }
        guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        return (major, minor)
    }

    private static let versionHelp = "RS4 draws with gnuplot \(oldestVersion.major).\(oldestVersion.minor) or newer; see `gnuplot --version`"

    // MARK: The process

    private static func run(
        _ program: String, _ purpose: cg_purpose, _ steps: [GnuplotScript.Step]
    ) throws -> (output: [UInt8], remarks: String) {
        guard let output = tmpfile() else {
            throw Failure("plot", "a temporary file cannot be made: \(String(cString: strerror(errno)))")
        }
        defer { fclose(output) }
        guard let session = cg_start(program, purpose, fileno(output)) else {
            throw Failure("memory", "there is no memory left to draw a figure")
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
            throw Failure(
                "plot", "gnuplot must be installed to draw figures, but `\(program)` cannot be started: \(words)",
                help: "install it with `sudo apt-get install gnuplot-nox`, or set RS4_GNUPLOT to the program")
        // A program that refuses the question says more by what it wrote than by its status.
        case _ where purpose == CG_ASK_VERSION: break
        default: throw Failure("plot", "gnuplot stopped before the figure was drawn: \(words)", help: versionHelp)
        }
        return (try read(output), String(cString: cg_remarks(session)))
    }

    private static func read(_ file: UnsafeMutablePointer<FILE>) throws -> [UInt8] {
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        guard size > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: size)
        let got = fread(&bytes, 1, size, file)
        guard got == size else {
            throw Failure("plot", "the finished figure cannot be read back")
        }
        return bytes
    }

    /// The last telling line of gnuplot's complaints.
    private static func tidy(_ words: String) -> String {
        let lines = words.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return lines.last ?? "no reason given"
    }

    /// A line of another program as it may stand in a diagnostic.
    private static func shortened(_ line: String) -> String { TextFit.shortened(visible(line), to: 80, TextFit.cells) }
}
