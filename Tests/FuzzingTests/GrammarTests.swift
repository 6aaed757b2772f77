import Foundation
import Fuzzing
import Syntax
import Testing

/// The grammar's page is what the parser reads: programs derived from it parse, and survive the formatter.
@Suite struct GrammarTests {
    static let page: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return (try? String(contentsOf: root.appendingPathComponent("docs/language/grammar.md"), encoding: .utf8)) ?? ""
    }()

    @Test func thePageHoldsAWholeGrammar() {
        let grammar = Grammar(page: GrammarTests.page)
        #expect(grammar.problems.isEmpty, "\(grammar.problems)")
        #expect(grammar.names.contains("program"))
        #expect(grammar.unreachable(from: ["text", "program"]).isEmpty)
    }

    @Test func aBrokenGrammarIsReported() {
        #expect(Grammar("a = b ;").problems == ["`b` must have a production, but has none"])
        #expect(Grammar("a = \"x\" ; a = \"y\" ;").problems == ["`a` must be told once, but is told twice"])
        #expect(Grammar("a = ( \"x\" ;").problems.count == 1)
    }

    @Test func derivedProgramsParseAndSurviveTheFormatter() {
        let maker = ProgramMaker(Grammar(page: GrammarTests.page))
        var statements = 0
        for number in 0..<4000 {
            var dice = Dice(seed: 7, number: number)
            var maker = maker
            maker.depth = 20 + dice.roll(60)
            let text = maker.program(&dice)
            let finding = SyntaxInvariants.check(Array(text.utf8))
            #expect(finding.program != nil, "input \(number): \(finding.diagnostics.first?.message ?? "")\n\(text)")
            #expect(finding.broken.isEmpty, "input \(number): \(finding.broken.joined(separator: "\n"))\n\(text)")
            statements += finding.program?.statements.count ?? 0
        }
        #expect(statements > 1000)
    }

    /// Every production comes up, so that none is believed without having been tried.
    @Test func everyStatementAndExpressionIsDerived() {
        let grammar = Grammar(page: GrammarTests.page)
        let maker = ProgramMaker(grammar)
        var dice = Dice(seed: 3)
        for symbol in ["statement", "function", "record", "model", "use", "match", "attempt", "choice", "map", "jump", "arrow"] {
            for _ in 0..<50 {
                let text = maker.text(symbol, &dice)
                #expect(SyntaxInvariants.check(Array(text.utf8)).program != nil, "\(symbol): \(text)")
            }
        }
    }
}
