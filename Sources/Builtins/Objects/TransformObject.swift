import Base
import Machine
import Registration
import Tensors
import Volumes

/// A transform as scripts hold it: it knows both of its grids and which way it leads.
public final class TransformObject: Object {
    public let transform: Transform

    public init(_ transform: Transform) { self.transform = transform }

    public override var typeName: String { "Transform" }
    public override class var typeNames: [TypeName] { [TypeName("Transform")] }

    public override var content: Content {
        .whole(holding: transform.displacement.map { [$0] } ?? []) { [transform] in
            [
                ("kind", .string(transform.kind.rawValue)), ("affine", transform.affine.kept), ("fixed", transform.fixed.kept),
                ("moving", transform.moving.kept), ("displacement", transform.displacement.map(Value.tensor) ?? Value.none),
                ("similarity", transform.similarity.map { Value.list([.float($0.before), .float($0.after)]) } ?? Value.none),
                ("seconds", transform.seconds.map(Value.float) ?? Value.none),
            ]
        }
    }

    /// Kind, both grids, similarity before and after, folding, seconds.
    public override var text: String {
        var parts = ["\(transform.kind.rawValue) transform onto \(describe(transform.fixed)) from \(describe(transform.moving))"]
        if let (before, after) = transform.similarity {
            parts.append("similarity \(rounded(before, ".3f")) → \(rounded(after, ".3f"))")
        }
        if let folding = try? transform.folding() { parts.append("folding \(rounded(folding, ".2%"))") }
        if let seconds = transform.seconds { parts.append("\(rounded(seconds, ".2f")) s") }
        return parts.joined(separator: "; ")
    }

    private func rounded(_ number: Double, _ specification: String) -> String {
        (try? formatted(.float(number), as: specification)) ?? formatFloat(number)
    }

    public override var fieldNames: [String] {
        ["kind", "affine", "displacement", "fixed_shape", "moving_shape", "similarity", "seconds"]
    }

    public override func field(_ name: String) throws -> Value? {
        switch name {
        case "kind": return .string(transform.kind.rawValue)
        case "affine": return .list(transform.affine.rows.map { row in .list(row.map { .float($0) }) })
        case "displacement": return try transform.displacement.map { Value.tensor(try aten("clone", .tensor($0))) } ?? Value.none
        case "fixed_shape": return .list(transform.fixed.shape.map { .integer($0) })
        case "moving_shape": return .list(transform.moving.shape.map { .integer($0) })
        case "similarity":
            return transform.similarity.map { .object(MapObject([("before", .float($0.before)), ("after", .float($0.after))])) }
                ?? Value.none
        case "seconds": return transform.seconds.map { .float($0) } ?? Value.none
        default: return nil
        }
    }
}

extension TransformObject: Keepable, Fingerprinted {
    static var keptAs: String { "transform" }

    static func made(of parts: KeptParts) -> Object? {
        guard let kind = parts.text("kind").flatMap(Transform.Kind.init(rawValue:)), let affine = Affine(parts, "affine"),
            let fixed = Grid(parts.parts("fixed")), let moving = Grid(parts.parts("moving"))
        else { return nil }
        let displacement = parts.tensor("displacement")
        if displacement == nil, parts.has("displacement") { return nil }
        let similarity = parts.numbers("similarity")
        return (try? Transform(
            kind: kind, fixed: fixed, moving: moving, affine: affine, displacement: displacement,
            similarity: similarity?.count == 2 ? similarity.map { ($0[0], $0[1]) } : nil, seconds: parts.number("seconds"))
        ).map(TransformObject.init)
    }

    /// The map and its grids; not how long it took to find, nor what it was good for.
    func add(to hash: ContentHash) throws {
        hash.add(transform.kind.rawValue)
        hash.add(transform.affine.elements)
        transform.fixed.add(to: hash)
        transform.moving.add(to: hash)
        if let displacement = transform.displacement { try hash.add(displacement) }
    }
}

extension Value {
    public static func transform(_ transform: Transform) -> Value { .object(TransformObject(transform)) }
}

extension PrimitiveCall {
    /// The transform given as parameter `position`.
    public func transform(_ position: Int) throws -> Transform {
        if case .object(let object as TransformObject) = values[position] { return object.transform }
        throw mismatch(position, expected: "a transform", help: "make one with `register(moving, onto: fixed)`")
    }
}
