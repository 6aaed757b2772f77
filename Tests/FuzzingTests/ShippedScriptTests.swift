import Foundation
import Fuzzing
import Syntax
import Testing

/// Every script and every example that is shipped survives the formatter: the same tree, comments and cells, and nothing
/// left to change the second time; however its lines end, and whatever blanks stand before that.
@Suite struct ShippedScriptTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static let texts: [Corpus.Text] = Corpus.read(
        ["stdlib", "scripts", "Tests", "docs", "README.md", "CONTRIBUTING.md"].map { "\(root)/\($0)" })

    /// The same text as others write it.
    private func variants(_ bytes: [UInt8]) -> [[UInt8]] {
        func replacing(_ end: String) -> [UInt8] { bytes.flatMap { $0 == 0x0A ? Array(end.utf8) : [$0] } }
        return [bytes, replacing("\r\n"), replacing(" \t\r\r\n"), [0xEF, 0xBB, 0xBF] + bytes, bytes + bytes]
    }

    @Test func everyScriptSurvivesTheFormatter() {
        var programs = 0
        for text in ShippedScriptTests.texts {
            for (number, variant) in variants(text.bytes).enumerated() {
                let finding = SyntaxInvariants.check(variant)
                if finding.program != nil { programs += 1 }
                #expect(finding.broken.isEmpty, "\(text.name), form \(number): \(finding.broken.joined(separator: "\n"))")
            }
        }
        #expect(programs > 300)
    }

    @Test func theLibraryAndItsScriptsParse() {
        let shipped = ShippedScriptTests.texts.filter { text in
            ["stdlib", "scripts"].contains { text.name.hasPrefix("\(ShippedScriptTests.root)/\($0)/") }
        }
        #expect(shipped.count > 20)
        for text in shipped { #expect(SyntaxInvariants.check(text.bytes).program != nil, "\(text.name)") }
    }
}
