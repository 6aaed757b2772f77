import Base
import Foundation
import Tensors
import Volumes

/// Writes a transform for other programs, or as RS4's own `.npz`, which loses nothing.
///
/// The ending says what is written: `.tfm`, `.txt` and `.mat` an affine map (ITK's, or a matrix in RAS+ for `greedy` and
/// `niftyreg`), `.nii` and `.nii.gz` a field (ITK's displacements unless `format` names another), `.npz` RS4's own or
/// Learn2Reg's. `moving` and `fixed` are the orientations of the two images' files, for formats that count voxels; nil
/// takes the order that the transform's grids know. What is written for ITK, and for greedy, lives in the frames in which ITK sees the two
/// images (`Grid.itkFrame`). Files are written under a temporary name and renamed.
///
/// Errors: code `value` for a displacement where only an affine map fits, or a format that the ending does not know;
/// code `file`.
public func writeTransform(
    _ transform: Transform, to path: String, format: TransformFormat? = nil, moving: Orientation? = nil,
    fixed: Orientation? = nil
) throws {
    try FileAccess.requirePath(path)
    let name = path.lowercased()
    func refuse(_ formats: [TransformFormat]) -> Failure {
        Failure(
            "value", "`format` of a transform in \(FileAccess.name(of: path)) must be one of "
                + formats.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + ", but is \"\(format?.rawValue ?? "")\"")
    }
    if name.hasSuffix(".nii") || name.hasSuffix(".nii.gz") {
        guard format != .rs4 else { throw refuse([.itk, .greedy, .niftyreg, .learn2reg]) }
        if format == .learn2reg {
            try writeVolume(Learn2RegFile.values(transform, moving: moving, fixed: fixed), to: path)
        } else {
            try VectorFieldFile.write(transform, to: path, format: format ?? .itk)
        }
    } else if name.hasSuffix(".npz") {
        switch format {
        case .rs4, nil: try writeArrays(path, transform.arrays())
        case .learn2reg:
            try writeArrays(path, [("arr_0", Learn2RegFile.values(transform, moving: moving, fixed: fixed).data)], compressed: true)
        default: throw refuse([.rs4, .learn2reg])
        }
    } else if [".tfm", ".txt", ".mat"].contains(where: name.hasSuffix) {
        guard format != .rs4, format != .learn2reg else { throw refuse([.itk, .greedy, .niftyreg]) }
        guard transform.displacement == nil else {
            throw Failure(
                "value", "a transform to write as \(FileAccess.ending(of: path)) must be affine, but this one has a displacement",
                help: "write a field, write_transform(t, \"warp.nii.gz\"), or the pair, write_transform(t, [\"warp.nii.gz\", \"affine.mat\"])", argument: "path")
        }
        try writeAffine(transform, to: path, format: format ?? .itk)
    } else {
        throw FileAccess.failure(
            path, mustBe: "a name that ends in .tfm, .txt, .mat, .nii, .nii.gz or .npz",
            but: FileAccess.ending(of: path).isEmpty ? "it has no ending" : "it ends in .\(FileAccess.ending(of: path))")
    }
}

/// Writes the displacement and the affine part as two files, which `antsApplyTransforms -t warp -t affine` and
/// `readTransform([warp, affine])` put together in that order.
public func writeTransform(_ transform: Transform, warp: String, affine: String, format: TransformFormat? = nil) throws {
    let name = warp.lowercased()
    guard name.hasSuffix(".nii") || name.hasSuffix(".nii.gz"), [".tfm", ".txt", ".mat"].contains(where: affine.lowercased().hasSuffix)
    else {
        throw Failure(
            "value", "a pair of files must be a field and an affine map, such as [\"warp.nii.gz\", \"affine.mat\"], but is [\"\(warp)\", \"\(affine)\"]", argument: "path")
    }
    guard format == nil || format == .itk || format == .greedy else {
        throw Failure("value", "`format` of a pair of files must be \"itk\" or \"greedy\", but is \"\(format?.rawValue ?? "")\"")
    }
    let zero = try Tensor.zeros([3] + transform.fixed.shape)
    let displacement = try Transform(
        kind: .composed, fixed: transform.fixed, moving: transform.fixed, displacement: transform.displacement ?? zero)
    try VectorFieldFile.write(displacement, to: warp, format: .itk)
    try writeAffine(transform, to: affine, format: format ?? .itk)
}

private func writeAffine(_ transform: Transform, to path: String, format: TransformFormat) throws {
    var affine = transform.affine
    // greedy reads images through ITK.
    if format != .niftyreg {
        if let frame = transform.moving.itkFrame { affine = frame * affine }
        if let back = transform.fixed.itkFrame?.inverse { affine = affine * back }
    }
    let bytes: [UInt8]
    if format != .itk {
        bytes = Array(MatrixText.format(affine).utf8)
    } else if path.lowercased().hasSuffix(".mat") {
        bytes = formatITKBinary(affine)
    } else {
        bytes = Array(formatITKText(affine).utf8)
    }
    try FileAccess.replace(path) { temporary in
        do { try Data(bytes).write(to: URL(fileURLWithPath: temporary)) } catch {
            throw FileAccess.failure(path, mustBe: "writable", but: (error as NSError).localizedDescription)
        }
    }
}
