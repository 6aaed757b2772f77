import Base
import Syntax
import Testing

import Machine

/// Parses, compiles and runs a text on a fresh machine.
private func run(_ text: String, machine: Machine = Machine(), primitives: [Primitive] = []) throws -> Value {
    for primitive in primitives { machine.prelude.values[primitive.name] = .object(primitive) }
    let file = SourceFile(name: "test", text: text)
    guard case .complete(let program) = Parser.parse(file) else { throw Failure("syntax", "the test's text must parse") }
    let unit = try Compiler.compile(
        program.statements, file: file, module: ModuleScope(name: "test"), prelude: machine.prelude,
        loadModule: { _, _ in throw Failure("module", "there are no modules here") }
    ).get()
    return try machine.call(.object(unit), [])
}

private func problem(_ text: String, machine: Machine = Machine(), primitives: [Primitive] = []) -> Diagnostic? {
    do {
        _ = try run(text, machine: machine, primitives: primitives)
        return nil
    } catch let errors as CompileErrors {
        return errors.diagnostics.first
    } catch {
        return error as? Diagnostic
    }
}

@Test func closuresShareTheirVariables() throws {
    let text = """
        fn counter() { let n = 0; () => { n += 1; n } }
        let a = counter()
        let b = counter()
        a(); a()
        [a(), b()]
        """
    #expect(try run(text).representation == "[3, 1]")
}

@Test func everyIterationHasItsOwnVariable() throws {
    let text = """
        fn make() { let fs = []; for i in 0..<3 { fs = fs + [() => i] }; fs }
        let fs = make()
        [fs[0](), fs[1](), fs[2]()]
        """
    #expect(try run(text).representation == "[0, 1, 2]")
}

@Test func valuesAreLetGoWithTheirLastName() throws {
    final class Tracked: Object {
        nonisolated(unsafe) static var alive = 0
        override init() { Tracked.alive += 1 }
        deinit { Tracked.alive -= 1 }
    }
    let make = Primitive("make()", "A value whose life is counted.") { _ in .object(Tracked()) }
    let alive = Primitive("alive()", "How many are alive.") { _ in .integer(Tracked.alive) }
    let text = """
        fn pass(x) = x
        fn work() { let a = make(); let b = pass(pass(make())); if true { let c = make() }; alive() }
        let inside = work()
        for i in 0..<3 { let t = make() }
        [inside, alive()]
        """
    #expect(try run(text, primitives: [make, alive]).representation == "[2, 0]")
}

@Test func aNameIsFoundBeforeAnythingRuns() {
    nonisolated(unsafe) var calls = 0
    let effect = Primitive("effect()", "Counts its calls.") { _ in
        calls += 1
        return .none
    }
    let found = problem("effect()\nlet length = 1\nprint_it(lenght)", primitives: [effect])
    #expect(found?.code == "name")
    #expect(calls == 0)
}

@Test func endlessRecursionIsADiagnostic() {
    #expect(problem("fn f(n) = f(n + 1) + 1\nf(0)")?.code == "recursion")
}

@Test func aBrokenContractMarksBothArguments() {
    final class Shaped: Object {
        let sizes: [Int]
        init(_ sizes: [Int]) { self.sizes = sizes }
        override var typeName: String { "Tensor" }
        override var shape: [Int]? { sizes }
    }
    let make = Primitive("shaped(h: Int)", "Something with a shape.") { call in .object(Shaped([2, try call.int(0)])) }
    let found = problem(
        "fn loss(x: Tensor[B, H], y: Tensor[B, H]) = 0\nlet a = shaped(3)\nlet b = shaped(4)\nloss(a, b)", primitives: [make])
    #expect(found?.code == "shape")
    #expect(found?.message == "argument `y` of loss: H must be 3, but is 4")
    #expect(found?.labels.map(\.text) == ["H = 4 here", "H = 3 here"])
    #expect(found?.labels.map { $0.location.file.text(of: $0.location.span) } == ["b", "a"])
}

@Test func anInterruptStopsALoopAndTheMachineGoesOn() throws {
    let machine = Machine()
    Interruption.request()
    #expect(problem("while true { }", machine: machine)?.code == "interrupted")
    #expect(try run("1 + 1", machine: machine).representation == "2")
}

@Test func problemsCanBeCaughtAtAnyDepth() throws {
    let text = """
        fn deep(n) = if n == 0 { raise {code: 7} } else { deep(n - 1) }
        let caught = try { deep(50) } catch problem { problem.value.code }
        let after = try { [1][5] } catch problem { problem.code }
        [caught, after]
        """
    #expect(try run(text).representation == "[7, \"index\"]")
}

@Test func formatsFollowTheirSpecification() throws {
    #expect(try formatted(.float(3.14159), as: ".2f") == "3.14")
    #expect(try formatted(.integer(-42), as: "06d") == "-00042")
    #expect(try formatted(.float(0.1234), as: ".1%") == "12.3%")
    #expect(try formatted(.integer(1_234_567), as: ",") == "1,234,567")
    #expect(try formatted(.string("ab"), as: "^6") == "  ab  ")
    #expect(throws: Failure.self) { try formatted(.integer(1), as: ".q") }
}
