import Syntax

/// `if`, and the tests and jumps that conditions become.
extension Compiler {
    func compileIf(
        _ condition: Expression, _ then: Block, _ otherwise: Expression?, into target: Int?, reading: Int? = nil
    ) {
        if let reading {
            let register = builder.newRegister()
            compileIf(condition, then, otherwise, into: register)
            builder.emit(.take, reading, register)
            return
        }
        let exits = compileJumps(unless: condition)
        compileBlock(then, into: target)
        guard otherwise != nil || target != nil else {
            for exit in exits { builder.patch(exit) }
            return
        }
        let done = builder.emitWide(.jump, 0, 0)
        for exit in exits { builder.patch(exit) }
        if let otherwise {
            if let target {
                compile(otherwise, into: target)
            } else if case .block(let block) = otherwise.kind {
                compileBlock(block, into: nil)
            } else if case .ifElse(let condition, let then, let next) = otherwise.kind {
                compileIf(condition, then, next, into: nil)
            }
        } else if let target {
            builder.emit(.loadNone, target)
        }
        builder.patch(done)
    }

    /// Code that falls through when the condition holds; gives back the jumps taken when it does not.
    func compileJumps(unless condition: Expression) -> [Int] {
        let leave = enter(condition.span)
        defer { leave() }
        switch condition.kind {
        case .and(let left, let right):
            return compileJumps(unless: left) + compileJumps(unless: right)
        case .unary(.not, let inner):
            let value = operand(inner)
            return [builder.emitWide(.jumpIfTrue, value.register, 0, flags: value.isTemporary ? 1 : 0, at: inner.span)]
        case .binary(let operation, let left, let right, _):
            if case .integer(let number) = right.kind, number >= -30_000, number <= 30_000,
                let test = Compiler.testsOfSmall[operation]
            {
                let value = operand(left)
                builder.emit(test, value.register, number, 0, flags: value.isTemporary ? 2 : 0)
                return [builder.emitWide(.jump, 0, 0)]
            }
            let test: Operation
            var isSwapped = false
            switch operation {
            case .less: test = .testLess
            case .lessOrEqual: test = .testLessOrEqual
            case .greater: (test, isSwapped) = (.testLess, true)
            case .greaterOrEqual: (test, isSwapped) = (.testLessOrEqual, true)
            case .equal: test = .testEqual
            case .notEqual: test = .testNotEqual
            default: return jumpIfFalse(condition)
            }
            let a = operand(left, before: right)
            let b = operand(right)
            let (first, second) = isSwapped ? (b, a) : (a, b)
            builder.emit(
                test, first.register, second.register, 0,
                flags: (isSwapped ? 1 : 0) | (first.isTemporary ? 2 : 0) | (second.isTemporary ? 4 : 0))
            return [builder.emitWide(.jump, 0, 0)]
        default: return jumpIfFalse(condition)
        }
    }

    private static let testsOfSmall: [BinaryOperator: Operation] = [
        .less: .testLessSmall, .lessOrEqual: .testLessOrEqualSmall, .greater: .testGreaterSmall,
        .greaterOrEqual: .testGreaterOrEqualSmall, .equal: .testEqualSmall, .notEqual: .testNotEqualSmall,
    ]

    private func jumpIfFalse(_ condition: Expression) -> [Int] {
        let value = operand(condition)
        return [builder.emitWide(.jumpIfFalse, value.register, 0, flags: value.isTemporary ? 1 : 0)]
    }
}
