import Base
import Tensors
import Volumes

/// A transform as named arrays, with everything that RS4 knows of it: the form that the cache keeps and that
/// `write_transform` writes to `.npz`.
extension Transform {
    func arrays() throws -> [(name: String, tensor: Tensor)] {
        func matrix(_ affine: Affine) throws -> Tensor { try Tensor(affine.elements, shape: [4, 4]) }
        func sizes(_ grid: Grid) throws -> Tensor { try Tensor(grid.shape.map { Int64($0) }, shape: [3]) }
        var found: [(name: String, tensor: Tensor)] = [
            ("kind", try text(kind.rawValue)), ("affine", try matrix(affine)),
            ("fixed_shape", try sizes(fixed)), ("fixed_affine", try matrix(fixed.affine)),
            ("moving_shape", try sizes(moving)), ("moving_affine", try matrix(moving.affine)),
        ]
        for (name, grid) in [("fixed", fixed), ("moving", moving)] {
            if let layout = grid.layout { found.append(("\(name)_layout", try Tensor(layout.numbers.map { Int64($0) }, shape: [3]))) }
            // Only where ITK sees a volume elsewhere.
            if let frame = grid.itkFrame { found.append(("\(name)_itk_frame", try matrix(frame))) }
        }
        if let displacement { found.append(("displacement", displacement)) }
        if let similarity { found.append(("similarity", try Tensor([similarity.before, similarity.after], shape: [2]))) }
        if let seconds { found.append(("seconds", try Tensor([seconds], shape: [1]))) }
        return found
    }

    /// True when the arrays of a file are those of `arrays`.
    static func isTransform(_ arrays: [String: Tensor]) -> Bool {
        ["kind", "affine", "fixed_affine", "moving_affine"].allSatisfy { arrays[$0] != nil }
    }

    /// The transform that `arrays` came from. Code `file` when something is missing or does not fit; `path` is for the
    /// message.
    convenience init(arrays: [String: Tensor], path: String) throws {
        func array(_ name: String, shape: [Int]? = nil) throws -> Tensor {
            guard let found = arrays[name] else {
                throw FileAccess.failure(path, mustBe: "a transform that RS4 wrote", but: "it lacks the array \(name)")
            }
            if let shape, found.shape != shape {
                throw FileAccess.failure(
                    path, mustBe: "a transform that RS4 wrote", but: "its \(name) has shape \(found.shape) instead of \(shape)")
            }
            return found
        }
        func affine(_ name: String) throws -> Affine {
            let values = try array(name, shape: [4, 4]).doubles()
            guard values.allSatisfy(\.isFinite),
                let affine = Affine(rows: (0..<4).map { Array(values[(4 * $0)..<(4 * $0 + 4)]) })
            else {
                throw FileAccess.failure(path, mustBe: "a transform that RS4 wrote", but: "its \(name) is no affine map")
            }
            return affine
        }
        func grid(_ name: String) throws -> Grid {
            let sizes = try array("\(name)_shape", shape: [3]).doubles().map { size in
                guard let whole = Int(exactly: size), (1...Int(Int32.max)).contains(whole) else {
                    throw FileAccess.failure(path, mustBe: "a transform that RS4 wrote", but: "a size of its \(name) grid is \(size)")
                }
                return whole
            }
            let frame = "\(name)_itk_frame"
            var grid = try Grid(
                shape: sizes, affine: affine("\(name)_affine"), itkFrame: arrays[frame] == nil ? nil : affine(frame))
            grid.layout = try arrays["\(name)_layout"].map { try layout($0, path) }
            return grid
        }
        let word = try letters(array("kind"))
        guard let kind = Kind(rawValue: word) else {
            throw FileAccess.failure(path, mustBe: "a transform that RS4 wrote", but: "its kind is \(word)")
        }
        let similarity = try arrays["similarity"]?.doubles()
        let displacement = arrays["displacement"]
        if let displacement, !displacement.dtype.isFloatingPoint {
            throw FileAccess.failure(
                path, mustBe: "a transform that RS4 wrote", but: "its displacement holds \(displacement.dtype.name)")
        }
        if let displacement { try requireFinite(displacement, path) }
        let map = try affine("affine")
        guard map.inverse != nil else {
            throw FileAccess.failure(path, mustBe: "a transform that RS4 wrote", but: "its affine cannot be inverted")
        }
        try self.init(
            kind: kind, fixed: grid("fixed"), moving: grid("moving"), affine: map,
            displacement: displacement,
            similarity: similarity.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil },
            seconds: try arrays["seconds"]?.doubles().first)
    }
}

private func layout(_ array: Tensor, _ path: String) throws -> FileLayout {
    let numbers = try array.doubles()
    guard let layout = FileLayout(numbers: numbers.compactMap { Int(exactly: $0) }) else {
        throw FileAccess.failure(path, mustBe: "a transform that RS4 wrote", but: "it says that a file's axes are \(numbers)")
    }
    return layout
}

/// The word that an array of letters holds; what is no byte becomes "?".
func letters(_ array: Tensor) throws -> String {
    String(decoding: try array.doubles().map { UInt8(exactly: $0) ?? UInt8(ascii: "?") }, as: UTF8.self)
}

/// Letters as an array of bytes.
func text(_ word: String) throws -> Tensor {
    let bytes = Array(word.utf8)
    return try Tensor(bytes, shape: [bytes.count])
}
