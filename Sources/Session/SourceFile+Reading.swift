import Base
import Foundation
import Machine
import Syntax

extension SourceFile {
    /// How many bytes a script, or an input of the prompt, may have.
    public static let largest = 16 << 20

    /// Reads a script; throws a `Diagnostic` when it is not there, too large, or cannot be read. Whether it is text is found
    /// by the lexer.
    public convenience init(reading path: String, as kind: String = "script") throws {
        func problem(_ words: String) -> Diagnostic { Diagnostic(code: "file", message: "the \(kind) must be \(words), but is not: \(path)") }
        var status = stat()
        guard !path.isEmpty, stat(path, &status) == 0 else { throw problem("there") }
        if status.st_mode & S_IFMT == S_IFDIR { throw problem("a file") }
        do { try FileAccess.requireNoNamedPipe(path) } catch { throw Diagnostic(of: error) }
        if path.hasSuffix(".ipynb"), kind == "script" || kind == "module" {
            throw Diagnostic(
                code: "file", message: "a \(kind) must be text of RS4, but \(path) is a notebook of Jupyter",
                help: "`rs4 notebook \(path) -o \(path.dropLast(6)).rs4` makes a script of it")
        }
        guard let file = fopen(path, "rb") else { throw problem("readable") }
        defer { fclose(file) }
        guard status.st_size <= SourceFile.largest else { throw SourceFile.tooLarge("a \(kind)", path, Int(status.st_size)) }
        // A pipe and a device do not say how much they will give.
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= SourceFile.largest {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { break }
            bytes += block[..<count]
        }
        if ferror(file) != 0 { throw problem("readable") }
        guard bytes.count <= SourceFile.largest else { throw SourceFile.tooLarge("a \(kind)", path) }
        self.init(
            name: path, bytes: bytes,
            folder: URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path)
    }

    /// The mistake of more text than is read; without a count where that is not known.
    public static func tooLarge(_ kind: String, _ name: String, _ count: Int? = nil) -> Diagnostic {
        let found = count.map { "\($0 >> 20) MB" } ?? "more"
        return Diagnostic(code: "file", message: "\(kind) must be at most \(largest >> 20) MB, but \(name) has \(found)")
    }
}

extension Diagnostic {
    /// What to say of an error that has no place in a script.
    public init(of error: Error) {
        switch error {
        case let diagnostic as Diagnostic: self = diagnostic
        case let failure as Failure: self.init(code: failure.code, message: failure.message, help: failure.help)
        default: self.init(code: "internal", message: "\(error)")
        }
    }
}
