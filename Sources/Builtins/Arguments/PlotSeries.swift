import Base
import Machine
import Plotting
import Tensors

/// Turns what a script has, lists, tensors, maps of them, logs of a run, into series of a chart.
struct PlotSeries {
    let call: PrimitiveCall
    /// Names that a log gives to the horizontal axis, most wanted first.
    static let horizontalNames = ["x", "iteration", "step", "epoch"]
    /// Names that a log gives to the vertical axis, most wanted first.
    var verticalNames = ["y", "value", "dice", "loss"]
    var style = Series.Style.line

    /// The series of parameter `position`: a map gives one series a name, everything else one series.
    ///
    /// - Parameter x: the horizontal places, when given apart.
    func all(_ position: Int, x: [Double]? = nil) throws -> [Series] {
        guard case .object(let map as MapObject) = call[position], !isOneSeries(map) else {
            return [try one(call[position], name: "", x: x, position)]
        }
        guard !map.items.isEmpty else {
            throw call.mismatch(position, expected: "a map with at least one series", found: "an empty map")
        }
        return try map.items.map { try one($0.value, name: $0.key.value.text, x: x, position) }
    }

    /// A map whose keys are axes; `{loss: …, dice: …}` are two series with these names, and so is what holds pairs or logs.
    private func isOneSeries(_ map: MapObject) -> Bool {
        let names = map.fieldNames
        guard let key = vertical(in: names) else { return false }
        if let first = (map.field(key)?.object as? ListObject)?.items.first?.object, !(first is TensorObject) { return false }
        return names.contains("y") || PlotSeries.horizontalNames.contains { names.contains($0) }
    }

    private func vertical(in names: [String]) -> String? { verticalNames.first { names.contains($0) } }

    private func one(_ value: Value, name: String, x: [Double]?, _ position: Int) throws -> Series {
        if case .object(let map as MapObject) = value {
            guard let key = vertical(in: map.fieldNames), let y = map.field(key) else {
                throw wrong(position, "a map with `x` and `y`")
            }
            let places = try PlotSeries.horizontalNames.compactMap { map.field($0) }.first.map { try numbers($0, position) }
            func band(_ key: String) throws -> [Double] { try map.field(key).map { try numbers($0, position) } ?? [] }
            return try series(
                name, places ?? x, try numbers(y, position), low: try band("low"), high: try band("high"), position)
        }
        if case .object(let list as ListObject) = value, list.items.contains(where: holdsSeveral) {
            return try ofObjects(list.items, name, x, position)
        }
        return try series(name, x, try numbers(value, position), position)
    }

    /// Everything but numbers, `nil` and tensors of one number.
    private func holdsSeveral(_ item: Value) -> Bool {
        guard let object = item.object else { return false }
        return (object as? TensorObject).map { $0.tensor.rank > 0 } ?? true
    }

    /// A list of log entries, of [x, y] pairs, or of several runs of one experiment.
    private func ofObjects(_ items: [Value], _ name: String, _ x: [Double]?, _ position: Int) throws -> Series {
        if items.contains(where: { fields($0) != nil }) { return try ofEntries(items, name, x, position) }
        let rows = try items.map { try numbers($0, position) }
        if rows.allSatisfy({ $0.count == 2 }), x?.count != 2 {
            return try series(name, rows.map { $0[0] }, rows.map { $0[1] }, position)
        }
        let length = rows[0].count
        guard rows.allSatisfy({ $0.count == length }) else {
            throw call.mismatch(
                position, expected: "runs of one length",
                found: "runs of \(rows.map { String($0.count) }.joined(separator: ", ")) values")
        }
        return try runs(rows, name, x, position)
    }

    /// A log of a run: entries without a wanted name are left out, and one that has several values counts with the mean of those
    /// that are known: a class that no case has is nan.
    private func ofEntries(_ items: [Value], _ name: String, _ x: [Double]?, _ position: Int) throws -> Series {
        var places: [Double] = []
        var y: [Double] = []
        for (index, item) in items.enumerated() {
            let names = fields(item) ?? []
            guard let key = vertical(in: names), let value = try item.object?.field(key) else { continue }
            let found = try numbers(value, position)
            let place = try PlotSeries.horizontalNames.first { names.contains($0) }.flatMap { try item.object?.field($0) }
            places.append(place.flatMap(\.plainNumber) ?? Double(index))
            let known = found.filter { !$0.isNaN }
            y.append(known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count))
        }
        guard !y.isEmpty else {
            throw wrong(position, "a list of entries with one of \(verticalNames.joined(separator: ", "))")
        }
        return try series(name, x ?? places, y, position)
    }

    /// The mean of several runs with a band of one standard deviation.
    private func runs(_ rows: [[Double]], _ name: String, _ x: [Double]?, _ position: Int) throws -> Series {
        let count = Double(rows.count)
        let means = rows[0].indices.map { column in rows.reduce(0) { $0 + $1[column] } / count }
        let deviations = means.enumerated().map { column, mean in
            (rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / max(1, count - 1)).squareRoot()
        }
        return try series(
            name, x, means, low: zip(means, deviations).map { $0 - $1 }, high: zip(means, deviations).map { $0 + $1 },
            position)
    }

    private func series(
        _ name: String, _ x: [Double]?, _ y: [Double], low: [Double] = [], high: [Double] = [], _ position: Int
    ) throws -> Series {
        let places = x ?? y.indices.map(Double.init)
        guard places.count == y.count else {
            throw Failure(
                "shape", "a series must have as many x as y, but \(name.isEmpty ? "it" : "`\(name)`") has "
                    + "\(places.count) x and \(y.count) y",
                argument: call.primitive.parameters[position].name)
        }
        return Series(name: name, x: places, y: y, style: style, low: low, high: high)
    }

    private func fields(_ value: Value) -> [String]? {
        switch value.object {
        case let map as MapObject: return map.fieldNames
        case let record as RecordObject: return record.fieldNames
        default: return nil
        }
    }

    /// The numbers of a list, a range or a tensor of one dimension.
    func numbers(_ value: Value, _ position: Int) throws -> [Double] {
        switch value.object {
        case let list as ListObject:
            return try list.items.map { item in
                if let number = item.plainNumber { return number }
                if case .none = item { return .nan }
                if case .object(let object as TensorObject) = item, object.tensor.count == 1 {
                    return try object.tensor.item()
                }
                throw wrong(position, "numbers", found: "a list that holds \(item.typeName)")
            }
        case let range as RangeObject: return (range.lower..<range.upper).map(Double.init)
        case let object as TensorObject:
            guard object.tensor.rank <= 1 else {
                throw wrong(position, "a tensor of one dimension", found: "a tensor of shape \(object.tensor.shape)")
            }
            return try object.tensor.doubles()
        default:
            if let number = value.plainNumber { return [number] }
            throw wrong(position, "a list of numbers, a tensor, or a map of them", found: value.typeName)
        }
    }

    private func wrong(_ position: Int, _ expected: String, found: String? = nil) -> Failure {
        call.mismatch(
            position, expected: expected, found: found,
            help: "`plot([1, 2, 3])`, `plot(x, y)` or `plot({train: [1, 2], test: [2, 3]})`")
    }
}
