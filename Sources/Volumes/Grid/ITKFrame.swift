import CFiles
import Foundation
import Tensors

/// Where ITK sees the voxels of a NIfTI image, and with it SimpleITK, ANTs, greedy and elastix. From the same header it
/// may read another place than nibabel and RS4: these take the sform if it has a code, ITK (5.3 and later) the qform when
/// the sform's code is not 1; ITK's distances between voxels come from `pixdim` even beside an sform; without codes
/// nibabel centres the image and turns x, ITK starts at the origin and turns x and y. Transforms that such a program
/// made live in its frame.
struct ITKFrame {
    /// How two readings of one header differ.
    enum Difference: String, Sendable {
        case noCodes, qform, spacing

        /// The header's fault, in words.
        var words: String {
            switch self {
            case .noCodes: return "it has neither sform nor qform, so RS4 and nibabel lay its middle at the origin and ITK its first voxel, with y turned"
            case .qform: return "its sform and its qform differ, and RS4 and nibabel take the sform, ITK the qform"
            case .spacing: return "its `pixdim` is not the spacing of its sform, and RS4 and nibabel take the sform's, ITK `pixdim`"
            }
        }
    }

    /// Voxel index to ITK's world, turned to RAS+ (mm).
    let affine: Affine
    let difference: Difference

    /// `scale` is the header's unit in mm. nil where ITK refuses the header or reads an image of two dimensions.
    init?(_ raw: cf_nifti_header, scale: Double) {
        guard raw.dim.0 > 2 else { return nil }
        var raw = raw
        // nifti_clib puts 1 where `pixdim` says nothing.
        func distance(_ number: Double) -> Double { number == 0 || !number.isFinite ? 1 : number }
        (raw.pixdim.1, raw.pixdim.2, raw.pixdim.3) = (distance(raw.pixdim.1), distance(raw.pixdim.2), distance(raw.pixdim.3))
        let spacing = [raw.pixdim.1, raw.pixdim.2, raw.pixdim.3].map { $0 * scale }
        guard spacing.allSatisfy({ $0 > 0 }) else { return nil }
        guard raw.sform_code > 0 || raw.qform_code > 0 else {
            affine = Affine(scale: [-spacing[0], -spacing[1], spacing[2]])
            difference = .noCodes
            return
        }
        let sform: Affine? = raw.sform_code > 0 ? Self.matrix(withUnsafeBytes(of: raw.srow) { Array($0.bindMemory(to: Double.self)) }) : nil
        var qform: Affine?
        if raw.qform_code > 0 {
            var matrix = [Double](repeating: 0, count: 16)
            cf_nifti_quaternion_to_matrix(&raw, &matrix)
            qform = Self.matrix(matrix)
        }
        var chosen = qform
        if let sform, Self.isOrthogonal(sform), qform == nil || raw.sform_code == 1 || qform.map({ Self.areSimilar(sform, $0) }) == true {
            chosen = sform
        }
        guard let chosen, chosen.isFinite, chosen.inverse != nil else { return nil }
        let columns = (0..<3).map { axis -> [Double] in
            let column = chosen.column(axis)
            let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return column.map { $0 / length * spacing[axis] }
        }
        affine = Affine(columns: columns, translation: chosen.translation.map { $0 * scale })
        difference = sform == nil || chosen == sform ? .spacing : .qform
    }

    private static func matrix(_ rows: [Double]) -> Affine {
        Affine(
            columns: (0..<3).map { column in (0..<3).map { rows[4 * $0 + column] } }, translation: (0..<3).map { rows[4 * $0 + 3] })
    }

    /// ITK's test: the columns, made of length one, are those of a rotation to 1e-4.
    private static func isOrthogonal(_ affine: Affine) -> Bool {
        guard affine.isFinite, affine.inverse != nil else { return false }
        let columns = (0..<3).map { axis -> [Double] in
            let column = affine.column(axis)
            let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return column.map { $0 / length }
        }
        return (0..<3).allSatisfy { row in
            (0..<3).allSatisfy { other in
                let product = columns.reduce(0) { $0 + $1[row] * $1[other] }
                return abs(product - (row == other ? 1 : 0)) <= 1e-4
            }
        }
    }

    /// ITK takes a sform of another code than 1 where it is very similar to the qform. It compares offsets and the
    /// left halves of two singular value decompositions, which are those of A·Aᵀ: so mirrored voxel axes pass where the
    /// spacings differ from each other.
    private static func areSimilar(_ sform: Affine, _ qform: Affine) -> Bool {
        let offsets = zip(sform.translation, qform.translation).allSatisfy { abs($0 - $1) <= 1e-4 }
        guard offsets else { return false }
        if zip(sform.elements, qform.elements).allSatisfy({ abs($0 - $1) <= 1e-4 }) { return true }
        let lengths = (0..<3).map { axis in sform.column(axis).reduce(0) { $0 + $1 * $1 }.squareRoot() }.sorted()
        guard lengths[1] - lengths[0] > 1e-3, lengths[2] - lengths[1] > 1e-3 else { return false }
        func squared(_ affine: Affine) -> [Double] {
            (0..<9).map { place in (0..<3).reduce(0) { $0 + affine[place / 3, $1] * affine[place % 3, $1] } }
        }
        return zip(squared(sform), squared(qform)).allSatisfy { abs($0 - $1) <= 1e-3 }
    }
}

extension Volume {
    /// What to say of a volume whose header ITK reads otherwise than RS4: nil for nearly all.
    public var frameRemark: (kind: String, text: String)? {
        guard let frame = grid.itkFrame, let difference = grid.itkDifference else { return nil }
        func place(_ point: [Double]) -> String { "[" + point.map { String(format: "%.4g", $0) }.joined(separator: ", ") + "]" }
        // The corner that lies farthest from where ITK sees it.
        var (corner, farthest) = ([0, 0, 0], 0.0)
        for number in 0..<8 {
            let index = (0..<3).map { number >> $0 & 1 == 0 ? 0 : grid.shape[$0] - 1 }
            let here = grid.world(of: index.map(Double.init))
            let apart = zip(here, frame(here)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            if apart > farthest + 1e-6 { (corner, farthest) = (index, apart) }
        }
        let here = grid.world(of: corner.map(Double.init))
        return (
            difference.rawValue,
            "\(path ?? "the image") is read otherwise by ITK (SimpleITK, ANTs, greedy, elastix): \(difference.words). "
                + "Voxel \(corner) lies at \(place(here)) mm here and at \(place(frame(here))) mm there (RAS). read_transform and "
                + "write_transform turn ITK's transforms from one into the other; docs/transforms.md has the table of frames."
        )
    }
}
