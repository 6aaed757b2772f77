import ArgumentParser
import Base
import Foundation
import Jupyter
import Machine
import Session
import Syntax
import Tensors

struct KernelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernel", abstract: "Work in Jupyter.", subcommands: [Install.self, Run.self])

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell Jupyter of this program.",
            discussion: "Without an option everyone on this machine will find it, which takes the rights to write below /usr/local.")

        @Flag(help: "Only for you, below ~/.local/share/jupyter.")
        var user = false

        @Option(help: "Below this folder, such as the one of a Python environment.")
        var prefix: String?

        func validate() throws {
            if user, prefix != nil { throw ValidationError("--user and --prefix name two places, but one is needed") }
            if let prefix, prefix.isEmpty { throw ValidationError("--prefix must name a folder, but is empty") }
        }

        func run() throws {
            let place: KernelSpecification.Place = user ? .user : prefix.map { .prefix($0) } ?? .system
            OnLargeStack.end {
                do {
                    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
                    print("wrote \(try KernelSpecification.install(place, program: program))")
                    return 0
                } catch {
                    return Evaluation.report([Diagnostic(of: error)])
                }
            }
        }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Serve a notebook; Jupyter calls this.")

        @Option(name: .shortAndLong, help: "The connection file that Jupyter wrote.")
        var file: String

        func run() throws {
            let file = file
            OnLargeStack.end { Run.serve(file) }
        }

        private static func serve(_ path: String) -> Int32 {
            // A log that nobody reads any more is no reason to end.
            signal(SIGPIPE, SIG_IGN)
            Interruption.heedInterrupts()
            Interruption.heedHeldStops()
            do {
                let kernel = try Kernel(try Connection(reading: path), session: Evaluation.makeSession())
                Engine.prepare()
                defer { Engine.settle() }
                return kernel.run()
            } catch {
                return Evaluation.report([Diagnostic(of: error)])
            }
        }
    }
}
