import Syntax

/// What `catch` binds: the problem's code, message and help, and the value given to `raise`.
public final class ProblemObject: Object {
    public let diagnostic: Diagnostic
    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

    public override var typeName: String { "Problem" }
    public override var text: String { diagnostic.message }
    public override var representation: String { "error[\(diagnostic.code)]: \(diagnostic.message)" }
    public override var fieldNames: [String] { ["code", "message", "help", "value"] }
    public override func field(_ name: String) -> Value? {
        switch name {
        case "code": return .string(diagnostic.code)
        case "message": return .string(diagnostic.message)
        case "help": return diagnostic.help.map { .string($0) } ?? Value.none
        case "value": return (diagnostic.payload as? Payload)?.value ?? Value.none
        default: return nil
        }
    }
}

/// Carries the value of `raise` through a diagnostic.
final class Payload {
    let value: Value
    init(_ value: Value) { self.value = value }
}
