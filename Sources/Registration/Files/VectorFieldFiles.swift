import Base
import Foundation
import Tensors
import Volumes

/// Fields of vectors in mm in NIfTI files, shape [X, Y, Z, 1, 3].
///
/// - ITK, ANTs, greedy, elastix: displacements along L, P and S. A header with the intent "displacement vector" (1006)
///   says R, A and S, as ITK reads it.
/// - NiftyReg (intent name `NREG_TRANS`): positions (kind 0) or displacements (kind 1) along R, A and S.
enum VectorFieldFile {
    private static let vector = 1007
    private static let displacementVector = 1006
    private static let niftyRegName = "NREG_TRANS"

    /// A transform from and onto the file's own grid, with the axes turned to RAS.
    static func read(_ path: String, format: TransformFormat?) throws -> Transform {
        let intent = try readIntent(path)
        let volume = try readVolume(path)
        var shape = volume.data.shape
        if shape.count == 5, shape[3] == 1 { shape.remove(at: 3) }
        guard shape.count == 4, shape[3] == 3 else {
            throw FileAccess.failure(
                path, mustBe: "a field of vectors of shape [X, Y, Z, 1, 3]", but: "its shape is \(volume.data.shape)",
                help: "images are read with read_volume(path)")
        }
        let isNiftyReg = Self.isNiftyReg(intent, format)
        // ITK's vectors stand on the voxels where ITK sees them.
        let grid = try isNiftyReg ? volume.grid : volume.grid.inITKFrame()
        let values = try volume.data.reshaped(shape)
        try requireFinite(values, path)
        var field: Tensor
        if isNiftyReg {
            let kind = intent.name.hasPrefix(niftyRegName) ? intent.parameter.rounded() : 0
            switch kind {
            case 0: field = try values.subtracting(grid.affine.mapping(voxelIndices(grid.shape)))
            case 1: field = values
            default:
                throw FileAccess.failure(
                    path, mustBe: "a deformation or displacement field of NiftyReg", but: "it is of NiftyReg's kind \(String(format: "%g", kind))",
                    help: "turn velocities and control points into a field first: reg_transform -ref fixed -def FILE OUT")
            }
        } else if intent.code == displacementVector {
            field = values
        } else {
            field = try values.multiplying(Tensor([-1, -1, 1] as [Float], shape: [3]))
        }
        field = try field.permuted([3, 0, 1, 2]).contiguous()
        return try Transform(kind: .composed, fixed: grid, moving: grid, displacement: field)
    }

    private static func isNiftyReg(_ intent: NIfTIIntent, _ format: TransformFormat?) -> Bool {
        format == .niftyreg || (format == nil && intent.name.hasPrefix(niftyRegName))
    }

    /// True when the vectors of the field live in ITK's world.
    static func isITK(_ path: String, format: TransformFormat?) throws -> Bool { try !isNiftyReg(readIntent(path), format) }

    /// Writes the whole map, its affine part included, on the fixed grid; for ITK in the frames in which it sees both images.
    static func write(_ transform: Transform, to path: String, format: TransformFormat) throws {
        try withoutGradients {
            var values = try transform.mappedPoints(dtype: .float64)
            var intent = NIfTIIntent(code: vector)
            var grid = transform.fixed
            if format == .niftyreg {
                intent.name = niftyRegName
            } else {
                if let frame = transform.moving.itkFrame { values = try frame.mapping(values) }
                grid = try grid.inITKFrame()
                let start = try grid.affine.mapping(voxelIndices(grid.shape, dtype: .float64))
                values = try values.subtracting(start).multiplying(Tensor([-1, -1, 1] as [Double], shape: [3]))
            }
            let data = try values.to(dtype: .float32).unsqueezed(3).contiguous()
            try writeVolume(Volume(data: data, grid: grid), to: path, intent: intent)
        }
    }
}

/// Throws code `file` when a vector of a field is not finite.
func requireFinite(_ field: Tensor, _ path: String) throws {
    guard try aten("all", .tensor(aten("isfinite", .tensor(field)))).item() == 1 else {
        throw FileAccess.failure(path, mustBe: "a field of finite vectors", but: "some are not finite")
    }
}
