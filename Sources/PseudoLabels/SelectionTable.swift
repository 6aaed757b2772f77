import Foundation

extension Selection {
    /// Names of the table's columns; those that nobody could fill are left out.
    public var columns: [String] {
        ["unlabeled", "labeled", "score", "cycle mm", "folding", "similarity"]
            + (candidates.contains { $0.trueDice != nil } ? ["true Dice"] : []) + ["chosen"]
    }

    /// One row a pair, in the order of `columns`.
    public var rows: [[String]] {
        let hasTruth = candidates.contains { $0.trueDice != nil }
        return candidates.map { pair in
            let measured = [
                pair.unlabeled, pair.labeled, String(format: "%.3f", pair.score),
                pair.cycleError.map { String(format: "%.2f", $0) } ?? "–", String(format: "%.2f%%", 100 * pair.folding),
                String(format: "%.3f", pair.similarity),
            ]
            let truth = hasTruth ? [pair.trueDice.map { String(format: "%.3f", $0) } ?? "–"] : []
            return measured + truth + [pair.isChosen ? "yes" : ""]
        }
    }

    /// The table as aligned text, with a line below that sums it up.
    public var table: String {
        let all = [columns] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { place, cell -> String in
                let space = String(repeating: " ", count: widths[place] - cell.count)
                return place < 2 || place == cells.count - 1 ? cell + space : space + cell
            }
            return padded.joined(separator: "  ").replacingOccurrences(of: " +$", with: "", options: .regularExpression)
        }
        let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
        return ([line(columns), rule] + rows.map(line) + [rule, summary]).joined(separator: "\n")
    }

    /// How many cases got labels, how good the scores are, and how well scores foretell the true Dice.
    public var summary: String {
        func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(max(1, numbers.count)) }
        let cases = choices.count + rejected.count
        var parts = ["\(choices.count) of \(cases) unlabelled cases got labels"]
        if !choices.isEmpty { parts.append(String(format: "mean score %.3f", mean(choices.map(\.score)))) }
        let truths = choices.compactMap(\.trueDice)
        if !truths.isEmpty { parts.append(String(format: "mean true Dice %.3f", mean(truths))) }
        if let correlation = scoreCorrelation {
            parts.append(String(format: "rank correlation of score and true Dice %.2f", correlation))
        }
        return parts.joined(separator: "; ")
    }

    /// Spearman's rank correlation of score and true Dice over all pairs with truth; nil for fewer than three.
    public var scoreCorrelation: Double? {
        let known = candidates.compactMap { pair in pair.trueDice.map { (pair.score, $0) } }
        guard known.count >= 3 else { return nil }
        let (a, b) = (ranks(known.map(\.0)), ranks(known.map(\.1)))
        let middle = Double(known.count - 1) / 2
        var (both, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            both += (x - middle) * (y - middle)
            first += (x - middle) * (x - middle)
            second += (y - middle) * (y - middle)
        }
        return first > 0 && second > 0 ? both / (first * second).squareRoot() : nil
    }

    /// Ranks from 0; equals share their mean rank.
    private func ranks(_ numbers: [Double]) -> [Double] {
        numbers.map { number in
            let below = numbers.filter { $0 < number }.count
            let equal = numbers.filter { $0 == number }.count
            return Double(below) + Double(equal - 1) / 2
        }
    }
}
