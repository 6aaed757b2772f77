import Base
import Machine
import Registration
import Tensors
import Volumes

/// Registration, warping, and how good a registration is.
enum RegistrationPrimitives {
    static let module = PrimitiveModule(
        "registration", "Registering volumes, carrying images and labels along, and judging the result.",
        kinds: [TransformObject.self, RegistrationTableObject.self],
        finding + RegistrationCachePrimitives.primitives + TransformFilePrimitives.primitives + carrying + judging)

    /// Two small blobs, one moved: what the examples register.
    private static let blobs = """
        fn blob(at) = volume(tensor(map(0..<16, x => map(0..<16, y => map(0..<16, z => exp(-((x - at) ** 2 + (y - 8) ** 2 + (z - 8) ** 2) / 18.0))))))
        let there = register(blob(7), onto: blob(9))

        """

    /// One of `similarities`, by its word.
    struct ChosenSimilarity: ScriptReadable {
        let similarity: any Similarity

        static func read(_ call: PrimitiveCall, _ position: Int) throws -> ChosenSimilarity {
            let word = try call.string(position)
            guard let similarity = similarities.first(where: { $0.word == word }) else {
                throw call.mismatch(position, expected: "one of \(type)", found: call[position].representation)
            }
            return ChosenSimilarity(similarity: similarity)
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.words == similarities.map(\.word) }
        static var type: String { PrimitiveParameter.type(of: similarities.map(\.word)) }
    }

    /// The parameter of `register` and of `register_all`.
    static let similarityParameter = "similarity: \(ChosenSimilarity.type) = \"\(similarities[0].word)\""

    /// An image to be registered; labels are refused.
    private struct Image: ScriptReadable {
        let volume: Volume
        static func read(_ call: PrimitiveCall, _ position: Int) throws -> Image {
            Image(volume: try call.image(position, help: needsImages))
        }
        static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Volume") }
    }

    /// Which distance of many `cycle_error` gives.
    private enum Statistic: String, ScriptWord { case mean, p95, maximum }

    static let needsImages =
        "images are registered, and their labels carried along: `warp_labels(labels, register(image, onto: other))`"

    private static let finding: [Primitive] = [
        Primitive(
            "register(moving: Volume, onto: Volume, kind: \(RegistrationOptions.Kind.type) = \"deformable\", \(similarityParameter), mask: Volume? = nil, smoothness: Float = 1.0, seed: Int = 0, invertible: Bool = false, iterations: Int = 5, moving_mask: Volume? = nil) -> Transform",
            "The transform that brings the volume `moving` onto the grid of the volume `onto`.",
            details: """
                A deformable registration begins with an affine one. `similarity` is what is compared: \(alternatives(similarities.map { "`\($0.word)` (\($0.explanation))" })). `mask` is a volume on \
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
        ) {
            (
                moving: Image, onto: Image, kind: RegistrationOptions.Kind, similarity: ChosenSimilarity, mask: Volume?,
                smoothness: Double, seed: Int, invertible: Bool, iterations: Int, movingMask: Volume?, machine: Machine
            ) in
            try register(
                moving: moving.volume, onto: onto.volume,
                options: RegistrationOptions(
                    kind: kind, smoothness: smoothness, iterations: iterations, similarity: similarity.similarity, mask: mask,
                    movingMask: movingMask, seed: UInt64(bitPattern: Int64(seed)), isInvertible: invertible,
                    check: machine.checkInterrupt))
        },
        Primitive(
            "compose(first: Transform, then: Transform) -> Transform",
            "One transform that carries volumes along `first`, and the result along `then`.",
            details: "`then` must start from the grid that `first` leads onto.",
            example: blobs + "compose(there, register(blob(9), onto: blob(7))).kind  # => \"composed\""
        ) { (first: Transform, then: Transform) in try compose(first, then) },
    ]

    private static let carrying: [Primitive] = [
        Primitive(
            "warp(volume: Volume, transform: Transform, mode: \(Interpolation.type) = \"linear\", outside: Float = 0.0) -> Volume",
            "The volume carried onto the grid that the transform leads to.",
            details: "Where the map leaves the volume the value is `outside`. Labels are carried by `warp_labels`, or here as \"nearest\".",
            example: blobs + "warp(blob(7), there).shape  # => [16, 16, 16]"
        ) { (volume: Volume, transform: Transform, mode: Interpolation, outside: Double) in
            try warp(volume, transform, interpolation: mode, outside: outside)
        },
        Primitive(
            "warp_labels(labels: Volume, transform: Transform) -> Labels",
            "Labels carried onto the grid that the transform leads to.",
            details: """
                Every class travels as a membership between 0 and 1, and the largest wins, so edges stay smooth. A volume of whole \
                numbers, such as a mask, is taken for labels; other numbers are an error of code `value`.
                """,
            example: blobs + "warp_labels(blob(7) > 0.5, there).shape  # => [16, 16, 16]"
        ) { (labels: LabelMap, transform: Transform) in try warpLabels(labels.volume, transform) },
        Primitive(
            "correspondence(transform: Transform) -> Tensor",
            "Where each voxel of the grid led onto comes from: voxel coordinates in the grid carried from, [X, Y, Z, 3].",
            example: blobs + "correspondence(there).shape  # => [16, 16, 16, 3]"
        ) { (transform: Transform) in try correspondence(transform) },
        Primitive(
            "transform_points(points: Tensor, transform: Transform) -> Tensor",
            "Points in mm, [N, 3], of the space led onto, as points of the space carried from.",
            example: blobs + "transform_points(tensor([[8.0, 8.0, 8.0]]), there).shape  # => [1, 3]"
        ) { (points: Tensor, transform: Transform) in try transform.apply(to: points) },
    ]

    private static let judging: [Primitive] = [
        Primitive(
            "folding(transform: Transform) -> Float",
            "Fraction of voxels where the transform turns space inside out (the determinant of its Jacobian is 0 or less).",
            example: blobs + "folding(there)  # => 0.0"
        ) { (transform: Transform) in try folding(transform) },
        Primitive(
            "jacobian(transform: Transform) -> Volume",
            "The determinant of the transform's Jacobian at every voxel: how much it stretches space there.",
            example: blobs + "jacobian(there).shape  # => [16, 16, 16]"
        ) { (transform: Transform) in try jacobian(transform) },
        Primitive(
            "cycle_dice(labels: Volume, there: Transform, back: Transform) -> Float",
            "Dice of the labels that come back, carried there and back, with those that left; mean over their classes.",
            details: "It needs no labels on the other side; best registration selection scores by it (Liu et al. 2025).",
            example: blobs + "cycle_dice(blob(7) > 0.5, there, register(blob(9), onto: blob(7))) > 0.8  # => true"
        ) { (labels: LabelMap, there: Transform, back: Transform) in try cycleDice(labels.volume, there, back) },
        Primitive(
            "cycle_error(there: Transform, back: Transform, mask: Volume? = nil, of: \(Statistic.type) = \"mean\") -> Float",
            "How far points come back from where they started, in mm: there and back again.",
            details: """
                Over the voxels of the grid carried from (`p95` is the 95th percentile), or those where the volume `mask` is not 0. Points that leave the other grid are not counted.
                """,
            example: blobs + "cycle_error(there, register(blob(9), onto: blob(7))) < 3  # => true"
        ) { (there: Transform, back: Transform, mask: Volume?, of: Statistic) in
            let found = try cycleError(there, back, mask: mask)
            switch of {
            case .mean: return found.mean
            case .p95: return found.p95
            case .maximum: return found.maximum
            }
        },
    ]
}

extension RegistrationOptions.Kind: ScriptWord {}
