import Base
import Machine
import Tensors

// What a kind of object may say of itself beyond its `content`, where what every kind gets does not fit.

/// A kind that a checkpoint gives back as it was; others come back as maps of their parts. The table that makes it names it
/// among its `kinds`.
protocol Keepable: AnyObject {
    /// The word under which a file holds the kind's parts.
    static var keptAs: String { get }
    /// The object whose parts these are; nil when they are none of such a one.
    static func made(of parts: KeptParts) -> Object?
}

/// A kind whose living objects take over a checkpoint's parts in a way of their own.
protocol Restorable: AnyObject {
    /// What is to be done once everything else fits too; nil when `saved` holds no such kind. Changes nothing yet, and throws
    /// when the parts do not fit; `subject` begins the sentence.
    func change(to saved: Value, _ subject: String) throws -> (() throws -> Void)?
}

/// A whole that holds more than what makes it the same as another: where it was read from, how long it took.
protocol Fingerprinted: AnyObject {
    /// Adds what counts.
    func add(to hash: ContentHash) throws
}

/// The parts of a whole as a checkpoint holds them: text, numbers as the digits that give them back exactly, tensors by name.
struct KeptParts {
    let fields: [String: Any]
    let tensors: [String: Tensor]

    func has(_ name: String) -> Bool { fields[name] != nil }
    func tensor(_ name: String) -> Tensor? { text(name).flatMap { tensors[$0] } }
    func text(_ name: String) -> String? { fields[name] as? String }
    func texts(_ name: String) -> [String]? { fields[name] as? [String] }
    func number(_ name: String) -> Double? { text(name).flatMap(Double.init) }
    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
    func parts(_ name: String) -> KeptParts? { (fields[name] as? [String: Any]).map { KeptParts(fields: $0, tensors: tensors) } }

    /// nil as well when one of them is no number.
    func numbers(_ name: String) -> [Double]? { texts(name).flatMap { all($0.map(Double.init)) } }
    func integers(_ name: String) -> [Int]? { texts(name).flatMap { all($0.map { Int($0) }) } }

    private func all<Number>(_ numbers: [Number?]) -> [Number]? {
        let found = numbers.compactMap { $0 }
        return found.count == numbers.count ? found : nil
    }
}
