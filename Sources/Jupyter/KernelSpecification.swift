import Base
import Foundation

/// The folder that tells Jupyter of the kernel.
public enum KernelSpecification {
    /// Who is to see the kernel.
    public enum Place {
        /// Everyone on this machine.
        case system
        case user
        /// Whoever uses the Python environment, or another installation, in this folder.
        case prefix(String)
    }

    /// The folder below which Jupyter looks for it.
    public static func folder(_ place: Place) -> String {
        let environment = ProcessInfo.processInfo.environment
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let data: String
        switch place {
        case .system: data = "/usr/local/share/jupyter"
        case .prefix(let prefix): data = FileAccess.expandingHome(prefix) + "/share/jupyter"
        case .user: data = set("JUPYTER_DATA_DIR") ?? (set("XDG_DATA_HOME") ?? FileAccess.expandingHome("~") + "/.local/share") + "/jupyter"
        }
        return data + "/kernels/rs4"
    }

    /// Writes `kernel.json`, which starts the program at `program`; gives its path. Code `file` when it cannot be written.
    public static func install(_ place: Place, program: String) throws -> String {
        let folder = folder(place)
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw Failure(
                "file", "the folder \(folder) must be possible to make, but is not: \((error as NSError).localizedDescription)",
                help: "`--user` installs the kernel for you alone")
        }
        let content: JSON = [
            "argv": [.string(program), "kernel", "run", "-f", "{connection_file}"], "display_name": "RS4", "language": "rs4",
            "interrupt_mode": "message", "metadata": ["debugger": false],
        ]
        let path = folder + "/kernel.json"
        do { try FileAccess.write(content.bytes, to: path) } catch var error as Failure {
            error.help = error.help ?? "`--user` installs the kernel for you alone"
            throw error
        }
        return path
    }
}
