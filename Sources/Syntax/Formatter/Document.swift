/// Text with places where lines may break, laid out to a width (after Wadler, "A prettier printer", 2003).
final class Document {
    enum Kind {
        case text(String)
        /// A comment at a line's end: it never makes a line too long. One behind code begins with a NUL, which no
        /// script contains; `aligned` puts blanks there.
        case comment(String)
        /// A blank, or a new line when the group around it is broken.
        case line
        /// Nothing, or a new line when the group around it is broken.
        case softLine
        case hardLine
        /// A new line with `count` empty ones before it.
        case blankLines(Int)
        /// Breaks the groups around it.
        case breakGroup
        case sequence([Document])
        case indented(Document)
        case group(Document)
        /// On one line, whatever is broken around it.
        case flat(Document)
        /// `whole` when it fits on one line or when at least its `head` does, so that only its last bracket opens;
        /// else `packed`.
        case hugging(head: Document, whole: Document, packed: Document)
        /// ` = value` on the line at hand, or the value on the next line when it fits there and not here.
        case assigned(Document)
        /// One text when the group around it is broken, another when it is flat.
        case either(broken: Document, flat: Document)
    }
    let kind: Kind
    /// True when the content cannot stand on one line.
    let isForced: Bool

    init(_ kind: Kind) {
        self.kind = kind
        switch kind {
        case .hardLine, .blankLines, .breakGroup: isForced = true
        case .sequence(let parts): isForced = parts.contains { $0.isForced }
        case .indented(let content), .group(let content), .flat(let content), .assigned(let content): isForced = content.isForced
        case .text(let text): isForced = text.utf8.contains(0x0A)
        case .comment: isForced = true
        case .hugging(_, let whole, _): isForced = whole.isForced
        case .line, .softLine, .either: isForced = false
        }
    }

    static func text(_ text: String) -> Document { Document(.text(text)) }
    static let line = Document(.line)
    static let softLine = Document(.softLine)
    static let hardLine = Document(.hardLine)
    static let breakGroup = Document(.breakGroup)
    static let nothing = Document(.sequence([]))
    static func sequence(_ parts: [Document]) -> Document { Document(.sequence(parts)) }
    static func indented(_ parts: Document...) -> Document { Document(.indented(.sequence(parts))) }
    static func group(_ parts: Document...) -> Document { Document(.group(.sequence(parts))) }
    static func either(broken: Document, flat: Document) -> Document { Document(.either(broken: broken, flat: flat)) }

    // MARK: Layout

    private struct Task {
        var document: Document
        var indentation: Int
        var isFlat: Bool
    }

    /// The text, with lines of at most `width` columns where that is possible.
    func laidOut(width: Int, step: Int) -> String {
        var output = ""
        var column = 0
        var pendingIndentation = 0
        var tasks = [Task(document: self, indentation: 0, isFlat: false)]
        func write(_ text: String) {
            guard !text.isEmpty else { return }
            if column == 0, pendingIndentation > 0 {
                output += String(repeating: " ", count: pendingIndentation)
                column = pendingIndentation
            }
            output += text
            if let newline = text.lastIndex(of: "\n") {
                column = text.distance(from: newline, to: text.endIndex) - 1
                if column == 0 { pendingIndentation = 0 }
            } else {
                column += text.count
            }
        }
        func newline(_ indentation: Int) {
            while output.last == " " { output.removeLast() }
            output += "\n"
            column = 0
            pendingIndentation = indentation
        }
        while let task = tasks.popLast() {
            switch task.document.kind {
            case .text(let text), .comment(let text):
                write(text)
            case .line:
                if task.isFlat { write(" ") } else { newline(task.indentation) }
            case .softLine:
                if !task.isFlat { newline(task.indentation) }
            case .hardLine:
                newline(task.indentation)
            case .blankLines(let count):
                for _ in 0...count { newline(task.indentation) }
            case .breakGroup:
                break
            case .sequence(let parts):
                for part in parts.reversed() {
                    tasks.append(Task(document: part, indentation: task.indentation, isFlat: task.isFlat))
                }
            case .indented(let content):
                tasks.append(Task(document: content, indentation: task.indentation + step, isFlat: task.isFlat))
            case .group(let content):
                let start = max(column, column == 0 ? pendingIndentation : 0)
                let flat = task.isFlat || !content.isForced && Document.fits(content, tasks, width - start)
                tasks.append(Task(document: content, indentation: task.indentation, isFlat: flat))
            case .flat(let content):
                tasks.append(Task(document: content, indentation: task.indentation, isFlat: true))
            case .assigned(let content):
                let same = Document.sequence([.text(" = "), content])
                let isFlat = task.isFlat || !content.isForced && Document.fits(same, tasks, width - column)
                if isFlat || content.isForced || !Document.fits(content, tasks, width - task.indentation - step) {
                    tasks.append(Task(document: same, indentation: task.indentation, isFlat: isFlat))
                } else {
                    write(" =")
                    newline(task.indentation + step)
                    tasks.append(Task(document: content, indentation: task.indentation + step, isFlat: true))
                }
            case .hugging(let head, let whole, let packed):
                let start = max(column, column == 0 ? pendingIndentation : 0)
                let flat = task.isFlat || !whole.isForced && Document.fits(whole, tasks, width - start)
                let isWhole = flat || Document.fits(head, [], width - start)
                tasks.append(Task(document: isWhole ? whole : packed, indentation: task.indentation, isFlat: flat))
            case .either(let broken, let flat):
                tasks.append(Task(document: task.isFlat ? flat : broken, indentation: task.indentation, isFlat: task.isFlat))
            }
        }
        return output
    }

    /// Puts the comments behind the code of neighbouring lines below each other.
    static func aligned(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var start = 0
        while start < lines.count {
            var end = start
            var widest = 0
            while end < lines.count, let mark = lines[end].firstIndex(of: "\0") {
                widest = max(widest, lines[end].distance(from: lines[end].startIndex, to: mark))
                end += 1
            }
            for number in start..<end {
                guard let mark = lines[number].firstIndex(of: "\0") else { continue }
                let code = lines[number][..<mark]
                let gap = widest <= 80 ? widest - code.count + 2 : 2
                lines[number] = code + String(repeating: " ", count: gap) + lines[number][lines[number].index(after: mark)...]
            }
            start = max(end, start + 1)
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a document on one line, and what follows it up to the next line break, fits into the room left.
    private static func fits(_ document: Document, _ rest: [Task], _ room: Int) -> Bool {
        var room = room
        var following = rest.count
        var tasks = [Task(document: document, indentation: 0, isFlat: true)]
        while room >= 0 {
            guard let task = tasks.popLast() else {
                guard following > 0 else { return true }
                following -= 1
                tasks.append(rest[following])
                continue
            }
            switch task.document.kind {
            case .text(let text):
                if let newline = text.firstIndex(of: "\n") {
                    return text.distance(from: text.startIndex, to: newline) <= room
                }
                room -= text.count
            case .comment, .breakGroup: break
            case .line:
                if !task.isFlat { return true }
                room -= 1
            case .softLine:
                if !task.isFlat { return true }
            case .hardLine, .blankLines: return true
            case .sequence(let parts):
                for part in parts.reversed() { tasks.append(Task(document: part, indentation: 0, isFlat: task.isFlat)) }
            case .indented(let content):
                tasks.append(Task(document: content, indentation: 0, isFlat: task.isFlat))
            case .group(let content):
                tasks.append(Task(document: content, indentation: 0, isFlat: task.isFlat))
            case .flat(let content):
                tasks.append(Task(document: content, indentation: 0, isFlat: true))
            case .assigned(let content):
                if !task.isFlat { return room >= 2 }
                room -= 3
                tasks.append(Task(document: content, indentation: 0, isFlat: true))
            case .hugging(_, let whole, _):
                tasks.append(Task(document: whole, indentation: 0, isFlat: task.isFlat))
            case .either(let broken, let flat):
                tasks.append(Task(document: task.isFlat ? flat : broken, indentation: 0, isFlat: task.isFlat))
            }
        }
        return false
    }
}
