import Base
import Glibc
import Syntax

/// Operators on values the machine knows, off the fast path of the dispatch loop.
enum Operators {
    static func apply(_ operation: BinaryOperator, _ left: Value, _ right: Value, machine: Machine) throws -> Value {
        switch operation {
        case .equal, .notEqual:
            if let result = try byElement(operation, left, right, machine) { return result }
            return .boolean(valuesAreEqual(left, right) == (operation == .equal))
        case .contains: return .boolean(try contains(left, right, machine))
        case .notContains: return .boolean(!(try contains(left, right, machine)))
        default: break
        }
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return try integers(operation, a, b)
        case (.float(let a), .float(let b)):
            if let result = floats(operation, a, b) { return result }
        case (.integer(let a), .float(let b)):
            if let result = ordered(operation, order(of: a, to: b)) ?? floats(operation, Double(a), b) { return result }
        case (.float(let a), .integer(let b)):
            if let result = ordered(operation, order(of: b, to: a).map { -$0 }) ?? floats(operation, a, Double(b)) { return result }
        case (.boolean(let a), .boolean(let b)):
            switch operation {
            case .bitAnd: return .boolean(a && b)
            case .bitOr: return .boolean(a || b)
            case .bitXor: return .boolean(a != b)
            default: break
            }
        default:
            if let result = try objects(operation, left, right, machine) { return result }
        }
        throw unsupported(operation, left, right)
    }

    private static func byElement(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, _ machine: Machine
    ) throws -> Value? {
        if case .object(let object) = left, object.comparesByElement {
            return try object.binary(operation, with: right, side: .left, machine: machine)
        }
        if case .object(let object) = right, object.comparesByElement {
            return try object.binary(operation, with: left, side: .right, machine: machine)
        }
        return nil
    }

    private static func objects(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, _ machine: Machine
    ) throws -> Value? {
        if let a = left.stringObject, let b = right.stringObject {
            switch operation {
            case .add:
                try MemoryBudget.require(text: a.string.utf8.count + b.string.utf8.count)
                return .string(a.string + b.string)
            case .less: return .boolean(a.string < b.string)
            case .lessOrEqual: return .boolean(a.string <= b.string)
            case .greater: return .boolean(a.string > b.string)
            case .greaterOrEqual: return .boolean(a.string >= b.string)
            default: return nil
            }
        }
        if operation == .add, let a = left.listObject, let b = right.listObject {
            try MemoryBudget.require(items: a.items.count + b.items.count)
            return .list(a.items + b.items)
        }
        if operation == .multiply, let repeated = try repetition(left, right) ?? repetition(right, left) { return repeated }
        if case .object(let object) = left,
            let result = try object.binary(operation, with: right, side: .left, machine: machine)
        {
            return result
        }
        if case .object(let object) = right {
            return try object.binary(operation, with: left, side: .right, machine: machine)
        }
        return nil
    }

    /// `"ab" * 3` and `[0] * 3`.
    private static func repetition(_ value: Value, _ times: Value) throws -> Value? {
        guard case .integer(let times) = times else { return nil }
        let count = max(0, times)
        if let text = value.stringObject {
            if text.string.isEmpty { return value }
            try MemoryBudget.require(text: text.string.utf8.count.timesOrLargest(count))
            return .string(String(repeating: text.string, count: count))
        }
        if let list = value.listObject {
            try MemoryBudget.require(items: list.items.count.timesOrLargest(count))
            if let only = list.items.first, list.items.count == 1 { return .list(Array(repeating: only, count: count)) }
            guard !list.items.isEmpty else { return .list([]) }
            var items: [Value] = []
            items.reserveCapacity(list.items.count * count)
            for _ in 0..<count { items += list.items }
            return .list(items)
        }
        return nil
    }

    private static func integers(_ operation: BinaryOperator, _ a: Int, _ b: Int) throws -> Value {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide: return .float(Double(a) / Double(b))
        case .floorDivide:
            guard b != 0 else { throw divisionByZero(a, "//") }
            if a == .min, b == -1 { throw overflow(a, "//", b) }
            let quotient = a / b
            return .integer(a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient)
        case .remainder:
            guard b != 0 else { throw divisionByZero(a, "%") }
            if b == -1 { return .integer(0) }
            let rest = a % b
            return .integer(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
        case .power: return try power(a, b)
        case .less: return .boolean(a < b)
        case .lessOrEqual: return .boolean(a <= b)
        case .greater: return .boolean(a > b)
        case .greaterOrEqual: return .boolean(a >= b)
        case .bitAnd: return .integer(a & b)
        case .bitOr: return .integer(a | b)
        case .bitXor: return .integer(a ^ b)
        default: throw unsupported(operation, .integer(a), .integer(b))
        }
        if result.overflow { throw overflow(a, operation.rawValue, b) }
        return .integer(result.partialValue)
    }

    private static func power(_ base: Int, _ exponent: Int) throws -> Value {
        guard exponent >= 0 else { return .float(pow(Double(base), Double(exponent))) }
        var result = 1
        var factor = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 {
                let (product, isTooBig) = result.multipliedReportingOverflow(by: factor)
                if isTooBig { throw overflow(base, "**", exponent) }
                result = product
            }
            rest >>= 1
            if rest > 0 {
                let (square, isTooBig) = factor.multipliedReportingOverflow(by: factor)
                if isTooBig { throw overflow(base, "**", exponent) }
                factor = square
            }
        }
        return .integer(result)
    }

    private static func floats(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Value? {
        switch operation {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .divide: return .float(a / b)
        case .floorDivide: return .float((a / b).rounded(.down))
        case .remainder:
            let rest = fmod(a, b)
            return .float(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
        case .power: return .float(pow(a, b))
        case .less: return .boolean(a < b)
        case .lessOrEqual: return .boolean(a <= b)
        case .greater: return .boolean(a > b)
        case .greaterOrEqual: return .boolean(a >= b)
        default: return nil
        }
    }

    /// A comparison of two numbers by their order, nil where there is none (nan); nil for other operations.
    @inline(__always)
    private static func ordered(_ operation: BinaryOperator, _ order: Int?) -> Value? {
        switch operation {
        case .less: return .boolean(order.map { $0 < 0 } ?? false)
        case .lessOrEqual: return .boolean(order.map { $0 <= 0 } ?? false)
        case .greater: return .boolean(order.map { $0 > 0 } ?? false)
        case .greaterOrEqual: return .boolean(order.map { $0 >= 0 } ?? false)
        default: return nil
        }
    }

    private static func contains(_ item: Value, _ container: Value, _ machine: Machine) throws -> Bool {
        if let map = container.mapObject { return MapKey(item).map { map.items[$0] != nil } ?? false }
        switch container {
        case .object(let list as ListObject): return list.items.contains { valuesAreEqual($0, item) }
        case .object(let range as RangeObject):
            guard let number = wholeNumber(item) else { return false }
            return number >= range.lower && number < range.upper
        case .object(let text as StringObject):
            guard case .object(let part as StringObject) = item else {
                throw Failure("type", "the left side of `in` must be a string when the right side is, but is \(item.typeName)")
            }
            return part.string.isEmpty || text.string.contains(part.string)
        case .object(let object):
            if let found = try object.binary(.contains, with: item, side: .right, machine: machine) { return try truth(found) }
            guard let iterator = try object.makeIterator(machine: machine) else { break }
            while let value = try iterator.next() { if valuesAreEqual(value, item) { return true } }
            return false
        default: break
        }
        throw Failure("type", "the right side of `in` must be a list, map, range or string, but is \(container.typeName)")
    }

    /// The integer that equals a value.
    private static func wholeNumber(_ value: Value) -> Int? {
        switch value {
        case .integer(let number): return number
        case .float(let number): return Int(exactly: number)
        default: return nil
        }
    }

    static func apply(_ operation: UnaryOperator, _ value: Value, machine: Machine) throws -> Value {
        switch (operation, value) {
        case (.negate, .integer(let number)):
            let (result, isTooBig) = (0).subtractingReportingOverflow(number)
            if isTooBig { throw overflow(0, "-", number) }
            return .integer(result)
        case (.negate, .float(let number)): return .float(-number)
        case (.plus, .integer), (.plus, .float): return value
        case (_, .object(let object)):
            if let result = try object.unary(operation, machine: machine) { return result }
            if operation == .not { return .boolean(!(try truth(value))) }
        case (.not, _): return .boolean(!(try truth(value)))
        default: break
        }
        throw Failure("type", "`\(operation.rawValue)` must be applied to a number or tensor, but got \(value.typeName)")
    }

    /// Truth in a condition: booleans, nil (false), and what an object says of itself.
    static func truth(_ value: Value) throws -> Bool {
        switch value {
        case .boolean(let truth): return truth
        case .none: return false
        case .object(let object): if let truth = try object.truth() { return truth }
        default: break
        }
        let help: String
        switch value {
        case .integer, .float: help = "compare it, for instance `x != 0`"
        case .object(let object) where object.count != nil: help = "ask for its length, for instance `len(x) > 0`"
        default: help = "compare it, for instance `x != nil`"
        }
        throw Failure("type", "a condition must be true or false, but is \(value.typeName)", help: help)
    }

    private static func overflow(_ a: Int, _ symbol: String, _ b: Int) -> Failure {
        Failure(
            "overflow", "the result must fit a 64-bit integer, but \(a) \(symbol) \(b) does not",
            help: "use floats, for instance `float(x)`, where so large a number is meant")
    }

    private static func divisionByZero(_ a: Int, _ symbol: String) -> Failure {
        Failure("value", "the divisor must be different from zero, but \(a) \(symbol) 0 was asked for")
    }

    private static func unsupported(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> Failure {
        var help: String?
        let text = [left, right].contains { $0.object is StringObject }
        if operation == .add, text {
            help = "put the value inside the string, `\"… {x}\"`, or convert it with `str(x)`"
        }
        return Failure(
            "type", "`\(operation.rawValue)` must have operands that go together, but has \(left.typeName) and \(right.typeName)",
            help: help)
    }
}

extension String {
    /// True when `part` occurs in the text.
    fileprivate func contains(_ part: String) -> Bool {
        let bytes = Array(utf8)
        let wanted = Array(part.utf8)
        guard wanted.count <= bytes.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { start in bytes[start..<(start + wanted.count)].elementsEqual(wanted) }
    }
}

extension Machine {
    /// A binary operator of the language on two values.
    public func apply(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
        try Operators.apply(operation, left, right, machine: self)
    }

    /// A unary operator of the language on a value.
    public func apply(_ operation: UnaryOperator, _ value: Value) throws -> Value {
        try Operators.apply(operation, value, machine: self)
    }

    /// The truth of a value in a condition; a `Failure` for values that have none.
    public func truth(of value: Value) throws -> Bool { try Operators.truth(value) }
}
