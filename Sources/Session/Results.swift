import Builtins
import Machine

/// The values that a prompt has shown: `_` is the last, `_1`, `_2`, … are those before it.
///
/// A tensor is freed when its last name goes, so few results keep a name: the newest, as long as they are small
/// together. A large value, and a tensor that remembers how it was computed, is `_` only.
public final class Results {
    /// How many results keep their numbers.
    public static let limit = 20
    /// Bytes that the numbered results may keep alive together.
    public static let byteLimit = 64 << 20

    private struct Kept {
        let number: Int
        let bytes: Int
    }
    private var kept: [Kept] = []
    private var count = 0

    public init() {}

    static func name(_ number: Int) -> String { "_\(number)" }

    /// Binds a shown value to `_`, and to its number: the one given, which is higher than those before it, or the next.
    ///
    /// - Returns: the number, whether or not the value was small enough to keep it, and whether it was.
    @discardableResult
    public func keep(_ value: Value, in scope: ModuleScope, as number: Int? = nil) -> (number: Int, isNumbered: Bool) {
        count = number ?? count + 1
        scope.bind("_", to: value)
        let size = ValueSize(of: value)
        guard size.bytes <= Results.byteLimit, !size.keepsComputation else { return (count, false) }
        scope.bind(Results.name(count), to: value)
        kept.append(Kept(number: count, bytes: size.bytes))
        while kept.count > Results.limit || kept.reduce(0, { $0 + $1.bytes }) > Results.byteLimit {
            scope.bind(Results.name(kept.removeFirst().number), to: .missing)
        }
        return (count, true)
    }

    /// Takes the names of all results away; the numbers go on.
    public func forget(in scope: ModuleScope) {
        for result in kept { scope.bind(Results.name(result.number), to: .missing) }
        kept = []
        if scope.value(of: "_") != nil { scope.bind("_", to: .missing) }
    }

    /// The numbers that still stand for a value, and the bytes they keep alive.
    public var summary: (numbers: [Int], bytes: Int) { (kept.map(\.number), kept.reduce(0) { $0 + $1.bytes }) }
}
