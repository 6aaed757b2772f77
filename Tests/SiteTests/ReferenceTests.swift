import Builtins
import Machine
import Pages
import Session
import Site
import Testing

@testable import Syntax

/// `help(name)`, `rs4 doc NAME`, completion and the pages tell of one table.
@Suite struct ReferenceTests {
    private static let written = Result {
        Dictionary(try Site().files().map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func everyPrimitiveAgrees() throws {
        let pages = try ReferenceTests.written.get()
        let entries = Dictionary(
            Reference.tables.flatMap(\.entries).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let host = TextHost()
        let session = Session(host: host)
        let primitives = Library.modules.flatMap(\.primitives)
        #expect(primitives.count > 200)
        for primitive in primitives {
            let head = "`\(primitive.signature)`\n\n\(primitive.summary)"
            #expect(session.help(for: primitive.name)?.hasPrefix(head) == true, "help of \(primitive.name)")
            let entry = try #require(entries[primitive.name])
            #expect(Reference.markdown(entry).hasPrefix(head), "rs4 doc \(primitive.name)")
            host.text = ""
            _ = session.evaluate("help(\(primitive.name))")
            #expect(host.text.hasPrefix(head), "help(\(primitive.name))")
            let page = try #require(pages["reference/\(primitive.name).html"])
            #expect(page.contains(CodeHTML.block(primitive.signature)), "page of \(primitive.name)")
            let call = "\(primitive.name)("
            let names = primitive.parameters.filter { !$0.isVariadic }.map { $0.name + ": " }
            let completion = session.completion(call, at: call.utf8.count)
            if !names.isEmpty { #expect(completion.candidates == names, "completion of \(call)") }
            #expect(session.completion(primitive.name, at: primitive.name.utf8.count).candidates.contains(primitive.name))
        }
    }

    @Test func everyLibraryNameAgrees() throws {
        let pages = try ReferenceTests.written.get()
        let library = Reference.library()
        #expect(library.flatMap(\.entries).count > 40)
        for module in library {
            let session = Session()
            guard case .value = session.evaluate("use \(module.name)") else {
                Issue.record("use \(module.name) fails")
                continue
            }
            #expect(module.entries.map(\.name) == Session.publicNames(ofModule: module.name))
            for entry in module.entries {
                let page = try #require(pages[Site.address(of: entry)])
                guard entry.kind != .value else { continue }
                #expect(session.help(for: entry.name)?.hasPrefix("`\(entry.signature)`") == true, "help of \(entry.name)")
                #expect(page.contains(CodeHTML.block(entry.signature)), "page of \(entry.name)")
                let call = "\(entry.name)("
                let names = entry.parameters.map { $0.name + ": " }
                if !names.isEmpty { #expect(session.completion(call, at: call.utf8.count).candidates == names, "completion of \(call)") }
            }
        }
    }

    @Test func everyNameIsFoundBySearch() throws {
        let script = try #require(try ReferenceTests.written.get()["search.js"])
        for entry in (Reference.tables + Reference.library()).flatMap(\.entries) {
            #expect(script.contains("\"address\":\"\(Site.address(of: entry))\""), "\(entry.name)")
        }
    }

    /// A module of the library would hide the table of its name from `use`.
    @Test func noTableIsCalledLikeAModule() {
        #expect(Set(Library.modules.map(\.name)).isDisjoint(with: EmbeddedLibrary.names))
    }

    /// What other libraries call a function leads to one that is there.
    @Test func namesOfOtherLibrariesLeadToPrimitives() {
        let session = Session()
        for (foreign, own) in ForeignNames.functions.merging(ForeignNames.members, uniquingKeysWith: { first, _ in first }) {
            #expect(session.value(of: own) != nil, "\(foreign) leads to \(own)")
        }
    }

    /// The source of everything that the library offers is found, and begins where its declaration does.
    @Test func everyLibraryNameHasItsSource() throws {
        let session = Session()
        for module in Reference.library() {
            for entry in module.entries where entry.kind != .value {
                let source = try #require(session.source(of: entry.name), "\(entry.name)")
                #expect(source.text?.contains(entry.name) == true && source.file.hasPrefix("stdlib/"), "\(entry.name)")
            }
        }
        #expect(session.source(of: "register")?.file == "Sources/Builtins/Tables/RegistrationPrimitives.swift")
        #expect(session.source(of: "losses")?.file == "stdlib/learning/losses.rs4")
        #expect(session.source(of: "nowhere") == nil)
    }

    /// A summary ends where its sentence does, not at the full stop of "et al.".
    @Test func summariesAreWholeSentences() {
        for entry in (Reference.tables + Reference.library()).flatMap(\.entries) where !entry.summary.isEmpty {
            let opened = entry.summary.count { $0 == "(" }, closed = entry.summary.count { $0 == ")" }
            #expect(opened == closed && !entry.summary.hasSuffix(" al."), "\(entry.name): \(entry.summary)")
        }
    }
}
