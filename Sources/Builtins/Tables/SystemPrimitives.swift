import Base
import Foundation
import Machine
import Tensors

/// Files, folders, time, help, refusals.
enum SystemPrimitives {
    static let module = PrimitiveModule(
        "system", "Files, folders, time, help and refusals.",
        [
            Primitive("exists(path: String) -> Bool", "True when there is a file or folder at the path.",
                example: "exists(\"/\")  # => true") { (path: String) in FileManager.default.fileExists(atPath: path) },
            Primitive("list_files(folder: String, pattern: String = \"*\") -> List",
                "Paths of the files in a folder whose names fit the pattern (`*` and `?`), in alphabetical order.",
                example: "list_files(\"/\", \"no such *.name\")  # => []", listFiles),
            Primitive("make_folder(path: String)", "Makes a folder and those it lies in; nothing happens when it is there.",
                example: "make_folder(\"/tmp\")") { (path: String) in
                do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                    throw Failure("file", "the folder must be possible to make, but is not: \(path)", help: reason(error), argument: "path")
                }
                return Value.none
            },
            Primitive("temporary_folder() -> String", "Makes a new, empty folder that goes, with what is in it, when the program ends.",
                details: "Below `TMPDIR`, or `/tmp`. A program that is killed leaves it.",
                example: "let folder = temporary_folder()\nwrite_text(join_path(folder, \"a.txt\"), \"hi\")\nlen(list_files(folder))  # => 1") { try TemporaryFolders.make() },
            Primitive("read_text(path: String) -> String", "The text of a file in UTF-8.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"hi\"); read_text(\"/tmp/rs4-example.txt\")  # => \"hi\"", readText),
            Primitive("read_lines(path: String) -> List", "The lines of a text file, without their ends.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"a\\nb\\n\"); read_lines(\"/tmp/rs4-example.txt\")  # => [\"a\", \"b\"]") { (path: String, machine: Machine) in
                try TextPrimitives.lines(of: readText(path), machine)
            },
            Primitive("write_text(path: String, text: String)", "Writes a text file, whole or not at all.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"hi\")") { (path: String, text: String) in
                try FileAccess.write(Array(text.utf8), to: path)
                return Value.none
            },
            Primitive("append_text(path: String, text: String)", "Adds text at the end of a file, which is made when it is not there.",
                details: "The text is written by one call, so that lines of several programs do not mix.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"a\\n\"); append_text(\"/tmp/rs4-example.txt\", \"b\\n\"); read_lines(\"/tmp/rs4-example.txt\")  # => [\"a\", \"b\"]") { (path: String, text: String) in
                try FileAccess.append(Array(text.utf8), to: path)
                return Value.none
            },
            Primitive("move_path(from: String, to: String)", "Gives a file or folder another name; a file that has it is replaced.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"hi\"); move_path(\"/tmp/rs4-example.txt\", \"/tmp/rs4-moved.txt\"); exists(\"/tmp/rs4-example.txt\")  # => false") { (from: String, to: String) in
                guard FileManager.default.fileExists(atPath: from) else { throw FileAccess.missing(from, argument: "from") }
                try FileAccess.move(from, to: to, argument: "to")
                return Value.none
            },
            Primitive("join_path(parts...) -> String", "Parts of a path with one `/` between them.",
                example: "join_path(\"data\", \"images\", \"a.nii\")  # => \"data/images/a.nii\"") { (parts: [Value]) in
                var result = ""
                for part in parts.map(\.text) where !part.isEmpty {
                    if result.isEmpty { result = part; continue }
                    while result.hasSuffix("/") { result.removeLast() }
                    result += "/" + part.drop { $0 == "/" }
                }
                return result
            },
            Primitive("file_name(path: String) -> String", "The last part of a path.",
                example: "file_name(\"data/a.nii.gz\")  # => \"a.nii.gz\"") { (path: String) in FileAccess.name(of: path) },
            Primitive("folder_name(path: String) -> String", "The path without its last part.",
                example: "folder_name(\"data/a.nii.gz\")  # => \"data\"") { (path: String) in FileAccess.folder(of: path) },
            Primitive("time() -> Float", "Seconds since the first moment of 1970, UTC.", example: "time() > 0  # => true") {
                Date().timeIntervalSince1970
            },
            Primitive("seconds() -> Float", "Seconds on a clock that only goes forward; differences measure durations.",
                example: "let start = seconds(); seconds() - start < 10  # => true") {
                Double(DispatchTime.now().uptimeNanoseconds) / 1e9
            },
            Primitive("refuse(sentence: String, help: String? = nil, code: \"value\" | \"file\" | \"shape\" | \"grid\" | \"type\" = \"value\")",
                "Ends with an error in the library's own form: a sentence, and a line that says what to do.",
                details: "The sentence says what must be and what is; `raise` needs neither code nor help.",
                example: "refuse(\"`rate` must be above 0, but is -1\", help: \"0.01 is usual\")  # error: value, must be above 0") { (sentence: String, help: String?, code: String) -> Value in
                throw Failure(code, sentence, help: help)
            },
            Primitive("help(x)", "Shows what is known of a function, record, model or value; `help(\"name\")` works for names too.",
                example: "help(len)") { (x: Value, machine: Machine) in
                let name = (x.object as? StringObject)?.string
                let subject = name.flatMap { machine.prelude.values[$0] } ?? x
                let place = name.flatMap { machine.prelude.directory.placeHelp(for: $0) }
                let text = subject.object?.documentation ?? place ?? "\(subject.typeName): \(subject.representation)"
                machine.host.write(text + "\n")
                return Value.none
            },
        ])

    private static func reason(_ error: Error) -> String { (error as NSError).localizedDescription }

    private static func readText(_ path: String) throws -> String {
        try FileAccess.requirePath(path)
        try FileAccess.requireNoNamedPipe(path)
        // To its end, however long that is: a pipe does not tell.
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.readToEnd() ?? Data() else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw Failure("file", isThere ? "the file must be readable, but is not: \(path)" : "the file must be there, but is not: \(path)", argument: "path")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure("file", "the file must hold UTF-8 text, but does not: \(path)", argument: "path")
        }
        return text
    }

    private static func listFiles(_ folder: String, _ pattern: String) throws -> [String] {
        try FileAccess.requirePath(folder)
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw Failure("file", "the folder must be readable, but is not: \(folder)", help: reason(error), argument: "folder")
        }
        let fitting = names.filter { fnmatch(pattern, $0, FNM_PERIOD) == 0 }.sorted()
        return fitting.map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
    }
}
