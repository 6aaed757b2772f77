import Base

/// A function written in Swift, with everything that `help`, completion, `rs4 check`, the reference pages and the
/// tests read. Primitives stand in tables, one a module, in `Builtins`.
///
///     Primitive("relu(x: Tensor) -> Tensor", "Rectified linear unit, max(x, 0) element by element.",
///               example: "relu(tensor([-1.0, 2.0]))  # => tensor([0.0, 2.0])") { (x: Tensor) in
///         try aten("relu", .tensor(x))
///     }
///
/// The signature is text in the language's own form: `name(a: Int, b = 0.5, items...)`. Annotations are checked
/// before the function runs (`Int`, `Float` takes integers too, `Tensor`, `Volume?`, `List`, `Function`, …), and so are
/// words: `mode: "linear" | "nearest"` takes one of these two. Defaults must be literals; `items...` collects further
/// positional arguments into a list.
///
/// The function takes its arguments as Swift types that are `ScriptReadable`, in the order of the signature. One that
/// calls functions of the script, or asks which arguments there are, takes the whole call instead (`{ call in … }`) and
/// reads them by number.
public final class Primitive: Object {
    public let name: String
    public let signature: String
    public let summary: String
    /// Markdown beyond the summary: shapes, units, formula, source. May be empty.
    public let details: String
    /// Lines that run as a test; `# => text` states what a line shows.
    public let example: String
    public let function: (PrimitiveCall) throws -> Value
    /// Where its entry stands in RS4's own source.
    public var place: (file: String, line: Int) {
        let steps = "\(filePath)".split(separator: "/")
        return (steps[(steps.lastIndex(of: "Sources") ?? 0)...].joined(separator: "/"), entryLine)
    }
    private let filePath: StaticString
    private let entryLine: Int
    let quick: QuickForm?
    /// The Swift types of the function's parameters and result; nil where it takes the call as a whole.
    public let types: Types?
    public typealias Types = () -> (arguments: [any ScriptReadable.Type], result: any ScriptWritable.Type)
    /// The parsed signature; parsed at first use so that start-up stays short.
    public private(set) lazy var parameters: [PrimitiveParameter] = PrimitiveParameter.parse(signature)
    private(set) lazy var variadicPosition: Int? = parameters.lastIndex { $0.isVariadic }

    /// The type of its value, where the signature states one that is never nil.
    public private(set) lazy var resultType: String? = PrimitiveParameter.result(signature)

    public init(
        _ signature: String, _ summary: String, details: String = "", example: String = "",
        quick: QuickForm? = nil, file: StaticString = #filePath, line: Int = #line, types: Types? = nil,
        _ function: @escaping (PrimitiveCall) throws -> Value
    ) {
        (filePath, entryLine) = (file, line)
        name = String(signature.prefix { $0 != "(" })
        self.signature = signature
        self.summary = summary
        self.details = details
        self.example = example
        self.function = function
        self.quick = quick
        self.types = types
        super.init()
        kind = .primitive
    }

    public override var typeName: String { "Function" }
    public override var text: String { "<function \(signature)>" }
    public override var isCallable: Bool { true }
    public override var documentation: String? {
        var parts = ["`\(signature)`", summary]
        if !details.isEmpty { parts.append(details) }
        if !example.isEmpty { parts.append("```rs4\n\(example)\n```") }
        return parts.joined(separator: "\n\n")
    }

    public override func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        try run(try bind(arguments, machine.prelude), machine)
    }

    /// Runs the function on bound arguments. Where a library under it refuses them in words of its own, the failure says which
    /// function that was and what it got.
    func run(_ values: [Value], _ machine: Machine) throws -> Value {
        do {
            return try function(PrimitiveCall(self, values, machine))
        } catch {
            guard var failure = error as? Failure, failure.isForeign else { throw error }
            failure.message = "\(name) cannot work on this: \(failure.message)"
            let given = zip(parameters, values).compactMap { parameter, value in
                PrimitiveParameter.brief(value).map { "\(parameter.name): \($0)" }
            }
            failure.help = (failure.help.map { $0 + "; " } ?? "")
                + "it got \(given.joined(separator: ", ")); `help(\(name))` tells what it takes"
            // Said in words of the script now: primitives that called this one have nothing to add.
            failure.isForeign = false
            throw failure
        }
    }
}
