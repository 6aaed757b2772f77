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
            "read_transform(path, moving: Volume, onto: Volume? = nil, invert = false, format: \(TransformFormat.type) = nil) -> Transform",
            "A transform that ITK, ANTs, greedy, elastix, NiftyReg, Learn2Reg or RS4 wrote.",
            details: """
                `path` is one file, or a list of files in the order in which a point of `onto` goes through them: that of \
                `antsApplyTransforms`, the warp before the affine. `moving` is a volume on the grid to carry from; `onto` one \
                on the grid to carry onto, which may be left out when a field, which holds its own, is among the files. \
                `invert` is `true`, or a list with `true` for each affine file whose inverse is meant: the way back of ANTs is \
                `read_transform(["0GenericAffine.mat", "1InverseWarp.nii.gz"], moving: b, onto: a, invert: [true, false])`.

                What a file is shows its content: ITK's `.tfm` and `.mat`, four lines of four numbers (greedy, NiftyReg), \
                fields in `.nii.gz`, `.npz`. `format` is needed only where a file does not say it, such as a deformation field of NiftyReg that lost its name. docs/transforms.md has the \
                frames of every format. Errors have code `file`, `grid` or `value`.
                """,
            example: example + "shift.affine[0][3]  # => 2.0"
        ) { (paths: Paths, moving: Volume, onto: Volume?, invert: Inversions, format: TransformFormat?) in
            try readTransform(
                paths.paths, moving: moving, onto: onto, inverted: invert.flags(count: paths.paths.count), format: format)
        },
        Primitive(
            "write_transform(transform: Transform, path, format: \(TransformFormat.type) = nil, moving: Volume? = nil, onto: Volume? = nil)",
            "Writes a transform for ITK, ANTs, greedy, NiftyReg or Learn2Reg, or as RS4's own `.npz`.",
            details: """
                The ending of `path` decides: `.tfm`, `.txt` or `.mat` for an affine map, `.nii` or `.nii.gz` for the whole map as \
                a field, `.npz` for everything that RS4 knows. A list of two writes the displacement and the affine part: \
                `write_transform(t, ["warp.nii.gz", "affine.mat"])`. "itk" is the usual `format`. Learn2Reg counts voxels in the order of the images' files, \
                which the transform knows of volumes that were read; `moving` and `onto` tell it for others. Files are replaced only when \
                they are complete.
                """,
            example: example + """
                write_transform(shift, "/tmp/rs4-example-shift.tfm")
                read_transform("/tmp/rs4-example-shift.tfm", moving: a, onto: a).affine == shift.affine  # => true
                """
        ) { (given: Transform, target: Paths, format: TransformFormat?, moving: Volume?, fixed: Volume?) in
            let paths = target.paths
            for (name, volume, grid) in [("moving", moving, given.moving), ("onto", fixed, given.fixed)] {
                guard let volume, !volume.grid.isSame(as: grid) else { continue }
                throw Failure(
                    "grid",
                    "`\(name)` of write_transform must lie on the transform's grid, \(describe(grid)), but lies on \(describe(volume.grid))",
                    argument: name)
            }
            let transform = try given.laidOut(moving: moving?.grid, fixed: fixed?.grid)
            switch paths.count {
            case 1:
                try writeTransform(
                    transform, to: paths[0], format: format, moving: moving?.storedOrientation, fixed: fixed?.storedOrientation)
            case 2: try writeTransform(transform, warp: paths[0], affine: paths[1], format: format)
            default:
                throw Failure.mismatch(
                    "path", of: "write_transform", expected: "one path, or two for the displacement and the affine part",
                    found: "\(paths.count) paths")
            }
            return Value.none
        },
    ]

    /// One path, or several in a list.
    private struct Paths: ScriptReadable {
        let paths: [String]

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> Paths {
            guard let list = call[position].object as? ListObject else { return Paths(paths: [try call.string(position)]) }
            return Paths(
                paths: try list.items.map { item in
                    guard let text = (item.object as? StringObject)?.string else {
                        throw call.mismatch(position, expected: "a path or a list of paths", found: "a list that holds \(item.typeName)")
                    }
                    return text
                })
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
    }

    /// Which of several files are meant the other way.
    private struct Inversions: ScriptReadable {
        private let given: Value
        private let mismatch: (_ expected: String, _ found: String, _ help: String?) -> Failure

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> Inversions {
            if !(call[position].object is ListObject) { _ = try call.bool(position) }
            return Inversions(given: call[position]) { call.mismatch(position, expected: $0, found: $1, help: $2) }
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }

        func flags(count: Int) throws -> [Bool] {
            if case .boolean(let all) = given {
                guard !all || count == 1 else {
                    throw mismatch(
                        "a list with true or false for each of \(count) files", "true",
                        "the order of the files changes with the direction: the inverted affine first, then the inverse warp")
                }
                return [all]
            }
            let items = (given.object as? ListObject)?.items ?? []
            let flags = items.compactMap { item -> Bool? in
                if case .boolean(let truth) = item { return truth }
                return nil
            }
            guard flags.count == count, items.count == count else {
                throw mismatch("true or false for each of \(count) files", given.representation, nil)
            }
            return flags
        }
    }
}

extension TransformFormat: ScriptReadable {
    /// The programs whose files have ITK's form go by their own names too.
    private static let programs = ["ants", "elastix", "simpleitk"]
    private static let words = allCases.map(\.rawValue) + programs

    static var type: String { PrimitiveParameter.type(of: words) }

    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> TransformFormat {
        let word = try call.string(position)
        guard let format = programs.contains(word) ? .itk : TransformFormat(rawValue: word) else {
            throw call.mismatch(position, expected: "one of \(type)", found: call[position].representation)
        }
        return format
    }

    public static func fits(_ parameter: PrimitiveParameter) -> Bool { !parameter.isOptional && parameter.words == words }
}
