import Base
import Foundation
import Tensors
import Volumes

/// Whose form a transform's file has. Most files say so themselves; a format must be named where they do not.
public enum TransformFormat: String, CaseIterable, Sendable {
    /// ITK's own, also that of SimpleITK, ANTs and elastix: LPS+, mm.
    case itk
    /// 4×4 matrices in RAS+ as text; fields as ITK's.
    case greedy
    /// 4×4 matrices in RAS+ as text; fields of positions in RAS+.
    case niftyreg
    /// Displacements in voxels.
    case learn2reg
    /// Everything that RS4 knows, in `.npz`.
    case rs4
}

/// Reads files that other programs, or `writeTransform`, wrote as one transform, turned to RAS+.
///
/// A point of the fixed volume goes through the first file, then the second, and so on: the order of
/// `antsApplyTransforms`, the warp before the affine. `inverted` says for each file whether its inverse is meant, which
/// affine files allow. `moving` is a volume on the grid to carry from, which hardly any of these files hold; `fixed` is
/// one on the grid to carry onto, and may be left out where a field or RS4's own file holds it.
///
/// Errors have code `file`; `value` when `fixed` is needed or a field is to be inverted; `grid` for a file of another
/// grid.
public func readTransform(
    _ paths: [String], moving: Volume, onto fixed: Volume? = nil, inverted: [Bool] = [], format: TransformFormat? = nil
) throws -> Transform {
    try withoutGradients {
        let files = try zip(paths, inverted + Array(repeating: false, count: max(0, paths.count - inverted.count)))
            .map { try TransformFile($0, moving: moving, fixed: fixed, format: format).parts(isInverted: $1) }
        let parts = files.flatMap(\.parts)
        guard !parts.isEmpty else {
            throw Failure("value", "a transform must be read from at least one file, but there is none", argument: "path")
        }
        var grid = fixed?.grid
        for case .map(let map) in parts where grid == nil { grid = map.fixed }
        guard let grid else {
            throw Failure(
                "value", "\(paths[0]) holds an affine map alone, which does not say what grid to carry onto",
                help: "read_transform(path, moving: image, onto: other)", argument: "path")
        }
        var total = try Transform.identity(fixed: grid, moving: moving.grid)
        let (there, back) = try frames(paths, files.map(\.world), fixed: fixed?.grid.itkFrame, moving: moving.grid.itkFrame)
        if parts.count == 1, there == nil, back == nil, case .map(let map) = parts[0], map.fixed.isSame(as: grid) {
            // What RS4 wrote stays what it was, to the last bit.
            if map.moving.isSame(as: moving.grid), map.seconds != nil || map.kind != .composed {
                return try map.laidOut(moving: moving.grid, fixed: fixed?.grid)
            }
            return try Transform(
                kind: .composed, fixed: grid, moving: moving.grid, affine: map.affine, displacement: map.displacement)
        }
        // ITK's maps run from where ITK sees the fixed volume to where it sees the moving one.
        for part in [there].compactMap({ $0 }) + parts + [back].compactMap({ $0 }) { total = try chain(part.transform(on: grid), total) }
        return try Transform(
            kind: total.displacement == nil ? .affine : .composed, fixed: grid, moving: moving.grid, affine: total.affine,
            displacement: total.displacement)
    }
}

/// In whose world the numbers of a file live, where ITK sees an image elsewhere than RS4 does.
private enum TransformWorld: Equatable {
    case itk, own
    /// Four lines of four numbers: greedy reads images as ITK does, NiftyReg by itself.
    case unknown
}

/// What comes before and behind the parts of files in ITK's world; nil for a side whose image ITK sees where RS4 does.
private func frames(
    _ paths: [String], _ worlds: [TransformWorld], fixed: Affine?, moving: Affine?
) throws -> (TransformPart?, TransformPart?) {
    guard fixed != nil || moving != nil else { return (nil, nil) }
    if let place = worlds.firstIndex(of: .unknown) {
        throw Failure(
            "value",
            "`format` must be given for \(paths[place]), because ITK reads the header of one of these images otherwise than RS4, and the file may be greedy's, in ITK's frame, or NiftyReg's",
            help: "format: \"greedy\" or format: \"niftyreg\"", argument: "format")
    }
    guard Set(worlds.map { $0 == .itk }).count == 1 else {
        throw Failure(
            "value",
            "the files of one transform must all be ITK's or none, because ITK reads the header of one of these images otherwise than RS4, but \(paths.joined(separator: " and ")) are of both kinds",
            help: "read each with the volumes that it goes between, and put them together: compose(first, then)", argument: "path")
    }
    guard worlds.first == .itk else { return (nil, nil) }
    return (fixed.map { .affine($0) }, moving?.inverse.map { .affine($0) })
}

/// One step of a transform that is read.
private enum TransformPart {
    case affine(Affine)
    case map(Transform)

    func transform(on grid: Grid) throws -> Transform {
        switch self {
        case .affine(let affine): return try Transform(kind: .affine, fixed: grid, moving: grid, affine: affine)
        case .map(let transform): return transform
        }
    }
}

/// A file that holds a transform; what it is shows its content.
private struct TransformFile {
    let path: String
    let moving: Volume
    let fixed: Volume?
    let format: TransformFormat?

    /// No affine map takes more.
    private static let largestText = 1 << 20

    init(_ path: String, moving: Volume, fixed: Volume?, format: TransformFormat?) {
        (self.path, self.moving, self.fixed, self.format) = (path, moving, fixed, format)
    }

    /// In the order that a point goes through them.
    func parts(isInverted: Bool) throws -> (parts: [TransformPart], world: TransformWorld) {
        let (found, world) = try read()
        guard isInverted else { return (found, world) }
        let turned = try found.reversed().map { part -> TransformPart in
            guard case .affine(let affine) = part, let inverse = affine.inverse else {
                throw Failure(
                    "value", "a file to invert must hold an affine map, but \(path) holds a map onto a grid",
                    help: "programs write the other way as a file of its own, such as ANTs' 1InverseWarp.nii.gz; inverse(transform) works it out", argument: "invert")
            }
            return .affine(inverse)
        }
        return (turned, world)
    }

    private func read() throws -> ([TransformPart], TransformWorld) {
        let first = try FileAccess.firstBytes(of: path, count: 64)
        if first.isEmpty { throw FileAccess.failure(path, mustBe: "a transform", but: "it is empty") }
        let name = path.lowercased()
        if name.hasSuffix(".nii") || name.hasSuffix(".nii.gz") {
            let field = try readField()
            return ([.map(field.transform)], field.isITK ? .itk : .own)
        }
        if first.starts(with: [0x50, 0x4B]) || first.starts(with: [0x93]) { return ([.map(try readArchive())], .own) }
        if ITKArchive.recognizes(first) {
            // ITK applies the last part first.
            let parts = try ITKArchive.read(path).reversed().map { part -> TransformPart in
                switch part {
                case .stored(let stored): return .affine(try stored.affine(path))
                case .field(let field): return .map(field)
                }
            }
            return (parts, .itk)
        }
        let size = try FileAccess.size(of: path)
        guard size <= Self.largestText else {
            throw FileAccess.failure(
                path, mustBe: "a transform", but: "it is no image or archive and has \(ByteSize.text(size))")
        }
        let bytes = try FileAccess.firstBytes(of: path, count: size)
        if MATLABMatrix.recognizes(bytes) { return (try affines(readITKBinary(bytes, path)), .itk) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FileAccess.failure(path, mustBe: "a transform", but: "it is neither text nor of a known form", help: known)
        }
        if text.hasPrefix("#Insight Transform File") { return (try affines(readITKText(text, path)), .itk) }
        if MatrixText.recognizes(text) || format == .greedy || format == .niftyreg {
            return ([.affine(try MatrixText.read(text, path))], format == .greedy ? .itk : format == .niftyreg ? .own : .unknown)
        }
        if text.contains("(Transform ") {
            throw FileAccess.failure(
                path, mustBe: "a transform", but: "it holds elastix's parameters",
                help: "let elastix work out the field, transformix -def all, and read deformationField.nii.gz")
        }
        throw FileAccess.failure(path, mustBe: "a transform", but: "its text is of no known form", help: known)
    }

    private var known: String {
        "ITK's .tfm, .txt, .mat and .h5, four lines of four numbers, fields in .nii.gz, and .npz can be read"
    }

    /// ITK applies the last transform of a file first.
    private func affines(_ stored: [StoredTransform]) throws -> [TransformPart] {
        try stored.reversed().map { .affine(try $0.affine(path)) }
    }

    private func readField() throws -> (transform: Transform, isITK: Bool) {
        func vectors(_ format: TransformFormat?) throws -> (Transform, Bool) {
            (try VectorFieldFile.read(path, format: format), try VectorFieldFile.isITK(path, format: format))
        }
        guard format == nil || format == .learn2reg else { return try vectors(format) }
        // Voxels in the order of the file, because the vectors run along them.
        let volume = try readVolume(path, orientation: nil)
        guard format == .learn2reg || volume.data.rank == 4 else { return try vectors(nil) }
        return (try Learn2RegFile.read(volume.data, path, moving: moving, fixed: fixed ?? volume), false)
    }

    private func readArchive() throws -> Transform {
        let arrays = try readArrays(path)
        let named = Dictionary(arrays.map { ($0.name, $0.tensor) }) { first, _ in first }
        if Transform.isTransform(named) {
            let transform = try Transform(arrays: named, path: path)
            guard transform.moving.isSame(as: moving.grid) else {
                throw Failure(
                    "grid",
                    "`moving` must lie on the grid that the transform in \(path) carries from, \(describe(transform.moving)), but lies on \(describe(moving.grid))", argument: "moving")
            }
            return transform
        }
        guard arrays.count == 1 else {
            throw FileAccess.failure(
                path, mustBe: "a transform that RS4 wrote or one displacement array (Learn2Reg)",
                but: "it holds the arrays \(arrays.prefix(4).map(\.name).joined(separator: ", "))")
        }
        guard let fixed else {
            throw Failure(
                "value", "\(path) holds displacements alone, which do not say what grid to carry onto",
                help: "read_transform(path, moving: image, onto: other)", argument: "path")
        }
        return try Learn2RegFile.read(arrays[0].tensor, path, moving: moving, fixed: fixed)
    }
}
