/// Which colour each label of a figure has. Labels up to the number of colours always have their own, so that one class looks
/// alike in every figure; greater ones take what the others leave, and share only where there are more labels than colours.
public struct LabelColors: Sendable {
    private var chosen: [Int: Color] = [:]

    /// - Parameter labels: all that occur, background and unknown included or not.
    public init(_ labels: some Sequence<Int> = []) {
        let count = Palette.labels.count
        let present = Set(labels).filter { $0 > 0 }.sorted()
        var taken = Set(present.prefix { $0 <= count }.map { $0 - 1 })
        for label in present.drop(while: { $0 <= count }) {
            let wanted = (label - 1) % count
            let place = (0..<count).lazy.map { (wanted + $0) % count }.first { !taken.contains($0) } ?? wanted
            taken.insert(place)
            chosen[label] = Palette.labels[place]
        }
    }

    /// nil for background.
    public subscript(label: Int) -> Color? { chosen[label] ?? Palette.label(label) }
}
