import Foundation
import Session
import Syntax

/// What a connection file says: where clients expect the kernel's sockets, and the key that both sign with.
public struct Connection {
    enum Port: String, CaseIterable {
        case shell = "shell_port", control = "control_port", iopub = "iopub_port", stdin = "stdin_port", heartbeat = "hb_port"
    }
    let transport: String
    let ip: String
    let key: String
    let ports: [Port: Int]

    /// Reads the file that Jupyter wrote; throws a `Diagnostic` of code `file` when it says less than it must.
    public init(reading path: String) throws {
        let file = try SourceFile(reading: path, as: "connection file")
        func problem(_ words: String) -> Diagnostic { Diagnostic(code: "file", message: "the connection file \(path) \(words)") }
        guard let fields = (try? JSONSerialization.jsonObject(with: Data(file.bytes))) as? [String: Any] else {
            throw problem("must hold a JSON object, but does not")
        }
        func text(_ name: String, default value: String) throws -> String {
            guard let found = fields[name] else { return value }
            guard let text = found as? String else { throw problem("must give `\(name)` as text, but gives \(found)") }
            return text
        }
        transport = try text("transport", default: "tcp")
        guard ["tcp", "ipc"].contains(transport) else { throw problem("must ask for the transport tcp or ipc, but asks for \(transport)") }
        ip = try text("ip", default: "127.0.0.1")
        key = try text("key", default: "")
        let scheme = try text("signature_scheme", default: "hmac-sha256")
        guard key.isEmpty || scheme == "hmac-sha256" else { throw problem("must ask for signatures by hmac-sha256, but asks for \(scheme)") }
        var ports: [Port: Int] = [:]
        for port in Port.allCases {
            guard let number = fields[port.rawValue] as? Int, (1...65535).contains(number) else {
                let found = fields[port.rawValue].map { "is \($0)" } ?? "is not there"
                throw problem("must give `\(port.rawValue)` from 1 to 65535, but it \(found)")
            }
            ports[port] = number
        }
        self.ports = ports
    }

    /// The address of a socket, as ZeroMQ writes it.
    func address(_ port: Port) -> String {
        let number = ports[port] ?? 0
        if transport == "ipc" { return "ipc://\(ip)-\(number)" }
        return ip.contains(":") && !ip.hasPrefix("[") ? "tcp://[\(ip)]:\(number)" : "tcp://\(ip):\(number)"
    }

    var isIPv6: Bool { transport == "tcp" && ip.contains(":") }
}
