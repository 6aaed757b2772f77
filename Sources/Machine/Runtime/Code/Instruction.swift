import Syntax

/// One instruction is 64 bits: operation (8), flags (8), then three operands a, b, c of 16 bits; where an operation
/// needs a wide operand, b and c together are one signed 32-bit number. Operands name registers of the running
/// function unless said otherwise.
typealias Instruction = UInt64

enum Operation: UInt8 {
    /// a = constant[wide]
    case loadConstant
    case loadNone
    /// a = b != 0
    case loadBoolean
    /// a = wide
    case loadInteger
    /// a = b
    case move
    /// a = b, and b is cleared
    case take
    /// a = nil where it holds an object, so that this may be freed
    case clear
    /// the same for the b registers from a on
    case clearMany
    /// a = globals[wide], or the primitive of that name while the global is unbound
    case getGlobal
    /// a = globals[wide], bound or not
    case getFallback
    /// a = the function that runs
    case getOwn
    /// globals[wide] = a, and a is cleared
    case setGlobal
    /// a = (constant[b] as module).globals[c]
    case getImport
    /// run the module constant[wide] if it has not run
    case runModule
    /// a = what the closure took along under number b
    case getUpvalue
    /// a = contents of the box that the closure took along under number b, and the other way round
    case getShared
    case setShared
    /// a = new box holding a
    case makeBox
    /// a = contents of box b
    case getBox
    /// contents of box a = b
    case setBox
    /// a = closure of prototype wide
    case makeClosure
    // a = b op c. Flag 1: b is a temporary, flag 2: c is a temporary; both are cleared when they held objects.
    case add
    case subtract
    case multiply
    case divide
    case floorDivide
    case remainder
    case power
    case matrixProduct
    case bitAnd
    case bitOr
    case bitXor
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    case contains
    case notContains
    /// a = b + signed c
    case addSmall
    /// a = b * signed c
    case multiplySmall
    /// a = b % c, c a positive constant
    case remainderSmall
    case negate
    case plus
    case not
    /// pc += wide
    case jump
    /// pc += wide, after looking whether someone asked to stop
    case loop
    case jumpIfFalse
    case jumpIfTrue
    // Compare a and b. The next instruction is a jump, taken at once when the comparison does not hold.
    case testLess
    case testLessOrEqual
    case testEqual
    case testNotEqual
    // The same of a and the signed number b.
    case testLessSmall
    case testLessOrEqualSmall
    case testGreaterSmall
    case testGreaterOrEqualSmall
    case testEqualSmall
    case testNotEqualSmall
    /// jump when a was given (is not missing)
    case jumpIfGiven
    /// a = list of b … b+c-1
    case makeList
    /// a = map of c pairs from b on
    case makeMap
    /// a = b ..< c; flag 1: closed
    case makeRange
    /// a = text of template wide
    case interpolate
    /// a grows by the text of template wide and the next two instructions, which do it the usual way, are skipped, when
    /// a is a text that nobody else holds
    case extendText
    /// a(a+1 … a+b), site c; the result goes to a. Flag 2: some arguments are named
    case call
    // Call the function in register b, in number b of what the closure took along, or in globals[wide] as the next
    // instruction, a call, describes it, and skip that; where it takes more than that, put the function into a.
    case callLocal
    case callUpvalue
    case callGlobal
    /// The same with the function that runs.
    case callOwn
    /// a = the primitive constant[c] of a+1 … a+b in its quick form; the next instruction, the usual call, is skipped unless
    /// that declines
    case callQuickly
    /// receiver a+1, arguments after it (b of them), a = the function of that name in scope or missing (flag 1 clear),
    /// site c. Flag 2: some arguments are named
    case callMethod
    /// leave with value a; b: how many registers the function has
    case giveBack
    /// a = b.name; c: field cache
    case getField
    /// a.name = b; c: field cache
    case setField
    /// a = fields of self b at position c
    case getSlot
    /// fields of self a at position c = b
    case setSlot
    /// a = b[c]
    case getIndex
    /// a[b] = c
    case setIndex
    /// a = b[…], c: index description
    case getIndexMany
    /// a[…] = b, c: index description
    case setIndexMany
    /// a, a+1 = iteration over a: next number and bound, list and next place, or iterator
    case startLoop
    /// a, a+1 = iteration over a ..< a+1
    case startRangeLoop
    /// c = next of the iteration in a and b, after looking whether someone asked to stop. The next instruction is a jump
    /// back to the loop's body, taken at once unless the iteration is over
    case nextOfLoop
    /// errors from here on go to pc + wide, the problem to a
    case pushHandler
    case popHandler
    case raise
    case assertFailed
    /// raise: no arm matched a
    case noMatch
    /// pattern a against description wide: its parts go to the registers it names; the next instruction (a jump) is
    /// skipped when it fits
    case matchParts
    /// check contracts of the arguments, names bound go to a
    case checkArguments
    /// check the result a against the contract; names bound are in b
    case checkResult
    /// a = new record of the type that this constructor belongs to; its first c fields are registers 0 … c-1
    case makeRecord
    /// a = what `--set` gives the param constant[b], read by the contract before c (0: by a), or a itself
    case parameter
    /// check a against annotation wide (let with annotation)
    case checkAnnotation
    /// a = record type wide (index into prototypes' type recipes)
    case makeType
}

enum InstructionCoding {
    @inline(__always)
    static func encode(_ operation: Operation, _ a: Int, _ b: Int, _ c: Int, flags: Int) -> Instruction {
        UInt64(operation.rawValue) | UInt64(flags & 0xFF) << 8 | UInt64(a & 0xFFFF) << 16
            | UInt64(b & 0xFFFF) << 32 | UInt64(c & 0xFFFF) << 48
    }
    @inline(__always)
    static func encode(_ operation: Operation, _ a: Int, wide: Int, flags: Int) -> Instruction {
        UInt64(operation.rawValue) | UInt64(flags & 0xFF) << 8 | UInt64(a & 0xFFFF) << 16
            | UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: wide))) << 32
    }
}

extension UInt64 {
    @inline(__always) var operation: UInt8 { UInt8(truncatingIfNeeded: self) }
    @inline(__always) var flags: Int { Int(truncatingIfNeeded: (self >> 8) & 0xFF) }
    @inline(__always) var a: Int { Int(truncatingIfNeeded: (self >> 16) & 0xFFFF) }
    @inline(__always) var b: Int { Int(truncatingIfNeeded: (self >> 32) & 0xFFFF) }
    @inline(__always) var c: Int { Int(truncatingIfNeeded: self >> 48) }
    @inline(__always) var signedB: Int { Int(Int16(truncatingIfNeeded: self >> 32)) }
    @inline(__always) var signedC: Int { Int(Int16(truncatingIfNeeded: self >> 48)) }
    @inline(__always) var wide: Int { Int(Int32(truncatingIfNeeded: self >> 32)) }
}
