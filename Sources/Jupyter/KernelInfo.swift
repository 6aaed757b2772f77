import Builtins

/// What the kernel says of itself.
enum KernelInfo {
    static let content: JSON = [
        "status": "ok", "protocol_version": .string(Wire.protocolVersion), "implementation": "rs4",
        "implementation_version": .string(Versions.rs4),
        "banner": .string("RS4 \(Versions.rs4) · ?name explains a function, Tab completes"),
        "language_info": .object(LanguageInfo.fields.mapValues { .string($0) }),
        "help_links": [], "supported_features": [],
    ]

    static func content(of connection: Connection) -> JSON {
        .object(Dictionary(uniqueKeysWithValues: Connection.Port.allCases.map { ($0.rawValue, .integer(connection.ports[$0] ?? 0)) }))
            .adding(["status": "ok"])
    }
}
