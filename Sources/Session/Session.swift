import Base
import Builtins
import Checker
import Foundation
import Machine
import Syntax

/// One running RS4: its machine, its top-level names, and the modules it has loaded.
///
/// The pipeline, in order: text → `Parser` → tree → `Compiler` → bytecode → `Machine` → value → `display`. Each stage
/// stops the ones after it when it finds a mistake.
public final class Session {
    public let machine: Machine
    /// The names of the script, or of the prompt.
    public private(set) var scope: ModuleScope
    private var modules: [String: ModuleScope] = [:]
    private var inputNumber = 0
    /// Where `use "./file.rs4"` starts from at the prompt; nil means the working folder.
    public var folder: String?
    /// Whether a wish to stop that came before an input counts for it: true where somebody else forgets those that came too
    /// early.
    public var keepsInterrupts = false
    /// How whoever sits before it leaves it: what `exit` is answered with.
    public var leaving = "a script ends after its last line; `raise \"why\"` ends it before"
    /// What the host knows of a name that nothing binds, such as the cell that would.
    public var remark: (String) -> String? = { _ in nil }
    private let prelude: Prelude

    /// - Parameter host: who takes what scripts say and answers what they ask.
    public init(host: ScriptHost = SilentHost()) {
        prelude = Library.prelude()
        machine = Machine(prelude: prelude, host: host)
        scope = ModuleScope(name: "main")
        prelude.directory.homes = LibraryNames.homes
        prelude.directory.offered = { LibraryNames.all }
        prelude.directory.isModule = EmbeddedLibrary.names.contains
        prelude.directory.isFunction = { [unowned prelude = self.prelude] name in prelude.values[name]?.object?.isCallable ?? (prelude.values[name] == nil) }
        prelude.directory.remark = { [unowned self] name in
            remark(name) ?? (["exit", "quit"].contains(name) ? leaving : nil)
        }
    }

    /// What came of running a text.
    public enum Outcome {
        /// The value of the last statement, and whether a `;` asks not to show it.
        case value(Value, isSilenced: Bool)
        /// The text ends inside something open.
        case incomplete(Diagnostic)
        case failed([Diagnostic])

        /// The value of the last statement, also one that is not shown; nil when the text failed.
        public var value: Value? {
            if case .value(let value, _) = self { value } else { nil }
        }
    }

    // MARK: running

    /// Runs one input of the prompt: its names stay, and functions may mention names that come later.
    ///
    /// - Parameters:
    ///   - name: what diagnostics call the text.
    ///   - place: the folder that its `use "./file.rs4"` starts from, when it is another than the session's.
    ///   - line: the number of its first line, when it is a part of a file.
    public func evaluate(_ text: String, name: String? = nil, folder place: String? = nil, line: Int = 1) -> Outcome {
        inputNumber += 1
        guard text.utf8.count <= SourceFile.largest else { return .failed([SourceFile.tooLarge("an input", "it", text.utf8.count)]) }
        // A wish to stop was for what ran before.
        if !keepsInterrupts { Interruption.flag.pointee = 0 }
        let file = SourceFile(
            name: name ?? "<input \(inputNumber)>", text: text,
            folder: place ?? folder ?? FileManager.default.currentDirectoryPath, firstLine: line)
        switch Parser.parse(file) {
        case .incomplete(let diagnostic):
            // With the lines that follow it is the same input.
            inputNumber -= 1
            return .incomplete(diagnostic)
        case .failed(let diagnostics): return .failed(diagnostics)
        case .complete(let program): return run(program, allowsLaterNames: true)
        }
    }

    /// True when the text ends inside something open.
    public func isIncomplete(_ text: String) -> Bool {
        if case .incomplete = Parser.parse(SourceFile(name: "", text: text)) { return true }
        return false
    }

    /// Runs a whole script. `values` are those of `--set`, by parameter name.
    public func run(path: String, values: [String: String] = [:]) -> Outcome {
        let file: SourceFile
        do { file = try SourceFile(reading: path) } catch { return .failed([Diagnostic(of: error)]) }
        switch Parser.parse(file) {
        case .incomplete(let diagnostic): return .failed([diagnostic])
        case .failed(let diagnostics): return .failed(diagnostics)
        case .complete(let program):
            begin(values)
            return run(program, allowsLaterNames: false, values: values)
        }
    }

    /// Begins a script with no names of its own; `values` are those of `--set`, by parameter name. `runCell` goes on from here.
    public func begin(_ values: [String: String]) {
        scope = ModuleScope(name: "main")
        machine.mainModule = scope
        machine.parameterValues = values
    }

    private func run(_ program: Program, allowsLaterNames: Bool, values: [String: String] = [:]) -> Outcome {
        let earlier = scope.declarations
        switch compile(program, into: scope, allowsLaterNames: allowsLaterNames) {
        case .failure(let errors): return .failed(errors.diagnostics)
        case .success(let unit):
            // Whoever ran before may have asked to hold a wish to stop.
            Interruption.held.pointee = 0
            defer { Interruption.held.pointee = 0 }
            if let unknown = Session.unknownParameter(values, among: scope.parameters) { return .failed([unknown]) }
            if let problem = MemorySetting.problem { return .failed([Diagnostic(of: problem)]) }
            do {
                let value = try MemoryWatch.during { try machine.call(.object(unit), []) }
                return .value(value, isSilenced: program.statements.last?.isSilenced ?? false)
            } catch {
                scope.restoreUnbound(earlier)
                return .failed([Diagnostic(of: error)])
            }
        }
    }

    /// The mistake of a `--set` that names none of the script's params.
    public static func unknownParameter(_ values: [String: String], among parameters: [String]) -> Diagnostic? {
        for name in values.keys.sorted() where !parameters.contains(name) {
            return Diagnostic(
                code: "param", message: "--set must name a param of the script, but it has none named `\(name)`",
                help: Suggestion.help(for: name, among: parameters)
                    ?? (parameters.isEmpty ? "the script has no params" : "its params are \(parameters.joined(separator: ", "))"))
        }
        return nil
    }

    // MARK: compiling

    /// Compiles a program without running anything of it; the modules it uses are compiled too.
    public func compile(
        _ program: Program, into scope: ModuleScope, allowsLaterNames: Bool = false
    ) -> Result<ClosureObject, CompileErrors> {
        Compiler.compile(
            program.statements, file: program.file, module: scope, prelude: prelude, allowsLaterNames: allowsLaterNames,
            loadModule: { [unowned self] source, file in try self.module(source, from: file) })
    }

    /// What can be said of a script without running it: mistakes as they would show at run time, then warnings.
    public func check(path: String) -> [Diagnostic] {
        let file: SourceFile
        do { file = try SourceFile(reading: path) } catch { return [Diagnostic(of: error)] }
        switch Parser.parse(file) {
        case .incomplete(let diagnostic): return [diagnostic]
        case .failed(let diagnostics): return diagnostics
        case .complete(let program): return check(program)
        }
    }

    /// The same of a script that has been parsed.
    public func check(_ program: Program) -> [Diagnostic] {
        let found = Checker.check(program, prelude: prelude) { [unowned self] source, user in self.source(source, from: user) }
        switch compile(program, into: ModuleScope(name: "main")) {
        // What a misspelt name was meant to read would be reported as unread.
        case .failure(let errors):
            // What is wrong in a module stands first; the rest in the order of the text.
            let all = errors.diagnostics + found.filter { $0.severity == .error }
            let isHere = { (diagnostic: Diagnostic) in diagnostic.labels.first.map { $0.location.file === program.file } ?? false }
            return all.filter { !isHere($0) } + all.filter(isHere).sorted { $0.offset < $1.offset }
        case .success: return found
        }
    }

    // MARK: modules

    /// A module by its name in the library or its path beside the file that uses it; compiled at most once.
    private func module(_ source: UseDeclaration.Source, from user: SourceFile) throws -> ModuleScope {
        switch source {
        case .library(let name):
            if let known = modules[name.text] { return known }
            if let file = EmbeddedLibrary.file(name.text) { return try load(file, key: name.text, name: name.text) }
            if let table = Library.modules.first(where: { $0.name == name.text }) {
                let scope = ModuleScope(name: name.text)
                for primitive in table.primitives { scope.bind(primitive.name, to: .object(primitive)) }
                scope.state = .done
                modules[name.text] = scope
                return scope
            }
            let names = Array(Set(EmbeddedLibrary.names + Library.modules.map(\.name)))
            throw Failure(
                "module", "`\(name.text)` must be a module of the library, but is not",
                help: prelude.directory.placeHelp(for: name.text) ?? Suggestion.help(for: name.text, among: names)
                    ?? "the library has \(names.sorted().joined(separator: ", ")); a file is used by its path, `use \"./\(name.text).rs4\"`")
        case .file(let path, _):
            let key = place(of: path, from: user)
            if let known = modules[key] { return known }
            let file = try SourceFile(reading: key, as: "module")
            return try load(file, key: key, name: moduleName(path))
        }
    }

    /// What a `use` names, for the checker; nil when it is not there or cannot be read.
    private func source(_ source: UseDeclaration.Source, from user: SourceFile) -> Checker.ModuleSource? {
        switch source {
        case .library(let name):
            if let file = EmbeddedLibrary.file(name.text) { return .file(file, name: name.text) }
            return Library.modules.first { $0.name == name.text }.map { .primitives($0.primitives, name: name.text) }
        case .file(let path, _):
            return (try? SourceFile(reading: place(of: path, from: user), as: "module")).map { .file($0, name: moduleName(path)) }
        }
    }

    private func place(of path: String, from user: SourceFile) -> String {
        let full = path.hasPrefix("/") ? path : "\(user.folder ?? FileManager.default.currentDirectoryPath)/\(path)"
        return URL(fileURLWithPath: full).standardizedFileURL.path
    }

    private func moduleName(_ path: String) -> String {
        FileAccess.name(of: path).replacingOccurrences(of: ".rs4", with: "")
    }

    private func load(_ file: SourceFile, key: String, name: String) throws -> ModuleScope {
        let program: Program
        switch Parser.parse(file) {
        case .incomplete(let diagnostic): throw diagnostic
        case .failed(let diagnostics): throw CompileErrors(diagnostics: diagnostics)
        case .complete(let parsed): program = parsed
        }
        let scope = ModuleScope(name: name)
        // Known before it is compiled, so that modules may use each other.
        modules[key] = scope
        switch compile(program, into: scope) {
        case .success(let unit): scope.start = unit
        case .failure(let errors):
            modules[key] = nil
            throw errors
        }
        return scope
    }
}
