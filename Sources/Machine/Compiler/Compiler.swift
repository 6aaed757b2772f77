import Base
import Syntax

/// Turns a tree into bytecode. Names are resolved here, so a misspelt name is found before anything runs.
///
/// A closure takes along the values of the names that it uses from around it. Names that are assigned after a closure took
/// them have to live in a box instead; the first walk over the tree finds them, and only if there are any a second follows.
public final class Compiler {
    /// How `use` finds modules: compiled, not necessarily run yet.
    public typealias ModuleLoader = (UseDeclaration.Source, SourceFile) throws -> ModuleScope

    let file: SourceFile
    let module: ModuleScope
    let prelude: Prelude
    let loadModule: ModuleLoader
    /// At the prompt a function may mention a name that is bound later.
    let allowsLaterNames: Bool
    var captured: Set<Int> = []
    /// Locals that get another value after their declaration.
    var reassigned: Set<Int> = []
    /// Parameters that the default being compiled cannot use, because they get their values after it.
    var laterParameters: Set<String> = []
    /// The locals called `self` that methods and constructors have.
    var selves: Set<Int> = []
    /// Locals that live in a box: closures share them, and see what is assigned to them.
    private var boxed: Set<Int> = []
    /// Top-level names of the text being compiled; they win over names that `use` brings in.
    private var ownNames: Set<String> = []
    /// Names that were assigned without being bound, each reported at its first assignment.
    var assignedUnbound: Set<String> = []
    var nextDeclaration = 0
    var diagnostics: [Diagnostic] = []
    var builder: FunctionBuilder

    init(
        file: SourceFile, module: ModuleScope, prelude: Prelude, allowsLaterNames: Bool, loadModule: @escaping ModuleLoader
    ) {
        self.file = file
        self.module = module
        self.prelude = prelude
        self.allowsLaterNames = allowsLaterNames
        self.loadModule = loadModule
        builder = FunctionBuilder(parent: nil, prototype: Prototype(name: "", file: file, module: module))
    }

    /// Compiles statements of one source text to a function without parameters whose result is the value of the last
    /// statement, or gives everything that is wrong with them; the module's declarations are then as they were before.
    public static func compile(
        _ statements: [Statement], file: SourceFile, module: ModuleScope, prelude: Prelude,
        allowsLaterNames: Bool = false, loadModule: @escaping ModuleLoader
    ) -> Result<ClosureObject, CompileErrors> {
        let earlier = module.declarations
        let compiler = Compiler(
            file: file, module: module, prelude: prelude, allowsLaterNames: allowsLaterNames, loadModule: loadModule)
        compiler.predeclare(statements)
        guard compiler.diagnostics.isEmpty else {
            module.restore(earlier)
            return .failure(CompileErrors(diagnostics: compiler.diagnostics))
        }
        var closure = compiler.compileUnit(statements)
        compiler.boxed = compiler.captured.intersection(compiler.reassigned)
        if compiler.diagnostics.isEmpty, !compiler.boxed.isEmpty { closure = compiler.compileUnit(statements) }
        if !compiler.diagnostics.isEmpty {
            module.restore(earlier)
            return .failure(CompileErrors(diagnostics: compiler.diagnostics))
        }
        return .success(closure)
    }

    private func compileUnit(_ statements: [Statement]) -> ClosureObject {
        nextDeclaration = 0
        let prototype = Prototype(name: "", file: file, module: module)
        builder = FunctionBuilder(parent: nil, prototype: prototype)
        let result = builder.newRegister()
        builder.emit(.loadNone, result)
        for (position, statement) in statements.enumerated() {
            compile(statement, result: position == statements.count - 1 ? result : nil)
        }
        builder.emit(.giveBack, result)
        finish(at: statements.first?.span ?? .none)
        return ClosureObject(prototype) { _ in .none }
    }

    /// Completes the function being built.
    func finish(at span: Span) {
        builder.finish()
        guard builder.isTooLarge else { return }
        report(
            "size", "a function must have at most \(FunctionBuilder.limit) names, values and calls, but has more", Span(span.start, span.start),
            help: "split it, or read large data from a file")
    }

    // MARK: problems

    func report(_ code: String, _ message: String, _ span: Span, help: String? = nil) {
        diagnostics.append(Diagnostic(code: code, message: message, labels: [.init(Location(file, span))], help: help))
    }

    // MARK: top-level names

    /// Gives every top-level name its slot before anything is compiled, so that functions may mention later names.
    private func predeclare(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .binding(let pattern, _, _): for name in pattern.names { declareGlobal(name) }
            case .function(let function): if let name = function.name { declareFunction(name) }
            case .record(let record): declareFunction(record.name)
            case .model(let model): declareFunction(model.name)
            case .parameter(let name, _, _):
                declareGlobal(name)
                if !module.parameters.contains(name.text) { module.parameters.append(name.text) }
            default: break
            }
        }
        // Imports come second, so that modules which use each other see each other's names.
        for statement in statements {
            if case .use(let use) = statement.kind { resolve(use, statement.span) }
        }
    }

    private func declareGlobal(_ name: Name) {
        ownNames.insert(name.text)
        module.functionSlots.remove(module.slot(for: name.text))
        module.mentionedSlots.remove(module.slot(for: name.text))
        module.imports[name.text] = nil
        module.aliases[name.text] = nil
    }

    private func declareFunction(_ name: Name) {
        declareGlobal(name)
        module.functionSlots.insert(module.slot(for: name.text))
    }

    private func resolve(_ use: UseDeclaration, _ span: Span) {
        let loaded: ModuleScope
        do {
            loaded = try loadModule(use.source, file)
        } catch let error as CompileErrors {
            diagnostics += error.diagnostics
            return
        } catch var error as Diagnostic {
            if error.labels.isEmpty { error.labels = [.init(Location(file, place(of: use)))] }
            diagnostics.append(error)
            return
        } catch let error as Failure {
            report(error.code, error.message, place(of: use), help: error.help)
            return
        } catch {
            report("module", "the module must be readable, but is not: \(error)", span)
            return
        }
        switch use.selection {
        case .everything:
            for name in loaded.publicNames where !ownNames.contains(name) { module.imports[name] = (loaded, loaded.slot(for: name)) }
        case .alias(let name):
            module.aliases[name.text] = loaded
        case .names(let names):
            for (name, alias) in names {
                guard loaded.slots[name.text] != nil, !name.text.hasPrefix("_") else {
                    if prelude.values[name.text] != nil, alias == nil { continue }
                    let near = Suggestion.nearest(to: name.text, among: loaded.publicNames)
                    report(
                        "name", "`\(name.text)` must be a public name of \(loaded.name), but is not", name.span,
                        help: prelude.directory.placeHelp(for: name.text) ?? near.map { "did you mean `\($0)`?" })
                    continue
                }
                module.imports[(alias ?? name).text] = (loaded, loaded.slot(for: name.text))
            }
        }
    }

    private func place(of use: UseDeclaration) -> Span {
        switch use.source {
        case .library(let name): return name.span
        case .file(_, let span): return span
        }
    }

    // MARK: names

    enum Resolution {
        case local(Local)
        case upvalue(Int, Local)
        /// The function that the builder builds, by its name.
        case ownFunction(FunctionBuilder)
        case field(Int, owner: FunctionBuilder)
        case method(String, owner: FunctionBuilder)
        case imported(ModuleScope, Int)
        case alias(ModuleScope)
        case global(Int)
        case prelude(Value)
    }

    func resolve(_ name: String) -> Resolution? {
        var current: FunctionBuilder? = builder
        while let owner = current {
            if let local = owner.local(name) { return reach(local, in: owner) }
            if let layout = owner.selfLayout {
                if let slot = layout.fields.firstIndex(of: name) { return .field(slot, owner: owner) }
                if layout.methods.contains(name) { return .method(name, owner: owner) }
            }
            if let own = owner.ownName, own.name == name {
                captured.insert(own.declaration)
                return owner === builder ? .ownFunction(owner) : .upvalue(builder.upvalue(of: own, in: owner), own)
            }
            current = owner.parent
        }
        if let alias = module.aliases[name] { return .alias(alias) }
        if let imported = module.imports[name] { return .imported(imported.module, imported.slot) }
        if let slot = module.slots[name] { return .global(slot) }
        if let value = prelude.values[name] { return .prelude(value) }
        return nil
    }

    private func reach(_ local: Local, in owner: FunctionBuilder) -> Resolution {
        if owner === builder { return .local(local) }
        captured.insert(local.declaration)
        return .upvalue(builder.upvalue(of: local, in: owner), local)
    }

    /// Puts the `self` of the method that `owner` builds into a register.
    func loadSelf(of owner: FunctionBuilder) -> Int {
        guard let local = owner.local("self") else { return 0 }
        switch reach(local, in: owner) {
        case .local(let local):
            if !local.isBoxed { return local.register }
            let register = builder.newRegister()
            builder.emit(.getBox, register, local.register)
            return register
        case .upvalue(let number, let local):
            let register = builder.newRegister()
            builder.emit(local.isBoxed ? .getShared : .getUpvalue, register, number)
            return register
        default: return 0
        }
    }

    func visibleNames() -> [String] {
        assignableNames() + module.imports.keys + module.aliases.keys + prelude.values.keys
    }

    /// Names that an assignment could mean: the script's own.
    func assignableNames() -> [String] {
        var names: [String] = []
        var current: FunctionBuilder? = builder
        while let owner = current {
            for scope in owner.scopes { names += scope.keys }
            if let layout = owner.selfLayout { names += layout.fields + layout.methods }
            current = owner.parent
        }
        return names + module.names
    }

    func reportUnknown(_ name: String, _ span: Span) {
        // One forgotten `let` is one mistake, however often the name stands after it.
        guard !assignedUnbound.contains(name) else { return }
        if laterParameters.contains(name) {
            report(
                "name", "a default must use parameters before its own only, but uses `\(name)`", span,
                help: "change their order, or compute it inside the function")
            return
        }
        report(
            "name", "`\(name)` must be bound before it is used, but is unknown here", span,
            help: prelude.directory.help(for: name, visible: visibleNames(), member: member(behind: span)))
    }

    /// The name behind the dot that follows a place of the text; nil when none does.
    private func member(behind span: Span) -> String? {
        guard span.end < file.bytes.count, file.bytes[span.end] == UInt8(ascii: ".") else { return nil }
        let letters = file.bytes[(span.end + 1)...].prefix { $0 == UInt8(ascii: "_") || Character(UnicodeScalar($0)).isLetter || Character(UnicodeScalar($0)).isNumber }
        return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }

    /// Declares a name in the innermost scope of the function being built and stores `register` in it. At the top
    /// level outside blocks the name is global.
    func bind(_ name: String, from register: Int) {
        if isTopLevelScope {
            builder.emitWide(.setGlobal, register, module.slot(for: name))
            return
        }
        let local = declareLocal(name)
        if local.isBoxed {
            builder.emit(.move, local.register, register)
            builder.emit(.makeBox, local.register)
        } else if local.register != register {
            builder.emit(.move, local.register, register)
        }
    }

    /// A new local in a register of its own.
    func declareLocal(_ name: String) -> Local { declareLocal(name, in: builder.newRegister()) }

    @discardableResult
    func declareLocal(_ name: String, in register: Int) -> Local {
        let declaration = nextDeclaration
        nextDeclaration += 1
        let local = Local(name: name, register: register, isBoxed: boxed.contains(declaration), declaration: declaration)
        builder.declare(local)
        return local
    }

    var isTopLevelScope: Bool { builder.parent == nil && builder.scopes.count == 1 }

    /// Makes `span` the place of what is emitted from here on; gives what sets the old place and lets temporaries go.
    func enter(_ span: Span) -> () -> Void {
        let outer = builder.currentSpan
        let mark = builder.nextRegister
        builder.currentSpan = span
        return { [builder] in
            builder.release(to: mark)
            builder.currentSpan = outer
        }
    }

    /// Runs `body` in a scope of its own; names bound there end with it, and what they held is let go.
    func inScope(_ body: () -> Void) {
        builder.scopes.append([:])
        let mark = builder.nextRegister
        body()
        let registers = builder.scopes.removeLast().values.map(\.register).filter { $0 >= mark }
        if let first = registers.min(), let last = registers.max() { builder.emitClear(first, count: last - first + 1) }
        builder.release(to: mark)
    }
}

/// Everything the compiler found wrong with one text.
public struct CompileErrors: Error {
    public let diagnostics: [Diagnostic]
    public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
