import Syntax

/// A name bound in a function: its register, and whether closures share it through a box.
struct Local {
    let name: String
    let register: Int
    let isBoxed: Bool
    /// Counts declarations in source order; stable across the compiler's two passes.
    let declaration: Int
}

/// The fields and methods that names inside a record's or model's block refer to.
final class SelfLayout {
    var fields: [String]
    var methods: Set<String>
    init(fields: [String], methods: Set<String>) {
        self.fields = fields
        self.methods = methods
    }
}

/// Collects the instructions of one function while the compiler walks its tree.
final class FunctionBuilder {
    struct Loop {
        var breaks: [Int] = []
        var continues: [Int] = []
        var handlerDepth: Int
        var iterationRegisters: Int
    }

    /// Operands of instructions have 16 bits; a little room is left for calls.
    static let limit = 65_000
    /// True when the function needs more registers, constants, fields or calls than operands can number.
    private(set) var isTooLarge = false

    let parent: FunctionBuilder?
    let prototype: Prototype
    var selfLayout: SelfLayout?
    /// The local of the function around that holds this one, where nothing assigns it: inside it names the function that runs.
    var ownName: Local?
    private(set) var code: [Instruction] = []
    private var spans: [Span] = []
    private var constants: [Value] = []
    private var constantNumbers: [MapKey: Int] = [:]
    private var fields: [String] = []
    var scopes: [[String: Local]] = [[:]]
    private(set) var nextRegister = 0
    private var upvalueNumbers: [Int: Int] = [:]
    var loops: [Loop] = []
    var handlerDepth = 0
    /// Where instructions emitted now come from.
    var currentSpan = Span.none
    /// Register of the dimension bindings of the running call, when contracts need one.
    var bindingsRegister: Int?
    var resultContract: Int?

    init(parent: FunctionBuilder?, prototype: Prototype) {
        self.parent = parent
        self.prototype = prototype
    }

    // MARK: instructions

    @discardableResult
    func emit(_ operation: Operation, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, flags: Int = 0, at span: Span? = nil) -> Int {
        code.append(InstructionCoding.encode(operation, a, b, c, flags: flags))
        spans.append(span ?? currentSpan)
        return code.count - 1
    }

    @discardableResult
    func emitWide(_ operation: Operation, _ a: Int, _ wide: Int, flags: Int = 0, at span: Span? = nil) -> Int {
        code.append(InstructionCoding.encode(operation, a, wide: wide, flags: flags))
        spans.append(span ?? currentSpan)
        return code.count - 1
    }

    /// Lets go of what `count` registers from `first` on hold.
    func emitClear(_ first: Int, count: Int = 1) {
        if count == 1 { emit(.clear, first) } else { emit(.clearMany, first, count) }
    }

    /// Makes the jump at `position` go to the next instruction.
    func patch(_ position: Int) { patch(position, to: code.count) }

    func patch(_ position: Int, to target: Int) {
        let old = code[position]
        code[position] = InstructionCoding.encode(
            Operation(rawValue: old.operation) ?? .jump, old.a, wide: target - position - 1, flags: old.flags)
    }

    func emitLoop(to target: Int) { emitWide(.loop, 0, target - code.count - 1) }
    var here: Int { code.count }

    func constant(_ value: Value) -> Int {
        // Integers and floats that are equal have equal keys, so only integers, strings and truth values are shared.
        let isShareable: Bool
        switch value {
        case .integer, .boolean: isShareable = true
        case .object(let object): isShareable = object is StringObject
        default: isShareable = false
        }
        if isShareable, let key = MapKey(value) {
            if let number = constantNumbers[key] { return number }
            constantNumbers[key] = constants.count
        }
        constants.append(value)
        return constants.count - 1
    }

    func field(_ name: String) -> Int {
        fields.append(name)
        return fields.count - 1
    }

    func finish() {
        let largest = max(constants.count, fields.count, prototype.callSites.count, prototype.indices.count)
        if largest > FunctionBuilder.limit { isTooLarge = true }
        prototype.registerCount = max(prototype.registerCount, 1)
        for (position, instruction) in code.enumerated() where instruction.operation == Operation.giveBack.rawValue {
            code[position] = InstructionCoding.encode(.giveBack, instruction.a, prototype.registerCount, 0, flags: 0)
        }
        prototype.install(code: code, spans: spans, constants: constants, fields: fields)
    }

    // MARK: registers

    func newRegister() -> Int {
        nextRegister += 1
        if nextRegister > FunctionBuilder.limit { isTooLarge = true }
        prototype.registerCount = max(prototype.registerCount, nextRegister)
        return nextRegister - 1
    }

    func release(to mark: Int) { nextRegister = mark }

    // MARK: names

    func local(_ name: String) -> Local? {
        for scope in scopes.reversed() {
            if let local = scope[name] { return local }
        }
        return nil
    }

    func declare(_ local: Local) { scopes[scopes.count - 1][local.name] = local }

    /// The number under which this function reaches a local of an enclosing function.
    func upvalue(of local: Local, in owner: FunctionBuilder) -> Int {
        if let number = upvalueNumbers[local.declaration] { return number }
        let isOwn = owner.ownName?.declaration == local.declaration
        let place: Prototype.UpvalueSource.Place
        if let parent, parent !== owner {
            place = .upvalue(parent.upvalue(of: local, in: owner))
        } else {
            place = isOwn ? .ownFunction : .local(local.register)
        }
        prototype.upvalues.append(.init(place: place))
        upvalueNumbers[local.declaration] = prototype.upvalues.count - 1
        return prototype.upvalues.count - 1
    }
}
