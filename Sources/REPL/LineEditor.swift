import CEditline
import Foundation
import Session

/// What a line editor asks while someone types.
protocol LineEditorOwner: AnyObject {
    /// Candidates for the place `cursor` (UTF-8 bytes into `line`).
    func completion(_ line: String, at cursor: Int) -> Completion
    /// True when an input of several lines needs more of them.
    func isUnfinished(_ line: String) -> Bool
}

/// libedit on the process's terminal.
final class LineEditor {
    enum Reading {
        case line(String)
        case end
        case interrupted
        /// One of the first lines of a pasted text; the others follow at once.
        case pasted(String)
        /// The line so far; someone wants back to the lines before it.
        case reopened(String)
    }

    private var editor: OpaquePointer?
    private weak var owner: LineEditorOwner?

    /// nil when the terminal cannot be used.
    init?(owner: LineEditorOwner) {
        self.owner = owner
        let callbacks = ce_owner(
            context: Unmanaged.passUnretained(self).toOpaque(), complete: completeAtCursor, proceed: proceedAfterEnter,
            clean: cleanPaste, compose: composeLetter)
        editor = ce_open("rs4", callbacks)
        if editor == nil { return nil }
    }

    deinit { close() }

    /// Gives the terminal back.
    func close() {
        if let editor { ce_close(editor) }
        editor = nil
    }

    /// - Parameters:
    ///   - text: what the line holds at first.
    ///   - isAbove: whether the cursor then stands in the line above its last.
    ///   - canReopen: whether Up on the first line gives `reopened`.
    func read(prompt: String, color: String, text: String, isAbove: Bool, canReopen: Bool) -> Reading {
        guard let editor else { return .end }
        var found: UnsafeMutablePointer<CChar>?
        let result = prompt.withCString { prompt in
            color.withCString { color in
                text.withCString { text in
                    let request = ce_request(
                        prompt: prompt, color: color, text: text, move_up: isAbove ? 1 : 0, can_reopen: canReopen ? 1 : 0)
                    return ce_read(editor, request, &found)
                }
            }
        }
        let line = found.map { String(cString: $0) } ?? ""
        free(found)
        switch result {
        case ce_line: return .line(line)
        case ce_pasted: return .pasted(line)
        case ce_reopened: return .reopened(line)
        case ce_interrupted: return .interrupted
        default: return .end
        }
    }

    // MARK: history

    /// False when there is no such file yet.
    @discardableResult
    func loadHistory(_ path: String) -> Bool { editor.map { ce_load_history($0, path) == 0 } ?? false }

    /// Remembers an input, of one line or several, here and in the file; false when the file cannot be written.
    func remember(_ input: String, in path: String) -> Bool {
        if let editor { ce_add_history(editor, input) }
        return ce_append_history(path, input) == 0
    }

    // MARK: what the editor asks

    fileprivate func complete(_ line: String, _ cursor: Int) {
        guard let editor, let owner else { return }
        let completion = owner.completion(line, at: cursor)
        guard !completion.candidates.isEmpty else { return }
        let shared = completion.shared
        if shared.utf8.count > completion.replaced || completion.candidates.count == 1 {
            ce_insert(editor, completion.replaced, shared)
        } else {
            ce_show(editor, Columns.listing(completion.candidates, width: Terminal.columns))
        }
    }

    /// The new line that Enter begins in an unfinished input, indented as the one before it or deeper.
    fileprivate func proceed(_ line: String, _ cursor: Int) -> String? {
        guard let owner, owner.isUnfinished(line) else { return nil }
        let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
        let last = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        let deeper = last.trimmed.last.map { "{[(".contains($0) } ?? false
        return "\n" + last.prefix { $0 == " " } + (deeper ? "  " : "")
    }
}

private func editor(_ context: UnsafeMutableRawPointer?) -> LineEditor? {
    context.map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
}

private func completeAtCursor(
    context: UnsafeMutableRawPointer?, _: OpaquePointer?, line: UnsafePointer<CChar>?, cursor: Int
) {
    guard let line else { return }
    editor(context)?.complete(String(cString: line), cursor)
}

private func proceedAfterEnter(
    context: UnsafeMutableRawPointer?, line: UnsafePointer<CChar>?, cursor: Int
) -> UnsafeMutablePointer<CChar>? {
    line.flatMap { editor(context)?.proceed(String(cString: $0), cursor) }.flatMap { strdup($0) }
}

private func cleanPaste(context: UnsafeMutableRawPointer?, text: UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>? {
    text.flatMap { strdup(PastedText.cleaned(String(cString: $0))) }
}

private func composeLetter(letter: UInt32, mark: UInt32) -> UInt32 {
    guard let first = Unicode.Scalar(letter), let second = Unicode.Scalar(mark) else { return 0 }
    var pair = String.UnicodeScalarView()
    pair.append(first)
    pair.append(second)
    let whole = String(pair).precomposedStringWithCanonicalMapping.unicodeScalars
    return whole.count == 1 ? whole.first?.value ?? 0 : 0
}
