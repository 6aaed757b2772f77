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
                example: "exists(\"/\")  # => true") { call in .boolean(FileManager.default.fileExists(atPath: try call.string(0))) },
            Primitive("list_files(folder: String, pattern: String = \"*\") -> List",
                "Paths of the files in a folder whose names fit the pattern (`*` and `?`), in alphabetical order.",
                example: "list_files(\"/\", \"no such *.name\")  # => []") { call in try listFiles(call) },
            Primitive("make_folder(path: String)", "Makes a folder and those it lies in; nothing happens when it is there.",
                example: "make_folder(\"/tmp\")") { call in
                let path = try call.string(0)
                do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                    throw Failure("file", "the folder must be possible to make, but is not: \(path)", help: reason(error), argument: "path")
                }
                return .none
            },
            Primitive("temporary_folder() -> String", "Makes a new, empty folder that goes, with what is in it, when the program ends.",
                details: "Below `TMPDIR`, or `/tmp`. A program that is killed leaves it.",
                example: "let folder = temporary_folder()\nwrite_text(join_path(folder, \"a.txt\"), \"hi\")\nlen(list_files(folder))  # => 1") { _ in
                .string(try TemporaryFolders.make())
            },
            Primitive("read_text(path: String) -> String", "The text of a file in UTF-8.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"hi\"); read_text(\"/tmp/rs4-example.txt\")  # => \"hi\"") { call in
                .string(try readText(call))
            },
            Primitive("read_lines(path: String) -> List", "The lines of a text file, without their ends.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"a\\nb\\n\"); read_lines(\"/tmp/rs4-example.txt\")  # => [\"a\", \"b\"]") { call in
                .list(try TextPrimitives.lines(of: readText(call), call.machine))
            },
            Primitive("write_text(path: String, text: String)", "Writes a text file, whole or not at all.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"hi\")") { call in
                try FileAccess.write(Array(try call.string(1).utf8), to: try call.string(0))
                return .none
            },
            Primitive("append_text(path: String, text: String)", "Adds text at the end of a file, which is made when it is not there.",
                details: "The text is written by one call, so that lines of several programs do not mix.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"a\\n\"); append_text(\"/tmp/rs4-example.txt\", \"b\\n\"); read_lines(\"/tmp/rs4-example.txt\")  # => [\"a\", \"b\"]") { call in
                try FileAccess.append(Array(try call.string(1).utf8), to: try call.string(0))
                return .none
            },
            Primitive("move_path(from: String, to: String)", "Gives a file or folder another name; a file that has it is replaced.",
                example: "write_text(\"/tmp/rs4-example.txt\", \"hi\"); move_path(\"/tmp/rs4-example.txt\", \"/tmp/rs4-moved.txt\"); exists(\"/tmp/rs4-example.txt\")  # => false") { call in
                let (from, to) = (try call.string(0), try call.string(1))
                guard FileManager.default.fileExists(atPath: from) else { throw FileAccess.missing(from, argument: "from") }
                try FileAccess.move(from, to: to, argument: "to")
                return .none
            },
            Primitive("join_path(parts...) -> String", "Parts of a path with one `/` between them.",
                example: "join_path(\"data\", \"images\", \"a.nii\")  # => \"data/images/a.nii\"") { call in
                var result = ""
                for part in try call.list(0).map(\.text) where !part.isEmpty {
                    if result.isEmpty { result = part; continue }
                    while result.hasSuffix("/") { result.removeLast() }
                    result += "/" + part.drop { $0 == "/" }
                }
                return .string(result)
            },
            Primitive("file_name(path: String) -> String", "The last part of a path.",
                example: "file_name(\"data/a.nii.gz\")  # => \"a.nii.gz\"") { call in
                .string(FileAccess.name(of: try call.string(0)))
            },
            Primitive("folder_name(path: String) -> String", "The path without its last part.",
                example: "folder_name(\"data/a.nii.gz\")  # => \"data\"") { call in
                .string(FileAccess.folder(of: try call.string(0)))
            },
            Primitive("time() -> Float", "Seconds since the first moment of 1970, UTC.", example: "time() > 0  # => true") { _ in
                .float(Date().timeIntervalSince1970)
            },
            Primitive("seconds() -> Float", "Seconds on a clock that only goes forward; differences measure durations.",
                example: "let start = seconds(); seconds() - start < 10  # => true") { _ in
                .float(Double(DispatchTime.now().uptimeNanoseconds) / 1e9)
            },
            Primitive("refuse(sentence: String, help = nil, code: String = \"value\")",
                "Ends with an error in the library's own form: a sentence, and a line that says what to do.",
                details: "`code` is `value`, `file`, `shape`, `grid` or `type`. The sentence says what must be and what is; `raise` needs neither code nor help.",
                example: "refuse(\"`rate` must be above 0, but is -1\", help: \"0.01 is usual\")  # error: value, must be above 0") { call in
                let code = try call.string(2)
                guard ["value", "file", "shape", "grid", "type"].contains(code) else {
                    throw call.mismatch(2, expected: "\"value\", \"file\", \"shape\", \"grid\" or \"type\"", found: call[2].representation)
                }
                throw Failure(code, try call.string(0), help: try call.optional(1, call.string))
            },
            Primitive("help(x)", "Shows what is known of a function, record, model or value; `help(\"name\")` works for names too.",
                example: "help(len)") { call in
                var subject = call[0]
                if let name = subject.object as? StringObject, let value = call.machine.prelude.values[name.string] { subject = value }
                let place = (call[0].object as? StringObject).flatMap { call.machine.prelude.directory.placeHelp(for: $0.string) }
                let text = subject.object?.documentation ?? place ?? "\(subject.typeName): \(subject.representation)"
                call.machine.host.write(text + "\n")
                return .none
            },
        ])

    private static func reason(_ error: Error) -> String { (error as NSError).localizedDescription }

    private static func readText(_ call: PrimitiveCall) throws -> String {
        let path = try call.string(0)
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

    private static func listFiles(_ call: PrimitiveCall) throws -> Value {
        let folder = try call.string(0)
        try FileAccess.requirePath(folder)
        let pattern = try call.string(1)
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw Failure("file", "the folder must be readable, but is not: \(folder)", help: reason(error), argument: "folder")
        }
        let fitting = names.filter { fnmatch(pattern, $0, FNM_PERIOD) == 0 }.sorted()
        return .list(fitting.map { .string(folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)") })
    }
}
