import CStdlib
import Syntax

/// The library written in RS4, carried inside the program.
public enum EmbeddedLibrary {
    /// Its folders in the order of their imports: a module uses only those of its own folder and of folders before it.
    public static let rooms = ["text", "data", "networks", "learning", "methods", "evaluation", "labels", "experiment", "report", "workshop"]

    /// Where each module stands: its number in the program's table and its folder.
    private static let places: [String: (number: Int, room: String)] = Dictionary(
        uniqueKeysWithValues: (0..<rs4_library_file_count()).map { number in
            let path = String(cString: rs4_library_file_at(number).name).split(separator: "/", maxSplits: 1)
            return (String(path[1]), (number, String(path[0])))
        })

    /// Names of its modules, in alphabetical order.
    public static let names: [String] = places.keys.sorted()

    /// The folder of `stdlib` that a module stands in; nil when there is none of that name.
    public static func room(of name: String) -> String? { places[name]?.room }

    /// `stdlib/ROOM/NAME.rs4`; nil when there is no module of that name.
    public static func path(of name: String) -> String? { places[name].map { "stdlib/\($0.room)/\(name).rs4" } }

    /// A module's text as a source file named by its path; nil when there is none of that name.
    public static func file(_ name: String) -> SourceFile? {
        guard let place = places[name], let path = path(of: name) else { return nil }
        let entry = rs4_library_file_at(place.number)
        let bytes = UnsafeRawBufferPointer(start: entry.text, count: entry.length)
        return SourceFile(name: path, text: String(decoding: bytes, as: UTF8.self), isLibrary: true)
    }
}

/// The pages of docs, carried inside the program.
public enum EmbeddedPages {
    /// Their paths without `.md`, such as `language/grammar`, in alphabetical order.
    public static let names: [String] = (0..<rs4_page_count()).map { String(cString: rs4_page_at($0).name) }.sorted()

    /// A page, markdown; nil when there is none of that name.
    public static func page(_ name: String) -> String? {
        for number in 0..<rs4_page_count() {
            let entry = rs4_page_at(number)
            guard String(cString: entry.name) == name else { continue }
            return String(decoding: UnsafeRawBufferPointer(start: entry.text, count: entry.length), as: UTF8.self)
        }
        return nil
    }
}

/// The pages of docs/errors.
public enum ErrorPages {
    private static let folder = "errors/"

    /// Every code that has a page, in alphabetical order.
    public static let codes: [String] = EmbeddedPages.names.filter { $0.hasPrefix(folder) && $0 != "errors/README" }
        .map { String($0.dropFirst(folder.count)) }

    /// The code in `error:shape`, `error[shape]` and the same with `warning`; nil for other texts.
    public static func code(in text: String) -> String? {
        for head in ["error", "warning"] where text.hasPrefix(head) {
            let rest = text.dropFirst(head.count)
            if rest.hasPrefix(":") { return String(rest.dropFirst()) }
            if rest.hasPrefix("["), rest.hasSuffix("]") { return String(rest.dropFirst().dropLast()) }
        }
        return nil
    }

    public static func page(_ code: String) -> String? { codes.contains(code) ? EmbeddedPages.page(folder + code) : nil }
}
