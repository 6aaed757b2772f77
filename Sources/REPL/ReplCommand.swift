import Session

/// Input that speaks to the prompt itself: `:help`, `:vars`, `?name`.
enum ReplCommand {
    case quit
    case overview
    case help(Question)
    case cells(String?)
    case runCells(ClosedRange<Int>?)
    case nextCell
    /// A cell's number, from 1; nil for the one that comes next.
    case editCell(Int?)
    case time(String)
    case toggleTime
    case variables
    case showAll
    case save(String, overwrites: Bool)
    case load(String)
    case forget
    case reset
    /// What is wrong with what follows the command.
    case mistaken(String)
    case unknown(String)

    /// What the commands are called, what follows the name, and what they do; `:help` and completion read it.
    static let table: [(name: String, arguments: String, summary: String)] = [
        ("help", "[NAME]", "this text, or what is known of a name"),
        ("vars", "", "the names of this session, their types and sizes"),
        ("all", "", "the last value with nothing left out"),
        ("time", "[CODE]", "run the code and tell how long it took; alone: every input"),
        ("cells", "[FILE]", "list the cells of a script, to be run here"),
        ("run", "N | N-M | all", "run these cells"),
        ("next", "", "run the next cell"),
        ("edit", "[N]", "open the script in your editor at a cell, and run the cell anew"),
        ("load", "FILE", "run a script in this session"),
        ("save", "FILE", "write the inputs that succeeded as a script of cells"),
        ("save!", "FILE", "the same, over a file that is there"),
        ("forget", "", "let go of the results _, _1, _2, …"),
        ("reset", "", "begin anew, without names and results"),
        ("quit", "", "leave"),
    ]

    static var names: [String] { table.map(\.name) }

    /// True for a command that is followed by the name of a file.
    static func takesPath(_ name: String) -> Bool { ["cells", "load", "save", "save!"].contains(name) }

    /// nil when the line is program text.
    init?(_ line: String) {
        let text = line.trimmed
        if let question = Question(text) {
            self = .help(question)
            return
        }
        if text.hasPrefix("?") {
            self = .overview
            return
        }
        guard text.hasPrefix(":") else { return nil }
        let name = text.dropFirst().prefix { !$0.isWhitespace }
        let rest = text.dropFirst(1 + name.count).trimmed
        switch name {
        case "quit", "q", "exit": self = .quit
        case "help", "h": self = Question("?" + rest).map { .help($0) } ?? .overview
        case "vars": self = .variables
        case "all": self = .showAll
        case "time": self = rest.isEmpty ? .toggleTime : .time(rest)
        case "cells": self = .cells(rest.isEmpty ? nil : ReplCommand.path(rest))
        case "run": self = ReplCommand.run(rest)
        case "next", "n": self = .nextCell
        case "edit":
            let number = Int(rest)
            self = rest.isEmpty || number != nil ? .editCell(number) : .mistaken("`:edit` must be followed by a cell's number, but is by `\(rest)`")
        case "load": self = rest.isEmpty ? .mistaken("`:load` must be followed by a file, but is not") : .load(ReplCommand.path(rest))
        case "save", "save!":
            self = rest.isEmpty
                ? .mistaken("`:save` must be followed by a file, but is not")
                : .save(ReplCommand.path(rest), overwrites: name == "save!")
        case "forget": self = .forget
        case "reset": self = .reset
        default: self = .unknown(String(name))
        }
    }

    private static func run(_ text: String) -> ReplCommand {
        if text == "all" { return .runCells(nil) }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.trimmed) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 1, first <= last else {
            return .mistaken("`:run` must be followed by a cell's number, two such as 2-4, or `all`, but is \(text.isEmpty ? "not" : "by `\(text)`")")
        }
        return .runCells(first...last)
    }

    /// A path as typed, with or without quotes.
    private static func path(_ text: String) -> String {
        text.count >= 2 && text.first == "\"" && text.last == "\"" ? String(text.dropFirst().dropLast()) : text
    }

    static var overviewText: String {
        let commands = table.map { entry -> (String, String) in
            ("  :\(entry.name)\(entry.arguments.isEmpty ? "" : " " + entry.arguments)", entry.summary)
        }
        let width = 22
        let lines = commands.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 }
        return """
            Type a line to run it; its value is shown unless the line ends in `;`.
              ?name               what is known of a function, a value, a module: ?register
              ??name              its source: ??dice_loss
              _                   the last value shown; _3 is the one shown as `_3 = …`

            \(lines.joined(separator: "\n"))

              Tab                 complete a name, field, argument, module, path or command
              Enter               run the input, or go on while it is not complete
              Alt-Enter           begin another line of the input
              Up, Down            move between the lines of an input, then in the history
              Ctrl-R              search the history
              Ctrl-C              clear the input, or stop what runs and keep everything
              Ctrl-D              leave

            Start with print("hello"), ?register or ?read_volume.
            """
    }
}
