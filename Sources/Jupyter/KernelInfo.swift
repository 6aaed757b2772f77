import Builtins

/// What the kernel says of itself.
enum KernelInfo {
    static let content: JSON = [
        "status": "ok", "protocol_version": .string(Wire.protocolVersion), "implementation": "rs4",
        "implementation_version": .string(Versions.rs4),
        "banner": .string("RS4 \(Versions.rs4) · ?name explains a function, Tab completes"),
        "language_info": [
            "name": "rs4", "version": .string(Versions.rs4), "mimetype": "text/x-rs4", "file_extension": ".rs4", "pygments_lexer": "rs4",
            // No editor in a browser knows RS4; R's comments, texts and braces are those of RS4.
            "codemirror_mode": "r", "nbconvert_exporter": "script",
        ],
        "help_links": [], "supported_features": [],
    ]

    static func content(of connection: Connection) -> JSON {
        .object(Dictionary(uniqueKeysWithValues: Connection.Port.allCases.map { ($0.rawValue, .integer(connection.ports[$0] ?? 0)) }))
            .adding(["status": "ok"])
    }
}
