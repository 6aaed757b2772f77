import Base
import Machine
import Tensors
import Volumes

/// Grids and tables of labels as parts of what lies in space, and back.
extension Grid {
    var kept: Value {
        .object(
            MapObject([
                ("shape", .list(shape.map(Value.integer))), ("affine", affine.kept),
                ("layout", layout.map { Value.list($0.numbers.map(Value.integer)) } ?? Value.none), ("itk_frame", itkFrame?.kept ?? Value.none),
            ]))
    }

    /// nil when the parts are those of no grid.
    init?(_ parts: KeptParts?) {
        guard let parts, let shape = parts.integers("shape"), let map = Affine(parts, "affine"),
            var grid = try? Grid(shape: shape, affine: map)
        else { return nil }
        grid.itkFrame = Affine(parts, "itk_frame")
        grid.layout = parts.integers("layout").flatMap { FileLayout(numbers: $0) }
        self = grid
    }

    /// What makes voxels lie where they do.
    func add(to hash: ContentHash) {
        hash.add(shape)
        hash.add(affine.elements)
    }
}

extension Affine {
    /// Sixteen numbers, row by row.
    var kept: Value { .list(elements.map(Value.float)) }

    init?(_ parts: KeptParts, _ name: String) {
        guard let elements = parts.numbers(name), elements.count == 16 else { return nil }
        self.init(rows: (0..<4).map { Array(elements[(4 * $0)..<(4 * $0 + 4)]) })
    }
}

extension LabelTable {
    var kept: Value {
        .object(
            MapObject([
                ("values", values.map { Value.list($0.map(Value.integer)) } ?? Value.none),
                ("names", names.map { Value.list($0.map(Value.string)) } ?? Value.none), ("ignored", ignored.map(Value.integer) ?? Value.none),
            ]))
    }

    /// nil when the parts are those of no table.
    init?(_ parts: KeptParts) {
        guard parts.has("values") else {
            self = .own
            return
        }
        guard let values = parts.integers("values"),
            let table = try? LabelTable(values: values, names: parts.texts("names"), ignored: parts.integer("ignored"))
        else { return nil }
        self = table
    }
}
