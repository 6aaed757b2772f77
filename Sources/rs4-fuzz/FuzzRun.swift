import Foundation
import Fuzzing
import Syntax

/// Checks inputs one after the other and counts what came of them.
final class FuzzRun {
    private let inputs: Inputs
    private let execution = Execution()
    private var counts: [String: Int] = [:]
    private var broken = 0
    private var slowest = (seconds: 0.0, number: 0)
    /// Seconds past which an input is reported as slow.
    private let patience = 1.0

    init(_ inputs: Inputs) { self.inputs = inputs }

    /// Checks `count` inputs from number `first` on; 0 when nothing was found.
    func check(from first: Int, _ count: Int) -> Int32 {
        Watch.start()
        let start = Watch.now
        for done in 1...max(1, count) where done <= count {
            let number = first + done - 1
            Watch.begin(number)
            check(inputs.input(number), number, shows: false)
            if done % 50_000 == 0 {
                print("\(done) inputs up to number \(number), \(Int(Watch.now - start)) s, \(broken) found")
                fflush(stdout)
            }
        }
        for name in counts.keys.sorted() { print("  \(name): \(counts[name] ?? 0)") }
        print("  slowest: input \(slowest.number), \(Int(slowest.seconds * 1000)) ms")
        print("\(count) inputs of seed \(inputs.seed): \(broken) found")
        return broken == 0 ? 0 : 1
    }

    /// Shows one input and checks it.
    func show(_ input: Inputs.Input, number: Int = 0) -> Int32 {
        print("input \(number), \(input.kind.rawValue), \(input.bytes.count) bytes:")
        print(String(decoding: input.bytes, as: UTF8.self))
        fflush(stdout)
        Watch.start()
        Watch.begin(number)
        check(input, number, shows: true)
        return broken == 0 ? 0 : 1
    }

    private func check(_ input: Inputs.Input, _ number: Int, shows: Bool) {
        let start = Watch.worked
        var finding = SyntaxInvariants.check(input.bytes)
        let outcome = finding.program != nil ? "programs" : "refused"
        if finding.program == nil, input.kind == .derived || input.kind == .run {
            finding.broken.append("a derived program must parse, but does not: \(finding.diagnostics.first?.message ?? "")")
        }
        var said = finding.diagnostics
        if let program = finding.program {
            let problems = execution.check(program)
            for problem in problems { finding.broken += SyntaxInvariants.check(problem) }
            said += problems
        }
        let seconds = Watch.worked - start
        if input.kind == .run, finding.program != nil {
            let problems = execution.run(String(decoding: input.bytes, as: UTF8.self))
            for problem in problems {
                finding.broken += SyntaxInvariants.check(problem)
                if problem.code == "internal" { finding.broken.append("no failure may be internal, but is: \(problem.message)") }
                counts["run, ended in \(problem.code)", default: 0] += 1
            }
            if problems.isEmpty { counts["run to the end", default: 0] += 1 }
            said += problems
        }
        counts["\(input.kind.rawValue), \(outcome)", default: 0] += 1
        if seconds > slowest.seconds { slowest = (seconds, number) }
        if seconds > patience { finding.broken.append("an input must take at most \(patience) s, but takes \(seconds) s") }
        if shows { for diagnostic in said { print(DiagnosticRenderer().render(diagnostic)) } }
        guard let first = finding.broken.first else { return }
        broken += 1
        print("input \(number) (\(input.kind.rawValue)): \(shows ? finding.broken.joined(separator: "\n") : first)")
        fflush(stdout)
    }
}
