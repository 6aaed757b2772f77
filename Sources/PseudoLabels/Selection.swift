import Registration
import Tensors
import Volumes

/// A case with known labels.
public struct LabeledCase {
    public var id: String
    public var image: Volume
    public var labels: Volume

    public init(id: String, image: Volume, labels: Volume) {
        self.id = id
        self.image = image
        self.labels = labels
    }
}

/// A case without labels; `truth`, where somebody knows it, only measures.
public struct UnlabeledCase {
    public var id: String
    public var image: Volume
    public var truth: Volume?

    public init(id: String, image: Volume, truth: Volume? = nil) {
        self.id = id
        self.image = image
        self.truth = truth
    }
}

/// One labelled case carried to one unlabelled case, and how well it returned.
public struct Candidate {
    public var labeled: String
    public var unlabeled: String
    /// Cycle Dice: the labels carried there and back, against themselves.
    public var score: Double
    /// Distance (mm) between labelled voxels and where they return to, mean; nil when none returns.
    public var cycleError: Double?
    /// Fraction of voxels where the way there folds.
    public var folding: Double
    /// Normalised cross-correlation of the images after registration.
    public var similarity: Double
    /// Dice of the carried labels with the truth, where it is known.
    public var trueDice: Double?
    public var isChosen: Bool
}

/// The label that an unlabelled case gets, with the transforms it came by.
public struct Choice {
    public var labeled: String
    public var unlabeled: String
    public var score: Double
    public var trueDice: Double?
    /// The carried labels, on the grid of the unlabelled image.
    public var labels: Volume
    /// Carries the labelled case onto the unlabelled one.
    public var there: Transform
    /// Carries the unlabelled case onto the labelled one.
    public var back: Transform
}

/// What `selectRegistrations` found.
public struct Selection {
    /// Every pair, in the order of the unlabelled and then the labelled cases.
    public var candidates: [Candidate]
    /// One for each unlabelled case that got a label.
    public var choices: [Choice]
    /// Unlabelled cases whose best score stayed below the threshold.
    public var rejected: [String]
    public var threshold: Double
}

/// Best registration selection: registers every labelled case with every unlabelled one both ways, scores each pair by
/// the cycle Dice of the labels, and gives every unlabelled case the labels of its best pair, or none when that scores
/// below `threshold` (Liu et al., WACV 2025). Needs no label of an unlabelled case.
///
/// `progress` hears after each pair how many are done. Throws code `value` without cases, `grid` when labels and image
/// of a case do not lie on one grid.
public func selectRegistrations(
    labeled: [LabeledCase], unlabeled: [UnlabeledCase], threshold: Double = 0,
    options: RegistrationOptions = RegistrationOptions(), progress: (_ done: Int, _ total: Int, Candidate) throws -> Void = { _, _, _ in }
) throws -> Selection {
    guard !labeled.isEmpty else {
        throw TensorError("value", "select_registrations must have at least one labelled case, but has none")
    }
    for one in labeled { try one.labels.requireSameGrid(as: one.image, "labels and image of case \(one.id)") }
    for one in unlabeled {
        try one.truth?.requireSameGrid(as: one.image, "truth and image of case \(one.id)")
    }
    var candidates: [Candidate] = []
    var choices: [Choice] = []
    var rejected: [String] = []
    let total = labeled.count * unlabeled.count
    for target in unlabeled {
        var best: Choice?
        var bestPlace = 0
        for source in labeled {
            try options.check()
            let there = try register(moving: source.image, onto: target.image, options: options)
            let back = try register(moving: target.image, onto: source.image, options: options)
            let choice = try carry(source, target, there, back)
            candidates.append(
                Candidate(
                    labeled: source.id, unlabeled: target.id, score: choice.score,
                    cycleError: try? cycleError(there, back, mask: source.labels).mean, folding: try there.folding(),
                    similarity: there.similarity?.after ?? 0, trueDice: choice.trueDice, isChosen: false))
            // The first of equals stays, so that the order of the cases decides and nothing else.
            if best.map({ choice.score > $0.score }) ?? true {
                best = choice
                bestPlace = candidates.count - 1
            }
            try progress(candidates.count, total, candidates[candidates.count - 1])
        }
        if let best, best.score >= threshold {
            candidates[bestPlace].isChosen = true
            choices.append(best)
        } else {
            rejected.append(target.id)
        }
    }
    return Selection(candidates: candidates, choices: choices, rejected: rejected, threshold: threshold)
}

private func carry(
    _ source: LabeledCase, _ target: UnlabeledCase, _ there: Transform, _ back: Transform
) throws -> Choice {
    let carried = try warpLabels(source.labels, there)
    let returned = try warpLabels(carried, back)
    return Choice(
        labeled: source.id, unlabeled: target.id, score: try meanDice(source.labels.data, returned.data),
        trueDice: try target.truth.map { try meanDice($0.data, carried.data) }, labels: carried, there: there, back: back)
}
