import Base
import Machine
import Syntax

/// Finds in a program, without running it, what would fail when it runs, and what surely was not meant.
///
/// It follows names through their scopes and knows a value only where the text leaves no doubt: a literal, a name bound
/// once and never assigned, an annotated parameter, the result of a function that states one. Such a value is judged by
/// the machine's own rules, so a mistake reads here as it would at run time; of all else the checker says nothing. Names
/// that are nowhere bound are the compiler's to report.
public final class Checker {
    /// What `use` names, as far as a check needs it.
    public enum ModuleSource {
        case file(SourceFile, name: String)
        case primitives([Primitive], name: String)
    }
    /// Finds what a `use` in the file names; nil when it is not there, which the compiler reports.
    public typealias ModuleFinder = (UseDeclaration.Source, SourceFile) -> ModuleSource?

    let program: Program
    let machine: Machine
    let own: Interface
    var modules: [Interface] = []
    /// Names that `use` brings in, and the modules that aliases stand for.
    var imports: [String: Known?] = [:]
    var importedTypes: [String: DeclaredType] = [:]

    var diagnostics: [Diagnostic] = []
    var scope: Scope
    var functions: [FunctionContext] = []
    /// How many `try` bodies stand around the place: what fails there may be meant to.
    var tryDepth = 0
    /// The top-level statement being checked, and the one that first binds each name.
    var statementNumber = 0
    var firstBinding: [String: Int] = [:]
    /// Bindings that some assignment changes, by number: found in a first walk.
    var assigned: Set<Int>
    private var bindingCount = 0

    /// The function around a place, for `return`.
    struct FunctionContext {
        var name: String
        var signature: Signature?
        var dimensions: DimensionBindings?
    }

    /// Everything that can be said about the program, in the order of its text. Errors will end a run that comes to
    /// their place; warnings mark what is never read and never reached.
    public static func check(
        _ program: Program, prelude: Prelude, findModule: @escaping ModuleFinder
    ) -> [Diagnostic] {
        // It works out constants, and calls nothing.
        let machine = Machine(prelude: prelude, stackSize: 1 << 10)
        let first = Checker(program, machine, assigned: [], assignedNames: [])
        first.walk()
        let second = Checker(program, machine, assigned: first.assigned, assignedNames: first.assignedGlobals)
        second.bringIn(findModule)
        second.walk()
        return second.diagnostics.sorted { $0.offset < $1.offset }
    }

    private init(_ program: Program, _ machine: Machine, assigned: Set<Int>, assignedNames: Set<String>) {
        self.program = program
        self.machine = machine
        self.assigned = assigned
        own = Interface("main", program.statements, assigned: assignedNames)
        scope = Scope(parent: nil)
    }

    private var assignedGlobals: Set<String> {
        Set(scope.all.filter { assigned.contains($0.number) }.map(\.name))
    }

    private func walk() {
        for (number, statement) in program.statements.enumerated() {
            for name in statement.declaredNames {
                if firstBinding[name.text] == nil {
                    firstBinding[name.text] = number
                    scope.bind(newBinding(name, .other, known: own.known[name.text]))
                } else {
                    // Bound again: which of the two a function sees depends on when it runs.
                    scope.bindings[name.text].map { _ = assigned.insert($0.number) }
                }
            }
        }
        for (number, statement) in program.statements.enumerated() {
            statementNumber = number
            check(statement)
        }
        reportUnreachable(program.statements)
        reportTwice(program.statements)
    }

    /// Functions, records and models that the top level declares twice.
    private func reportTwice(_ statements: [Statement]) {
        let names = statements.compactMap { statement -> Name? in
            switch statement.kind {
            case .function, .record, .model: return statement.declaredNames.first
            default: return nil
            }
        }
        reportTwice(names, "the declarations of a file", first: "replaced")
    }

    /// Warns of names that stand twice among those of `things`; `first` says what became of the earlier one.
    func reportTwice(_ names: [Name], _ things: String, first: String) {
        var seen: [String: Span] = [:]
        for name in names {
            if let earlier = seen[name.text] {
                warn(
                    "duplicate", "\(things) must have different names, but `\(name.text)` stands twice", name.span,
                    "replaces the first", help: "rename one of them",
                    also: [.init(Location(program.file, earlier), first)])
            }
            seen[name.text] = name.span
        }
    }

    // MARK: modules

    private func bringIn(_ findModule: @escaping ModuleFinder) {
        for statement in program.statements {
            guard case .use(let use) = statement.kind, let source = findModule(use.source, program.file),
                let module = interface(source)
            else { continue }
            modules.append(module)
            switch use.selection {
            case .everything:
                for name in module.names where !name.hasPrefix("_") && !own.names.contains(name) { bring(name, name, module) }
            case .alias(let alias):
                imports[alias.text] = .some(.object(StandIn("Module", module: module)))
            case .names(let names):
                for (name, alias) in names { bring((alias ?? name).text, name.text, module) }
            }
        }
    }

    private func bring(_ name: String, _ original: String, _ module: Interface) {
        imports[name] = .some(module.known[original])
        importedTypes[name] = module.types[original]
    }

    private func interface(_ source: ModuleSource) -> Interface? {
        switch source {
        case .primitives(let primitives, let name): return Interface(name, primitives: primitives)
        case .file(let file, let name):
            guard case .complete(let program) = Parser.parse(file) else { return nil }
            let reader = Checker(program, machine, assigned: [], assignedNames: [])
            reader.walk()
            return Interface(name, program.statements, assigned: reader.assignedGlobals)
        }
    }

    // MARK: names

    func newBinding(_ name: Name, _ kind: Binding.Kind, known: Known? = nil) -> Binding {
        bindingCount += 1
        let isChanged = assigned.contains(bindingCount)
        return Binding(name, kind, number: bindingCount, known: isChanged ? nil : known)
    }

    /// What is known of a name's value, and that it is read.
    ///
    /// - Parameter mayBeUnbound: whether it does no harm that the name is not bound yet.
    func read(_ name: String, _ span: Span, mayBeUnbound: Bool = false) -> Known? {
        if let binding = scope.find(name) {
            binding.reads += 1
            if !mayBeUnbound { reportEarlyUse(name, binding, span) }
            return binding.known
        }
        if let imported = imports[name] { return imported }
        guard let value = machine.prelude.values[name] else { return nil }
        if case .object(let object) = value, let primitive = object as? Primitive {
            return .object(StandIn("Function", signature: Signature(primitive)))
        }
        return Known(value: value)
    }

    /// True for a name that some scope, module or the prelude binds.
    func isBound(_ name: String) -> Bool {
        scope.find(name) != nil || imports[name] != nil || machine.prelude.values[name] != nil
    }

    /// A top-level name that is read, at the top level, above the statement that binds it.
    private func reportEarlyUse(_ name: String, _ binding: Binding, _ span: Span) {
        guard functions.isEmpty, let first = firstBinding[name], first >= statementNumber,
            outermost.bindings[name] === binding, machine.prelude.values[name] == nil
        else { return }
        // A function's own name in its defaults is read when it is called.
        if first == statementNumber {
            guard case .binding = program.statements[first].kind else { return }
        }
        report(Mistake.notBoundYet(name, names: own.names.filter { $0 != name }, in: machine.prelude), span)
    }

    private var outermost: Scope {
        var current = scope
        while let parent = current.parent { current = parent }
        return current
    }

    /// The record or model of that name, where its declaration is visible.
    func type(_ name: String) -> DeclaredType? { own.types[name] ?? importedTypes[name] }

    // MARK: scopes

    func inScope<Result>(isFunction: Bool = false, _ body: () -> Result) -> Result {
        scope = Scope(parent: scope, isFunction: isFunction)
        let result = body()
        reportUnused(scope)
        if let parent = scope.parent { scope = parent }
        return result
    }

    /// Binds the names of a pattern.
    func bind(_ pattern: Pattern, _ kind: Binding.Kind, known: Known? = nil) {
        readTypes(pattern)
        var bindings: [Binding] = []
        for name in pattern.names {
            var own: Known?
            if case .name = pattern.kind { own = known }
            bindings.append(newBinding(name, kind, known: own))
        }
        for binding in bindings {
            binding.siblings = bindings
            scope.bind(binding)
        }
    }

    private func readTypes(_ pattern: Pattern) {
        switch pattern.kind {
        case .wildcard, .name: break
        case .literal(let expression): _ = value(expression)
        case .list(let parts, _): for part in parts { readTypes(part) }
        case .map(let entries): for entry in entries { readTypes(entry.pattern) }
        case .record(let name, let parts):
            _ = read(name.text, name.span)
            for part in parts { readTypes(part) }
        }
    }

    // MARK: problems

    /// A failure of the machine's at a place; nothing inside the body of a `try`, where it may be meant.
    func report(_ failure: Failure, _ span: Span, labels: [Diagnostic.Label] = []) {
        guard tryDepth == 0 else { return }
        diagnostics.append(
            Diagnostic(
                code: failure.code, message: failure.message,
                labels: labels.isEmpty ? [.init(Location(program.file, span))] : labels, help: failure.help,
                notes: failure.notes))
    }

    /// Reports what the machine throws when it judges values of these types.
    func judge(_ span: Span, _ run: () throws -> Value) -> Value? {
        do { return try run() } catch let failure as Failure {
            if failure.code == "type" { report(failure, span) }
            return nil
        } catch { return nil }
    }

    func warn(_ code: String, _ message: String, _ span: Span, _ text: String = "", help: String?, also: [Diagnostic.Label] = []) {
        diagnostics.append(
            Diagnostic(
                code: code, message: message, labels: [.init(Location(program.file, span), text)] + also, help: help,
                severity: .warning))
    }

    private func reportUnused(_ scope: Scope) {
        var reported: Set<Int> = []
        for binding in scope.all where binding.kind == .local && binding.reads == 0 && !binding.name.hasPrefix("_") {
            guard binding.siblings.allSatisfy({ $0.reads == 0 }), reported.insert(binding.number).inserted else { continue }
            for sibling in binding.siblings { reported.insert(sibling.number) }
            let isChanged = assigned.contains(binding.number)
            warn(
                "unused", "`\(binding.name)` must be read somewhere, but is \(isChanged ? "only assigned" : "only bound")",
                binding.span, help: "remove it, or name it `_\(binding.name)` if it is meant to stand here")
        }
    }
}
