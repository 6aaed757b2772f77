/// A Swift type in which a primitive's function takes an argument. Whoever has a type that arguments become says here how
/// one is read, once for all primitives.
public protocol ScriptReadable {
    /// The argument as this type. The signature has been checked before; what it does not say is refused here, with
    /// `call.mismatch`.
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Self
    /// Whether a parameter of which the signature says this may be read so. The tests hold each signature to its function.
    static func fits(_ parameter: PrimitiveParameter) -> Bool
    /// False for what stands for no parameter, as the machine does.
    static var isArgument: Bool { get }
}

extension ScriptReadable {
    @inlinable public static var isArgument: Bool { true }
}

/// A Swift type in which a primitive's function gives its result.
public protocol ScriptWritable {
    var scriptValue: Value { get }
    /// Whether a signature may state this of a result; nil where it states nothing, or something that may be nil.
    static func fits(result: String?) -> Bool
}

/// A few words of which an argument is one. The signature lists them, and what is none of them is refused before it is read.
public protocol ScriptWord: ScriptReadable, RawRepresentable, CaseIterable where RawValue == String {}

extension ScriptWord {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Self {
        guard let word = Self(rawValue: try call.string(position)) else {
            throw call.mismatch(position, expected: "one of \(type)", found: call[position].representation)
        }
        return word
    }

    public static func fits(_ parameter: PrimitiveParameter) -> Bool {
        !parameter.isOptional && Set(parameter.words) == Set(allCases.map(\.rawValue))
    }

    /// The type of a parameter in a signature: `"linear" | "nearest"`.
    public static var type: String { PrimitiveParameter.type(of: allCases.map(\.rawValue)) }
}

/// What may stand in a list that is an argument.
public protocol ScriptItem {
    static func readAll(_ call: PrimitiveCall, _ position: Int) throws -> [Self]
}

extension Primitive {
    /// A primitive whose function takes its arguments as parameters of its own, in the order of the signature.
    ///
    ///     Primitive("starts_with(text: String, part: String) -> Bool", "True when the text begins with the part.",
    ///               example: "starts_with(\"case_01\", \"case\")  # => true") { (text: String, part: String) in text.hasPrefix(part) }
    ///
    /// It can be inlined because only then is it compiled for the types at hand, and as quick as arguments read by hand.
    @inlinable
    public convenience init<each Argument: ScriptReadable, Result: ScriptWritable>(
        _ signature: String, _ summary: String, details: String = "", example: String = "",
        quick: QuickForm? = nil, file: StaticString = #filePath, line: Int = #line,
        _ function: @escaping (repeat each Argument) throws -> Result
    ) {
        self.init(
            signature, summary, details: details, example: example, quick: quick, file: file, line: line,
            types: {
                var arguments: [any ScriptReadable.Type] = []
                repeat arguments.append((each Argument).self)
                return (arguments, Result.self)
            }
        ) { call in
            var position = 0
            func next<One: ScriptReadable>(_: One.Type) throws -> One {
                defer { if One.isArgument { position += 1 } }
                return try One.read(call, position)
            }
            return try function(repeat try next((each Argument).self)).scriptValue
        }
    }
}

// MARK: the language's own types

extension PrimitiveParameter {
    /// Whether the signature states this type and no other, and that the argument is never nil.
    public func states(_ type: String?) -> Bool { self.type == type && !isOptional && !isVariadic && words.isEmpty }
}

extension Value: ScriptReadable, ScriptWritable, ScriptItem {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Value { call.values[position] }
    public static func readAll(_ call: PrimitiveCall, _ position: Int) throws -> [Value] { try call.list(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { true }
    @inlinable public var scriptValue: Value { self }
    public static func fits(result: String?) -> Bool { true }
}

extension Int: ScriptReadable, ScriptWritable, ScriptItem {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Int {
        if case .integer(let number) = call.values[position] { return number }
        return try call.int(position)
    }
    public static func readAll(_ call: PrimitiveCall, _ position: Int) throws -> [Int] { try call.ints(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Int") }
    @inlinable public var scriptValue: Value { .integer(self) }
    public static func fits(result: String?) -> Bool { result == "Int" }
}

extension Double: ScriptReadable, ScriptWritable, ScriptItem {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Double {
        if case .float(let number) = call.values[position] { return number }
        return try call.float(position)
    }
    public static func readAll(_ call: PrimitiveCall, _ position: Int) throws -> [Double] { try call.floats(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Float") }
    @inlinable public var scriptValue: Value { .float(self) }
    public static func fits(result: String?) -> Bool { result == "Float" }
}

extension Bool: ScriptReadable, ScriptWritable {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Bool {
        if case .boolean(let truth) = call.values[position] { return truth }
        return try call.bool(position)
    }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Bool") }
    @inlinable public var scriptValue: Value { .boolean(self) }
    public static func fits(result: String?) -> Bool { result == "Bool" }
}

extension String: ScriptReadable, ScriptWritable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> String { try call.string(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.type == "String" && !parameter.isOptional }
    @inlinable public var scriptValue: Value { .string(self) }
    public static func fits(result: String?) -> Bool { result == "String" }
}

extension MapObject: ScriptReadable, ScriptWritable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> MapObject {
        guard let map = call.values[position].object as? MapObject else { throw call.mismatch(position, expected: "a map") }
        return map
    }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Map") }
    public var scriptValue: Value { .object(self) }
    public static func fits(result: String?) -> Bool { result == "Map" }
}

/// Items of a list, or all that a variadic parameter was given; of numbers, one alone counts as a list of one.
extension Array: ScriptReadable where Element: ScriptItem {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> [Element] {
        try Element.readAll(call, position)
    }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool {
        parameter.isVariadic || parameter.states("List") || Element.self != Value.self && parameter.states(nil)
    }
}

extension Array: ScriptWritable where Element: ScriptWritable {
    @inlinable public var scriptValue: Value { .list(map(\.scriptValue)) }
    public static func fits(result: String?) -> Bool { result == "List" }
}

/// nil is read as nil.
extension Optional: ScriptReadable where Wrapped: ScriptReadable {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Wrapped? {
        if case .none = call.values[position] { return nil }
        return try Wrapped.read(call, position)
    }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool {
        var given = parameter
        given.isOptional = false
        return parameter.isOptional && Wrapped.fits(given)
    }
}

extension Optional: ScriptWritable where Wrapped: ScriptWritable {
    @inlinable public var scriptValue: Value { self?.scriptValue ?? .none }
    public static func fits(result: String?) -> Bool { result == nil }
}

/// The machine that runs the script, beside the arguments.
extension Machine: ScriptReadable {
    @inlinable public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Machine { call.machine }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { false }
    @inlinable public static var isArgument: Bool { false }
}
