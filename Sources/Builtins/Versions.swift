import Foundation
import Machine
import Tensors

/// What made a result: the program, the libraries under it, the machine.
public enum Versions {
    public static let rs4 = "0.1.0"

    /// By name: versions of RS4 and libtorch, system, kind of machine, cores, threads of libtorch, GPUs.
    static var all: [(String, Value)] {
        var names = utsname()
        uname(&names)
        let system = text(&names.sysname), release = text(&names.release), machine = text(&names.machine)
        return [
            ("rs4", .string(rs4)), ("libtorch", .string(Engine.version)), ("system", .string("\(system) \(release)")),
            ("machine", .string(machine)), ("cores", .integer(ProcessInfo.processInfo.activeProcessorCount)),
            ("threads", .integer(Engine.threadCount)), ("gpus", .integer(Engine.cudaDeviceCount)),
        ]
    }

    /// The text in one of the fixed fields of `utsname`.
    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
