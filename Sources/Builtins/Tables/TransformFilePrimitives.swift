import Base
import Machine
import Registration
import Tensors
import Volumes

/// Transforms of other programs.
enum TransformFilePrimitives {
    /// A small image and an affine map of it, for the examples.
    private static let example = """
        let a = volume(rand([6, 6, 6]), spacing: [1.0, 1.0, 2.0])
        write_text("/tmp/rs4-example-shift.txt", "1 0 0 2\\n0 1 0 0\\n0 0 1 0\\n0 0 0 1\\n")
        let shift = read_transform("/tmp/rs4-example-shift.txt", moving: a, onto: a)

        """

    static let primitives = [
        Primitive(
            "read_transform(path, moving: Volume, onto = nil, invert = false, format = nil) -> Transform",
            "A transform that ITK, ANTs, greedy, elastix, NiftyReg, Learn2Reg or RS4 wrote.",
            details: """
                `path` is one file, or a list of files in the order in which a point of `onto` goes through them: that of \
                `antsApplyTransforms`, the warp before the affine. `moving` is a volume on the grid to carry from; `onto` one \
                on the grid to carry onto, which may be left out when a field, which holds its own, is among the files. \
                `invert` is `true`, or a list with `true` for each affine file whose inverse is meant: the way back of ANTs is \
                `read_transform(["0GenericAffine.mat", "1InverseWarp.nii.gz"], moving: b, onto: a, invert: [true, false])`.

                What a file is shows its content: ITK's `.tfm` and `.mat`, four lines of four numbers (greedy, NiftyReg), \
                fields in `.nii.gz`, `.npz`. `format` (`itk`, `greedy`, `niftyreg`, `learn2reg`, `rs4`) is needed only where a \
                file does not say it, such as a deformation field of NiftyReg that lost its name. docs/transforms.md has the \
                frames of every format. Errors have code `file`, `grid` or `value`.
                """,
            example: example + "shift.affine[0][3]  # => 2.0"
        ) { call in
            let paths = try paths(call, 0)
            return .transform(
                try readTransform(
                    paths, moving: try call.volume(1), onto: try call.optional(2, call.volume),
                    inverted: try inverted(call, 3, count: paths.count), format: try format(call, 4)))
        },
        Primitive(
            "write_transform(transform: Transform, path, format = nil, moving = nil, onto = nil)",
            "Writes a transform for ITK, ANTs, greedy, NiftyReg or Learn2Reg, or as RS4's own `.npz`.",
            details: """
                The ending of `path` decides: `.tfm`, `.txt` or `.mat` for an affine map, `.nii` or `.nii.gz` for the whole map as \
                a field, `.npz` for everything that RS4 knows. A list of two writes the displacement and the affine part: \
                `write_transform(t, ["warp.nii.gz", "affine.mat"])`. `format` is `itk` (also for SimpleITK, ANTs and elastix; the \
                usual one), `greedy`, `niftyreg`, `learn2reg` or `rs4`. Learn2Reg counts voxels in the order of the images' files, \
                which the transform knows of volumes that were read; `moving` and `onto` tell it for others. Files are replaced only when \
                they are complete.
                """,
            example: example + """
                write_transform(shift, "/tmp/rs4-example-shift.tfm")
                read_transform("/tmp/rs4-example-shift.tfm", moving: a, onto: a).affine == shift.affine  # => true
                """
        ) { call in
            let (given, format) = (try call.transform(0), try format(call, 2))
            let paths = try paths(call, 1)
            func volume(_ position: Int, _ grid: Grid) throws -> Volume? {
                guard let volume = try call.optional(position, call.volume) else { return nil }
                guard volume.grid.isSame(as: grid) else {
                    throw Failure(
                        "grid",
                        "`\(call.primitive.parameters[position].name)` of write_transform must lie on the transform's grid, \(describe(grid)), but lies on \(describe(volume.grid))")
                }
                return volume
            }
            let (moving, fixed) = (try volume(3, given.moving), try volume(4, given.fixed))
            let transform = try given.laidOut(moving: moving?.grid, fixed: fixed?.grid)
            switch paths.count {
            case 1:
                try writeTransform(
                    transform, to: paths[0], format: format, moving: moving?.storedOrientation, fixed: fixed?.storedOrientation)
            case 2: try writeTransform(transform, warp: paths[0], affine: paths[1], format: format)
            default: throw call.mismatch(1, expected: "one path, or two for the displacement and the affine part", found: "\(paths.count) paths")
            }
            return .none
        },
    ]

    private static func paths(_ call: PrimitiveCall, _ position: Int) throws -> [String] {
        guard let list = call[position].object as? ListObject else { return [try call.string(position)] }
        return try list.items.map { item in
            guard let text = (item.object as? StringObject)?.string else {
                throw call.mismatch(position, expected: "a path or a list of paths", found: "a list that holds \(item.typeName)")
            }
            return text
        }
    }

    private static func inverted(_ call: PrimitiveCall, _ position: Int, count: Int) throws -> [Bool] {
        guard let list = call[position].object as? ListObject else {
            let all = try call.bool(position)
            guard !all || count == 1 else {
                throw call.mismatch(
                    position, expected: "a list with true or false for each of \(count) files", found: "true",
                    help: "the order of the files changes with the direction: the inverted affine first, then the inverse warp")
            }
            return [all]
        }
        let flags = list.items.compactMap { item -> Bool? in
            if case .boolean(let truth) = item { return truth }
            return nil
        }
        guard flags.count == count, list.items.count == count else {
            throw call.mismatch(position, expected: "true or false for each of \(count) files", found: call[position].representation)
        }
        return flags
    }

    /// The programs whose files have ITK's form go by their own names too.
    private static func format(_ call: PrimitiveCall, _ position: Int) throws -> TransformFormat? {
        guard let name = try call.optional(position, call.string)?.lowercased() else { return nil }
        if ["ants", "elastix", "simpleitk"].contains(name) { return .itk }
        guard let format = TransformFormat(rawValue: name) else {
            throw call.mismatch(
                position, expected: "one of " + TransformFormat.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "),
                found: call[position].representation)
        }
        return format
    }
}
