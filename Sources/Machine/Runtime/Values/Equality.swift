/// Equality by value: numbers across integer and float, everything else within its kind.
public func valuesAreEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none), (.missing, .missing): return true
    case (.boolean(let a), .boolean(let b)): return a == b
    case (.integer(let a), .integer(let b)): return a == b
    case (.float(let a), .float(let b)): return a == b
    case (.integer(let a), .float(let b)), (.float(let b), .integer(let a)): return Int(exactly: b) == a
    case (.object(let a), .object(let b)): return a === b || (a.isContainer ? Nesting.areEqual(a, b) : a.isEqual(to: b))
    default: return false
    }
}

/// How an integer stands to a float: below 0 when it is less, 0 when equal, above 0 when greater; nil beside nan.
/// It is exact where the float nearest to the integer is another number.
@inline(__always)
public func order(of integer: Int, to float: Double) -> Int? {
    let nearest = Double(integer)
    // Rounding keeps order, so a difference after it was one before.
    if nearest != float { return nearest < float ? -1 : nearest > float ? 1 : nil }
    // Integers round up to 2^63, which none of them is.
    guard let whole = Int(exactly: float) else { return -1 }
    return integer < whole ? -1 : integer > whole ? 1 : 0
}

/// A hash that agrees with `valuesAreEqual`; nil when the value cannot be a map key.
func valueHash(_ value: Value) -> Int? {
    switch value {
    case .missing: return nil
    case .none: return 0
    case .boolean(let truth): return truth ? 1 : 2
    case .integer(let number): return mixed(number)
    case .float(let number): return mixed(Int(exactly: number) ?? Int(truncatingIfNeeded: number.bitPattern))
    case .object(let object):
        return object.kind == .string ? object.keyHash : Nesting.hash { object.keyHash }
    }
}

/// Spreads the bits of a number, so that neighbours fall into distant places of a table.
@inline(__always)
func mixed(_ number: Int) -> Int {
    // The golden ratio as a 64-bit fraction: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    let product = UInt(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
    return Int(bitPattern: product ^ (product >> 32))
}
