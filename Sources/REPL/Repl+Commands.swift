import Base
import Foundation
import Session
import Syntax

extension Repl {
    /// Does what a command asks; false when the session is over.
    func obey(_ command: ReplCommand) -> Bool {
        switch command {
        case .quit: return false
        case .overview: print(ReplCommand.overviewText)
        case .help(let question): help(question)
        case .cells(let path): list(path)
        case .runCells(let range): run(range)
        case .nextCell: runNext()
        case .editCell(let number): edit(number)
        case .time(let code): time(code)
        case .toggleTime:
            isTimingEverything.toggle()
            note(isTimingEverything ? "every input tells how long it took" : "inputs no longer tell how long they took")
        case .variables:
            if let text = session.variables() { print(text) } else { note("no names yet") }
        case .showAll:
            if let text = session.wholeLastValue() {
                Pager.show(text, rows: Terminal.rows, isInteractive: isInteractive)
            } else {
                note("no value has been shown yet")
            }
        case .save(let path, let overwrites): save(path, overwrites: overwrites)
        case .load(let path): load(path)
        case .forget: session.forgetResults()
        case .reset:
            session.reset()
            transcript.clear()
            deck = nil
        case .mistaken(let text): mistake("value", text, help: "`:help` lists the commands")
        case .unknown(let name):
            mistake(
                "name", "`:\(name)` must be a command, but is not",
                help: Suggestion.nearest(to: name, among: ReplCommand.names).map { "did you mean `:\($0)`?" }
                    ?? "`:help` lists the commands")
        }
        fflush(stdout)
        return true
    }

    /// A mistake in what was asked of the prompt, in the shape of every other.
    private func mistake(_ code: String, _ message: String, help: String? = nil) {
        mistake(Diagnostic(code: code, message: message, help: help))
    }

    func mistake(_ diagnostic: Diagnostic) {
        warn(DiagnosticRenderer(usesColour: Terminal.hasColors(STDERR_FILENO)).render(diagnostic))
    }

    private func mistake(_ error: Error) {
        mistake(Diagnostic(of: error))
    }

    // MARK: help and time

    private func help(_ question: Question) {
        let name = question.name
        if let entry = ReplCommand.table.first(where: { ":" + $0.name == name }) {
            return print("\(name)\(entry.arguments.isEmpty ? "" : " " + entry.arguments): \(entry.summary)")
        }
        do {
            let text = HelpText(colors: colors, columns: Terminal.columns).shown(try session.answer(question))
            Pager.show(text, rows: Terminal.rows, isInteractive: isInteractive && question.wantsSource)
        } catch {
            mistake(error)
        }
    }

    private func time(_ code: String) {
        let watch = Stopwatch()
        let outcome = session.run(code, isFinal: true)
        let text = watch.text
        if show(outcome) { record(code, outcome) }
        note(text)
    }

    // MARK: cells

    private func list(_ path: String?) {
        do {
            if let path { deck = try CellDeck(FileAccess.expandingHome(path)) } else { try deck?.refresh() }
        } catch {
            return mistake(error)
        }
        guard let deck else {
            return mistake("value", "`:cells` must be followed by a script, but is not", help: "`:cells lesson.rs4`")
        }
        print(deck.listing(width: Terminal.columns))
        if deck.next == 0 { note(":next runs the first cell, :run 2 the second") }
    }

    /// Reads the script again, so that a cell that was edited runs as it is now; nil when there is none.
    private func freshDeck() -> CellDeck? {
        guard deck != nil else {
            mistake("value", "a script must be listed first, but none is", help: "`:cells lesson.rs4`")
            return nil
        }
        do { try deck?.refresh() } catch {
            mistake(error)
            return nil
        }
        return deck
    }

    private func run(_ range: ClosedRange<Int>?) {
        guard let cells = freshDeck()?.cells else { return }
        let range = range ?? 1...max(1, cells.count)
        guard range.upperBound <= cells.count else {
            return mistake("value", "a cell's number must be from 1 to \(cells.count), but is \(range.upperBound)")
        }
        for number in range where !run(cell: number - 1) { return }
    }

    /// Shows the text cells that come next and runs the first code cell after them.
    private func runNext() {
        while let deck = freshDeck() {
            guard deck.next < deck.cells.count else { return note("that was the last cell; `:run 1` begins again") }
            let isText = deck.cells[deck.next].kind == .markdown
            guard run(cell: deck.next), isText else { return }
        }
    }

    /// Opens the script in the reader's editor at a cell, by default the next one, and runs the cell if its text changed.
    private func edit(_ number: Int?) {
        guard let deck = freshDeck() else { return }
        let number = number ?? min(deck.next + 1, deck.cells.count)
        guard deck.cells.indices.contains(number - 1) else {
            return mistake("value", "a cell's number must be from 1 to \(deck.cells.count), but is \(number)")
        }
        let before = deck.text(number - 1)
        if let problem = Editor.open(deck.path, line: deck.line(number - 1)) { return mistake(problem) }
        guard let edited = freshDeck() else { return }
        guard edited.cells.indices.contains(number - 1) else { return note("the script has \(edited.cells.count) cells now") }
        guard edited.text(number - 1) != before else { return note("cell \(number) is as it was") }
        _ = run(cell: number - 1)
    }

    /// Shows a cell and runs it; false when it failed.
    private func run(cell number: Int) -> Bool {
        guard let current = deck else { return false }
        let cell = current.cells[number]
        // The first line of a text is its title, and is about to be shown.
        let title = cell.kind == .markdown ? cell.title : current.title(number)
        note("── \(number + 1) of \(current.cells.count)\(title.isEmpty ? "" : "  \(title)")")
        if cell.kind == .markdown {
            print(HelpText(colors: colors, columns: Terminal.columns).shown(cell.body))
            deck?.markDone(number)
            return true
        }
        let body = cell.body.trimmedNewlines
        if !body.isEmpty {
            let lines = body.brokenAtWords(columns: Terminal.columns - 2).split(separator: "\n", omittingEmptySubsequences: false)
            print(lines.map { dimmed("│ ") + $0 }.joined(separator: "\n"))
        }
        let watch = Stopwatch()
        deck?.running = number
        let outcome = session.run(
            current.text(number), name: current.path, folder: current.file.folder, line: current.line(number), isFinal: true)
        deck?.running = nil
        let isGood = show(outcome)
        if isTimingEverything { note(watch.text) }
        deck?.next = number
        guard isGood else { return false }
        record(current.text(number), outcome)
        deck?.markDone(number)
        return true
    }

    // MARK: files

    private func load(_ path: String) {
        let file: SourceFile
        do { file = try SourceFile(reading: FileAccess.expandingHome(path)) } catch { return mistake(error) }
        let outcome = session.run(file.text, name: path, folder: file.folder, isFinal: true)
        if show(outcome) { record(file.text, outcome) }
    }

    private func save(_ path: String, overwrites: Bool) {
        guard !transcript.entries.isEmpty else { return mistake("value", "an input must have succeeded before it is saved, but none has") }
        let place = FileAccess.expandingHome(path)
        if !overwrites, FileManager.default.fileExists(atPath: place) {
            return mistake("file", "the file must not be there yet, but is: \(path)", help: "`:save! \(path)` writes over it")
        }
        do { try FileAccess.write(Array(transcript.script.utf8), to: place) } catch { return mistake(error) }
        let count = transcript.entries.count
        note("\(count) \(count == 1 ? "input" : "inputs") in \(path)")
    }
}

extension String {
    /// Without empty lines at both ends.
    fileprivate var trimmedNewlines: String {
        var text = Substring(self)
        while text.first == "\n" { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
