import Base
import Foundation
import Machine
import Syntax
import Tensors

/// Mathematics that works on numbers and, element by element, on tensors.
enum NumberPrimitives {
    static let module = PrimitiveModule(
        "numbers", "Functions of numbers, lists and tensors.", elementary + rounding + extremes)

    private static func function(
        _ name: String, _ summary: String, example: String, domain: (test: (Double) -> Bool, words: String)? = nil,
        _ compute: @escaping (Double) -> Double
    ) -> Primitive {
        func checked(_ call: PrimitiveCall) throws -> Double {
            let number = try call.float(0)
            if let domain, !domain.test(number) {
                throw Failure("value", "`x` of \(name) must be \(domain.words), but is \(formatFloat(number))", argument: "x")
            }
            return compute(number)
        }
        return Primitive("\(name)(x)", summary, example: example) { call in
            if case .object(let object as TensorObject) = call[0] { return .tensor(try aten(name, .tensor(object.tensor))) }
            if let list = call[0].object as? ListObject, let tensor = try TensorLiteral.read(.list(list.items)) {
                return .tensor(try aten(name, .tensor(tensor)))
            }
            switch call[0] {
            case .integer, .float: return .float(try checked(call))
            default: throw call.mismatch(0, expected: "a number or a tensor")
            }
        }
    }

    private static let elementary: [Primitive] = [
        function(
            "sqrt", "Square root.", example: "sqrt(9)  # => 3.0\nsqrt(tensor([4.0, 9.0]))  # => tensor([2.0, 3.0])",
            domain: ({ !($0 < 0) }, "0 or more")) { $0.squareRoot() },
        function("exp", "The exponential function, e to the power of x.", example: "exp(0)  # => 1.0") { Foundation.exp($0) },
        function(
            "log", "The natural logarithm.", example: "log(1)  # => 0.0\nlog(tensor([1.0]))  # => tensor([0.0])",
            domain: ({ !($0 <= 0) }, "above 0")) { Foundation.log($0) },
        function("log2", "The logarithm to base 2.", example: "log2(8)  # => 3.0", domain: ({ !($0 <= 0) }, "above 0")) {
            Foundation.log2($0)
        },
        function(
            "log10", "The logarithm to base 10.", example: "log10(1000)  # => 3.0", domain: ({ !($0 <= 0) }, "above 0")
        ) { Foundation.log10($0) },
        function("sin", "Sine of an angle in radians.", example: "sin(0)  # => 0.0") { Foundation.sin($0) },
        function("cos", "Cosine of an angle in radians.", example: "cos(0)  # => 1.0") { Foundation.cos($0) },
        function("tan", "Tangent of an angle in radians.", example: "tan(0)  # => 0.0") { Foundation.tan($0) },
        function("asin", "The angle in radians whose sine is x.", example: "asin(0)  # => 0.0",
            domain: ({ !(abs($0) > 1) }, "between -1 and 1")) { Foundation.asin($0) },
        function("acos", "The angle in radians whose cosine is x.", example: "acos(1)  # => 0.0",
            domain: ({ !(abs($0) > 1) }, "between -1 and 1")) { Foundation.acos($0) },
        function("atan", "The angle in radians whose tangent is x.", example: "atan(0)  # => 0.0") { Foundation.atan($0) },
        function("tanh", "Hyperbolic tangent.", example: "tanh(0)  # => 0.0\ntanh(tensor([0.0]))  # => tensor([0.0])") {
            Foundation.tanh($0)
        },
        Primitive("abs(x)", "The size of a number without its sign.", example: "abs(-3)  # => 3\nabs(tensor([-1.5, 2.0]))  # => tensor([1.5, 2.0])") { call in
            switch call[0] {
            case .integer(let number):
                guard number != .min else { throw Failure("overflow", "the absolute value of \(number) does not fit an integer") }
                return .integer(Swift.abs(number))
            case .float(let number): return .float(Swift.abs(number))
            case .object(let object as TensorObject): return .tensor(try aten("abs", .tensor(object.tensor)))
            default: throw call.mismatch(0, expected: "a number or a tensor")
            }
        },
    ]

    // MARK: Rounding

    private static func rounded(_ name: String, _ summary: String, example: String, _ rule: FloatingPointRoundingRule) -> Primitive {
        Primitive("\(name)(x)", summary, example: example) { call in
            switch call[0] {
            case .integer: return call[0]
            case .float(let number): return try integer(number.rounded(rule), call)
            case .object(let object as TensorObject):
                return object.tensor.dtype.isFloatingPoint ? .tensor(try aten(name, .tensor(object.tensor))) : call[0]
            default: throw call.mismatch(0, expected: "a number or a tensor")
            }
        }
    }

    private static func integer(_ number: Double, _ call: PrimitiveCall) throws -> Value {
        guard let whole = Int(exactly: number) else {
            throw Failure(
                "value", "`x` of \(call.primitive.name) must fit an integer, but is \(formatFloat(number))", argument: "x")
        }
        return .integer(whole)
    }

    /// The nearest multiple of 10^places, of two the one with an even quotient.
    private static func roundedInteger(_ number: Int, places: Int) throws -> Int {
        // Half of 10^19 is the first bound that an integer can pass.
        let half = 5_000_000_000_000_000_000
        guard places <= 18 else {
            if places > 19 || (-half...half).contains(number) { return 0 }
            throw Failure("overflow", "\(number) rounded to \(-places) digits does not fit an integer")
        }
        let unit = (0..<places).reduce(1) { unit, _ in unit * 10 }
        let (quotient, rest) = number.quotientAndRemainder(dividingBy: unit)
        let twice = 2 * abs(rest)
        let isUp = twice > unit || (twice == unit && quotient % 2 != 0)
        let (result, overflow) = (quotient * unit).addingReportingOverflow(isUp ? unit * number.signum() : 0)
        guard !overflow else {
            throw Failure("overflow", "\(number) rounded to \(-places) digits does not fit an integer")
        }
        return result
    }

    private static let rounding: [Primitive] = [
        rounded("floor", "The largest integer that is not above x.", example: "floor(2.7)  # => 2\nfloor(-2.5)  # => -3", .down),
        rounded("ceil", "The smallest integer that is not below x.", example: "ceil(2.1)  # => 3", .up),
        Primitive(
            "round(x, digits: Int? = nil)", "Rounds to the nearest integer, or to a number of digits after the point.",
            details: "Halves go to the even neighbour. Without `digits` a number becomes an integer; negative `digits` round "
                + "to tens, hundreds and so on.",
            example: "round(2.6)  # => 3\nround(3.14159, 2)  # => 3.14\nround(12345, -2)  # => 12300"
        ) { call in
            let digits = try call.optional(1, call.int)
            if let digits, !(-308...15).contains(digits) {
                throw Failure("value", "`digits` of round must be from -308 to 15, but is \(digits)", argument: "digits")
            }
            switch call[0] {
            case .integer(let number):
                guard let digits, digits < 0 else { return call[0] }
                return .integer(try roundedInteger(number, places: -digits))
            case .float(let number):
                guard let digits else { return try integer(number.rounded(.toNearestOrEven), call) }
                if digits < 0 {
                    let unit = pow(10, Double(-digits))
                    return .float(number.isFinite ? (number / unit).rounded(.toNearestOrEven) * unit : number)
                }
                // Through decimal text: the nearest float to the decimal that a reader expects.
                return .float(Double(String(format: "%.\(digits)f", number)) ?? number)
            case .object(let object as TensorObject):
                if !object.tensor.dtype.isFloatingPoint {
                    guard let digits, digits < 0, object.tensor.dtype.isInteger else { return call[0] }
                    let numbers = try object.tensor.detached().to(dtype: .int64).onCPU()
                    let results = try numbers.ints().map { number in
                        let result = try roundedInteger(number, places: -digits)
                        try NumberCheck.fits(result, object.tensor.dtype, "a rounded element")
                        return result
                    }
                    let made = try Tensor(results, shape: object.tensor.shape).to(dtype: object.tensor.dtype)
                    return .tensor(try made.to(device: object.tensor.device))
                }
                return .tensor(try aten("round.decimals", .tensor(object.tensor), named: ["decimals": .int(digits ?? 0)]))
            default: throw call.mismatch(0, expected: "a number or a tensor")
            }
        },
    ]

    // MARK: Sum, smallest, largest

    private static let extremes: [Primitive] = [
        Primitive(
            "sum(x, dim = nil, keepdim: Bool = false)", "Adds up a list of numbers or tensors, or a tensor's elements.",
            details: "Of a tensor, `dim` is a dimension or a list of them; without it all elements are added.",
            example: "sum([1, 2, 3])  # => 6\nsum(tensor([[1.0, 2.0], [3.0, 4.0]]), dim: 0)  # => tensor([4.0, 6.0])"
        ) { call in
            if case .object(let object as TensorObject) = call[0] {
                return .tensor(try Reduction.sum(object.tensor, call.dimensions(1, rank: object.tensor.rank), keep: call.bool(2)))
            }
            if let range = call[0].object as? RangeObject { return .integer(try sum(of: range)) }
            var total: Value?
            try each(call) { item in total = try add(total ?? .integer(0), item, call) }
            return total ?? .integer(0)
        },
        extreme("min", "smallest", isMinimum: true),
        extreme("max", "largest", isMinimum: false),
    ]

    private static func extreme(_ name: String, _ word: String, isMinimum: Bool) -> Primitive {
        Primitive(
            "\(name)(x, others..., dim = nil, keepdim: Bool = false)",
            "The \(word) of several values, of a list, or of a tensor's elements.",
            details:
                "Of one tensor, `dim` is a dimension or a list of them; without it all elements count. Of two tensors, or a tensor and a number, the \(word) element by element. `arg\(name)` tells where it is.",
            example: isMinimum
                ? "min(3, 1, 2)  # => 1\nmin([2.5, 0.5])  # => 0.5\nmin(tensor([[1.0, 5.0], [3.0, 4.0]]), dim: 1)  # => tensor([1.0, 3.0])"
                : "max(3, 1, 2)  # => 3\nmax([\"a\", \"b\"])  # => \"b\"\nmax(tensor([1.0, -1.0]), 0)  # => tensor([1.0, 0.0])"
        ) { call in
            let others = try call.list(1)
            if others.isEmpty, let range = call[0].object as? RangeObject, range.upper > range.lower {
                return .integer(isMinimum ? range.lower : range.upper - 1)
            }
            if others.isEmpty, case .object(let object as TensorObject) = call[0] {
                let dimensions = try call.dimensions(2, rank: object.tensor.rank)
                return .tensor(try Reduction.extreme(object.tensor, dimensions, keep: call.bool(3), isMinimum: isMinimum))
            }
            if others.contains(where: { $0.object is TensorObject }) || call[0].object is TensorObject {
                let operation = isMinimum ? "minimum" : "maximum"
                let items = try ([call[0]] + others).map { value -> Tensor in
                    guard let tensor = try TensorLiteral.read(value) else { throw call.mismatch(0, expected: "tensors or numbers") }
                    return tensor
                }
                return .tensor(try items.dropFirst().reduce(items[0]) { try aten(operation, .tensor($0), .tensor($1)) })
            }
            var best: Value?
            let compare: (Value) throws -> Void = { value in
                guard let known = best else { return best = value }
                if try isMinimum ? isLess(value, known, call) : isLess(known, value, call) { best = value }
            }
            if others.isEmpty { try each(call, compare) } else { try ([call[0]] + others).forEach(compare) }
            guard let best else {
                throw Failure("value", "`x` of \(name) must hold a value or more, but is empty", argument: "x")
            }
            return best
        }
    }

    /// The sum of a range by Gauss's formula, (first + last) · count / 2.
    private static func sum(of range: RangeObject) throws -> Int {
        guard range.upper > range.lower else { return 0 }
        let (first, last, count) = (range.lower, range.upper - 1, range.upper - range.lower)
        // One of the two is even. Their sum may pass 64 bits, so the halves are taken first where count is even.
        let (ends, isFar) = first.addingReportingOverflow(last)
        let product =
            count % 2 == 0
            ? (isFar ? (Int.max, true) : (count / 2).multipliedReportingOverflow(by: ends))
            : count.multipliedReportingOverflow(by: first + (count - 1) / 2)
        if product.1 { throw sumTooLarge }
        return product.0
    }

    private static let sumTooLarge = Failure("overflow", "the sum does not fit an integer", help: "make one item a float")

    private static func each(_ call: PrimitiveCall, _ body: (Value) throws -> Void) throws {
        if let list = call[0].object as? ListObject { return try list.items.forEach(body) }
        guard let iterator = try call[0].object?.makeIterator(machine: call.machine), !(call[0].object is StringObject) else {
            throw call.mismatch(0, expected: "a list or a tensor")
        }
        var count = 0
        while let value = try iterator.next() {
            count += 1
            if count & 0xffff == 0 { try call.machine.checkInterrupt() }
            try body(value)
        }
    }

    private static func add(_ one: Value, _ other: Value, _ call: PrimitiveCall) throws -> Value {
        switch (one, other) {
        case (.integer(0), .object(_ as TensorObject)): return other
        case (.integer(let a), .integer(let b)):
            let (total, overflow) = a.addingReportingOverflow(b)
            if overflow { throw sumTooLarge }
            return .integer(total)
        case (.float(let a), .float(let b)): return .float(a + b)
        case (.integer(let a), .float(let b)), (.float(let b), .integer(let a)): return .float(Double(a) + b)
        case (.boolean(let truth), _): return try add(.integer(truth ? 1 : 0), other, call)
        case (_, .boolean(let truth)): return try add(one, .integer(truth ? 1 : 0), call)
        case (.object(let object), _) where !(object is ListObject):
            if let total = try object.binary(.add, with: other, side: .left, machine: call.machine) { return total }
        default: break
        }
        if case .object(let object) = other, !(object is ListObject),
            let total = try object.binary(.add, with: one, side: .right, machine: call.machine)
        {
            return total
        }
        throw Failure("type", "sum cannot add \(one.typeName) and \(other.typeName)", argument: "x")
    }

    private static func isLess(_ one: Value, _ other: Value, _ call: PrimitiveCall) throws -> Bool {
        switch (one, other) {
        case (.integer(let a), .integer(let b)): return a < b
        case (.float(let a), .float(let b)): return a < b
        case (.integer(let a), .float(let b)): return order(of: a, to: b).map { $0 < 0 } ?? false
        case (.float(let a), .integer(let b)): return order(of: b, to: a).map { $0 > 0 } ?? false
        case (.object(let a as StringObject), .object(let b as StringObject)): return a.string < b.string
        default:
            throw Failure(
                "type", "\(call.primitive.name) compares numbers with numbers or strings with strings, but got \(one.typeName) and \(other.typeName)",
                argument: "x")
        }
    }
}
