import Base
import Machine
import Registration

/// What `register_all` gives: `all[i, j]` is the transform that brings source number i onto target number j, read from
/// the cache when it is asked for.
public final class RegistrationTableObject: Object {
    public let table: RegistrationTable

    public init(_ table: RegistrationTable) { self.table = table }

    public override var typeName: String { "Registrations" }
    public override class var typeNames: [TypeName] { [TypeName("Registrations", words: "a table of registrations")] }

    /// `Registrations of 2 sources onto 3 targets in runs/cache: 6 made in 1.2 s, 0 found`.
    public override var text: String {
        let state = table.progress
        let repaired = state.repaired > 0 ? " (\(state.repaired) in place of damaged ones)" : ""
        return "Registrations of \(counted(table.sources.count, "source")) onto \(counted(table.targets.count, "target")) in "
            + "\(table.cache.folder): \(state.made) made\(repaired) in \(shortSeconds(state.seconds)), \(state.found) found"
    }

    private func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    public override var fieldNames: [String] { ["sources", "targets", "cache", "made", "found", "repaired", "seconds"] }

    public override func field(_ name: String) throws -> Value? {
        switch name {
        case "sources": return .list(table.sources.map { .string($0) })
        case "targets": return .list(table.targets.map { .string($0) })
        case "cache": return .string(table.cache.folder)
        case "made": return .integer(table.progress.made)
        case "found": return .integer(table.progress.found)
        case "repaired": return .integer(table.progress.repaired)
        case "seconds": return .float(table.progress.seconds)
        default: return nil
        }
    }

    public override var count: Int? { table.sources.count }

    public override func element(at items: [Subscript], machine: Machine) throws -> Value? {
        let places = items.compactMap { item -> Value? in
            if case .value(let value) = item { return value }
            return nil
        }
        guard places.count == items.count, places.count == 2 else {
            throw Failure(
                "index", "registrations take two numbers, the source's and the target's, but got \(items.count == 2 ? "a slice" : "\(items.count)")",
                help: "`all[i, j]` brings source i onto target j")
        }
        return .transform(
            try table.transform(
                source: try listPosition(places[0], count: table.sources.count, of: "list of sources"),
                target: try listPosition(places[1], count: table.targets.count, of: "list of targets")))
    }
}

/// `8.2 s`, `3 min 20 s`, `2 h 5 min`.
func shortSeconds(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "unknown time" }
    if seconds < 60 { return ((try? formatted(.float(seconds), as: seconds < 10 ? ".1f" : ".0f")) ?? "") + " s" }
    let whole = Int(seconds.rounded())
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
}
