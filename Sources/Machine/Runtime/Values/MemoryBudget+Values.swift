import Base

extension MemoryBudget {
    /// Throws code `memory` when one list cannot get so many items.
    public static func require(items count: Int) throws { try require(items: count, of: MemoryLayout<Value>.stride) }
}
