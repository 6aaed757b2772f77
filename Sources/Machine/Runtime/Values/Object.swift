import Base
import Syntax

/// Which side of a binary operator an object stands on.
public enum OperandSide { case left, right }

/// One item between index brackets, evaluated.
public enum Subscript {
    case value(Value)
    /// Bounds as written, nil where left out.
    case slice(Int?, Int?, Int?)
    case ellipsis
}

/// What a `for` loop draws from.
open class ValueIterator {
    public init() {}
    /// The next value, or nil at the end.
    open func next() throws -> Value? { nil }
}

/// An iterator from a closure.
public final class ClosureIterator: ValueIterator {
    private let draw: () throws -> Value?
    public init(_ draw: @escaping () throws -> Value?) { self.draw = draw }
    public override func next() throws -> Value? { try draw() }
}

/// A value that lives behind a reference. The machine knows strings, lists, maps, ranges, functions, records,
/// models and modules; libraries add their own kinds (tensor, volume, transform, figure) by subclassing.
///
/// Operations that a kind does not support return nil, and the machine then reports a diagnostic that names both
/// types; operations that fail throw a `Failure`.
open class Object {
    /// The machine's own kinds, which it tells apart by this byte: a cast takes longer than most instructions.
    enum Kind: UInt8 { case other, string, list, map, range, closure, record, recordType, primitive, box, iteration }
    /// Set by the one class that each of the machine's own kinds stands for, when it is made.
    final var kind = Kind.other

    public init() {}

    /// The name in diagnostics and annotations, capitalised: `Tensor`.
    open var typeName: String { "Object" }
    /// What `print` and interpolation show.
    open var text: String { "<\(typeName)>" }
    /// What the prompt and containers show.
    open var representation: String { text }
    /// What a terminal shows for the object alone; long kinds wrap, and kinds that can be drawn draw themselves.
    open func terminalForm(_ display: TerminalDisplay) -> String { TerminalLayout(display).text(.object(self)) }
    /// Richer forms than text, for notebooks: MIME type and content. Text is always added by `display`.
    open func richForms() throws -> [MIMEItem] { [] }
    /// The names that annotations give to objects of the kind; none for kinds that no annotation names.
    open class var typeNames: [TypeName] { [] }
    /// True when an annotation of this name accepts the object.
    open func matches(annotation name: String) -> Bool { name == typeName }

    /// What the object consists of, for checkpoints, fingerprints, sizes, JSON and the state of models.
    open var content: Content { isCallable ? .code : .closed }
    /// Takes over what another of its kind consists of; false for kinds that do not change.
    open func refill(_ content: Content) -> Bool { false }

    /// A field's value, or nil when there is no such field. Fields win over functions in `x.name(…)`.
    open func field(_ name: String) throws -> Value? { nil }
    /// Assigns a field; false when it cannot be assigned.
    open func setField(_ name: String, to value: Value) throws -> Bool { false }
    /// Names for completion and suggestions.
    open var fieldNames: [String] { [] }

    /// `x[items]`; nil when the kind cannot be indexed.
    open func element(at items: [Subscript], machine: Machine) throws -> Value? { nil }
    /// `x[items] = value`; false when the kind cannot be assigned to.
    open func setElement(at items: [Subscript], to value: Value, machine: Machine) throws -> Bool { false }

    /// A binary operator with this object on `side`; nil when unsupported. `==` and `!=` come here only for kinds
    /// that compare element by element (`comparesByElement`).
    open func binary(_ operation: BinaryOperator, with other: Value, side: OperandSide, machine: Machine) throws -> Value? {
        nil
    }
    open func unary(_ operation: UnaryOperator, machine: Machine) throws -> Value? { nil }
    /// Equality by value for `==`, `match`, and keys.
    open func isEqual(to other: Object) -> Bool { self === other }
    /// A hash that agrees with `isEqual`; nil when the object cannot be a map key.
    open var keyHash: Int? { nil }
    open var comparesByElement: Bool { false }

    /// Truth in `if`, `while`, `and`, `or`, `not`; nil when the kind has none.
    open func truth() throws -> Bool? { nil }
    /// What `len` gives; nil when the kind has no length.
    open var count: Int? { nil }
    /// Sizes that a shape contract checks; nil when the kind has no shape.
    open var shape: [Int]? { nil }
    /// What a mark beside the value says when sizes or grids do not fit; nil when there is nothing of the kind to say.
    open var extent: String? { shape.map { "shape \($0)" } }
    open func makeIterator(machine: Machine) throws -> ValueIterator? { nil }

    /// True when the object may be called; then `call` is used.
    open var isCallable: Bool { false }
    open func call(_ arguments: CallArguments, machine: Machine) throws -> Value {
        throw Failure("type", "\(typeName) must be callable, but is not")
    }
    /// The object as a plain number where it stands for one (a tensor of one element), for formats and conditions.
    open func number() -> Value? { nil }
    /// Text for `help(x)`, markdown; nil when there is none.
    open var documentation: String? { nil }
}

/// Arguments as a call site gives them: positional first, then named.
public struct CallArguments {
    public var positional: [Value]
    public var named: [(name: String, value: Value)]
    public init(_ positional: [Value], named: [(name: String, value: Value)] = []) {
        self.positional = positional
        self.named = named
    }
}

/// One representation of a value, for whoever shows it.
public struct MIMEItem {
    public enum Content {
        case text(String)
        case data([UInt8])
    }
    public var type: String
    public var content: Content
    /// How wide a picture is to be shown, in points; nil takes its own width.
    public var width: Double?
    public init(type: String, content: Content, width: Double? = nil) {
        self.type = type
        self.content = content
        self.width = width
    }
}
