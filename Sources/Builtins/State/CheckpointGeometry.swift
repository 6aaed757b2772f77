import Machine
import Registration
import Tensors
import Volumes

/// How a checkpoint keeps volumes and transforms: their tensors as every other, the rest as text, where numbers are the digits
/// that give them back exactly.
enum CheckpointGeometry {
    // MARK: Taking apart

    /// - Parameter name: keeps a tensor under the path of its part, and gives its name.
    static func node(_ volume: Volume, _ name: (Tensor, String) -> String) -> [String: Any] {
        var fields: [String: Any] = ["data": name(volume.data, "data"), "grid": grid(volume.grid)]
        fields["path"] = volume.path
        fields["labels"] = volume.labels.map(table)
        return ["volume": fields]
    }

    static func node(_ transform: Transform, _ name: (Tensor, String) -> String) -> [String: Any] {
        var fields: [String: Any] = [
            "kind": transform.kind.rawValue, "affine": digits(transform.affine), "fixed": grid(transform.fixed), "moving": grid(transform.moving),
        ]
        fields["displacement"] = transform.displacement.map { name($0, "displacement") }
        fields["similarity"] = transform.similarity.map { ["\($0.before)", "\($0.after)"] }
        fields["seconds"] = transform.seconds.map { "\($0)" }
        return ["transform": fields]
    }

    private static func digits(_ affine: Affine) -> [String] { affine.elements.map { "\($0)" } }

    private static func grid(_ grid: Grid) -> [String: Any] {
        var fields: [String: Any] = ["shape": grid.shape.map(String.init), "affine": digits(grid.affine)]
        fields["layout"] = grid.layout?.numbers.map(String.init)
        fields["itk_frame"] = grid.itkFrame.map(digits)
        return fields
    }

    private static func table(_ table: LabelTable) -> [String: Any] {
        var fields: [String: Any] = [:]
        fields["values"] = table.values?.map(String.init)
        fields["names"] = table.names
        fields["ignored"] = table.ignored.map(String.init)
        return fields
    }

    // MARK: Putting together

    /// The volume or transform that a node stands for; nil when it stands for none, or for one that cannot be.
    static func value(_ fields: [String: Any], _ tensors: [String: Tensor]) -> Value? {
        if let parts = fields["volume"] as? [String: Any] { return volume(parts, tensors).map { .volume($0) } }
        return (fields["transform"] as? [String: Any]).flatMap { transform($0, tensors) }.map { .transform($0) }
    }

    private static func volume(_ parts: [String: Any], _ tensors: [String: Tensor]) -> Volume? {
        guard let data = (parts["data"] as? String).flatMap({ tensors[$0] }), let grid = grid(parts["grid"]) else { return nil }
        var labels: LabelTable?
        if let fields = parts["labels"] as? [String: Any] {
            guard let found = table(fields) else { return nil }
            labels = found
        }
        return try? Volume(data: data, grid: grid, path: parts["path"] as? String, labels: labels)
    }

    private static func table(_ fields: [String: Any]) -> LabelTable? {
        guard let texts = fields["values"] as? [String] else { return .own }
        return try? LabelTable(
            values: texts.compactMap { Int($0) }, names: fields["names"] as? [String], ignored: (fields["ignored"] as? String).flatMap { Int($0) })
    }

    private static func transform(_ parts: [String: Any], _ tensors: [String: Tensor]) -> Transform? {
        guard let kind = (parts["kind"] as? String).flatMap(Transform.Kind.init(rawValue:)), let affine = affine(parts["affine"]),
            let fixed = grid(parts["fixed"]), let moving = grid(parts["moving"])
        else { return nil }
        let displacement = (parts["displacement"] as? String).map { tensors[$0] }
        if case .some(nil) = displacement { return nil }
        let similarity = numbers(parts["similarity"])
        return try? Transform(
            kind: kind, fixed: fixed, moving: moving, affine: affine, displacement: displacement.flatMap { $0 },
            similarity: similarity?.count == 2 ? similarity.map { ($0[0], $0[1]) } : nil, seconds: (parts["seconds"] as? String).flatMap(Double.init))
    }

    private static func numbers(_ node: Any?) -> [Double]? {
        guard let texts = node as? [String] else { return nil }
        let numbers = texts.compactMap(Double.init)
        return numbers.count == texts.count ? numbers : nil
    }

    private static func affine(_ node: Any?) -> Affine? {
        guard let elements = numbers(node), elements.count == 16 else { return nil }
        return Affine(rows: (0..<4).map { Array(elements[(4 * $0)..<(4 * $0 + 4)]) })
    }

    private static func grid(_ node: Any?) -> Grid? {
        guard let parts = node as? [String: Any], let shape = (parts["shape"] as? [String])?.compactMap({ Int($0) }),
            let map = affine(parts["affine"])
        else { return nil }
        var grid = try? Grid(shape: shape, affine: map)
        grid?.itkFrame = affine(parts["itk_frame"])
        grid?.layout = (parts["layout"] as? [String]).flatMap { FileLayout(numbers: $0.compactMap { Int($0) }) }
        return grid
    }
}
