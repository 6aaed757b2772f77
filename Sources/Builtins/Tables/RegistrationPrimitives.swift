import Base
import Machine
import Registration
import Tensors
import Volumes

/// Registration, warping, and how good a registration is.
enum RegistrationPrimitives {
    static let module = PrimitiveModule(
        "registration", "Registering volumes, carrying images and labels along, and judging the result.",
        kinds: [TransformObject.self],
        finding + RegistrationCachePrimitives.primitives + TransformFilePrimitives.primitives + carrying + judging)

    /// Two small blobs, one moved: what the examples register.
    private static let blobs = """
        fn blob(at) = volume(tensor(map(0..<16, x => map(0..<16, y => map(0..<16, z => exp(-((x - at) ** 2 + (y - 8) ** 2 + (z - 8) ** 2) / 18.0))))))
        let there = register(blob(7), onto: blob(9))

        """

    /// The argument as one of a few words.
    static func choice<Kind: RawRepresentable & CaseIterable>(
        _ call: PrimitiveCall, _ position: Int
    ) throws -> Kind where Kind.RawValue == String {
        try choice(call, position, Array(Kind.allCases), word: \.rawValue)
    }

    /// The one of `choices` that the argument names.
    private static func choice<Item>(
        _ call: PrimitiveCall, _ position: Int, _ choices: [Item], word: (Item) -> String
    ) throws -> Item {
        let given = try call.string(position)
        if let chosen = choices.first(where: { word($0) == given }) { return chosen }
        throw call.mismatch(
            position, expected: "one of " + choices.map { "\"\(word($0))\"" }.joined(separator: ", "),
            found: call[position].representation)
    }

    static func similarity(_ call: PrimitiveCall, _ position: Int) throws -> any Similarity {
        try choice(call, position, similarities, word: { $0.word })
    }

    /// The parameter of `register` and of `register_all`.
    static let similarityParameter = "similarity: String = \"\(similarities[0].word)\""

    static let needsImages =
        "images are registered, and their labels carried along: `warp_labels(labels, register(image, onto: other))`"

    private static let finding: [Primitive] = [
        Primitive(
            "register(moving: Volume, onto: Volume, kind: String = \"deformable\", \(similarityParameter), mask = nil, smoothness: Float = 1.0, seed: Int = 0, invertible: Bool = false, iterations: Int = 5, moving_mask = nil) -> Transform",
            "The transform that brings the volume `moving` onto the grid of the volume `onto`.",
            details: """
                `kind` is `rigid`, `affine` or `deformable`; a deformable registration begins with an affine one. `similarity` \
                is what is compared: \(alternatives(similarities.map { "`\($0.word)` (\($0.explanation))" })). `mask` is a volume on \
                the grid of `onto`: where it is 0 nothing is compared. `moving_mask` is one on the grid of `moving`: what it leaves \
                is what is looked for, for instance the surroundings of an organ whose labels are known. With both, what `mask` \
                leaves is looked for within what `moving_mask` leaves. Larger `smoothness` bends less. `invertible: true` gives \
                a map that never folds, at the voxels and between them. `seed` draws the turns that are tried as starts; the same input and seed give the same \
                transform. `iterations` are the Gauss-Newton steps that refine the displacement. A printed transform tells its \
                kind, both grids, the similarity before and after, the folding and the seconds it took.
                """,
            example: blobs + """
                there.kind  # => "deformable"
                folding(register(blob(7), onto: blob(9), similarity: "mi", invertible: true))  # => 0.0
                """
        ) { call in
            var options = RegistrationOptions(
                kind: try choice(call, 2), smoothness: try call.float(5), iterations: try call.int(8),
                similarity: try similarity(call, 3), mask: try call.optional(4, call.volume),
                movingMask: try call.optional(9, call.volume), seed: UInt64(bitPattern: Int64(try call.int(6))),
                isInvertible: try call.bool(7))
            options.check = call.machine.checkInterrupt
            return .transform(try register(moving: try call.image(0, help: needsImages), onto: try call.image(1, help: needsImages), options: options))
        },
        Primitive(
            "compose(first: Transform, then: Transform) -> Transform",
            "One transform that carries volumes along `first`, and the result along `then`.",
            details: "`then` must start from the grid that `first` leads onto.",
            example: blobs + "compose(there, register(blob(9), onto: blob(7))).kind  # => \"composed\""
        ) { call in .transform(try compose(try call.transform(0), try call.transform(1))) },
    ]

    private static let carrying: [Primitive] = [
        Primitive(
            "warp(volume: Volume, transform: Transform, mode: String = \"linear\", outside: Float = 0.0) -> Volume",
            "The volume carried onto the grid that the transform leads to.",
            details: "`mode` is `linear` or `nearest`; where the map leaves the volume the value is `outside`. Labels are carried by `warp_labels`, or here as `nearest`.",
            example: blobs + "warp(blob(7), there).shape  # => [16, 16, 16]"
        ) { call in
            let mode = try call.string(2)
            guard mode == "linear" || mode == "nearest" else {
                throw call.mismatch(2, expected: "\"linear\" or \"nearest\"", found: call[2].representation)
            }
            return .volume(
                try warp(
                    try call.volume(0), try call.transform(1), interpolation: mode == "linear" ? .linear : .nearest,
                    outside: try call.float(3)))
        },
        Primitive(
            "warp_labels(labels: Volume, transform: Transform) -> Labels",
            "Labels carried onto the grid that the transform leads to.",
            details: """
                Every class travels as a membership between 0 and 1, and the largest wins, so edges stay smooth. A volume of whole \
                numbers, such as a mask, is taken for labels; other numbers are an error of code `value`.
                """,
            example: blobs + "warp_labels(blob(7) > 0.5, there).shape  # => [16, 16, 16]"
        ) { call in .volume(try warpLabels(try call.labels(0), try call.transform(1))) },
        Primitive(
            "correspondence(transform: Transform) -> Tensor",
            "Where each voxel of the grid led onto comes from: voxel coordinates in the grid carried from, [X, Y, Z, 3].",
            example: blobs + "correspondence(there).shape  # => [16, 16, 16, 3]"
        ) { call in .tensor(try correspondence(try call.transform(0))) },
        Primitive(
            "transform_points(points: Tensor, transform: Transform) -> Tensor",
            "Points in mm, [N, 3], of the space led onto, as points of the space carried from.",
            example: blobs + "transform_points(tensor([[8.0, 8.0, 8.0]]), there).shape  # => [1, 3]"
        ) { call in .tensor(try call.transform(1).apply(to: try call.tensor(0))) },
    ]

    private static let judging: [Primitive] = [
        Primitive(
            "folding(transform: Transform) -> Float",
            "Fraction of voxels where the transform turns space inside out (the determinant of its Jacobian is 0 or less).",
            example: blobs + "folding(there)  # => 0.0"
        ) { call in .float(try folding(try call.transform(0))) },
        Primitive(
            "jacobian(transform: Transform) -> Volume",
            "The determinant of the transform's Jacobian at every voxel: how much it stretches space there.",
            example: blobs + "jacobian(there).shape  # => [16, 16, 16]"
        ) { call in .volume(try jacobian(try call.transform(0))) },
        Primitive(
            "cycle_dice(labels: Volume, there: Transform, back: Transform) -> Float",
            "Dice of the labels that come back, carried there and back, with those that left; mean over their classes.",
            details: "It needs no labels on the other side; best registration selection scores by it (Liu et al. 2025).",
            example: blobs + "cycle_dice(blob(7) > 0.5, there, register(blob(9), onto: blob(7))) > 0.8  # => true"
        ) { call in .float(try cycleDice(try call.labels(0), try call.transform(1), try call.transform(2))) },
        Primitive(
            "cycle_error(there: Transform, back: Transform, mask = nil, of: String = \"mean\") -> Float",
            "How far points come back from where they started, in mm: there and back again.",
            details: """
                `of` is `mean`, `p95` (95th percentile) or `maximum`, over the voxels of the grid carried from, or those \
                where the volume `mask` is not 0. Points that leave the other grid are not counted.
                """,
            example: blobs + "cycle_error(there, register(blob(9), onto: blob(7))) < 3  # => true"
        ) { call in
            let found = try cycleError(try call.transform(0), try call.transform(1), mask: try call.optional(2, call.volume))
            switch try call.string(3) {
            case "mean": return .float(found.mean)
            case "p95": return .float(found.p95)
            case "maximum": return .float(found.maximum)
            default: throw call.mismatch(3, expected: "\"mean\", \"p95\" or \"maximum\"", found: call[3].representation)
            }
        },
    ]
}
