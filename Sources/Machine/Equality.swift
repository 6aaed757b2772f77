/// Equality by value: numbers across integer and float, everything else within its kind.
public func valuesAreEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none), (.missing, .missing): return true
    case (.boolean(let a), .boolean(let b)): return a == b
    case (.integer(let a), .integer(let b)): return a == b
    case (.float(let a), .float(let b)): return a == b
    case (.integer(let a), .float(let b)), (.float(let b), .integer(let a)): return Int(exactly: b) == a
    case (.object(let a), .object(let b)): return a === b || Nesting.compare { a.isEqual(to: b) }
    default: return false
    }
}

/// A hash that agrees with `valuesAreEqual`; nil when the value cannot be a map key.
func valueHash(_ value: Value) -> Int? {
    switch value {
    case .missing: return nil
    case .none: return 0
    case .boolean(let truth): return truth ? 1 : 2
    case .integer(let number): return Double(number).hashValue
    case .float(let number): return number.hashValue
    case .object(let object): return Nesting.hash { object.keyHash }
    }
}
