import Base
import Syntax

extension Machine {
    /// Marks the operands of the operator that failed, each with what it is; empty when the instruction is no operator.
    func operandLabels(_ failure: Failure, _ instruction: Instruction, _ base: UnsafeMutablePointer<Value>, _ location: Location)
        -> [Diagnostic.Label]
    {
        guard failure.code == "type" || failure.code == "shape", let operation = Operation(rawValue: instruction.operation)
        else { return [] }
        let left: Value
        let right: Value
        switch operation {
        case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .matrixProduct, .bitAnd, .bitOr, .bitXor,
            .less, .lessOrEqual, .greater, .greaterOrEqual, .contains, .notContains, .equal, .notEqual:
            (left, right) = (base[instruction.b], base[instruction.c])
        case .addSmall, .multiplySmall, .remainderSmall: (left, right) = (base[instruction.b], .integer(1))
        case .testLessSmall, .testLessOrEqualSmall, .testGreaterSmall, .testGreaterOrEqualSmall:
            (left, right) = (base[instruction.a], .integer(1))
        case .testLess, .testLessOrEqual:
            let isSwapped = instruction.flags & 1 != 0
            (left, right) = (base[isSwapped ? instruction.b : instruction.a], base[isSwapped ? instruction.a : instruction.b])
        default: return []
        }
        guard let spans = Operands.spans(of: location) else { return [] }
        // The constant of an instruction may stand on either side of the text.
        let isTurned = Int(location.file.text(of: spans.left)) != nil && left.object != nil
        return Operands.labels(
            failure, isTurned ? right : left, spans.left, isTurned ? left : right, spans.right, location.file)
    }
}

/// The two sides of an operator, for diagnostics.
public enum Operands {
    /// What each side is: its shape when shapes are the matter, else its type.
    public static func labels(
        _ failure: Failure, _ left: Value, _ leftSpan: Span, _ right: Value, _ rightSpan: Span, _ file: SourceFile
    ) -> [Diagnostic.Label] {
        func words(_ value: Value) -> String {
            if failure.code == "shape", let extent = value.object?.extent { return extent }
            return "this is \(value.typeName)"
        }
        return [
            Diagnostic.Label(Location(file, leftSpan), words(left)), Diagnostic.Label(Location(file, rightSpan), words(right)),
        ]
    }

    /// Instructions know where their expression stands, not where its parts do; its text is read once more for that.
    fileprivate static func spans(of location: Location) -> (left: Span, right: Span)? {
        let text = location.file.text(of: location.span)
        guard text.utf8.count < 4000 else { return nil }
        for (head, tail) in [("(", ")"), ("", "")] {
            guard case .complete(let program) = Parser.parse(SourceFile(name: "", text: head + text + tail)),
                program.statements.count == 1
            else { continue }
            let sides: (Expression, Expression)
            switch program.statements[0].kind {
            case .expression(let expression):
                guard case .binary(_, let left, let right, _) = expression.kind else { return nil }
                sides = (left, right)
            case .assignment(let target, .some, let value): sides = (target, value)
            default: return nil
            }
            let shift = location.span.start - head.utf8.count
            func moved(_ span: Span) -> Span { Span(span.start + shift, span.end + shift) }
            return (moved(sides.0.span), moved(sides.1.span))
        }
        return nil
    }
}
