/// Where the number of a label is written, so that it stands inside the label's region.
enum LabelMarks {
    /// For each label but background the middle of its deepest place, in pixels from the upper left corner, and how many pixels
    /// of the label lie around it on every side. Depth is counted in steps along rows and columns.
    static func places(_ labels: [Int], width: Int, height: Int) -> [Int: (x: Double, y: Double, room: Double)] {
        guard width > 0, labels.count == width * height else { return [:] }
        var depth = [Int](repeating: 1, count: labels.count)
        func depthAt(_ row: Int, _ column: Int, like label: Int) -> Int {
            guard row >= 0, row < height, column >= 0, column < width, labels[row * width + column] == label else { return 0 }
            return depth[row * width + column]
        }
        for row in 0..<height {
            for column in 0..<width {
                let label = labels[row * width + column]
                depth[row * width + column] = 1 + min(depthAt(row - 1, column, like: label), depthAt(row, column - 1, like: label))
            }
        }
        var deepest: [Int: [Int]] = [:]
        for place in labels.indices.reversed() {
            let (row, column, label) = (place / width, place % width, labels[place])
            let below = 1 + min(depthAt(row + 1, column, like: label), depthAt(row, column + 1, like: label))
            depth[place] = min(depth[place], below)
            guard label != 0 else { continue }
            let most = deepest[label].map { depth[$0[0]] } ?? 0
            if depth[place] > most { deepest[label] = [place] } else if depth[place] == most { deepest[label]?.append(place) }
        }
        // Of several equally deep the middle one, so that the number of a long region stands in its middle.
        return deepest.mapValues { places in
            let middle = places[places.count / 2]
            return (Double(middle % width) + 0.5, Double(middle / width) + 0.5, Double(depth[middle]) - 0.5)
        }
    }
}
