import Base
import Foundation
import Tensors
import Volumes

/// ITK's transforms in HDF5, as `antsRegistration --write-composite-transform` and SimpleITK write them: a group for each
/// of a composite's parts, `TransformGroup/0`, `TransformGroup/1`, …, with the class's name, parameters and fixed
/// parameters. The last part is applied first.
enum ITKArchive {
    /// A part: an affine map as stored, or a displacement with a grid of its own.
    enum Part {
        case stored(StoredTransform)
        case field(Transform)
    }

    static func recognizes(_ first: [UInt8]) -> Bool { first.starts(with: [0x89, 0x48, 0x44, 0x46]) }

    /// The parts in the order of the file.
    static func read(_ path: String) throws -> [Part] {
        let file = try readArrayFile(path)
        // Without its centre, or one of its parts, a map would be another one.
        let isText = { (name: String) in name.hasSuffix("/TransformType") }
        if let lost = file.leftOut.first(where: { $0.isDamaged || $0.name.hasPrefix("TransformGroup") && !isText($0.name) }) {
            throw lost.failure(in: path)
        }
        let names = file.arrays.map(\.name) + file.leftOut.map(\.name)
        let arrays = Dictionary(file.arrays.map { ($0.name, $0.tensor) }) { first, _ in first }
        var parts: [Part] = []
        for place in 0..<1000 {
            let group = "TransformGroup/\(place)"
            guard let type = try readHDF5Text(path, "\(group)/TransformType") else {
                guard place > 0 else {
                    throw FileAccess.failure(
                        path, mustBe: "a transform", but: "it is an HDF5 file without ITK's TransformGroup",
                        help: "arrays are read with read_arrays(path)")
                }
                guard !names.contains(where: { $0.hasPrefix("\(group)/") }) else {
                    throw FileAccess.failure(
                        path, mustBe: "a whole transform", but: "\(group) has no TransformType",
                        help: "the file may have been cut short; write it again with the tool that made it")
                }
                break
            }
            if type.hasPrefix("CompositeTransform") { continue }
            // Older versions of ITK left a letter out.
            func numbers(_ name: String) throws -> Tensor {
                guard let found = arrays["\(group)/Transform\(name)"] ?? arrays["\(group)/Tranform\(name)"] else {
                    throw FileAccess.failure(
                        path, mustBe: "a whole transform", but: "\(group) has no Transform\(name)",
                        help: "the file may have been cut short; write it again with the tool that made it")
                }
                return found
            }
            let fixed = try numbers("FixedParameters").doubles()
            if type.hasPrefix("DisplacementFieldTransform") {
                parts.append(.field(try field(numbers("Parameters"), fixed, path)))
            } else {
                parts.append(.stored(StoredTransform(type: type, parameters: try numbers("Parameters").doubles(), fixedParameters: fixed)))
            }
        }
        guard !parts.isEmpty else { throw FileAccess.failure(path, mustBe: "a transform", but: "its composite has no parts") }
        return parts
    }

    /// Vectors in L, P and S for each voxel, the first axis fastest, on a grid that the fixed parameters hold: sizes, origin,
    /// spacing, and the rows of the directions.
    private static func field(_ vectors: Tensor, _ fixed: [Double], _ path: String) throws -> Transform {
        func damaged(_ found: String) -> Failure {
            FileAccess.failure(
                path, mustBe: "a transform with a displacement in three dimensions", but: found,
                help: "the file may have been cut short; write it again with the tool that made it")
        }
        guard fixed.count == 18, fixed.allSatisfy(\.isFinite) else { throw damaged("its grid has \(fixed.count) numbers instead of 18") }
        let sizes: [Int] = fixed.prefix(3).compactMap { Int(exactly: $0) }.filter { $0 >= 1 && $0 <= Int(Int16.max) }
        guard sizes.count == 3 else { throw damaged("its sizes are \(Array(fixed.prefix(3)))") }
        guard vectors.count == 3 * sizes.reduce(1, *) else {
            throw damaged("it holds \(vectors.count) numbers for \(sizes) voxels")
        }
        let columns = (0..<3).map { axis -> [Double] in (0..<3).map { row -> Double in fixed[9 + 3 * row + axis] * fixed[6 + axis] } }
        let grid = try Grid(shape: sizes, affine: StoredTransform.turn * Affine(columns: columns, translation: Array(fixed[3..<6])))
        let turn = try Tensor([-1, -1, 1] as [Double], shape: [3])
        let turned = try vectors.reshaped([sizes[2], sizes[1], sizes[0], 3]).multiplying(turn)
        let field = try turned.permuted([3, 2, 1, 0]).to(dtype: .float32).contiguous()
        try requireFinite(field, path)
        return try Transform(kind: .composed, fixed: grid, moving: grid, displacement: field)
    }
}
