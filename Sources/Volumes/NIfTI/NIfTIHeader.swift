import Base
import CFiles
import Foundation
import Tensors

/// A NIfTI header that has been checked: what its data look like and where they lie in space.
struct NIfTIHeader {
    /// Sizes as stored, at least three.
    var shape: [Int]
    /// Voxel index to world, mm, RAS+.
    var affine: Affine
    /// Where ITK sees them.
    var itk: ITKFrame?
    var type: StoredType
    var isSwapped: Bool
    var isPair: Bool
    /// Where the data start in their file.
    var offset: Int
    /// Stored value to meaning: value·slope + intercept; nil when stored as it is.
    var scaling: (slope: Double, intercept: Double)?
    var intent: NIfTIIntent

    /// NIfTI data types that become tensors.
    enum StoredType: Int32 {
        case uint8 = 2, int16 = 4, int32 = 8, float32 = 16, float64 = 64, int8 = 256, uint16 = 512, uint32 = 768
        case int64 = 1024, uint64 = 1280

        var size: Int {
            switch self {
            case .uint8, .int8: return 1
            case .int16, .uint16: return 2
            case .int32, .uint32, .float32: return 4
            case .int64, .uint64, .float64: return 8
            }
        }
    }

    /// Reads the first bytes of a file (540 at least, when it has as many).
    init(_ bytes: [UInt8], path: String) throws {
        func wrong(_ expected: String, _ found: String, help: String? = nil) -> Failure {
            FileAccess.failure(path, mustBe: expected, but: found, help: help)
        }
        var raw = cf_nifti_header()
        switch cf_nifti_parse(bytes, bytes.count, &raw) {
        case 1, 2: break
        case -1:
            throw wrong(
                "a NIfTI image", "it is an ANALYZE 7.5 header, which holds no orientation",
                help: "convert it to NIfTI with a tool that knows how the images were made")
        case -2:
            throw wrong(
                "a complete NIfTI image", "it ends inside the header after \(bytes.count) bytes",
                help: "the file is truncated; copy it again")
        default:
            if let foreign = ForeignFile(bytes, path: path) {
                throw wrong("a NIfTI image", "it is \(foreign.kind)", help: foreign.help)
            }
            if let arrays = ArrayFormats.name(firstBytes: bytes, path: path) {
                throw wrong("a NIfTI image", "it is a file of arrays (\(arrays))", help: "arrays are read with read_arrays(path)")
            }
            let shown = bytes.prefix(4).map { String(format: "%02x", $0) }.joined(separator: " ")
            throw wrong("a NIfTI image", bytes.isEmpty ? "it is empty" : "it starts with the bytes \(shown)")
        }

        // Sizes. Two dimensions are one slice; sizes past the third that are 1 say nothing and are dropped.
        let dimensions = withUnsafeBytes(of: raw.dim) { Array($0.bindMemory(to: Int64.self)) }
        guard (2...7).contains(dimensions[0]) else {
            throw wrong(
                "an image of 2 to 7 dimensions", "its header (dim[0]) says \(dimensions[0])",
                help: "the header is damaged; write the image again with the tool that made it")
        }
        var sizes = dimensions[1...Int(dimensions[0])].map { Int(clamping: $0) }
        if let axis = sizes.firstIndex(where: { $0 < 1 }) {
            throw wrong(
                "an image with at least one voxel along each axis", "its header says \(sizes[axis]) along axis \(axis)")
        }
        while sizes.count < 3 { sizes.append(1) }
        while sizes.count > 3, sizes.last == 1 { sizes.removeLast() }
        shape = sizes

        guard let type = StoredType(rawValue: raw.datatype) else {
            let name = cf_nifti_datatype_name(raw.datatype).map { String(cString: $0) } ?? ""
            throw wrong(
                "an image of real numbers", "its data type is \(name) (code \(raw.datatype))",
                help: "convert it to a real type, for instance float32")
        }
        self.type = type
        guard let count = FileAccess.product(sizes), count <= Int.max / 16 else {
            throw wrong("an image of a possible size", "its header says \(sizes)")
        }

        intent = NIfTIIntent(raw)
        isSwapped = raw.is_swapped != 0
        isPair = raw.is_pair != 0
        // As nibabel: in one file the data never start before the end of the smallest header.
        let least = isPair ? 0 : Int(cf_nifti_header_size(raw.version)) + 4
        guard raw.vox_offset >= 0, raw.vox_offset < 1 << 40 else {
            throw wrong("an image whose data start inside the file", "its header says byte \(raw.vox_offset)")
        }
        offset = max(least, Int(raw.vox_offset))

        if raw.scl_slope.isFinite, raw.scl_slope != 0 {
            guard raw.scl_inter.isFinite else {
                throw wrong("an image with finite scaling", "its intercept (scl_inter) is \(raw.scl_inter)")
            }
            if raw.scl_slope != 1 || raw.scl_inter != 0 { scaling = (raw.scl_slope, raw.scl_inter) }
        }
        let scale = Self.millimetres(raw.xyzt_units)
        let stored = raw
        affine = try Self.affine(&raw, shape: sizes, isFlat: dimensions[0] == 2, path: path).scaled(by: scale)
        itk = ITKFrame(stored, scale: scale)
    }

    /// The header's unit of space in mm; headers that name none mean mm.
    private static func millimetres(_ units: Int32) -> Double {
        switch units & 7 {
        case 1: return 1000
        case 3: return 0.001
        default: return 1
        }
    }

    /// The sform if it has a code, else the qform, else the spacing alone with the centre at the origin and the first
    /// axis to the left: nibabel's order and choices.
    private static func affine(_ raw: inout cf_nifti_header, shape: [Int], isFlat: Bool, path: String) throws -> Affine {
        let result: Affine
        if raw.sform_code > 0 {
            let rows = withUnsafeBytes(of: raw.srow) { Array($0.bindMemory(to: Double.self)) }
            var columns = (0..<3).map { column in (0..<3).map { rows[4 * $0 + column] } }
            if isFlat, columns[2] == [0, 0, 0] { columns[2] = perpendicular(columns[0], columns[1]) }
            result = Affine(columns: columns, translation: (0..<3).map { rows[4 * $0 + 3] })
        } else {
            var spacing = [raw.pixdim.1, raw.pixdim.2, raw.pixdim.3]
            if isFlat, spacing[2] == 0 {
                spacing[2] = 1
                raw.pixdim.3 = 1
            }
            guard spacing.allSatisfy({ $0.isFinite && $0 > 0 }) else {
                throw FileAccess.failure(
                    path, mustBe: "an image with positive spacing", but: "its header (pixdim) says \(spacing)",
                    help: "write the image again with the spacing it was scanned with")
            }
            if raw.qform_code > 0 {
                let quaternion = [raw.quatern_b, raw.quatern_c, raw.quatern_d]
                guard quaternion.allSatisfy(\.isFinite), quaternion.reduce(0, { $0 + $1 * $1 }) < 1.0001 else {
                    throw FileAccess.failure(
                        path, mustBe: "an image with a valid orientation", but: "its quaternion is \(quaternion)")
                }
                var matrix = [Double](repeating: 0, count: 16)
                cf_nifti_quaternion_to_matrix(&raw, &matrix)
                result = Affine(
                    columns: (0..<3).map { column in (0..<3).map { matrix[4 * $0 + column] } },
                    translation: (0..<3).map { matrix[4 * $0 + 3] })
            } else {
                let scale = [-spacing[0], spacing[1], spacing[2]]
                result = Affine(scale: scale, translation: (0..<3).map { -scale[$0] * Double(shape[$0] - 1) / 2 })
            }
        }
        guard result.isFinite, result.inverse != nil else {
            let rows = result.rows.prefix(3).map { "\($0)" }.joined(separator: ", ")
            throw FileAccess.failure(
                path, mustBe: "an image with an invertible affine", but: "its header gives \(rows)",
                help: "the orientation in the header is damaged; write the image again with the tool that made it")
        }
        return result
    }

    /// For a single slice without a third axis: one millimetre along its normal.
    private static func perpendicular(_ first: [Double], _ second: [Double]) -> [Double] {
        let normal = [
            first[1] * second[2] - first[2] * second[1], first[2] * second[0] - first[0] * second[2],
            first[0] * second[1] - first[1] * second[0],
        ]
        let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? normal.map { $0 / length } : normal
    }
}
