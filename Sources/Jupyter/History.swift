import Foundation

/// The cells that were run since the kernel began.
final class History {
    private struct Entry {
        let number: Int
        let code: String
        let output: String?
    }
    private struct Wish: Decodable {
        var output: Bool?
        var hist_access_type: String
        var session: Int?
        var start: Int?
        var stop: Int?
        var n: Int?
        var pattern: String?
        var unique: Bool?
    }

    /// The number of this run of the kernel; those before it are not kept.
    private static let session = 1
    /// Cells, and bytes of an output, that are kept.
    private static let mostEntries = 10_000, longestOutput = 10_000
    private var entries: [Entry] = []

    func add(_ code: String, number: Int, output: String?) {
        entries.append(Entry(number: number, code: code, output: output.map { String($0.prefix(History.longestOutput)) }))
        if entries.count > 2 * History.mostEntries { entries.removeFirst(History.mostEntries) }
    }

    func answer(_ request: Request) throws -> JSON {
        let wish = try request.content(Wish.self)
        let withOutput = wish.output ?? false
        let found = chosen(wish).map { entry -> JSON in
            let code: JSON = .string(entry.code)
            let output: JSON = entry.output.map { .string($0) } ?? .null
            return [.integer(History.session), .integer(entry.number), withOutput ? [code, output] : code]
        }
        return ["status": "ok", "history": .list(found)]
    }

    private func chosen(_ wish: Wish) -> [Entry] {
        switch wish.hist_access_type {
        case "range":
            // 0 is the running session, in which alone there is something.
            guard [0, History.session].contains(wish.session ?? 0) else { return [] }
            let (start, stop) = (wish.start ?? 0, wish.stop ?? Int.max)
            return entries.filter { $0.number >= start && $0.number < stop }
        case "search":
            var found = entries.filter { fnmatch(wish.pattern ?? "*", $0.code, FNM_NOESCAPE) == 0 }
            if wish.unique ?? false {
                // Of the same code the latest.
                var known: Set<String> = []
                found = Array(found.reversed().filter { known.insert($0.code).inserted }.reversed())
            }
            return Array(found.suffix(max(0, wish.n ?? found.count)))
        default: return Array(entries.suffix(max(0, wish.n ?? 10)))
        }
    }
}
