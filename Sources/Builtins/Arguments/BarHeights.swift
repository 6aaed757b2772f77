import Figures
import Machine
import Plotting

/// The groups of `box` with their names.
func boxGroups(_ call: PrimitiveCall) throws -> [(name: String, box: BoxSummary)] {
    let reader = PlotSeries(call: call)
    func group(_ name: String, _ value: Value) throws -> (String, BoxSummary) {
        guard let box = BoxSummary(try reader.numbers(value, 0)) else {
            throw call.mismatch(
                0, expected: "lists with at least one finite value", found: name.isEmpty ? "one without any" : "one without any at `\(name)`")
        }
        return (name, box)
    }
    switch call[0].object {
    case let map as MapObject:
        guard !map.items.isEmpty else { throw call.mismatch(0, expected: "a map with at least one group", found: "an empty map") }
        return try map.items.map { try group($0.key.value.text, $0.value) }
    case let list as ListObject where list.items.contains { $0.object is ListObject }:
        return try list.items.enumerated().map { try group(String($0.offset + 1), $0.element) }
    default: return [try group("", call[0])]
    }
}

/// Reads what `bar` is given.
struct BarReader {
    let call: PrimitiveCall

    func panel() throws -> Panel {
        if call.isNone(1), let map = call[0].object as? MapObject, !map.items.isEmpty {
            let names = map.items.map { $0.key.value.text }
            let values = map.items.map(\.value)
            if values.allSatisfy(isHeight) {
                return BarFigure.panel(names, [("", try values.map(height))])
            }
            let groups = values.compactMap { $0.object as? MapObject }
            if groups.count == values.count, groups.allSatisfy({ !$0.items.isEmpty && $0.items.allSatisfy { isHeight($0.value) } }) {
                var order: [String] = []
                for group in groups { for key in group.items.map({ $0.key.value.text }) where !order.contains(key) { order.append(key) } }
                return BarFigure.panel(
                    names, try order.map { name in (name, try groups.map { try $0.field(name).map(height) ?? .unknown }) })
            }
        }
        let reader = PlotSeries(call: call, style: .bars)
        let series = call.isNone(1) ? try reader.all(0) : try reader.all(1, x: try reader.numbers(call[0], 0))
        return BarFigure.panel(series)
    }

    private func isHeight(_ value: Value) -> Bool {
        if value.plainNumber != nil { return true }
        if case .none = value { return true }
        if let tensor = (value.object as? TensorObject)?.tensor { return tensor.rank == 0 }
        guard let map = value.object as? MapObject, let y = map.field("y") else { return false }
        return map.fieldNames.allSatisfy { ["y", "low", "high"].contains($0) } && y.plainNumber != nil
    }

    private func height(_ value: Value) throws -> BarFigure.Height {
        guard let map = value.object as? MapObject else {
            if case .none = value { return .unknown }
            return BarFigure.Height(try PlotSeries(call: call).numbers(value, 0).first ?? .nan)
        }
        func number(_ name: String) throws -> Double? {
            guard let value = map.field(name) else { return nil }
            guard let number = value.plainNumber else {
                throw call.mismatch(0, expected: "heights with numbers as `low` and `high`", found: "one with \(value.typeName) as `\(name)`")
            }
            return number
        }
        let (low, high) = (try number("low"), try number("high"))
        guard (low == nil) == (high == nil) else {
            throw call.mismatch(0, expected: "heights with both `low` and `high` or neither", found: "one with `\(low == nil ? "high" : "low")` alone")
        }
        return BarFigure.Height(try number("y") ?? .nan, low: low ?? .nan, high: high ?? .nan)
    }
}
