import Builtins
import Machine
import Syntax

/// What Tab finds at a place of a text.
public struct Completion {
    /// Bytes before the cursor that a candidate replaces.
    public let replaced: Int
    /// Whole words, without repetitions; names of arguments in their order, everything else sorted.
    public let candidates: [String]

    public init(replaced: Int, candidates: [String]) {
        self.replaced = replaced
        self.candidates = candidates
    }

    /// The letters that all candidates share.
    public var shared: String {
        guard var shared = candidates.first.map(Array.init) else { return "" }
        for candidate in candidates.dropFirst() {
            let same = zip(shared, candidate).prefix { $0 == $1 }.count
            shared = Array(shared.prefix(same))
        }
        return String(shared)
    }
}

extension Session {
    /// What could stand at `offset` (UTF-8 bytes into `text`): inside a string one of the words that an argument may be, a
    /// map's key or a path; a module after `use`, a field after a dot, the name of an argument inside a call, else every name.
    public func completion(_ text: String, at offset: Int) -> Completion {
        let context = CompletionContext(text, at: offset)
        if let open = context.openString {
            if let keys = keys(before: open.opening, context) {
                return Completion(replaced: open.text.utf8.count, candidates: keys.filter { $0.hasPrefix(open.text) }.sorted())
            }
            if let words = words(context) {
                return Completion(replaced: open.text.utf8.count, candidates: words.filter { $0.hasPrefix(open.text) })
            }
            return PathCompletion.completion(open.text, folder: folder)
        }
        let word = context.word
        let replaced = word.utf8.count
        if let candidates = modules(context) {
            return Completion(replaced: replaced, candidates: candidates.filter { $0.hasPrefix(word) }.sorted())
        }
        if let candidates = fields(context) { return Completion(replaced: replaced, candidates: candidates) }
        if let call = context.call {
            let names = arguments(of: call).filter { $0.hasPrefix(word) }
            if !names.isEmpty { return Completion(replaced: replaced, candidates: names.map { $0 + ": " }) }
        }
        let names = Set(everyName + Session.keywords).filter { $0.hasPrefix(word) && (!$0.hasPrefix("_") || word.hasPrefix("_")) }
        return Completion(replaced: replaced, candidates: names.sorted())
    }

    /// Every name that can be used without a dot.
    public var everyName: [String] {
        scope.names.filter { scope.value(of: $0) != nil } + scope.importedNames + machine.prelude.values.keys
    }

    /// The value of a name of the session, of a module that it uses, or of the library.
    public func value(of name: String) -> Value? {
        scope.value(of: name) ?? scope.importedValue(name) ?? machine.prelude.values[name]
    }

    /// The value of a chain such as `cases[0].image`; nil when a step of it is not there.
    public func value(ofChain text: String) -> Value? {
        let bytes = Array(text.utf8)
        return ReceiverPath.steps(bytes[...]).flatMap(value(of:))
    }

    private func value(of steps: [ReceiverPath.Step]) -> Value? {
        guard case .name(let first)? = steps.first, var value = value(of: first) else { return nil }
        for step in steps.dropFirst() {
            let next: Value?
            switch step {
            case .name(let name): next = (try? value.object?.field(name)) ?? nil
            case .index(let number): next = (try? value.object?.element(at: [.value(.integer(number))], machine: machine)) ?? nil
            case .key(let key): next = (try? value.object?.element(at: [.value(.string(key))], machine: machine)) ?? nil
            }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    // MARK: after a dot

    /// Fields of what stands before the dot, functions where none fits; nil when the word stands behind no dot.
    private func fields(_ context: CompletionContext) -> [String]? {
        let dot = context.wordStart - 1
        guard dot >= 0, context.bytes[dot] == UInt8(ascii: "."), dot == 0 || context.bytes[dot - 1] != UInt8(ascii: ".") else {
            return nil
        }
        let word = context.word
        let receiver = ReceiverPath.steps(ReceiverPath.text(before: dot, in: context.bytes)).flatMap(value(of:))
        let own = Set((receiver?.object?.fieldNames ?? []).filter { $0.hasPrefix(word) && (!$0.hasPrefix("_") || word.hasPrefix("_")) })
        if !own.isEmpty { return own.sorted() }
        guard !word.isEmpty else { return [] }
        // `x.f(a)` is `f(x, a)`.
        return Set(everyName.filter { $0.hasPrefix(word) && value(of: $0)?.object?.isCallable ?? false }).sorted()
    }

    // MARK: keys

    /// The keys of a map when a string is being written between its brackets.
    private func keys(before opening: Int, _ context: CompletionContext) -> [String]? {
        guard let bracket = context.enclosing, bracket.bracket == UInt8(ascii: "["),
            context.bytes[(bracket.offset + 1)..<opening].allSatisfy({ $0 <= 0x20 }),
            let steps = ReceiverPath.steps(ReceiverPath.text(before: bracket.offset, in: context.bytes)),
            let map = value(of: steps)?.object as? MapObject
        else { return nil }
        return map.fieldNames
    }

    // MARK: arguments

    private func arguments(of call: CompletionContext.Call) -> [String] {
        guard let (function, taken) = function(of: call) else { return [] }
        return Session.parameterNames(function).dropFirst(taken).filter { !call.names.contains($0) }
    }

    /// The words that the signature of a primitive allows for the string that is being written; nil where it lists none.
    private func words(_ context: CompletionContext) -> [String]? {
        guard let (call, name) = context.openArgument, let (function, taken) = function(of: call),
            let parameters = (function as? Primitive)?.parameters,
            let parameter = name.map({ name in parameters.first { $0.name == name } }) ?? parameters.dropFirst(taken).first
        else { return nil }
        return parameter.words.isEmpty ? nil : parameter.words
    }

    /// What is called, and how many of its parameters are given by position.
    private func function(of call: CompletionContext.Call) -> (Object, taken: Int)? {
        guard let steps = ReceiverPath.steps(call.callee) else { return nil }
        let taken = call.positional + (call.isPiped ? 1 : 0)
        if let function = value(of: steps)?.object { return (function, taken) }
        guard steps.count > 1, case .name(let name)? = steps.last, let function = value(of: name)?.object else { return nil }
        return (function, taken + 1)
    }

    /// What a function, record or model calls its parameters; those that take any number of values have no name.
    private static func parameterNames(_ object: Object) -> [String] {
        switch object {
        case let primitive as Primitive: return primitive.parameters.filter { !$0.isVariadic }.map(\.name)
        case let closure as ClosureObject: return closure.parameters.map(\.name)
        case let type as RecordType: return type.parameters.map(\.name)
        case let method as BoundMethod: return method.parameters.map(\.name)
        case let model as RecordObject: return model.type.method("forward")?.parameters.map(\.name) ?? []
        default: return []
        }
    }

    // MARK: modules

    /// Modules after `use`, the names of one in the braces behind it; nil elsewhere.
    private func modules(_ context: CompletionContext) -> [String]? {
        let bytes = context.bytes[..<context.wordStart]
        let lineStart = bytes.lastIndex { $0 == 0x0A || $0 == UInt8(ascii: ";") }.map { $0 + 1 } ?? 0
        let line = String(decoding: bytes[lineStart...], as: UTF8.self).drop { $0 == " " }
        guard line.hasPrefix("use ") else { return nil }
        let rest = line.dropFirst(4).drop { $0 == " " }
        // What stands in the tables of primitives needs no `use`: they are offered where no module written in RS4 fits.
        if rest.isEmpty { return EmbeddedLibrary.names.contains { $0.hasPrefix(context.word) } ? EmbeddedLibrary.names : Library.modules.map(\.name) }
        guard let brace = rest.firstIndex(of: "{"), rest[..<brace].hasSuffix("."), !rest.contains("}") else { return nil }
        return Session.publicNames(ofModule: String(rest[..<brace].dropLast()))
    }

    /// What a module of the library offers, without running it.
    public static func publicNames(ofModule name: String) -> [String] {
        guard let file = EmbeddedLibrary.file(name), case .complete(let program) = Parser.parse(file) else {
            return Library.modules.first { $0.name == name }?.primitives.map(\.name) ?? []
        }
        return program.statements.flatMap { $0.declaredNames.map(\.text) }.filter { !$0.hasPrefix("_") }
    }
}
