import Foundation
import Machine
import Pages
import Session
import Syntax

extension Kernel {
    private struct Place: Decodable {
        var code: String
        /// Counted in Unicode's code points.
        var cursor_pos: Int?

        /// The same in bytes of UTF-8.
        var offset: Int { TextPlace.offset(of: cursor_pos ?? code.unicodeScalars.count, in: code) }
    }

    // MARK: completion

    func complete(_ request: Request) throws -> JSON {
        let place = try request.content(Place.self)
        let completion = session.completion(place.code, at: place.offset)
        let end = TextPlace.count(upTo: place.offset, in: place.code)
        let start = TextPlace.count(upTo: place.offset - completion.replaced, in: place.code)
        let before = place.code.utf8.prefix(place.offset - completion.replaced).last
        let kinds: [JSON] = completion.candidates.map { candidate in
            var entry: [String: JSON] = ["text": .string(candidate), "start": .integer(start), "end": .integer(end)]
            entry["type"] = .string(kind(of: candidate, behindDot: before == UInt8(ascii: ".")))
            if let signature = session.signature(of: candidate) { entry["signature"] = .string(signature) }
            return .object(entry)
        }
        return [
            "status": "ok", "matches": .list(completion.candidates.map { .string($0) }), "cursor_start": .integer(start),
            "cursor_end": .integer(end), "metadata": ["_jupyter_types_experimental": .list(kinds)],
        ]
    }

    /// What a candidate is, in words for which frontends have signs.
    private func kind(of candidate: String, behindDot: Bool) -> String {
        if candidate.hasSuffix(": ") { return "param" }
        if candidate.hasSuffix("/") { return "path" }
        if Session.keywords.contains(candidate) { return "keyword" }
        if let object = session.value(of: candidate)?.object {
            if object is RecordType { return "class" }
            if object is ModuleScope { return "module" }
            if object is Primitive || object is ClosureObject { return "function" }
        }
        if behindDot { return "property" }
        if EmbeddedLibrary.names.contains(candidate) { return "module" }
        return session.value(of: candidate) == nil ? "text" : "instance"
    }

    // MARK: inspection

    func inspect(_ request: Request) throws -> JSON {
        struct Detail: Decodable { var detail_level: Int? }
        let place = try request.content(Place.self)
        let wantsSource = try request.content(Detail.self).detail_level ?? 0 > 0
        let subjects = session.subjects(in: place.code, at: place.offset)
        let help = subjects.lazy.compactMap { [session] name in
            wantsSource ? session.source(of: name)?.markdown ?? session.help(for: name) : session.help(for: name)
        }.first
        return ["status": "ok", "found": .boolean(help != nil), "data": help.map(Kernel.page) ?? [:], "metadata": [:]]
    }

    /// What is known of what a cell asks that is nothing but a question, or that nothing is.
    func page(_ question: Question) throws -> JSON { Kernel.page(try session.answer(question)) }

    /// Help in the forms that frontends choose from.
    private static func page(_ markdown: String) -> JSON {
        ["text/plain": .string(markdown), "text/markdown": .string(markdown), "text/html": .string(Markdown().html(markdown).html)]
    }
}

/// Places in a text, which Jupyter counts in code points and RS4 in bytes.
enum TextPlace {
    static func offset(of count: Int, in text: String) -> Int {
        text.unicodeScalars.prefix(max(0, count)).reduce(0) { $0 + UTF8.width($1) }
    }

    static func count(upTo offset: Int, in text: String) -> Int {
        var (bytes, count) = (0, 0)
        for scalar in text.unicodeScalars {
            if bytes >= offset { break }
            bytes += UTF8.width(scalar)
            count += 1
        }
        return count
    }
}
