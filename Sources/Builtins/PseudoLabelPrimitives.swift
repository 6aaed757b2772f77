import Machine
import PseudoLabels
import Registration
import Volumes

/// What `select_registrations` gives: the table of all pairs when printed, and the choices as maps.
public final class SelectionObject: Object {
    public let selection: Selection

    public init(_ selection: Selection) { self.selection = selection }

    public override var typeName: String { "Selection" }
    public override var text: String { selection.table }
    public override var count: Int? { selection.choices.count }
    public override var fieldNames: [String] { ["table", "summary", "choices", "pairs", "rejected", "threshold", "correlation"] }

    public override func field(_ name: String) throws -> Value? {
        switch name {
        case "table": return .string(selection.table)
        case "summary": return .string(selection.summary)
        case "threshold": return .float(selection.threshold)
        case "rejected": return .list(selection.rejected.map { .string($0) })
        case "correlation": return selection.scoreCorrelation.map { .float($0) } ?? Value.none
        case "choices":
            return .list(
                selection.choices.map { choice in
                    .object(
                        MapObject([
                            ("unlabeled", .string(choice.unlabeled)), ("labeled", .string(choice.labeled)),
                            ("score", .float(choice.score)), ("true_dice", choice.trueDice.map { .float($0) } ?? .none),
                            ("labels", .volume(choice.labels)), ("transform", .transform(choice.there)),
                            ("back", .transform(choice.back)),
                        ]))
                })
        case "pairs":
            return .list(
                selection.candidates.map { pair in
                    .object(
                        MapObject([
                            ("unlabeled", .string(pair.unlabeled)), ("labeled", .string(pair.labeled)),
                            ("score", .float(pair.score)), ("cycle_error", pair.cycleError.map { .float($0) } ?? .none),
                            ("folding", .float(pair.folding)), ("similarity", .float(pair.similarity)),
                            ("true_dice", pair.trueDice.map { .float($0) } ?? .none), ("chosen", .boolean(pair.isChosen)),
                        ]))
                })
        default: return nil
        }
    }
}

/// Labels carried by registration, and the choice of which to trust.
enum PseudoLabelPrimitives {
    static let module = PrimitiveModule(
        "label_transfer", "Carrying labels to unlabelled cases, and choosing which to trust.",
        [
            Primitive(
                "select_registrations(labeled: List, unlabeled: List, threshold: Float = 0.0, kind: String = \"deformable\", smoothness: Float = 1.0, iterations: Int = 50, progress = nil) -> Selection",
                "Best registration selection: gives every unlabelled case the labels of the labelled case that registers best with it.",
                details: """
                    Cases are records or maps: labelled ones with `id`, `image` and `labels`, unlabelled ones with `id`,
                    `image` and, where somebody knows the truth, `labels`, which only measures. Every pair is registered both
                    ways and scored by the Dice of the labels carried there and back (Liu et al. 2025); a case whose best
                    score is below `threshold` gets no labels. `progress(done, total, score)` is called after each pair.

                    Printed, the result is a table of all pairs. `.choices` lists maps with `unlabeled`, `labeled`, `score`,
                    `true_dice`, `labels`, `transform` (from the labelled onto the unlabelled case) and `back`; `.pairs` lists
                    the scores of every pair; `.rejected` the ids below the threshold; `.correlation` is the rank correlation
                    of score and true Dice.
                    """
            ) { call in
                guard let kind = RegistrationOptions.Kind(rawValue: try call.string(3)) else {
                    throw call.mismatch(
                        3, expected: "\"rigid\", \"affine\" or \"deformable\"", found: call[3].representation)
                }
                let labeled = try call.list(0).enumerated().map { place, item -> LabeledCase in
                    guard let labels = try volume(item, "labels", place, call, 0) else {
                        throw call.mismatch(0, expected: "a list of cases with labels", found: "without labels in case \(place)")
                    }
                    return LabeledCase(
                        id: try name(item, place), image: try image(item, place, call, 0), labels: labels)
                }
                let unlabeled = try call.list(1).enumerated().map { place, item in
                    UnlabeledCase(
                        id: try name(item, place), image: try image(item, place, call, 1),
                        truth: try volume(item, "labels", place, call, 1))
                }
                let selection = try selectRegistrations(
                    labeled: labeled, unlabeled: unlabeled, threshold: try call.float(2),
                    options: RegistrationOptions(
                        kind: kind, smoothness: try call.float(4), iterations: try call.int(5),
                        check: call.machine.checkInterrupt)
                ) { done, total, pair in
                    guard !call.isNone(6) else { return }
                    _ = try call.machine.call(call[6], [.integer(done), .integer(total), .float(pair.score)])
                }
                return .object(SelectionObject(selection))
            }
        ])

    /// A part of a case: a map's value or a record's field; nil when it is missing or nil.
    private static func part(_ item: Value, _ name: String) throws -> Value? {
        if let map = item.object as? MapObject { return map.items[MapKey(name)] }
        return try item.object?.field(name)
    }

    private static func name(_ item: Value, _ place: Int) throws -> String {
        try part(item, "id")?.text ?? "case \(place)"
    }

    private static func volume(_ item: Value, _ name: String, _ place: Int, _ call: PrimitiveCall, _ position: Int) throws -> Volume? {
        guard let value = try part(item, name) else { return nil }
        if case .none = value { return nil }
        guard let object = value.object as? VolumeObject else {
            throw call.mismatch(
                position, expected: "a list of cases whose \(name) is a volume", found: "with \(value.typeName) in case \(place)")
        }
        return object.volume
    }

    private static func image(_ item: Value, _ place: Int, _ call: PrimitiveCall, _ position: Int) throws -> Volume {
        guard let image = try volume(item, "image", place, call, position) else {
            throw call.mismatch(
                position, expected: "a list of cases with an image", found: "\(item.typeName) without one in case \(place)")
        }
        return image
    }
}
