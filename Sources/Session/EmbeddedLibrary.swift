import CStdlib
import Syntax

/// The library written in RS4, carried inside the program.
public enum EmbeddedLibrary {
    /// Names of its modules, in alphabetical order.
    public static let names: [String] = (0..<rs4_library_count()).map { String(cString: rs4_library_file_at($0).name) }.sorted()

    /// A module's text as a source file named `stdlib/NAME.rs4`; nil when there is none of that name.
    public static func file(_ name: String) -> SourceFile? {
        for number in 0..<rs4_library_count() {
            let entry = rs4_library_file_at(number)
            guard String(cString: entry.name) == name else { continue }
            let bytes = UnsafeRawBufferPointer(start: entry.text, count: entry.length)
            return SourceFile(name: "stdlib/\(name).rs4", text: String(decoding: bytes, as: UTF8.self))
        }
        return nil
    }
}
