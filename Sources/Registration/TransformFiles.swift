import Foundation
import Tensors
import Volumes

/// Reads a transform that ITK, SimpleITK or ANTs wrote, and turns it from their LPS+ to RAS+.
///
/// - `.tfm`, `.txt`: ITK's text form; several transforms in one file are a composite, of which ITK applies the last first.
/// - `.mat`: ITK's binary form, an affine or rigid transform with its centre.
/// - `.nii`, `.nii.gz`: a displacement field, shape [X, Y, Z, 1, 3], in mm.
///
/// `moving` is the grid that volumes to be warped lie on, which none of these files hold; `fixed` is the grid to warp
/// onto, and may be left out for a displacement field, which holds its own. Errors have code `file`, or `value` when
/// `fixed` is missing.
public func readTransform(_ path: String, fixed: Grid? = nil, moving: Grid) throws -> Transform {
    try readTransforms([path], fixed: fixed, moving: moving)
}

/// Several files as one transform, in the order of `antsApplyTransforms -t warp -t affine`: a fixed point goes through
/// the first file, then the second, and so on.
public func readTransforms(_ paths: [String], fixed: Grid? = nil, moving: Grid) throws -> Transform {
    let parts = try paths.flatMap(readParts)
    guard !parts.isEmpty else {
        throw TensorError("value", "read_transform must have at least one file, but has none")
    }
    var grid = fixed
    if grid == nil, case .field(let field)? = parts.first(where: { if case .field = $0 { true } else { false } }) {
        grid = field.fixed
    }
    guard let grid else {
        throw TensorError(
            "value", "\(paths[0]) holds an affine map alone, which does not say what grid to warp onto",
            help: "read_transform(path, fixed: image, moving: other)")
    }
    var total = try Transform.identity(fixed: grid, moving: moving)
    for part in parts { total = try chain(part.transform(on: grid), total) }
    return try Transform(
        kind: total.displacement == nil ? .affine : .composed, fixed: grid, moving: moving, affine: total.affine,
        displacement: total.displacement)
}

private enum TransformPart {
    case affine(Affine)
    case field(Transform)

    func transform(on grid: Grid) throws -> Transform {
        switch self {
        case .affine(let affine): return try Transform(kind: .affine, fixed: grid, moving: grid, affine: affine)
        case .field(let transform): return transform
        }
    }
}

/// The parts in the order that a point goes through them.
private func readParts(_ path: String) throws -> [TransformPart] {
    let name = path.lowercased()
    if name.hasSuffix(".nii") || name.hasSuffix(".nii.gz") { return [.field(try readField(path))] }
    guard let data = FileManager.default.contents(atPath: path) else {
        throw TensorError("file", "\(path) must be a readable file, but is missing or closed to this user")
    }
    let stored: [StoredTransform]
    if name.hasSuffix(".mat") {
        stored = try readITKBinary(data, path)
    } else if name.hasSuffix(".tfm") || name.hasSuffix(".txt") {
        stored = try readITKText(data, path)
    } else {
        throw TensorError(
            "file", "a transform's name must end in .tfm, .txt, .mat, .nii or .nii.gz, but is \(path)")
    }
    return try stored.reversed().map { .affine(try $0.affine(path)) }
}

/// Components of ITK's fields run along L, P and S.
private func readField(_ path: String) throws -> Transform {
    let volume = try readVolume(path)
    let shape = volume.data.shape
    guard shape.count == 5, shape[3] == 1, shape[4] == 3 else {
        throw TensorError(
            "file", "\(path) must be a displacement field of shape [X, Y, Z, 1, 3] to be a transform, but has shape \(shape)")
    }
    let turn = try Tensor([-1, -1, 1] as [Float], shape: [3, 1, 1, 1])
    let field = try volume.data.reshaped(volume.grid.shape + [3]).permuted([3, 0, 1, 2]).multiplying(turn).contiguous()
    return try Transform(kind: .composed, fixed: volume.grid, moving: volume.grid, displacement: field)
}
