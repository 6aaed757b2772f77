import Base
import Syntax

/// An annotation as the machine checks it.
public struct Contract {
    public enum Dimension {
        case size(Int)
        /// Bound at its first use in a call.
        case name(String)
        /// Fixed by a parameter or field of that name, whose value is in a register.
        case fixed(String, register: Int)
        case rest
    }
    /// Register of the checked value.
    var register: Int
    /// The parameter's name; empty for a result or a `let`.
    var name: String
    var type: String
    /// What is known of a type of that name.
    var expected: TypeName
    var dimensions: [Dimension]?
    var isOptional: Bool
    var span: Span

    public init(
        register: Int, name: String, type: TypeName, dimensions: [Dimension]?, isOptional: Bool, span: Span
    ) {
        self.register = register
        self.name = name
        self.type = type.text
        expected = type
        self.dimensions = dimensions
        self.isOptional = isOptional
        self.span = span
    }
}

/// Sizes that a call's dimension names stand for, and the parameter that fixed each.
public final class DimensionBindings: Object {
    public internal(set) var sizes: [String: (size: Int, source: String)] = [:]
}

/// True when `value` is what an annotation of that name accepts.
public func valueMatches(_ value: Value, annotation: String) -> Bool {
    switch value {
    case .missing, .none: return annotation == "Nil" || annotation == "Any"
    case .boolean: return annotation == "Bool" || annotation == "Any"
    case .integer: return annotation == "Int" || annotation == "Float" || annotation == "Number" || annotation == "Any"
    case .float: return annotation == "Float" || annotation == "Number" || annotation == "Any"
    case .object(let object):
        return annotation == "Any" || object.matches(annotation: annotation)
            || (annotation == "Function" && object.isCallable)
    }
}

extension Contract {
    /// Checks one value; throws a `Failure` that names the dimension, both sizes and both arguments. A negative size in
    /// the value's shape is one that is not known, which only the values that stand in for others in `rs4 check` have.
    public func check(
        _ value: Value, function: String, bindings: DimensionBindings, registers: UnsafeMutablePointer<Value>
    ) throws {
        if isOptional, case .none = value { return }
        let subject = name.isEmpty ? (function.isEmpty ? "the value" : "the result of \(function)") : "argument `\(name)` of \(function)"
        guard valueMatches(value, annotation: type) else {
            var failure = Failure("type", "\(subject) must be \(expected.words), but is \(value.typeName)")
            if !name.isEmpty { failure = Mistake.wrongType(argument: name, of: function, expected: expected, found: value) }
            if case .none = value { failure.help = "`\(type)?` takes nil as well" }
            if let meant = ForeignNames.type(type) { failure.help = "did you mean `\(meant)`?" }
            throw failure
        }
        guard let dimensions else { return }
        guard let shape = value.object?.shape else {
            throw Failure("shape", "\(subject) must have a shape, but is \(value.typeName)", argument: name.isEmpty ? nil : name)
        }
        try check(shape, against: dimensions, subject: subject, bindings: bindings, registers: registers)
    }

    private func check(
        _ shape: [Int], against dimensions: [Dimension], subject: String, bindings: DimensionBindings,
        registers: UnsafeMutablePointer<Value>
    ) throws {
        let restAt = dimensions.firstIndex { if case .rest = $0 { return true } else { return false } }
        let named = dimensions.count - (restAt == nil ? 0 : 1)
        guard restAt == nil ? shape.count == named : shape.count >= named else {
            throw Failure(
                "shape",
                "\(subject) must have \(restAt == nil ? "" : "at least ")\(named) dimensions \(pattern), but has \(shape.count): \(known(shape))",
                argument: name.isEmpty ? nil : name, labels: name.isEmpty ? [] : [(name, "shape \(known(shape))")])
        }
        for (position, dimension) in dimensions.enumerated() {
            let size: Int
            if let restAt, position >= restAt {
                if position == restAt { continue }
                size = shape[shape.count - (dimensions.count - position)]
            } else {
                size = shape[position]
            }
            if size < 0 { continue }
            switch dimension {
            case .rest: break
            case .size(let wanted):
                if size != wanted { throw mismatch(subject, "dimension \(position)", wanted, size, source: nil) }
            case .fixed(let label, let register):
                if case .integer(let wanted) = registers[register] {
                    if size != wanted { throw mismatch(subject, label, wanted, size, source: nil) }
                } else {
                    try bind(label, size, subject, bindings)
                }
            case .name(let label):
                try bind(label, size, subject, bindings)
            }
        }
    }

    private func bind(_ label: String, _ size: Int, _ subject: String, _ bindings: DimensionBindings) throws {
        guard label != "_" else { return }
        if let known = bindings.sizes[label] {
            if known.size != size { throw mismatch(subject, label, known.size, size, source: known.source) }
        } else {
            bindings.sizes[label] = (size, name)
        }
    }

    private func mismatch(_ subject: String, _ label: String, _ wanted: Int, _ found: Int, source: String?) -> Failure {
        var labels: [(argument: String, text: String)] = []
        if !name.isEmpty { labels.append((name, "\(label) = \(found) here")) }
        if let source, !source.isEmpty, source != name { labels.append((source, "\(label) = \(wanted) here")) }
        return Failure(
            "shape", "\(subject): \(label) must be \(wanted), but is \(found)", argument: name.isEmpty ? nil : name,
            labels: labels)
    }

    private func known(_ shape: [Int]) -> String {
        "[\(shape.map { $0 < 0 ? "?" : String($0) }.joined(separator: ", "))]"
    }

    private var pattern: String {
        "["
            + (dimensions ?? []).map {
                switch $0 {
                case .size(let size): return String(size)
                case .name(let label), .fixed(let label, _): return label
                case .rest: return "..."
                }
            }.joined(separator: ", ") + "]"
    }
}
